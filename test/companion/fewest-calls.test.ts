import { describe, expect, it } from 'vitest';
import { fewestCalls } from '../../src/companion/fewest-calls.ts';
import { aTown } from './a-town.ts';
import type { Town } from './town.ts';

/** The floor that a report holds a run's calls against. */

function town(): Town {
  const made = aTown();
  for (let n = 0; n < 130; n++) made.plant(`p${n}`, { contacts: [false], lists: { News: 1 } });
  return made;
}

describe('the fewest calls', () => {
  it('are the pages of both readings and the writes', async () => {
    const here = town();
    await here.night();
    here.plant('boxed', { contacts: [true], lists: { News: 1, Offers: 1 } });
    const report = await here.night({ full: true });
    // Both objects together; two pages of contacts and two memberships.
    expect(fewestCalls(report)).toEqual({ salesforce: 1, activecampaign: 2 + 2 });
  });

  it('are never more than were used', async () => {
    const report = await town().night();
    const used = { salesforce: 1, activecampaign: 1 };
    expect(fewestCalls({ ...report, calls: used })).toEqual(used);
    const [fewest, { calls }] = [fewestCalls(report), report];
    expect(fewest.salesforce).toBeLessThanOrEqual(calls.salesforce);
    expect(fewest.activecampaign).toBeLessThanOrEqual(calls.activecampaign);
  });
});
