import type { Agreement } from './agreement.ts';
import type { PersonFacts, Policy } from './facts.ts';
import { type Outcome, type ReasonCode, RULES, viewOf } from './rules.ts';

/** What to do about one person. Plain data. */
export interface Decision extends Outcome {
  readonly address: string;
  /** Null where there is nothing to report. */
  readonly reason: ReasonCode | null;
  /** Ids of the person's live records. */
  readonly records: readonly string[];
  /** Id of the AC contact, null when there is none. */
  readonly contact: string | null;
}

/**
 * What to do about one person: a function of the facts, of what was agreed when a run last finished with them, and of
 * the policy; of nothing else. Source of the rules: docs/rules.md.
 */
export function decide(facts: PersonFacts, agreement: Agreement | null, policy: Policy): Decision {
  const view = viewOf(facts, agreement, policy);
  for (const rule of RULES) {
    if (!rule.holds(view)) continue;
    return {
      address: facts.address,
      reason: rule.code,
      records: facts.records.map((record) => record.id),
      contact: facts.contact?.id ?? null,
      ...rule.outcome(view),
    };
  }
  throw new Error('the last rule always holds');
}

/** Opting somebody out, opting somebody in, or neither: what the caps count. */
export function directionOf(decision: Decision): 'out' | 'in' | 'none' {
  if (decision.clear.length > 0) return 'in';
  return decision.set.length > 0 || decision.unsubscribe.length > 0 ? 'out' : 'none';
}
