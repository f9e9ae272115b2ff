import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../src/companion/lock.ts';
import { Store } from '../../src/companion/store.ts';
import { Town, UNSUBSCRIBES_REFUSED } from '../companion/town.ts';
import { configFile, tell } from './told.ts';

let here: Town;
afterEach(() => here.dispose());

/** Two people whom one night opted out. */
async function lived(): Promise<string> {
  here = new Town();
  here.plant('ann', { contacts: [false], lists: { News: 2 } });
  here.plant('ben', { contacts: [true], lists: { News: 1 } });
  await here.night();
  return configFile(here);
}

describe('optbridge audit verify', () => {
  it('says that the chain is whole, and its last hash', async () => {
    const file = await lived();
    const { code, out } = await tell({}, 'audit', 'verify', '--config', file);
    expect([code, out]).toEqual([0, expect.stringMatching(/whole: 2 rows.*\nLast hash: [0-9a-f]{64}\n$/)]);
    const json = JSON.parse((await tell({}, 'audit', 'verify', '--config', file, '--json')).out) as unknown;
    expect(json).toEqual({ rows: 2, brokenAt: null, head: out.trim().slice(-64) });
  });

  it('exits with 1 and names the row when it is broken', async () => {
    const file = await lived();
    const store = new Store(here.config.store);
    store.db.exec('DROP TRIGGER audit_is_append_only_update; UPDATE audit SET reason = reason || 1 WHERE seq = 2');
    store.close();
    const { code, out } = await tell({}, 'audit', 'verify', '--config', file);
    expect([code, out]).toEqual([1, expect.stringContaining('broken at row 2')]);
  });
});

