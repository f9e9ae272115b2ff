import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../src/companion/compare-readings.ts';
import { livedTown } from './a-town.ts';
import type { Town } from './town.ts';

/** Neither service waits for the other: both are read at the same time, and written, and read back. */

/** The requests that were under way at once, each with the other, while every reply takes some turns. */
function underWay(
  here: Town,
  turns: (request: string) => number = () => 20,
): (some: RegExp, others: RegExp) => boolean {
  const upstream = here.sandbox.fetch;
  const now = new Set<string>();
  const together: [string, string][] = [];
  Object.assign(here.sandbox, {
    fetch: async (...[input, init]: Parameters<typeof upstream>) => {
      const request = decodeURIComponent(`${init?.method ?? 'GET'} ${input} ${init?.body ?? ''}`);
      for (const other of now) together.push([request, other], [other, request]);
      now.add(request);
      for (let turn = turns(request); turn > 0; turn--) await new Promise(setImmediate);
      now.delete(request);
      return upstream(input, init);
    },
  });
  return (some, others) => together.some(([one, other]) => some.test(one) && others.test(other));
}

const CONTACTS = /\/api\/3\/contacts\?/;
const RECORDS = /SELECT.Id,.Email/;

describe('both services', () => {
  it('are read at the same time by a night that reads everybody', async () => {
    const here = await livedTown();
    const wereAtOnce = underWay(here);
    expect(await here.night({ full: true })).toMatchObject({ outcome: 'done', reading: { kind: 'full' } });
    expect(wereAtOnce(CONTACTS, RECORDS)).toBe(true);
  });

  it('are read at the same time by one that reads what has changed', async () => {
    const here = await livedTown();
    const wereAtOnce = underWay(here);
    expect(await here.night()).toMatchObject({ outcome: 'done', reading: { activecampaign: { kind: 'by-list' } } });
    expect(wereAtOnce(CONTACTS, RECORDS)).toBe(true);
  });

  it('are written at the same time, and read back', async () => {
    const here = await livedTown();
    here.plant('boxed', { contacts: [true, false], lists: { News: 1 } });
    const wereAtOnce = underWay(here);
    expect(await here.night()).toMatchObject({ outcome: 'done', failures: [] });
    expect(wereAtOnce(/POST .*contactLists/, /PATCH /)).toBe(true);
    expect(wereAtOnce(/ids\[\]=|id_greater=\d+&limit=1&/, /Id.IN/)).toBe(true);
  });
});

describe('a side that cannot be read', () => {
  it('ends the reading of the other with its own words, and says nothing of how that one can be read', async () => {
    const here = await livedTown();
    here.sandbox.faults.add({ service: 'salesforce', path: /\/(composite|query)/, kind: 'cut' });
    underWay(here, (request) => (CONTACTS.test(request) ? 500 : 0));
    const { outcome, failures } = await here.night();
    expect([outcome, failures[0]?.words]).toEqual(['failed', expect.stringContaining('/services/data')]);
    expect(here.store((store) => comparisonOf(store).state)).toBe('agreed');
    here.sandbox.faults.clear();
    expect(await here.night()).toMatchObject({ outcome: 'done', reading: { activecampaign: { kind: 'by-list' } } });
  });
});
