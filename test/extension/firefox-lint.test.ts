import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import linter from 'addons-linter';
import { expect, test } from 'vitest';
import { buildExtension } from '../../tools/build.ts';

test('Mozilla’s linter finds no error in the build for Firefox, and warns of nothing but Preact’s own innerHTML', async () => {
  const dist = mkdtempSync(join(tmpdir(), 'optbridge-lint-'));
  try {
    await buildExtension('firefox', dist);
    const config = {
      _: [dist],
      logLevel: 'fatal',
      output: 'none',
      stack: false,
      metadata: false,
      minManifestVersion: 3,
      maxManifestVersion: 3,
    };
    const { errors, warnings, notices } = await linter.createInstance({ config, runAsBinary: false }).run();
    expect([errors, notices]).toEqual([[], []]);
    expect(warnings.map(({ code }) => code)).toEqual(warnings.map(() => 'UNSAFE_VAR_ASSIGNMENT'));
    // One for each file with Preact in it, and none in what is ours alone.
    expect(new Set(warnings.map(({ file }) => file)).size).toBe(warnings.length);
    for (const { file = '' } of warnings)
      expect(readFileSync(join(dist, file), 'utf8')).toContain('dangerouslySetInnerHTML');
  } finally {
    rmSync(dist, { recursive: true });
  }
});
