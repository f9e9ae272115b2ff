import { describe, expect, it } from 'vitest';
import { auditRows } from '../../src/companion/audit.ts';
import { decisionsAbout } from '../../src/companion/ledger.ts';
import { statusOf } from '../../src/companion/status.ts';
import { aTown } from './a-town.ts';
import { BOX, HOUR } from './town.ts';

/** A night on a machine whose clock is years ahead, set right the day after. */

const TEN_YEARS = 10 * 365 * 24 * HOUR;

async function nightAhead() {
  const here = aTown();
  here.config = { ...here.config, retention: { audit: 30, decisions: 1 } };
  const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
  await here.night();
  const surroundings = here.surroundings();
  const ahead = { ...surroundings, now: () => here.clock.now() + TEN_YEARS };
  here.clock.advance(-23 * HOUR);
  expect(await here.night({}, ahead)).toMatchObject({ outcome: 'done' });
  return { here, ann };
}

describe('a clock that is ahead for a night', () => {
  it('has nothing forgotten that is not old by the services’ clocks', async () => {
    const { here, ann } = await nightAhead();
    here.store((store) => {
      expect([...auditRows(store)].map(({ address }) => address)).toEqual([ann.email]);
      expect(decisionsAbout(store, ann.email, BOX).map(({ outcome }) => outcome)).toEqual(['done']);
    });
  });

  it('what is old is forgotten by the next night', async () => {
    const { here } = await nightAhead();
    here.clock.advance(30 * 24 * HOUR);
    await here.night();
    expect(here.store((store) => [...auditRows(store)])).toEqual([]);
  });

  it('does not stand as the last night for years', async () => {
    const { here } = await nightAhead();
    const { run } = await here.night();
    expect(here.store((store) => statusOf(store, here.clock.now())).lastRun?.run).toBe(run);
  });
});
