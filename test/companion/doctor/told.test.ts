import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toldFindings } from '../../../src/companion/doctor/told.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'optbridge-told-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NOBODY = { webhook: null, command: null };
const told = (dir: string | null, alerts: Parameters<typeof toldFindings>[0]['alerts'] = NOBODY) =>
  toldFindings({ report: { dir, keep: 60 }, alerts }).map(({ check, status, words }) => `${check} ${status}: ${words}`);

describe('who learns of a night', () => {
  it('nobody, where there are no alerts: a warning', () => {
    expect(told(null)).toEqual(['alerts warning: Nobody is told when a night fails, is refused, or is odd.']);
  });

  it('whoever the settings name, without the address of the webhook', () => {
    const both = { webhook: 'https://hooks.example.com/secret', command: ['/usr/bin/true'] };
    expect(told(null, both)).toEqual([
      'alerts ok: To a webhook and a command; not tried out now. optbridge alert test does.',
    ]);
  });

  it('nobody, where the program is not there: a warning', () => {
    expect(told(null, { webhook: null, command: [join(folder, 'tell'), '-x'] })).toEqual([
      `alerts warning: ${join(folder, 'tell')} is not there.`,
    ]);
    expect(told(null, { webhook: null, command: ['tell'] })).toEqual([expect.stringMatching(/^alerts ok: /)]);
  });

  it('readers of the pages, where their folder can be written or made', () => {
    mkdirSync(join(folder, 'there'));
    expect(told(join(folder, 'there'))[1]).toBe(`reports ok: ${folder}/there, writable.`);
    expect(told(join(folder, 'not', 'yet'))[1]).toBe(`reports ok: ${folder}/not/yet, made by the first run.`);
  });

  it('none of them, where it is a file or below one', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    expect(told(file)[1]).toBe(`reports warning: ${file} is no folder: no page is written.`);
    expect(told(join(file, 'below'))[1]).toMatch(/^reports warning: .* cannot be written by this user/);
  });
});
