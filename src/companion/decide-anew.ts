import { decide, directionOf } from '../consent/decide.ts';
import { conclude, redecide } from './plan.ts';
import { remember } from './remember.ts';
import type { Again } from './reread.ts';
import { type Case, sameWrites, type Work } from './work.ts';

/**
 * Somebody who was read again just before a write is decided about anew; where nothing is to be written any more, that is
 * remembered at once. An approved plan is carried out as it is, or not at all for that person.
 * @param planned what was planned by the first reading
 * @returns what is to be written; null where nothing is
 */
export function decideAnew(work: Work, { facts, times }: Again, planned: Case['decision'] | undefined): Case | null {
  const { address } = facts;
  const before = work.store.agreement(address);
  const decision = decide(facts, before, work.policy);
  if (work.exactly && !sameWrites(decision, planned, work.field)) {
    conclude(work.store, address, 'failed', 'changed while the plan was carried out; nothing was written');
    return null;
  }
  redecide(work.store, decision);
  const person = { decision, facts, before };
  if (directionOf(decision) !== 'none') return person;
  work.store.transaction(() => remember(work, person, facts, times));
  return null;
}
