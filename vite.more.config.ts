import { defineConfig } from 'vite';

/** What is in the panel, injected when somebody is about to open the panel, and the Preact that draws it. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  publicDir: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: false,
    target: 'es2024',
    lib: {
      entry: 'src/extension/overlay/more/index.tsx',
      formats: ['iife'],
      name: 'optbridgeMore',
      fileName: () => 'overlay-more.js',
    },
  },
});
