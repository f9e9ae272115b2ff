import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Store } from '../../src/companion/store.ts';
import { StoreError } from '../../src/companion/store-trouble.ts';
import { aTown } from './a-town.ts';
import { BOX, decisionOn, HOUR } from './town.ts';

/** What others' orgs and accounts may do that ours does not: found by somebody who built a stand-in of their own. */

describe('a dry run and a real run at once', () => {
  it('do not disturb each other', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const rehearsal = new Store(here.config.store, { rehearsal: true });
    rehearsal.setMeta('rehearsed', true);
    expect(await here.night()).toMatchObject({ outcome: 'done' });
    expect(rehearsal.agreement(ann.email)).not.toBeNull();
    rehearsal.close();
    here.store((store) => expect(store.meta('rehearsed')).toBeUndefined());
  });
});

describe('somebody who only looks', () => {
  it('is in the file itself, as it was at that moment, and keeps no run waiting', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    await here.night();
    const ben = here.plant('ben', { contacts: [true], lists: { News: 1 } });
    const look = new Store(here.config.store, { look: true });
    expect(look.get("SELECT file FROM pragma_database_list WHERE name = 'main'")?.file).toBe(here.config.store);
    expect(await here.night()).toMatchObject({ outcome: 'done' });
    expect([look.agreement(ann.email)?.kind, look.agreement(ben.email)]).toEqual(['out', null]);
    look.close();
    here.store((store) => expect(store.agreement(ben.email)?.kind).toBe('out'));
  });

  it('cannot write, and leaves nothing behind', async () => {
    const here = aTown();
    await here.night();
    const look = new Store(here.config.store, { look: true });
    expect(() => look.setMeta('looked', true)).toThrow(/readonly/);
    look.close();
    expect(readdirSync(here.folder).filter((file) => /-(wal|shm)$/.test(file))).toEqual([]);
  });

  it('makes no file where there is none, and sees one of an older schema, or put back from a backup, as it would be', async () => {
    const here = aTown();
    const look = () => {
      const store = new Store(here.config.store, { look: true });
      const found = store.agreement('ann@example.com')?.kind ?? null;
      store.close();
      return found;
    };
    expect([look(), existsSync(here.config.store)]).toEqual([null, false]);
    here.plant('ann', { contacts: [true], lists: { News: 1 } });
    await here.night();
    here.store((store) => store.db.exec('PRAGMA journal_mode = DELETE'));
    expect(look()).toBe('out');
  });
});

describe('an org that minds the case of addresses', () => {
  it('still clears the box of somebody who subscribed again', async () => {
    const here = aTown();
    const id = here.sandbox.org.insert('Contact', { LastName: 'Carol', Email: 'Carol@Example.com', [BOX]: false });
    const { ac, email } = here.plant('carol', { lists: { News: 2 } });
    await here.night();
    expect(here.box(id)).toBe(true);
    here.sandbox.account.subscribe(ac, here.list('News'), { by: 'contact' });
    here.sandbox.faults.add({
      service: 'salesforce',
      path: /Email\+IN|Email%20IN/,
      kind: 'status',
      status: 200,
      body: { totalSize: 0, done: true, records: [] },
    });
    expect(decisionOn(await here.night(), { email })).toBe('subscribed-again: done');
    expect(here.box(id)).toBe(false);
  });
});

describe('a record that is refused and then out of sight', () => {
  it('is a failure in Salesforce’s own words, not something done', async () => {
    const here = aTown();
    const ann = here.plant('ann', { leads: [false], lists: { News: 2 } });
    const lead = ann.leads[0] ?? '';
    here.sandbox.faults.add({
      service: 'salesforce',
      method: 'PATCH',
      times: 1,
      kind: 'run',
      run: () => void here.sandbox.org.convert(lead),
    });
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'partly', counts: { writes: 0 } });
    expect(report.failures[0]?.words).toContain('CANNOT_UPDATE_CONVERTED_LEAD');
    expect(decisionOn(await here.night(), ann)).toMatch(/: done$/);
  });
});

describe('a box that comes without a value', () => {
  it('makes one person unknown, and nobody else', async () => {
    const here = aTown();
    const odd = here.plant('odd', { contacts: [true], lists: { News: 1 } });
    const fine = here.plant('fine', { contacts: [true], lists: { News: 1 } });
    const upstream = here.sandbox.fetch;
    Object.assign(here.sandbox, {
      fetch: async (...input: Parameters<typeof upstream>) => {
        const reply = await upstream(...input);
        if (!/\/(query|composite)(\?|$)/.test(String(input[0]))) return reply;
        const body: unknown = JSON.parse(await reply.text(), (_, value) =>
          value?.Id === odd.contacts[0] ? { ...value, [BOX]: null } : value,
        );
        return Response.json(body, { headers: reply.headers });
      },
    });
    const report = await here.night();
    expect([odd, fine].map((person) => decisionOn(report, person))).toEqual([
      'unknown: nothing',
      'salesforce-opt-out: done',
    ]);
    expect(report.decisions.find(({ person }) => person === odd.email)?.words).toContain('opt-out field');
  });
});

describe('field history that cannot be read', () => {
  it.each([
    ['for want of a right', 403, 'INSUFFICIENT_ACCESS'],
    ['because it took too long', 400, 'QUERY_TIMEOUT'],
  ])('%s, holds the opt-in and ends nothing', async (_, status, errorCode) => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const body = [{ message: 'no', errorCode }];
    here.sandbox.faults.add({ service: 'salesforce', path: /History/, kind: 'status', status, body });
    const report = await here.night();
    expect(report.outcome).toBe('done');
    expect(decisionOn(report, ann)).toBe('unknown: nothing');
    expect(here.box(ann.contacts[0] ?? '')).toBe(true);
  });
});

describe('an exit with failures', () => {
  it('is not taken for a run that was cut off', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false, false], lists: { News: 2 } });
    here.sandbox.org.addRule('Contact', {
      when: (row) => row.Id === ann.contacts[1] && row[BOX] === true,
      message: 'no',
    });
    expect(await here.night()).toMatchObject({ outcome: 'partly', counts: { writes: 1 } });
    here.clock.advance(HOUR);
    expect((await here.night()).warnings.join()).not.toContain('cut off');
  });
});

describe('a store that cannot be used', () => {
  it('is named with the remedy', () => {
    const here = aTown();
    expect(() => new Store('/nowhere/at/all/store.sqlite')).toThrow(StoreError);
    writeFileSync(here.config.store, 'this is a letter, not a database, and long enough to be looked at as one');
    expect(() => new Store(here.config.store)).toThrow(/is no OptBridge store/);
  });
});
