import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crx, type ManifestV3Export } from '@crxjs/vite-plugin';
import { defineConfig, type Plugin } from 'vite';
import { manifestFor, type Target } from './tools/manifest.ts';

const DETECTOR = 'src/extension/detector/index.ts';

/** What crxjs is not told of: the background, and a browser that knows no schema for policies. */
function finished(target: Target, background: object): Plugin {
  return {
    name: 'optbridge:finished',
    writeBundle: {
      order: 'post',
      handler({ dir = '' }) {
        const built = join(dir, 'manifest.json');
        writeFileSync(built, JSON.stringify({ ...JSON.parse(readFileSync(built, 'utf8')), background }, null, 2));
        if (target === 'firefox') rmSync(join(dir, 'managed_schema.json'));
      },
    },
  };
}

/**
 * The detector and the extension's own pages, for the browser that `--mode` names: chrome (Edge too) or firefox. The
 * background and the overlay are builds of their own. crxjs would make the first a chunk among the pages'; and what it
 * loads or injects as a content script it publishes as a web-accessible resource, so that any page could find out who
 * has OptBridge installed.
 */
export default defineConfig(({ mode }) => {
  const target = mode === 'firefox' ? 'firefox' : 'chrome';
  const { background, ...manifest } = manifestFor(target);
  return {
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    plugins: [
      crx({
        manifest: manifest as ManifestV3Export,
        browser: target,
        contentScripts: { standaloneFiles: [DETECTOR] },
      }),
      finished(target, background),
    ],
    build: {
      outDir: `dist/${target}`,
      emptyOutDir: true,
      target: 'es2024',
      modulePreload: false,
      rollupOptions: { input: { signin: 'src/extension/signin/index.html' } },
    },
  };
});
