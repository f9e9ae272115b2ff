import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupStore } from '../../src/companion/backup.ts';
import { lookAtStore } from '../../src/companion/doctor/look-at-store.ts';
import { storeFindings } from '../../src/companion/doctor/store.ts';
import { Store } from '../../src/companion/store.ts';
import { orStoreError, StoreError } from '../../src/companion/store-trouble.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'optbridge-store-'));
  path = join(folder, 'store.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every page after the first is noise: SQLite opens such a file, and stumbles over it afterwards. */
function damage(): void {
  new Store(path).close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, 4096);
  writeFileSync(path, bytes);
}

describe('a store', () => {
  it('may be read by its user only, and so may what SQLite keeps beside it', () => {
    const store = new Store(path);
    const modes = ['', '-wal', '-shm'].map((end) => statSync(`${path}${end}`).mode & 0o777);
    store.close();
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  it('keeps the rights that an admin gave it, and doctor says who else may read it', () => {
    new Store(path).close();
    chmodSync(path, 0o640);
    new Store(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const file = storeFindings(lookAtStore(path), undefined, 0).find(({ check }) => check === 'file');
    expect(file).toMatchObject({ status: 'warning', remedy: `If that is not meant: chmod 600 ${path}*` });
  });

  it('that is damaged says so however it is opened, and what to do', async () => {
    damage();
    const words = /^store: .*store\.sqlite is damaged\. Put a backup in its place/;
    expect(() => new Store(path)).toThrow(words);
    expect(() => new Store(path, { rehearsal: true })).toThrow(words);
    await expect(backupStore(path, join(folder, 'copy.sqlite'))).rejects.toThrow(words);
  });

  it('that is another file says so when it is copied, too', async () => {
    writeFileSync(path, 'garbage');
    const words = /is no OptBridge store/;
    expect(() => new Store(path)).toThrow(words);
    await expect(backupStore(path, join(folder, 'copy.sqlite'))).rejects.toThrow(words);
  });
});

describe('a record that vanished', () => {
  it('counts again when it was deleted again, but a lead that was converted only once, though it is touched afterwards', () => {
    const store = new Store(path);
    const address = 'ann@example.com';
    const counting = (how: 'deleted' | 'converted', record: string) => {
      store.addVanished({ record, address, how, stamp: 1 });
      store.settleVanished(address);
      store.addVanished({ record, address, how, stamp: 1 });
      const same = store.vanished(address);
      store.addVanished({ record, address, how, stamp: 2 });
      const later = store.vanished(address);
      store.settleVanished(address);
      return { same, later };
    };
    const [deleted, converted] = [counting('deleted', '003A'), counting('converted', '00QA')];
    store.close();
    expect(deleted).toEqual({ same: [], later: ['003A'] });
    expect(converted).toEqual({ same: [], later: [] });
  });
});

describe('what SQLite says', () => {
  it('of a full disk is a failure that passes, with the remedy', () => {
    const db = new Store(':memory:');
    db.run('PRAGMA max_page_count = 1');
    let thrown: unknown;
    try {
      db.run('INSERT INTO meta (key, value) VALUES (?, ?)', 'large', 'x'.repeat(1_000_000));
    } catch (error) {
      thrown = orStoreError(error, path);
    }
    db.close();
    expect(thrown).toBeInstanceOf(StoreError);
    expect(thrown).toMatchObject({
      outcome: 'failed',
      message: `store: ${path} has no room left on its disk. Free some, then run it again: it goes on where it was.`,
    });
  });

  it('of a full disk comes through a transaction, which SQLite has rolled back by then', () => {
    const db = new Store(path);
    db.run('PRAGMA cache_size = 5');
    const pages = Number(db.get('PRAGMA page_count')?.page_count);
    db.run(`PRAGMA max_page_count = ${pages + 20}`);
    let thrown: unknown;
    try {
      db.transaction(() => {
        for (let n = 0; n < 100; n++)
          db.run('INSERT INTO meta (key, value) VALUES (?, ?)', `key ${n}`, 'x'.repeat(10_000));
      });
    } catch (error) {
      thrown = orStoreError(error, path);
    }
    expect(thrown).toMatchObject({ outcome: 'failed', message: expect.stringContaining('no room left') });
    expect(db.meta('key 1')).toBe(undefined);
    db.run(`PRAGMA max_page_count = ${pages + 1000}`);
    db.transaction(() => db.setMeta('key', 1));
    expect(db.meta('key')).toBe(1);
    db.close();
  });

  it('of a statement is not the file’s fault', () => {
    const db = new Store(':memory:');
    expect(() => db.run('INSERT INTO meta (key, value) VALUES (?, ?)', 'key', null)).toThrow(/constraint/i);
    db.close();
    const other = new Error('something else');
    expect(orStoreError(other, path)).toBe(other);
  });
});
