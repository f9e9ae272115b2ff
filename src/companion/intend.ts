import { acStanding } from '../consent/standing.ts';
import { type Case, changesOf, type Work } from './work.ts';

/** Durable before the first call: who is meant to be changed, how and why. */
export function intend(work: Work, people: readonly Case[]): void {
  work.store.transaction(() => {
    for (const { decision, facts } of people) {
      if (decision.reason === null) continue;
      work.store.setIntention({
        address: decision.address,
        run: work.run,
        reason: work.asked ?? decision.reason,
        next: decision.next,
        fingerprint: acStanding(facts.contact, work.policy).fingerprint,
        changes: changesOf(decision, work.field),
      });
    }
  });
}
