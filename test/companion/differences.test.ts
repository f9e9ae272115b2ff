import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Difference, differenceSummary, differences } from '../../src/companion/differences.ts';
import { decisionsAbout, decisionsOf, runs } from '../../src/companion/ledger.ts';
import { random } from '../long.ts';
import { aTown } from './a-town.ts';
import { villager } from './random-town.ts';
import { BOX, HOUR, type PlantedVillager, type Town, UNSUBSCRIBES_REFUSED } from './town.ts';

/** Who is out on one side only after a night, since when, and why; kept by the run, so that it can be asked offline. */

const found = (here: Town): readonly Difference[] => here.store((store) => [...differences(store)]);
const causes = (here: Town) => Object.fromEntries(found(here).map(({ person, cause }) => [person, cause]));
const summary = (here: Town) => here.store(differenceSummary);

describe('after a run', () => {
  it('nobody differs whom the rules could settle', async () => {
    const here = aTown();
    here.plant('left', { contacts: [false], lists: { News: 2 } });
    here.plant('boxed', { contacts: [true, false], lists: { News: 1 } });
    here.plant('fine', { contacts: [false], lists: { News: 1 } });
    here.plant('nowhere', { lists: { News: 2 } });
    const report = await here.night();
    expect(found(here)).toEqual([]);
    expect(report.differences).toEqual({ open: 0, accepted: 0, byCause: {}, oldestOptOut: null });
  });

  it('each who does is listed under exactly one cause', async () => {
    const here = aTown();
    const { org, account, faults } = here.sandbox;
    const stranger = here.plant('stranger', { contacts: [false], lists: { News: 2 }, qualified: false });
    const cleared = here.plant('cleared', { contacts: [false], lists: { News: 2 } });
    const bounced = here.plant('bounced', { contacts: [false], lists: { News: 1 }, hardBounced: true });
    await here.night();
    org.update('Contact', cleared.contacts[0] ?? '', { [BOX]: false });
    account.join(bounced.ac, here.list('News'), 1);
    const twice = here.plant('twice', { contacts: [false], lists: { News: 2 } });
    account.addContact({ email: 'other@example.com' }).email = 'TWICE@example.com';
    const stuck = here.plant('stuck', { contacts: [true], lists: { News: 1 } });
    faults.add(UNSUBSCRIBES_REFUSED);
    const report = await here.night();
    expect(report.outcome).toBe('partly');
    expect(causes(here)).toEqual({
      [stranger.email]: 'not-qualified',
      [cleared.email]: 'cleared-in-salesforce',
      [bounced.email]: 'bounce-reactivated',
      [twice.email]: 'unknown',
      [stuck.email]: 'failed',
    });
    expect(report.differences).toMatchObject({
      open: 5,
      byCause: { 'not-qualified': 1, 'cleared-in-salesforce': 1, 'bounce-reactivated': 1, unknown: 1, failed: 1 },
    });
    faults.clear();
    await here.night();
    expect(Object.keys(causes(here))).not.toContain(stuck.email);
  });

  it('over the opt-out cap everybody who would have been opted out is listed as failed, with the word why', async () => {
    const here = aTown();
    here.config = here.configured({ caps: { optOut: 0 } });
    const boxed = here.plant('boxed', { contacts: [true], lists: { News: 1 } });
    expect((await here.night()).outcome).toBe('refused');
    expect(found(here)).toMatchObject([
      { person: boxed.email, cause: 'failed', reason: 'salesforce-opt-out', words: expect.stringContaining('cap') },
    ]);
  });

  it('an opt-in that is held differs, but is no opt-out that waits', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.config = here.configured({ caps: { optIn: 0 } });
    const report = await here.night();
    expect(found(here)).toMatchObject([{ person: ann.email, cause: 'failed', direction: 'in' }]);
    expect(report.differences).toMatchObject({ open: 1, oldestOptOut: null });
  });

  it('somebody who was read again and had left in the meantime does not differ', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.faults.add({
      service: 'salesforce',
      method: 'GET',
      path: /queryAll/,
      times: 1,
      kind: 'run',
      run: () => void here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' }),
    });
    await here.night();
    expect(found(here)).toEqual([]);
  });
});

