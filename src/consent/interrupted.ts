import type { PersonFacts, RecordFact } from './facts.ts';

/** What `SystemModstamp` said of each record of a person before the first write of a run that was to clear boxes. */
export type Stamps = Readonly<Record<string, number | null>>;

/**
 * The same facts, seen after a run that was to clear boxes and was cut off: a record whose stamp is another one since was
 * changed by that run or by somebody after it, so that its box says nothing for sure.
 * @param stamps undefined or null where no such run was cut off
 */
export function afterInterruption(facts: PersonFacts, stamps: Stamps | null | undefined): PersonFacts {
  if (!stamps) return facts;
  const changed = ({ id, modifiedAt }: RecordFact) => {
    const then = stamps[id];
    return then !== undefined && then !== modifiedAt;
  };
  return {
    ...facts,
    records: facts.records.map((record) => (changed(record) ? { ...record, unsure: true } : record)),
  };
}

/** The stamps of these records, and of what was noted before: the earliest counts. */
export function stampsOf(records: readonly RecordFact[], before: Stamps | null): Stamps {
  return { ...Object.fromEntries(records.map(({ id, modifiedAt }) => [id, modifiedAt ?? null])), ...before };
}
