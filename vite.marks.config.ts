import { defineConfig } from 'vite';

/** The marks in lists as one classic script, which the worker injects where the settings want it. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: false,
    target: 'es2024',
    lib: {
      entry: 'src/extension/marks/index.ts',
      formats: ['iife'],
      name: 'optbridgeMarks',
      fileName: () => 'marks.js',
    },
  },
});
