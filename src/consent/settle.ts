import { type Agreement, outAgreement, type ServiceTimes } from './agreement.ts';
import type { Decision } from './decide.ts';
import type { PersonFacts, Policy } from './facts.ts';
import { acStanding, salesforceStanding } from './standing.ts';

/** What became of a decision, by what was read back. */
export interface Settlement {
  /** Both sides are where the decision wanted them. */
  readonly reached: boolean;
  /** What is to be remembered; the old agreement when the end was not reached. */
  readonly agreement: Agreement | null;
}

/**
 * The agreement after a decision, from a reading made after its writes: what is remembered is the outcome of a
 * decision as read back, never just what was read. A failed or unverified half leaves the old agreement.
 */
export function settle(
  decision: Decision,
  before: Agreement | null,
  after: PersonFacts,
  policy: Policy,
  read: ServiceTimes,
): Settlement {
  const { next } = decision;
  if (next === 'kept') return { reached: true, agreement: before };
  if (after.unknown !== undefined) return { reached: false, agreement: before };
  if (next === 'quiet')
    return { reached: true, agreement: { kind: 'quiet', fingerprint: acStanding(after.contact, policy).fingerprint } };
  if (next === 'none') {
    const cleared = decision.clear.length === 0 || salesforceStanding(after).set.length === 0;
    return cleared ? { reached: true, agreement: null } : { reached: false, agreement: before };
  }
  const agreement = outAgreement(after, policy, next.out, read);
  return agreement ? { reached: true, agreement } : { reached: false, agreement: before };
}
