import { defineConfig } from 'vite';

/** The overlay as one classic script of fixed name, which the worker injects by `scripting.executeScript`. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: false,
    target: 'es2024',
    lib: {
      entry: 'src/extension/overlay/index.tsx',
      formats: ['iife'],
      name: 'optbridgeOverlay',
      fileName: () => 'overlay.js',
    },
  },
});
