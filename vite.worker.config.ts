import { defineConfig } from 'vite';

/**
 * The background as one classic script of fixed name: a build of its own shares no code with the pages, and so carries
 * none of theirs.
 */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: false,
    target: 'es2024',
    modulePreload: false,
    rollupOptions: {
      input: 'src/extension/background/index.ts',
      output: { format: 'iife', entryFileNames: 'worker.js' },
    },
  },
});
