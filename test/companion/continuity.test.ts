import { copyFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { concludeReading, whyFull } from '../../src/companion/continuity.ts';
import { MIGRATIONS } from '../../src/companion/migrations.ts';
import { Store } from '../../src/companion/store.ts';
import type { Surroundings } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { BOX, decisionOn, HOUR, START } from './town.ts';

/** When a night reads only what has changed in Salesforce, and when it reads everybody. */

/** A town after its first night, with somebody in it. */
async function lived() {
  const here = aTown();
  const ann = here.plant('ann', { contacts: [false], leads: [false], lists: { News: 1 } });
  await here.night();
  return { here, ann, record: ann.contacts[0] ?? '' };
}

const DAY = 24 * HOUR;
const INCREMENTAL = expect.objectContaining({ kind: 'incremental', why: null, since: expect.any(Number) });
const full = (why: string) => expect.objectContaining({ kind: 'full', why, since: null });

describe('a night', () => {
  it('is full at first, then asks only for what has changed', async () => {
    const { here, ann, record } = await lived();
    here.sandbox.org.update('Contact', record, { [BOX]: true });
    here.sandbox.requests.reset();
    const report = await here.night();
    expect(report.reading).toEqual(INCREMENTAL);
    expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
    const { all, parts } = here.sandbox.requests;
    const asked = [...all, ...parts].map(({ path }) => decodeURIComponent(path.replaceAll('+', ' ')));
    const people = asked.filter((path) => /query(All)?\?q=SELECT Id, Email/.test(path) && !path.includes('Id IN'));
    expect(people).toHaveLength(2);
    for (const path of people) expect(path).toMatch(/SystemModstamp >= \S+Z ORDER BY SystemModstamp, Id$/);
  });

  it('says in its report which reading it was, and why', async () => {
    const here = aTown();
    expect((await here.night()).reading).toEqual(full('first'));
    expect((await here.night({ full: true })).reading).toEqual(full('asked'));
    expect((await here.night()).reading).toEqual(INCREMENTAL);
  });

  it('is full again after a week, or after as many days as the settings say', async () => {
    const here = aTown();
    await here.night();
    const kinds: string[] = [];
    for (let n = 0; n < 8; n++) kinds.push((await here.night()).reading?.why ?? 'incremental');
    expect(kinds).toEqual([...Array(6).fill('incremental'), 'due', 'incremental']);
    here.config = { ...here.config, schedule: { ...here.config.schedule, fullEveryDays: 1 } };
    expect((await here.night()).reading).toEqual(full('due'));
  });

  it('sees what was stamped before the last reading and committed after it', async () => {
    const { here, ann, record } = await lived();
    const commits: (() => void)[] = [];
    const surroundings: Surroundings = {
      ...here.surroundings(),
      watch: ({ kind }) => {
        if (kind !== 'checking') return;
        commits.push(here.sandbox.org.updateLate('Contact', record, { [BOX]: true }));
        here.clock.advance(10 * 60_000);
      },
    };
    expect(decisionOn(await here.night({}, surroundings), ann)).toBe('nothing');
    for (const commit of commits) commit();
    const report = await here.night();
    expect([report.reading, decisionOn(report, ann)]).toEqual([INCREMENTAL, 'salesforce-opt-out: done']);
  });

  it('counts a record once that vanished as the night before began, though it is read again', async () => {
    const { here, ann } = await lived();
    const ben = here.plant('ben', { contacts: [false], lists: { News: 1 } });
    const record = ben.contacts[0] ?? '';
    await here.night();
    const surroundings: Surroundings = {
      ...here.surroundings(),
      watch: ({ kind }) => {
        if (kind !== 'checking') return;
        here.sandbox.org.update('Contact', record, { [BOX]: true });
        here.sandbox.org.remove('Contact', record);
      },
    };
    expect(decisionOn(await here.night({}, surroundings), ben)).toBe('salesforce-opt-out: done');
    here.sandbox.account.subscribe(ben.ac, here.list('News'), { by: 'contact' });
    const next = await here.night();
    expect([next.reading?.kind, decisionOn(next, ben), decisionOn(next, ann)]).toEqual([
      'incremental',
      'nothing',
      'nothing',
    ]);
    expect(here.status(ben.ac, 'News')).toBe(1);
  });

  it('is not put off by a day where the night comes an hour early', () => {
    const store = new Store(':memory:');
    concludeReading(store, 'full', START);
    const owedAfter = (hours: number) => whyFull(store, [], START + hours * HOUR, 7);
    expect([owedAfter(6 * 24), owedAfter(7 * 24 - 1), owedAfter(7 * 24)]).toEqual([null, 'due', 'due']);
    store.close();
  });

  it('sees a record that lost its address, and one that was deleted clear', async () => {
    const { here, ann, record } = await lived();
    here.sandbox.org.update('Contact', record, { Email: null });
    here.sandbox.org.update('Lead', ann.leads[0] ?? '', { [BOX]: true });
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email });
    await here.night();
    expect([here.box(record), here.box(twin)]).toEqual([false, true]);
    here.sandbox.org.remove('Contact', twin);
    const report = await here.night();
    expect(report).toMatchObject({
      outcome: 'done',
      reading: INCREMENTAL,
      counts: { salesforceRecords: 1 },
    });
  });
});

