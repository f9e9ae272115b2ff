import { copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditRows } from '../../src/companion/audit.ts';
import { backupStore } from '../../src/companion/backup.ts';
import { lookAtStore } from '../../src/companion/doctor/look-at-store.ts';
import { Store } from '../../src/companion/store.ts';
import { configFile, tell } from '../cli/told.ts';
import { decisionOn, Town } from './town.ts';

/** A copy of the store, at any time, that a run can go on from. */

let here: Town;
let copy: string;
beforeEach(() => {
  here = new Town();
  copy = join(here.folder, 'copy.sqlite');
});
afterEach(() => here.dispose());

describe('a backup', () => {
  it('is one file that only its user may read, and the next run goes on from it', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    const made = await backupStore(here.config.store, copy);
    expect(made).toMatchObject({ file: copy, auditRows: 1, bytes: statSync(copy).size });
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(readdirSync(here.folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.sqlite']);
    here.config = { ...here.config, store: copy };
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  });

  it('in the middle of a run has all that was durable by then, and does not disturb the run', async () => {
    here.plant('early', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.plant('late', { contacts: [true], lists: { News: 1 } });
    let made: Promise<unknown> | undefined;
    here.sandbox.faults.add({
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      times: 1,
      when: 'after',
      kind: 'run',
      run: async () => {
        made = backupStore(here.config.store, copy);
        await made;
      },
    });
    const report = await here.night();
    expect([report.outcome, made]).toEqual(['done', expect.any(Promise)]);
    const store = new Store(copy);
    expect([...auditRows(store)].map(({ address }) => address)).toEqual(['early@example.com']);
    expect(store.intentions().map(({ address }) => address)).toEqual(['late@example.com']);
    store.close();
  });

  it.each(['a run', 'a look', 'a backup', 'the doctor'])(
    'put in the place of a store whose run was killed is not mixed with what that one left, by %s',
    async (whom) => {
      here.plant('ann', { contacts: [false], lists: { News: 2 } });
      await here.night();
      await backupStore(here.config.store, copy);
      const old = new Store(here.config.store);
      old.run('PRAGMA wal_autocheckpoint = 0');
      old.setMeta('of', 'the old store');
      old.run('DELETE FROM agreements');
      // As a killed process leaves it: the copy of a WAL that nobody has brought into the file.
      copyFileSync(`${here.config.store}-wal`, `${copy}-wal`);
      old.close();
      const inPlace = { ...here.config, store: copy };
      if (whom === 'a run') new Store(copy).close();
      else if (whom === 'a look') new Store(copy, { look: true }).close();
      else if (whom === 'a backup') await backupStore(copy, `${copy}.second`);
      else expect(lookAtStore(copy)).toMatchObject({ unreadable: undefined });
      here.config = inPlace;
      here.store((store) => {
        expect(store.meta('of')).toBe(undefined);
        expect(store.agreement('ann@example.com')).toMatchObject({ kind: 'out' });
      });
    },
  );

  it('while a transaction is open has nothing of it', async () => {
    await here.night();
    const writer = new Store(here.config.store);
    writer.db.exec("BEGIN IMMEDIATE; INSERT INTO meta VALUES ('half', '1')");
    await backupStore(here.config.store, copy);
    writer.db.exec('COMMIT');
    writer.close();
    const store = new Store(copy);
    expect(store.meta('half')).toBe(undefined);
    store.close();
  });

  it('overwrites nothing, and copies nothing that is not there', async () => {
    await expect(backupStore(here.config.store, copy)).rejects.toThrow(/there is no .*optbridge\.sqlite yet/);
    expect(existsSync(here.config.store)).toBe(false);
    await here.night();
    writeFileSync(copy, 'mine');
    await expect(backupStore(here.config.store, copy)).rejects.toThrow(/is there already/);
    await expect(backupStore(here.config.store, join(here.folder, 'no', 'copy'))).rejects.toThrow(
      /could not be written.*Check that its folder/,
    );
  });

  it('of a store whose audit was changed is refused, and leaves nothing behind', async () => {
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.store((store) => store.db.exec("DROP TRIGGER audit_is_append_only_update; UPDATE audit SET reason = 'x'"));
    await expect(backupStore(here.config.store, copy)).rejects.toThrow(/audit of the store is broken at row 1/);
    expect(readdirSync(here.folder).filter((name) => name.startsWith('copy'))).toEqual([]);
  });
});

describe('optbridge store backup', () => {
  it('says what it made', async () => {
    await here.night();
    const file = configFile(here);
    const { code, out } = await tell({}, 'store', 'backup', copy, '--config', file);
    expect([code, out]).toEqual([0, expect.stringMatching(/copy\.sqlite: \d+ kB, checked; the audit in it is whole/)]);
    const again = await tell({}, 'store', 'backup', copy, '--json', '--config', file);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('is there already')]);
  });

  for (const args of [[], ['backup'], ['restore', 'x']])
    it(`exits with 2 for "${args.join(' ')}"`, async () => {
      expect(await tell({}, 'store', ...args)).toMatchObject({ code: 2, err: expect.stringContaining('backup FILE') });
    });
});
