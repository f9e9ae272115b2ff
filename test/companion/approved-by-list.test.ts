import { describe, expect, it } from 'vitest';
import type { SyncOptions } from '../../src/companion/sync.ts';
import { lived, MOVES, planned, refusal } from './approved-town.ts';
import { decisionOn, HOUR } from './town.ts';

/** A plan that was made in a night that reads ActiveCampaign by list, carried out in one that reads everybody, or not. */

const APPLIED: Readonly<Record<string, Partial<SyncOptions>>> = {
  // As `optbridge apply` does.
  everybody: { full: true },
  'by list': {},
};

/** As `lived`, and long enough ago that nobody is read by list only because they are new. */
async function livedLong() {
  const life = await lived(Number.POSITIVE_INFINITY);
  life.here.clock.advance(72 * HOUR);
  let kind: string | undefined;
  const plan = await planned(life.here, {}, (report) => {
    kind = report.reading?.activecampaign.kind;
  });
  expect(kind).toBe('by-list');
  if (!plan) throw new Error('no plan was saved');
  return { ...life, plan };
}

describe.each(Object.entries(APPLIED))('a plan made by list, and applied reading %s', (how, options) => {
  it('is carried out, and then there is nothing left to do', async () => {
    const { here, back, out, record, plan } = await livedLong();
    expect(plan).toMatchObject({ optOuts: 1, optIns: 1 });
    const report = await here.night({ ...options, approved: plan });
    expect(report.reading?.activecampaign.kind).toBe(how === 'everybody' ? 'everybody' : 'by-list');
    expect([report.outcome, decisionOn(report, out), decisionOn(report, back)]).toEqual([
      'done',
      'salesforce-opt-out: done',
      'subscribed-again: done',
    ]);
    expect([here.status(out.ac, 'News'), here.box(record)]).toEqual([2, false]);
    expect((await here.night({ full: true })).counts.writes).toBe(0);
  });

  it('leaves whoever is not in it for the next run', async () => {
    const { here, plan } = await livedLong();
    const late = here.plant('late', { contacts: [false], lists: { News: 2 } });
    expect(decisionOn(await here.night({ ...options, approved: plan }), late)).toBe('unsubscribed-from-all: planned');
    expect(decisionOn(await here.night(options), late)).toBe('unsubscribed-from-all: done');
  });

  for (const [what, move, who] of MOVES)
    it(`is refused whole, naming the person, when ${what} of somebody in it changed since`, async () => {
      const life = await livedLong();
      move(life);
      const words = await refusal(life.here, life.plan, options);
      expect(words).toContain(`something changed for ${life[who].email}. Nothing was written`);
    });
});
