import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const SHARED = 'src/extension/background/shared.ts';

/** Modules that the first script hands over, by path; the names are those of its imports. */
const shared = new Map(
  [...readFileSync(SHARED, 'utf8').matchAll(/import \* as (\w+) from '(.+)'/g)].map(([, name, path]) => [
    resolve(SHARED, '..', path ?? ''),
    `optbridgeWorker.${name}`,
  ]),
);

/** The worker's second script: run when it is first needed, with the first one's modules where both use them. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: false,
    target: 'es2024',
    rollupOptions: {
      external: (id) => shared.has(id),
      output: { globals: (id: string) => shared.get(id) ?? id },
    },
    lib: {
      entry: 'src/extension/background/more/index.ts',
      formats: ['iife'],
      name: 'optbridgeMore',
      fileName: () => 'worker-more.js',
    },
  },
});
