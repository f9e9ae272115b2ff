import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/consent/differences.ts';
import type { PersonFacts, Policy } from '../../src/consent/facts.ts';
import { judge, limitOf, noTotals } from '../../src/consent/plan.ts';

/** The caps, and what is a difference. */

describe('a cap', () => {
  const over = (optOuts: number, both: number) =>
    judge({ ...noTotals(), both, optOuts }, { optOut: { percent: 10 }, optIn: 'none' }).optOut.exceeded;

  it('is exceeded by more than it allows, not by as many', () => {
    expect([over(100, 1000), over(101, 1000)]).toEqual([false, true]);
    expect(
      [0, 1].map((optIns) => judge({ ...noTotals(), optIns }, { optOut: 'none', optIn: 0 }).optIn.exceeded),
    ).toEqual([false, true]);
  });

  it('in percent is never less than 25 people, and whole people', () => {
    expect([limitOf({ percent: 10 }, 20), limitOf({ percent: 10 }, 259), limitOf({ percent: 0 }, 9000)]).toEqual([
      25, 25, 25,
    ]);
    expect([limitOf({ percent: 10 }, 269), limitOf(3, 9000), limitOf('none', 1)]).toEqual([
      26,
      3,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

describe('a difference', () => {
  const policy: Policy = { lists: new Set(['1']), qualifyingTags: ['good'] };
  const left = { id: 'm1', list: '1', status: 2, subscribedAt: 1000, unsubscribedAt: 2000 };
  const person = (records: PersonFacts['records']): PersonFacts => ({
    address: 'ann.lee@example.com',
    records,
    vanished: [],
    contact: { id: '7', bouncedHard: 0, memberships: [left], tags: [] },
  });

  it('takes two sides: who is out in ActiveCampaign and has no record differs from nobody', () => {
    expect(differenceOf(person([]), null, policy)).toBeNull();
    expect(differenceOf(person([{ id: '003A', set: false }]), null, policy)).toBe('not-qualified');
  });
});
