import { defineConfig } from 'vite';

/** The overlay as one classic script of fixed name, which the worker injects by `scripting.executeScript`. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: false,
    target: 'es2024',
    lib: {
      entry: 'src/extension/overlay/index.ts',
      formats: ['iife'],
      name: 'optbridgeOverlay',
      fileName: () => 'overlay.js',
    },
  },
});
