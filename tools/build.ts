import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import type { Target } from './manifest.ts';

/**
 * Scripts that every record page runs from end to end. V8 skips over functions and compiles each when it is first called, the
 * second time that it reads it; told so in the first line, it compiles them all at once (v8.dev, "Giving V8 a heads-up").
 */
const EAGER = ['src/extension/detector/index.js', 'overlay.js'];

/** Builds the whole extension for a browser: vite.config.ts first, which empties the folder, then each script's own. */
export async function buildExtension(target: Target, outDir = `dist/${target}`): Promise<void> {
  const scripts = readdirSync('.').filter((name) => /^vite\.(?!cli)[\w-]+\.config\.ts$/.test(name));
  for (const configFile of ['vite.config.ts', ...scripts.sort()])
    await build({ configFile, mode: target, logLevel: 'error', build: { outDir } });
  for (const name of EAGER) {
    const path = join(outDir, name);
    writeFileSync(path, `//# allFunctionsCalledOnLoad\n${readFileSync(path, 'utf8')}`);
  }
}

if (import.meta.main) await buildExtension(process.argv[2] === 'firefox' ? 'firefox' : 'chrome');
