import { describe, expect, it } from 'vitest';
import { erasePerson } from '../../src/companion/erasure.ts';
import { planOf, planText } from '../../src/companion/saved-plan.ts';
import type { Surroundings } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { lived, MOVES, planned, plannedFor, refusal } from './approved-town.ts';
import { Fuse, nightWith } from './fuse.ts';
import { BOX, decisionOn, HOUR } from './town.ts';

/** A plan that was looked at is carried out as it is, or not at all. */

describe('an approved plan', () => {
  it('is carried out, whatever the caps of the day; then there is nothing left to do', async () => {
    const { here, back, out, record } = await lived();
    const plan = await plannedFor(here);
    expect(plan).toMatchObject({ optOuts: 1, optIns: 1 });
    expect(plan.people.map(({ person, reason }) => [person, reason])).toEqual([
      [out.email, 'salesforce-opt-out'],
      [back.email, 'subscribed-again'],
    ]);
    here.config = here.configured({ caps: { optOut: 0, optIn: 0 } });
    const report = await here.night({ approved: plan });
    expect(report.outcome).toBe('done');
    expect([decisionOn(report, out), decisionOn(report, back)]).toEqual([
      'salesforce-opt-out: done',
      'subscribed-again: done',
    ]);
    expect([here.status(out.ac, 'News'), here.box(record)]).toEqual([2, false]);
    expect((await here.night()).counts.writes).toBe(0);
  });

  it('does not bring the address of somebody into the store again who was erased since', async () => {
    const { here, out } = await lived();
    const plan = await plannedFor(here);
    for (const id of out.contacts) here.sandbox.org.remove('Contact', id);
    here.sandbox.account.remove(out.ac);
    await here.night();
    erasePerson(here.config, out.email, here.clock.now(), 'lea');
    const { refusal: refused } = await here.night({ approved: plan });
    expect(refused?.message).toContain('something changed for somebody who was erased, ');
    here.store((store) => expect(JSON.stringify(store.all('SELECT * FROM runs'))).not.toContain(out.email));
  });

  it('leaves whoever is not in it for the next run', async () => {
    const { here } = await lived();
    const plan = await plannedFor(here);
    const late = here.plant('late', { contacts: [true], lists: { News: 1 } });
    const report = await here.night({ approved: plan });
    expect(report.outcome).toBe('done');
    expect(report.decisions.find(({ person }) => person === late.email)).toMatchObject({
      outcome: 'planned',
      words: 'not in the plan that was approved',
    });
    expect(here.status(late.ac, 'News')).toBe(1);
    expect(decisionOn(await here.night(), late)).toBe('salesforce-opt-out: done');
  });

  it('is carried out on a first night too', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const plan = await plannedFor(here);
    expect(plan.store).toBeNull();
    expect(decisionOn(await here.night({ approved: plan }), ann)).toBe('unsubscribed-from-all: done');
  });

  for (const [what, move, who] of MOVES)
    it(`is refused whole, naming the person, when ${what} of somebody in it changed since`, async () => {
      const life = await lived();
      const plan = await plannedFor(life.here);
      move(life);
      expect(await refusal(life.here, plan)).toContain(`something changed for ${life[who].email}. Nothing was written`);
    });

  it('is refused when a record of somebody in it was set and deleted since, though no less is to be done', async () => {
    const { here, out } = await lived();
    const plan = await plannedFor(here);
    const id = here.sandbox.org.insert('Contact', { LastName: 'out', Email: out.email, [BOX]: true });
    here.sandbox.org.remove('Contact', id);
    expect(await refusal(here, plan)).toContain(out.email);
  });

  it('is refused when field history shows that a box to be cleared was set anew', async () => {
    const { here, back, record } = await lived();
    here.sandbox.org.track('Contact', BOX);
    const plan = await plannedFor(here);
    here.sandbox.org.update('Contact', record, { [BOX]: false });
    here.clock.advance(HOUR);
    here.sandbox.org.update('Contact', record, { [BOX]: true });
    expect(await refusal(here, plan)).toContain(back.email);
  });

  it('lets nobody in who said no while it was carried out, and opts them out by no plan of its own', async () => {
    const { here, back, record } = await lived();
    const plan = await plannedFor(here);
    const surroundings: Surroundings = {
      ...here.surroundings(),
      watch: ({ kind }) => {
        if (kind === 'writing') here.sandbox.account.unsubscribe(back.ac, here.list('News'), { by: 'contact' });
      },
    };
    const report = await here.night({ approved: plan }, surroundings);
    expect(report.decisions.find(({ person }) => person === back.email)).toMatchObject({
      outcome: 'failed',
      words: 'changed while the plan was carried out; nothing was written',
    });
    expect(here.box(record)).toBe(true);
  });

  it('goes on where it was cut off, and a second time does nothing', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [true, false], lists: { News: 1 } });
    const ben = here.plant('ben', { contacts: [false], lists: { News: 2 } });
    const plan = await plannedFor(here);
    const fault = here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 500 });
    const cut = await here.night({ approved: plan });
    expect([decisionOn(cut, ann), decisionOn(cut, ben)]).toEqual([
      'salesforce-opt-out: failed',
      'unsubscribed-from-all: done',
    ]);
    fault.off();
    expect(decisionOn(await here.night({ approved: plan }), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.contacts[1] ?? ''), here.status(ann.ac, 'News')]).toEqual([true, 2]);
    here.sandbox.requests.reset();
    expect(await here.night({ approved: plan })).toMatchObject({ outcome: 'done', counts: { writes: 0 } });
    expect(here.writes()).toEqual([]);
  });

  it('killed anywhere and given again ends where it ends when it is left alone', { timeout: 300_000 }, async () => {
    /** Gives the plan under a fuse and once more, and says how many steps the first took and where it all ended. */
    async function ending(at: number) {
      const { here, back, out, record } = await lived();
      const plan = await plannedFor(here);
      const fuse = new Fuse(at);
      await nightWith(here, fuse, { approved: plan });
      const report = await here.night({ approved: plan });
      const audit = here.store((store) => store.all("SELECT count(*) AS n FROM audit WHERE reason <> 'agreed'")[0]?.n);
      const end = [report.outcome, here.box(record), here.box(out.contacts[0] ?? '')];
      return { steps: fuse.steps, end: [...end, here.status(out.ac, 'News'), here.status(back.ac, 'News'), audit] };
    }
    const { steps, end } = await ending(Number.POSITIVE_INFINITY);
    expect(end).toEqual(['done', false, true, 2, 1, 3]);
    for (let at = 1; at <= steps; at++) expect((await ending(at)).end, `killed at step ${at} of ${steps}`).toEqual(end);
  });

  it('does not go on when somebody in it moved after it was cut off', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    const plan = await plannedFor(here);
    const fault = here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 500 });
    await here.night({ approved: plan });
    fault.off();
    here.sandbox.org.insert('Lead', { LastName: 'ann', Company: 'Mill', Email: ann.email });
    expect(await refusal(here, plan)).toContain(ann.email);
  });

  it('is refused where another run has done it in the meantime', async () => {
    const { here, out } = await lived();
    const plan = await plannedFor(here);
    await here.night();
    expect(await refusal(here, plan)).toContain(out.email);
  });

  it('is refused where the store, the lists or the user are others than then', async () => {
    const { here } = await lived();
    const plan = await plannedFor(here);
    expect(await refusal(here, { ...plan, store: 'another' })).toContain('another store');
    expect(await refusal(here, { ...plan, identity: { ...plan.identity, salesforceUser: '005other' } })).toContain(
      'the Salesforce API user changed',
    );
  });
});

