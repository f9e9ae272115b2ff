import { setMeanwhile } from '../consent/meanwhile.ts';
import { causeOf } from '../consent/rules.ts';
import { ServiceFailure } from '../service/failure.ts';
import { decideAnew } from './decide-anew.ts';
import { conclude } from './plan.ts';
import { recordsBy, recordsIn } from './query.ts';
import type { Case, Work } from './work.ts';

/**
 * Looks once more at the records that are to be set for a bounce, just before they are: Salesforce takes such a write
 * for a box that somebody has set since the reading, too, and names the API user afterwards, so that an opt-out would be
 * remembered as a bounce. Asks nothing where nothing is to be set for one; whoever cannot be looked at is left for the
 * next run.
 * @returns for whom something is to be written, as it is to be written now
 */
export async function lookAgain(work: Work, people: readonly Case[]): Promise<readonly Case[]> {
  const ids = people.flatMap((person) => (isForBounce(person) ? person.decision.set : []));
  if (ids.length === 0) return people;
  const isSet = new Set<string>();
  try {
    for await (const record of recordsBy(work.salesforce, work.field, recordsIn(work.field, 'Id', ids)))
      if (record.set === true) isSet.add(record.id);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return people.filter((person) => {
      if (isForBounce(person)) conclude(work.store, person.decision.address, 'failed', error.message);
      return !isForBounce(person);
    });
  }
  return people.flatMap((person) => {
    const { decision, facts } = person;
    if (!isForBounce(person) || !decision.set.some((id) => isSet.has(id))) return person;
    const times = {
      ...work.reading.times(decision.address),
      salesforce: work.salesforce.serverTime ?? null,
    };
    return decideAnew(work, { facts: setMeanwhile(facts, isSet), times }, decision) ?? [];
  });
}

function isForBounce({ decision: { next, set } }: Case): boolean {
  return causeOf(next) === 'bounce' && set.length > 0;
}
