import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** What starts the command: the installed one, and `npm run optbridge` in a clone. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'optbridge-bin-'));
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'src/cli'), { recursive: true });
  writeFileSync(join(folder, 'src/cli/optbridge.ts'), 'const said: string = "source"; process.stdout.write(said);');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = () => spawnSync(process.execPath, [join(folder, 'bin/optbridge.js')], { encoding: 'utf8' });

it('a clone without its packages says how to get them', () => {
  expect(start()).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('Run npm ci in this folder'),
  });
});

it('a clone with its packages runs the source', () => {
  mkdirSync(join(folder, 'node_modules'));
  expect(start()).toMatchObject({ status: 0, stdout: 'source' });
});

it('a package runs what was built into it', () => {
  rmSync(join(folder, 'src'), { recursive: true });
  mkdirSync(join(folder, 'dist/cli'), { recursive: true });
  writeFileSync(join(folder, 'dist/cli/optbridge.js'), 'process.stdout.write("built");');
  expect(start()).toMatchObject({ status: 0, stdout: 'built' });
});