describe('a plan to be saved', () => {
  it('does not hold what a cap does not allow', async () => {
    const { here } = await lived();
    expect(await planned(here, { caps: { optOut: 0 } })).toBeUndefined();
    expect(await planned(here, { caps: { optIn: 0 } })).toMatchObject({ optOuts: 1, optIns: 0 });
  });

  it('does not hold an opt-in that field history speaks against', async () => {
    const { here, record } = await lived();
    here.sandbox.org.track('Contact', BOX);
    here.sandbox.org.update('Contact', record, { [BOX]: false });
    here.clock.advance(HOUR);
    here.sandbox.org.update('Contact', record, { [BOX]: true });
    expect(await plannedFor(here)).toMatchObject({ optOuts: 1, optIns: 0 });
  });

  it('is known when it was changed, is cut, or is none at all', async () => {
    const { here } = await lived();
    const text = planText(await plannedFor(here));
    const cases: [string, RegExp][] = [
      [text.replace('"optOuts": 1', '"optOuts": 2'), /was changed since it was made/],
      [text.replace('out@example.com', 'ann@example.com'), /was changed since it was made/],
      [text.slice(0, -20), /is not JSON/],
      ['{}', /is no plan of OptBridge/],
      [text.replace('"optbridgePlan": 1', '"optbridgePlan": 2'), /another version/],
    ];
    for (const [wrong, message] of cases) expect(() => planOf(wrong, 'plan.json')).toThrow(message);
  });
});
