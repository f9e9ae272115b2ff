import { describe, expect, it } from 'vitest';
import type { PersonFacts, RecordFact } from '../../src/consent/facts.ts';
import { afterInterruption, stampsOf } from '../../src/consent/interrupted.ts';
import { setMeanwhile } from '../../src/consent/meanwhile.ts';

/** What nobody can tell of a box any more: whether a run touched it, or somebody after it. */

const person = (...records: readonly RecordFact[]): PersonFacts => ({
  address: 'ann.lee@example.com',
  records,
  vanished: [],
  contact: null,
});
const unsureOf = ({ records }: PersonFacts) => records.filter(({ unsure }) => unsure).map(({ id }) => id);

describe('after a run that was to clear boxes and was cut off', () => {
  it('a record says nothing for sure that has another stamp since, or of which no stamp was known', () => {
    const facts = person(
      { id: 'same', set: true, modifiedAt: 1000 },
      { id: 'later', set: true, modifiedAt: 2000 },
      { id: 'undated', set: true },
      { id: 'new', set: true, modifiedAt: 3000 },
    );
    expect(unsureOf(afterInterruption(facts, { same: 1000, later: 1000, undated: null }))).toEqual([
      'later',
      'undated',
    ]);
    expect(unsureOf(afterInterruption(facts, null))).toEqual([]);
  });

  it('the stamps from before the first of several such runs count', () => {
    const stamps = stampsOf(
      [
        { id: 'a', set: true, modifiedAt: 2000 },
        { id: 'b', set: true, modifiedAt: 2000 },
      ],
      { a: 1000 },
    );
    expect(stamps).toEqual({ a: 1000, b: 2000 });
    expect(stampsOf([{ id: 'a', set: true }], null)).toEqual({ a: null });
  });
});

describe('a box that was found set just before a run was to set it', () => {
  it('is set, and nobody can tell by whom; one that was set all along is what it was', () => {
    const facts = person({ id: 'a', set: false }, { id: 'b', set: true }, { id: 'c', set: false });
    const { records } = setMeanwhile(facts, new Set(['a', 'b']));
    expect(records).toEqual([
      { id: 'a', set: true, unsure: true },
      { id: 'b', set: true },
      { id: 'c', set: false },
    ]);
  });
});
