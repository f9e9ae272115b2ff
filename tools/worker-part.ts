import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { UserConfig } from 'vite';

const FOLDER = 'src/extension/background';
const SHARED = `${FOLDER}/shared.ts`;

/** Modules from which the worker's first script hands over all that the others import. */
const shared = new Set(
  [...readFileSync(SHARED, 'utf8').matchAll(/from '(.+)'/g)].map(([, path]) => resolve(SHARED, '..', path ?? '')),
);

/**
 * A script that the worker runs when it is first needed, with the first one's modules where both use them.
 * @param part its folder, and the end of its file's name: `more` becomes worker-more.js
 * @param name the global that it leaves behind
 */
export function workerPart(part: string, name: string): UserConfig {
  return {
    publicDir: false,
    build: {
      outDir: 'dist/chrome',
      emptyOutDir: false,
      target: 'es2024',
      rollupOptions: {
        external: (id) => shared.has(id),
        output: { globals: (id: string) => (shared.has(id) ? 'optbridgeWorker' : id) },
      },
      lib: { entry: `${FOLDER}/${part}/index.ts`, formats: ['iife'], name, fileName: () => `worker-${part}.js` },
    },
  };
}
