import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { defineConfig } from 'vite';
import manifest from './manifest.json' with { type: 'json' };

const DETECTOR = 'src/extension/detector/index.ts';

/**
 * The worker, the detector and the extension's own pages. The overlay is a build of its own (vite.overlay.config.ts):
 * a content script that crxjs loads or injects would be published as a web-accessible resource, and any page could
 * then find out who has OptBridge installed.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    crx({
      manifest: manifest as ManifestV3Export,
      browser: 'chrome',
      contentScripts: { standaloneFiles: [DETECTOR] },
    }),
  ],
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: false,
    rollupOptions: { input: { signin: 'src/extension/signin/index.html' } },
  },
});