describe('a reading that cannot be trusted to be whole', () => {
  it('is followed by a full one in the same night where a record was purged, which no stamp shows', async () => {
    const { here, record } = await lived();
    here.sandbox.org.table('Contact').drop(record);
    const report = await here.night();
    expect(report).toMatchObject({ reading: full('counts-differ'), counts: { salesforceRecords: 1 } });
    expect((await here.night()).reading).toEqual(INCREMENTAL);
  });

  it('and where a set record came into sight with an old stamp', async () => {
    const { here, ann } = await lived();
    const old = here.clock.now() - 30 * DAY;
    here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true, SystemModstamp: old });
    const report = await here.night();
    expect(report.reading).toEqual(full('counts-differ'));
    expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
  });

  it('and where one came into sight set, and a clear one went out of it', async () => {
    const { here, ann, record } = await lived();
    const old = here.clock.now() - 30 * DAY;
    here.sandbox.org.table('Contact').drop(record);
    here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true, SystemModstamp: old });
    expect((await here.night()).reading).toEqual(full('counts-differ'));
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('not where somebody was at work between reading and counting: what changed is read once more', async () => {
    const { here } = await lived();
    here.sandbox.faults.add({
      service: 'salesforce',
      path: /COUNT/,
      times: 1,
      kind: 'run',
      run: () => void here.sandbox.org.insert('Contact', { LastName: 'new', Email: 'new@example.com' }),
    });
    expect(await here.night()).toMatchObject({ reading: INCREMENTAL, counts: { salesforceRecords: 3 } });
  });

  const uncounted: [string, number, unknown][] = [
    ['for it takes too long', 400, [{ message: 'too long', errorCode: 'QUERY_TIMEOUT' }]],
    ['or may not', 403, [{ message: 'no', errorCode: 'INSUFFICIENT_ACCESS' }]],
    ['or does so in a way of its own', 200, { totalSize: 3, done: true, records: [{ n: 3 }] }],
  ];
  for (const [why, status, body] of uncounted)
    it(`and where Salesforce will not count, ${why}`, async () => {
      const { here } = await lived();
      here.sandbox.faults.add({ service: 'salesforce', path: /COUNT/, kind: 'status', status, body });
      expect(await here.night()).toMatchObject({ outcome: 'done', reading: full('counts-differ') });
    });

  it('and the next night where a box came without a value', async () => {
    const { here } = await lived();
    here.store((store) => store.run('UPDATE records SET is_set = NULL'));
    expect((await here.night()).reading).toEqual(full('box-unread'));
    expect((await here.night()).reading).toEqual(INCREMENTAL);
  });
});

