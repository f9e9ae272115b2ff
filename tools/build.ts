import { readdirSync } from 'node:fs';
import { build } from 'vite';
import type { Target } from './manifest.ts';

/** Builds the whole extension for a browser: vite.config.ts first, which empties the folder, then each script's own. */
export async function buildExtension(target: Target, outDir = `dist/${target}`): Promise<void> {
  const scripts = readdirSync('.').filter((name) => /^vite\.(?!cli)[\w-]+\.config\.ts$/.test(name));
  for (const configFile of ['vite.config.ts', ...scripts.sort()])
    await build({ configFile, mode: target, logLevel: 'error', build: { outDir } });
}

if (import.meta.main) await buildExtension(process.argv[2] === 'firefox' ? 'firefox' : 'chrome');
