import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { defineConfig, type Plugin } from 'vite';
import manifest from './manifest.json' with { type: 'json' };

const DETECTOR = 'src/extension/detector/index.ts';

/** The background is a build of its own (vite.worker.config.ts), of which crxjs would make a chunk among the pages'. */
const { background: _, ...withoutBackground } = manifest;

function withBackground(background: object): Plugin {
  return {
    name: 'optbridge:background',
    writeBundle: {
      order: 'post',
      handler({ dir = '' }) {
        const built = join(dir, 'manifest.json');
        writeFileSync(built, JSON.stringify({ ...JSON.parse(readFileSync(built, 'utf8')), background }, null, 2));
      },
    },
  };
}

/**
 * The detector and the extension's own pages. The overlay is a build of its own (vite.overlay.config.ts):
 * a content script that crxjs loads or injects would be published as a web-accessible resource, and any page could
 * then find out who has OptBridge installed.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    crx({
      manifest: withoutBackground as ManifestV3Export,
      browser: 'chrome',
      contentScripts: { standaloneFiles: [DETECTOR] },
    }),
    withBackground(manifest.background),
  ],
  build: {
    outDir: 'dist/chrome',
    emptyOutDir: true,
    target: 'es2024',
    modulePreload: false,
    rollupOptions: { input: { signin: 'src/extension/signin/index.html' } },
  },
});
