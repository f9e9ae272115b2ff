import type { Agreement } from './agreement.ts';
import { decide } from './decide.ts';
import type { PersonFacts, Policy } from './facts.ts';
import { acStanding, salesforceStanding } from './standing.ts';

/** Why a person is out on one side only after a finished run: each under exactly one of these. */
export type DifferenceCause = 'not-qualified' | 'cleared-in-salesforce' | 'bounce-reactivated' | 'unknown' | 'failed';

/** Whether a person is out on exactly one side. Without a live record, or without a contact, there is one side only. */
export function differs(facts: PersonFacts, policy: Policy): boolean {
  const { boxSet, clear } = salesforceStanding(facts);
  const ac = acStanding(facts.contact, policy);
  if (boxSet) return clear.length > 0 || ac.active.length > 0;
  return ac.out && clear.length > 0;
}

/**
 * Why this person is out on one side only, or null when both sides say the same.
 * @param agreement what is remembered after the run
 */
export function differenceOf(facts: PersonFacts, agreement: Agreement | null, policy: Policy): DifferenceCause | null {
  const { reason } = decide(facts, agreement, policy);
  if (reason === 'unknown') return 'unknown';
  if (!differs(facts, policy)) return null;
  if (reason === 'bounce-reactivated' || reason === 'cleared-in-salesforce') return reason;
  if (reason !== null) return 'failed';
  return agreement?.kind === 'quiet' ? 'cleared-in-salesforce' : 'not-qualified';
}