describe('the time since when', () => {
  it('is that of the first run that saw it, by the services’ clocks, however often it is seen again', async () => {
    const here = aTown();
    here.plant('boxed', { contacts: [true], lists: { News: 1 } });
    here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    await here.night();
    const [first] = found(here);
    expect(Math.abs(Date.parse(first?.since ?? '') - (here.clock.now() - HOUR))).toBeLessThan(HOUR);
    await here.night();
    await here.night();
    const [third] = found(here);
    expect(third?.since).toBe(first?.since);
    expect(Date.parse(third?.lastSeen ?? '')).toBeGreaterThan(Date.parse(first?.since ?? '') + 40 * HOUR);
    expect(summary(here).oldestOptOut).toEqual({ person: 'boxed@example.com', since: first?.since });
  });

  it('begins anew when a rule’s leaving alone turns into a failure', async () => {
    const here = aTown();
    const { account, faults } = here.sandbox;
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    const [left] = found(here);
    expect([left?.cause, summary(here).oldestOptOut]).toEqual(['not-qualified', null]);
    account.tag(ann.ac, 'added-to-salesforce-contact');
    faults.add({ service: 'salesforce', method: 'PATCH', path: /composite\/sobjects/, kind: 'status', status: 500 });
    await here.night();
    const [failed] = found(here);
    expect(failed?.cause).toBe('failed');
    expect(Date.parse(failed?.since ?? '')).toBeGreaterThan(Date.parse(left?.since ?? '') + 20 * HOUR);
  });
});

describe('a run that could not decide', () => {
  it('leaves the differences of the run before as they are', async () => {
    const here = aTown();
    here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    const before = found(here);
    here.sandbox.faults.add({ service: 'activecampaign', path: /\/contacts/, kind: 'status', status: 503 });
    expect((await here.night()).outcome).toBe('failed');
    expect(found(here)).toEqual(before);
  });

  it('neither does a dry run touch them', async () => {
    const here = aTown();
    here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    const before = found(here);
    here.plant('ben', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night({ dryRun: true });
    expect(found(here)).toEqual(before);
  });
});

describe('an opt-out that is seen on either side (I1)', () => {
  /** Out on one side only, by what the services themselves hold. */
  function differs(here: Town, { contacts, leads, ac }: PlantedVillager): boolean {
    const boxes = [...contacts, ...leads].map((id) => here.box(id) === true);
    const statuses = ac === '' ? [] : ['News', 'Offers'].map((list) => here.status(ac, list));
    const active = statuses.includes(1);
    const bounced = ac !== '' && (here.sandbox.account.contacts.find(({ id }) => id === ac)?.bouncedHard ?? 0) > 0;
    const outThere = !active && (statuses.includes(2) || bounced);
    if (boxes.includes(true)) return active || boxes.includes(false);
    return outThere && boxes.includes(false);
  }

  it('is true on both after a run, or listed under one cause, whoever fails', async () => {
    const failing = fc.constantFrom(undefined, /contactLists/, /composite\/sobjects/);
    await fc.assert(
      fc.asyncProperty(fc.array(villager, { minLength: 1, maxLength: 8 }), failing, async (villagers, path) => {
        const here = aTown();
        const people = villagers.map((said, index) => here.plant(`p${index}`, said));
        const service = String(path).includes('composite') ? 'salesforce' : 'activecampaign';
        const method = service === 'salesforce' ? 'PATCH' : 'POST';
        if (path) here.sandbox.faults.add({ service, method, path, kind: 'status', status: 400 });
        await here.night();
        const listed = found(here).map(({ person }) => person);
        expect(listed.sort()).toEqual(people.filter((person) => differs(here, person)).map(({ email }) => email));
        expect(new Set(listed).size).toBe(listed.length);
      }),
      random(40, 1000),
    );
  });
});

describe('decisions', () => {
  it('are kept for each run, but for those that say that there was nothing to do', async () => {
    const here = aTown();
    const left = here.plant('left', { contacts: [false], lists: { News: 2 } });
    here.plant('agreed', { contacts: [true], lists: { News: 2 } });
    const report = await here.night();
    expect(report.decisions.map(({ reason }) => reason)).toEqual(['agreed', 'unsubscribed-from-all']);
    here.store((store) => {
      const kept = [...decisionsOf(store, report.run, BOX)];
      expect(kept).toEqual(
        report.decisions.filter(({ person }) => person === left.email).map((one) => ({ run: report.run, ...one })),
      );
    });
    here.sandbox.account.subscribe(left.ac, here.list('News'), { by: 'contact' });
    await here.night();
    here.store((store) => {
      expect(decisionsAbout(store, left.email, BOX).map(({ reason }) => reason)).toEqual([
        'unsubscribed-from-all',
        'subscribed-again',
      ]);
      expect(runs(store, 30).map(({ summary: kept }) => kept?.outcome)).toEqual(['done', 'done']);
    });
  });
});
