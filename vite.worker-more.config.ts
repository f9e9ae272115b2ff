import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

const SHARED = 'src/extension/background/shared.ts';

/** Modules from which the first script hands over all that the second one imports. */
const shared = new Set(
  [...readFileSync(SHARED, 'utf8').matchAll(/from '(.+)'/g)].map(([, path]) => resolve(SHARED, '..', path ?? '')),
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
      output: { globals: (id: string) => (shared.has(id) ? 'optbridgeWorker' : id) },
    },
    lib: {
      entry: 'src/extension/background/more/index.ts',
      formats: ['iife'],
      name: 'optbridgeMore',
      fileName: () => 'worker-more.js',
    },
  },
});
