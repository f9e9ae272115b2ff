import type { Agreement } from './agreement.ts';
import { type Decision, decide, directionOf } from './decide.ts';
import type { PersonFacts, Policy } from './facts.ts';

/** A limit on how many people one run may change: a number of people, a share of those on both sides, or none. */
export type Cap = number | { readonly percent: number } | 'none';

export interface Caps {
  readonly optOut: Cap;
  readonly optIn: Cap;
}

/** A share is never less than this many people, or a small account could not move at all. */
export const LEAST_SHARE = 25;

/** People and changes, counted while deciding. */
export interface Totals {
  people: number;
  /** People with a live record and an AC contact. */
  both: number;
  optOuts: number;
  optIns: number;
}

/** Whether the changes are within the caps. Over the opt-out cap nothing goes; over the opt-in cap opt-outs still go. */
export interface Verdict {
  readonly optOut: { readonly count: number; readonly limit: number; readonly exceeded: boolean };
  readonly optIn: { readonly count: number; readonly limit: number; readonly exceeded: boolean };
}

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly totals: Totals;
  readonly verdict: Verdict;
}

/** A decision is worth keeping when it is reported, or changes what is remembered. */
function matters(decision: Decision, agreement: Agreement | null): boolean {
  return decision.reason !== null || (decision.next !== 'kept' && agreement !== null);
}

export function noTotals(): Totals {
  return { people: 0, both: 0, optOuts: 0, optIns: 0 };
}

/** Decides about one person after another, counting into `totals`; yields only decisions that matter. */
export function* decisions<P extends { readonly facts: PersonFacts; readonly agreement: Agreement | null }>(
  people: Iterable<P>,
  policy: Policy,
  totals: Totals,
): Generator<{ decision: Decision; person: P }> {
  for (const person of people) {
    const { facts, agreement } = person;
    const decision = decide(facts, agreement, policy);
    totals.people += 1;
    if (facts.records.length > 0 && facts.contact !== null) totals.both += 1;
    const direction = directionOf(decision);
    if (direction === 'out') totals.optOuts += 1;
    if (direction === 'in') totals.optIns += 1;
    if (matters(decision, agreement)) yield { decision, person };
  }
}

/** How many people a cap allows. */
export function limitOf(cap: Cap, both: number): number {
  if (cap === 'none') return Number.POSITIVE_INFINITY;
  if (typeof cap === 'number') return cap;
  return Math.max(LEAST_SHARE, Math.floor((both * cap.percent) / 100));
}

/** Compares the totals with the caps. */
export function judge(totals: Totals, caps: Caps): Verdict {
  const against = (count: number, cap: Cap) => {
    const limit = limitOf(cap, totals.both);
    return { count, limit, exceeded: count > limit };
  };
  return { optOut: against(totals.optOuts, caps.optOut), optIn: against(totals.optIns, caps.optIn) };
}

/** Whether a run may carry out this decision under the verdict. */
export function allowed(decision: Decision, verdict: Verdict): boolean {
  if (verdict.optOut.exceeded) return directionOf(decision) === 'none';
  return !(verdict.optIn.exceeded && directionOf(decision) === 'in');
}

/** The plan for a whole world held in memory. The same inputs give the same plan, in the order of the addresses. */
export function plan(
  people: readonly PersonFacts[],
  agreements: ReadonlyMap<string, Agreement>,
  policy: Policy,
  caps: Caps,
): Plan {
  const totals = noTotals();
  const inOrder = [...people].sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  const pairs = inOrder.map((facts) => ({ facts, agreement: agreements.get(facts.address) ?? null }));
  const made = [...decisions(pairs, policy, totals)].map(({ decision }) => decision);
  return { decisions: made, totals, verdict: judge(totals, caps) };
}
