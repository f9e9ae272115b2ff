import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/companion/doctor/finding.ts';
import { outcomeOf } from '../../../src/companion/doctor/finding.ts';
import { lookAtStore } from '../../../src/companion/doctor/look-at-store.ts';
import { storeFindings } from '../../../src/companion/doctor/store.ts';
import { aTown } from '../a-town.ts';
import { BOX, HOUR, type Town } from '../town.ts';
import { examined, line } from './patient.ts';

/** What the doctor finds out about the store, without changing a byte of it. */

function town(): Town {
  const made = aTown();
  made.plant('ann', { contacts: [true], leads: [false], lists: { News: 2, Offers: 2 } });
  return made;
}

/** A town that has had a night, with its store copied to where a test may spoil it. */
async function lived(): Promise<{ here: Town; copy: string }> {
  const here = town();
  await here.night();
  const copy = join(here.folder, 'copy.sqlite');
  copyFileSync(here.config.store, copy);
  here.config = { ...here.config, store: copy };
  return { here, copy };
}

function spoil(store: string, sql: string): void {
  const db = new DatabaseSync(store);
  db.exec(sql);
  db.close();
}

/** The findings about the file alone. */
const about = (here: Town): readonly Finding[] =>
  storeFindings(lookAtStore(here.config.store), undefined, here.clock.now());

describe('a store', () => {
  it('that is not there yet is fine, and is not made', async () => {
    const here = town();
    expect(line(await examined(here), 'file')).toMatch(/^ok: .*not there yet.*clears nothing/);
    expect(existsSync(here.config.store)).toBe(false);
  });

  it('that is a folder is no store, and nobody is told to change the rights of what is beside it', () => {
    const here = town();
    here.config = { ...here.config, store: here.folder };
    const findings = about(here);
    expect(line(findings, 'file')).toContain(`problem: ${here.folder} is a folder. -> Name a file in it`);
    expect(findings.map(({ check }) => check)).toEqual(['file', 'free disk']);
    const file = join(here.folder, 'letter.txt');
    writeFileSync(file, 'Dear customer', { mode: 0o644 });
    here.config = { ...here.config, store: file };
    expect(JSON.stringify(about(here))).not.toContain('chmod');
  });

  it('that a night has used is whole, and about the same as before', async () => {
    const { here } = await lived();
    const findings = await examined(here);
    expect(line(findings, 'integrity')).toBe('ok: SQLite finds the file whole.');
    expect(line(findings, 'audit')).toMatch(/^ok: 1 row/);
    expect(line(findings, 'last run')).toMatch(/^ok: .* ended with "done"/);
    expect(line(findings, 'same as last time')).toMatch(/^ok/);
    expect(outcomeOf(findings)).toBe('done');
  });

  it('is not touched, also where a killed run has left its write-ahead log', async () => {
    const { here, copy } = await lived();
    const open = new DatabaseSync(copy);
    open.exec(
      "PRAGMA journal_mode = WAL; INSERT INTO runs (id, started_at) VALUES ('cut', '2027-01-01T04:00:00.000Z')",
    );
    const left = join(here.folder, 'left');
    mkdirSync(left);
    for (const end of ['', '-wal']) copyFileSync(copy + end, join(left, `copy.sqlite${end}`));
    open.close();
    here.config = { ...here.config, store: join(left, 'copy.sqlite') };
    const bytes = () => ['', '-wal'].map((end) => readFileSync(here.config.store + end, 'latin1'));
    const before = bytes();
    expect(line(about(here), 'last run')).toMatch(/^warning: cut began .* goes on still, or was cut off/);
    expect(bytes()).toEqual(before);
  });

  it('leaves nothing behind where no run has', async () => {
    const { here } = await lived();
    const before = readdirSync(here.folder);
    about(here);
    expect(readdirSync(here.folder)).toEqual(before);
  });
});

