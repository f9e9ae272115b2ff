import type { PersonFacts } from './facts.ts';

/**
 * The same facts, with boxes that somebody set since they were read. A run that is to set one for a bounce looks once
 * more just before: after its own write nobody could tell that it was somebody's answer.
 * @param ids of records that are set now
 */
export function setMeanwhile(facts: PersonFacts, ids: ReadonlySet<string>): PersonFacts {
  return {
    ...facts,
    records: facts.records.map((record) =>
      !record.set && ids.has(record.id) ? { ...record, set: true, unsure: true } : record,
    ),
  };
}
