import { afterEach, describe, expect, it } from 'vitest';
import { Store } from '../../src/companion/store.ts';
import { Town } from '../companion/town.ts';
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
});

describe('wrong usage of optbridge audit', () => {
  const cases: [string, string[], RegExp][] = [
    ['nothing to do', [], /verify or export/],
    ['an unknown word', ['check'], /"check" is not known/],
    ['no form', ['export', '--config', 'x'], /either --csv or --json/],
    ['two forms', ['export', '--csv', '--json', '--config', 'x'], /either --csv or --json/],
    ['an address for verify', ['verify', '--address', 'a@b.c', '--config', 'x'], /--address is for export/],
    ['a word too many', ['verify', 'all', '--config', 'x'], /"all" is one word too many/],
    ['no configuration', ['verify'], /--config FILE is missing/],
  ];
  for (const [what, args, message] of cases)
    it(`${what} exits with 2 and says what is wrong`, async () => {
      here = new Town();
      expect(await tell({}, 'audit', ...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    });
});