describe('optbridge audit export', () => {
  it('prints everything as CSV', async () => {
    const { code, out } = await tell({}, 'audit', 'export', '--csv', '--config', await lived());
    const lines = out.trimEnd().split('\r\n');
    expect([code, lines.length]).toEqual([0, 3]);
    expect(out).toMatch(/,ben@example\.com,activecampaign,\d+,list:1,1,2,salesforce-opt-out,/);
  });

  it('prints what there is about one person, however the address is written', async () => {
    const file = await lived();
    const { out } = await tell({}, 'audit', 'export', '--json', '--address', ' Ann@Example.com', '--config', file);
    expect(JSON.parse(out)).toMatchObject({
      person: 'ann@example.com',
      audit: [{ person: 'ann@example.com', side: 'salesforce', now: 'true', reason: 'unsubscribed-from-all' }],
      agreements: [{ kind: 'out', records: [expect.stringMatching(/^003/)] }],
      decisions: [{ reason: 'unsubscribed-from-all', outcome: 'done' }],
    });
    expect(out).not.toContain('ben@example.com');
  });

  it('prints it of somebody who was never opted out too, and of every table that has addresses', async () => {
    const file = await lived();
    const cleo = here.plant('cleo', { contacts: [false], lists: { News: 1 } });
    here.sandbox.org.update('Contact', String(cleo.contacts[0]), { Email: 'CLEO@example.com' });
    await here.night();
    const { out } = await tell({}, 'audit', 'export', '--json', '--address', cleo.email, '--config', file);
    const printed = JSON.parse(out);
    expect(printed).toMatchObject({
      audit: [],
      records: [{ id: cleo.contacts[0], address: cleo.email, is_set: 0 }],
      contacts: [cleo.ac],
      suppressed: false,
    });
    const tables = here.store((store) =>
      store.all(
        `SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND c.name = 'address' AND m.name <> 'audit_details'`,
      ),
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const { name } of tables) expect(printed).toHaveProperty(String(name));
  });

  it('prints no warning about somebody whose address only ends in the same letters', async () => {
    const file = await lived();
    const joann = here.plant('joann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.org.update('Contact', String(joann.contacts[0]), { Email: 'jo@example.com' });
    const { warnings } = await here.night();
    expect(warnings.join()).toContain('joann@example.com');
    const runsOf = async (address: string) =>
      JSON.parse((await tell({}, 'audit', 'export', '--json', '--address', address, '--config', file)).out).runs;
    expect(await runsOf('joann@example.com')).toHaveLength(1);
    expect(await runsOf('ann@example.com')).toEqual([]);
  });

  it('prints where a report names the person, and what stays of somebody who was erased', async () => {
    const file = await lived();
    here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    const dan = here.plant('dan', { contacts: [true], lists: { News: 1 } });
    const { run } = await here.night();
    const about = async () =>
      JSON.parse((await tell({}, 'audit', 'export', '--json', '--address', dan.email, '--config', file)).out);
    expect((await about()).runs).toEqual([
      { run, warnings: [], failures: [expect.objectContaining({ person: dan.email })] },
    ]);
    await tell({}, 'audit', 'erase', dan.email, '--config', file);
    expect(await about()).toMatchObject({
      records: [],
      contacts: [],
      runs: [],
      suppressed: true,
      erasedAt: expect.any(String),
      erasedBy: userInfo().username,
    });
  });
});

describe('optbridge audit erase', () => {
  it('takes a person out and says what stays', async () => {
    const file = await lived();
    const { code, out } = await tell({}, 'audit', 'erase', 'Ann@example.com', '--config', file);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('ann@example.com is erased: 1 row of the audit no longer says');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(out).toContain('They are opted out; that is kept, as a keyed hash');
    expect((await tell({}, 'audit', 'verify', '--config', file)).code).toBe(0);
    expect((await tell({}, 'audit', 'export', '--csv', '--config', file)).out).not.toContain('ann@example.com');
    expect((await tell({}, 'show', 'ann@example.com', '--offline', '--config', file)).out).toContain('was erased');
    const again = await tell({}, 'audit', 'erase', 'ann@example.com', '--json', '--config', file);
    expect([again.code, JSON.parse(again.out)]).toMatchObject([
      0,
      { known: false, auditRows: 0, erasedAt: expect.any(String) },
    ]);
  });

  it('of somebody who is not known ends with 0, and says whether they were erased before', async () => {
    const file = await lived();
    const erase = (address: string) => tell({}, 'audit', 'erase', address, '--config', file);
    expect(await erase('nobody@example.com')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Nothing is known about nobody@example\.com, so nothing was erased\.\nIf that is a/),
    });
    await erase('ann@example.com');
    expect(await erase('ann@example.com')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ann@example\.com was erased on \d{4}-.* UTC already\. Nothing more is\nknown/),
    });
  });

  it('exits with 4 while a run goes on, and makes no store', async () => {
    const file = await lived();
    const release = takeLock(here.config.store);
    expect((await tell({}, 'audit', 'erase', 'ann@example.com', '--config', file)).code).toBe(4);
    release();
    const other = configFile(here, undefined, { store: './none.sqlite' });
    expect(await tell({}, 'audit', 'erase', 'ann@example.com', '--config', other)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no'),
    });
    expect(existsSync(join(here.folder, 'none.sqlite'))).toBe(false);
  });
});

describe('wrong usage of optbridge audit', () => {
  const cases: [string, string[], RegExp][] = [
    ['nothing to do', [], /verify, export or erase/],
    ['an unknown word', ['check'], /"check" is not known/],
    ['no form', ['export', '--config', 'x'], /either --csv or --json/],
    ['two forms', ['export', '--csv', '--json', '--config', 'x'], /either --csv or --json/],
    [
      'an address for verify',
      ['verify', '--address', 'a@b.c', '--config', 'x'],
      /audit verify: --address is for export/,
    ],
    ['a word too many', ['verify', 'all', '--config', 'x'], /"all" is one word too many/],
    ['nobody to erase', ['erase', '--config', 'x'], /say whom: an email address/],
    ['a name to erase', ['erase', 'ann', '--config', 'x'], /say whom: an email address/],
    ['no configuration', ['verify'], /--config FILE is missing/],
  ];
  for (const [what, args, message] of cases)
    it(`${what} exits with 2 and says what is wrong`, async () => {
      here = new Town();
      expect(await tell({}, 'audit', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    });
});