describe('a store that may not know all', () => {
  it('is not gone on from when another machine used it', async () => {
    const { here } = await lived();
    const on = (machine: string) => here.night({}, { ...here.surroundings(), machine });
    expect((await on('alpha')).reading).toEqual(INCREMENTAL);
    expect((await on('beta')).reading).toEqual(full('other-machine'));
    expect((await on('beta')).reading).toEqual(INCREMENTAL);
  });

  it('nor when it was put back from a backup and Salesforce knows of later writes', async () => {
    const { here } = await lived();
    copyFileSync(here.config.store, `${here.config.store}.backup`);
    here.plant('ben', { contacts: [false], lists: { News: 2 } });
    await here.night();
    for (const suffix of ['-wal', '-shm']) rmSync(`${here.config.store}${suffix}`, { force: true });
    copyFileSync(`${here.config.store}.backup`, here.config.store);
    expect((await here.night()).reading).toEqual(full('unknown-writes'));
  });

  it('nor when Salesforce has thrown away what was deleted since', async () => {
    const { here } = await lived();
    here.clock.advance(15 * DAY);
    expect((await here.night()).reading).toEqual(full('too-old'));
  });

  it('nor after a change was accepted', async () => {
    const { here } = await lived();
    here.config = here.configured({ activecampaign: { qualifyingTags: ['vip'] } });
    expect((await here.night()).refusal?.kind).toBe('changed');
    expect((await here.night({ acceptChange: true })).reading).toEqual(full('accepted-change'));
    expect((await here.night({ acceptChange: true })).reading).toEqual(INCREMENTAL);
  });

  it('nor when it came from an older OptBridge', async () => {
    const { here } = await lived();
    here.store((store) => store.setMeta('salesforce-full', { at: here.clock.now(), schema: MIGRATIONS.length - 1 }));
    expect((await here.night()).reading).toEqual(full('schema'));
  });

  it('nor when its last reading is in the future by Salesforce’s clock', async () => {
    const { here } = await lived();
    here.store((store) => store.setMeta('salesforce-read-at', here.clock.now() + 30 * DAY));
    expect((await here.night()).reading).toEqual(full('clock'));
  });

  it('and what made it doubtful holds until a full reading has come to its end', async () => {
    const { here } = await lived();
    const on = (machine: string) => here.night({}, { ...here.surroundings(), machine });
    await on('alpha');
    here.sandbox.faults.add({ service: 'salesforce', path: /\/query\?/, kind: 'status', status: 503 });
    expect(await on('beta')).toMatchObject({ outcome: 'failed', reading: null });
    here.sandbox.faults.clear();
    expect((await on('beta')).reading).toEqual(full('other-machine'));
  });
});

describe('a dry run', () => {
  it('and the plan that it saves are those of the real run, with the same reading, and change nothing', async () => {
    const { here, record } = await lived();
    here.plant('ben', { contacts: [false], lists: { News: 2 } });
    here.sandbox.org.update('Contact', record, { [BOX]: true });
    let approved: Parameters<NonNullable<Parameters<typeof here.night>[0]>['save'] & object>[0] | undefined;
    const dry = await here.night({
      dryRun: true,
      save: (plan) => {
        approved = plan;
      },
    });
    const again = await here.night({ dryRun: true });
    expect(dry.reading).toEqual(INCREMENTAL);
    expect(again.decisions).toEqual(dry.decisions);
    if (!approved) throw new Error('no plan was saved');
    const real = await here.night({ approved });
    expect(real).toMatchObject({ outcome: 'done', reading: INCREMENTAL });
    const bare = (report: typeof dry) => report.decisions.map(({ outcome: _, ...decision }) => decision);
    expect(bare(real)).toEqual(bare(dry));
  });
});
