import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { outputTo } from '../../src/cli/output.ts';

/** Where what is printed cannot be written. */

const HELP = [process.execPath, 'src/cli/optbridge.ts', '--help'];

it('a result of which a full disk took a part fails the command, in words and without a stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'optbridge-output-'));
  const file = join(folder, 'help.txt');
  const command = `ulimit -f 1; exec "$@" > '${file}'`;
  const { status, stderr } = spawnSync('sh', ['-c', command, 'sh', ...HELP], { encoding: 'utf8' });
  expect(readFileSync(file, 'utf8').length).toBeGreaterThan(0);
  expect(stderr).toBe('optbridge: not all could be printed (EFBIG). Free some room where the output goes.\n');
  expect(status).toBe(1);
  rmSync(folder, { recursive: true });
});

it('a log that cannot be written ends nothing, and neither does a reader who has had enough', () => {
  const stdout = Object.assign(new PassThrough(), { fd: -1 });
  const stderr = Object.assign(new PassThrough(), { fd: -1 });
  const codes: number[] = [];
  const output = outputTo(stdout, stderr, (code) => codes.push(code));
  const error = (code: string) => Object.assign(new Error(code), { code });
  stderr.emit('error', error('ENOSPC'));
  stderr.emit('error', error('EIO'));
  stdout.emit('error', error('EPIPE'));
  stdout.emit('error', error('EIO'));
  expect([output.code(0), output.code(3), codes]).toEqual([0, 3, []]);
  stdout.emit('error', error('ENOSPC'));
  expect([output.code(0), output.code(3), codes]).toEqual([1, 3, [1]]);
});