describe('a store that is damaged', () => {
  it('in the middle of a page', async () => {
    const { here, copy } = await lived();
    const bytes = readFileSync(copy);
    bytes.fill(0x5a, 3 * 4096, 9 * 4096);
    writeFileSync(copy, bytes);
    const findings = about(here);
    const [said] = findings.filter(({ check }) => check === 'integrity' || check === 'contents');
    expect(said).toMatchObject({ status: 'problem', remedy: expect.stringContaining('backup') });
  });

  it('cut short', async () => {
    const { here, copy } = await lived();
    truncateSync(copy, 6000);
    expect(outcomeOf(about(here))).toBe('refused');
  });

  it('or no database at all', async () => {
    const { here, copy } = await lived();
    writeFileSync(copy, 'Dear diary, '.repeat(1000));
    expect(line(about(here), 'contents')).toMatch(
      /^problem: Cannot be read as a store: .*not a database.*-> Put a backup/,
    );
  });

  it('or a folder', async () => {
    const here = town();
    mkdirSync(here.config.store);
    expect(outcomeOf(about(here))).toBe('refused');
  });

  it('or whose audit was written to by somebody else', async () => {
    const { here, copy } = await lived();
    spoil(copy, "DROP TRIGGER audit_is_append_only_update; UPDATE audit SET at = '2020-01-01T00:00:00.000Z'");
    expect(line(about(here), 'audit')).toMatch(/^problem: The chain is broken at row 1/);
  });
});

describe('a store that a run would not go on with', () => {
  it('of a newer OptBridge', async () => {
    const { here, copy } = await lived();
    spoil(copy, 'PRAGMA user_version = 999');
    expect(line(about(here), 'schema')).toMatch(/^problem: 999, of a newer OptBridge.*-> Update OptBridge/);
  });

  it('about another account user, list or field than now', async () => {
    const { here } = await lived();
    here.sandbox.account.hideList(here.list('Offers'));
    const said = line(await examined(here), 'same as last time');
    expect(said).toMatch(/^problem: Since the last run: list 2 \(Offers\) is no longer shown\. -> .*--accept-change/);
  });

  it('in a folder that is not there', () => {
    const here = town();
    here.config = { ...here.config, store: join(here.folder, 'nowhere', 'store.sqlite') };
    expect(line(about(here), 'file')).toMatch(/^problem: .*the folder is not there\. -> Make the folder/);
  });

  it('that may not be written, or has no room', () => {
    const facts = { path: '/x.sqlite', unreadable: undefined, contents: undefined } as const;
    const file = { writable: false, shared: false, bytes: 4096 };
    const locked = storeFindings({ ...facts, folder: 'writable', file, free: 5_000_000 }, undefined, 0);
    expect(line(locked, 'file')).toMatch(/^problem: .*cannot be written/);
    expect(line(locked, 'free disk')).toMatch(/^problem: 5 MB\. -> Free/);
    const large = { writable: true, shared: false, bytes: 900_000_000 };
    const tight = storeFindings({ ...facts, folder: 'read-only', file: large, free: 1_000_000_000 }, undefined, 0);
    expect(line(tight, 'file')).toMatch(/^problem/);
    expect(line(tight, 'free disk')).toMatch(/^warning: 1 GB/);
  });
});

describe('what the last run says', () => {
  it('when it did not end well', async () => {
    const here = town();
    here.sandbox.org.allow('everyone', 'hidden', 'Lead', BOX);
    await here.night();
    expect(line(about(here), 'last run')).toMatch(/^warning: .*"refused"/);
  });

  it('when it is long ago, and the schedule should have run since', async () => {
    const { here } = await lived();
    here.clock.advance(72 * HOUR);
    const findings = await examined(here);
    expect(line(findings, 'last run')).toMatch(/^warning: .*more than two days ago/);
    expect(line(findings, 'every night')).toMatch(
      /^warning: 0 20 \* \* \* in America\/Los_Angeles; .*No run began after/,
    );
  });

  it('when it kept the schedule', async () => {
    const { here } = await lived();
    expect(line(await examined(here), 'every night')).toMatch(/^ok: .*next on 2 Nov 2026, 20:00/);
  });
});

describe('the schedule', () => {
  it('that is switched off is said', async () => {
    const here = town();
    here.config = { ...here.config, nightly: { ...here.config.nightly, enabled: false } };
    expect(line(await examined(here), 'every night')).toMatch(/^warning: nightly.enabled is false: nothing runs/);
  });
});
