import { stampsOf } from '../consent/interrupted.ts';
import { acStanding } from '../consent/standing.ts';
import { type Case, changesOf, type Work } from './work.ts';

/** Durable before the first call: who is meant to be changed, how and why. */
export function intend(work: Work, people: readonly Case[]): void {
  work.store.transaction(() => {
    for (const { decision, facts } of people) {
      if (decision.reason === null) continue;
      const before = work.store.intention(decision.address)?.stamps ?? null;
      work.store.setIntention({
        address: decision.address,
        run: work.run,
        reason: work.asked ?? decision.reason,
        next: decision.next,
        fingerprint: acStanding(facts.contact, work.policy).fingerprint,
        changes: changesOf(decision, work.field),
        stamps: decision.clear.length > 0 ? stampsOf(facts.records, before) : before,
        contact: decision.contact,
      });
    }
  });
}
