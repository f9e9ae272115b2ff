import { defineConfig } from 'vite';
import { pillTexts } from './tools/pill-texts.ts';

/** The overlay as one classic script of fixed name, and what the pill says in each language, which the worker injects by `scripting.executeScript`. */
export default defineConfig({
  publicDir: false,
  plugins: [pillTexts()],
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
