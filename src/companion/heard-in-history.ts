import { decide, directionOf } from '../consent/decide.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import { causeOf, isChangedSince } from '../consent/rules.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { boxHistory } from './box-history.ts';
import { continuityOf, LATE_COMMIT } from './continuity.ts';
import { decidedByBounce, replan } from './plan.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/** When (ms, Salesforce's clock) the last run began to read that came to its end: of changes before that, history is heard. */
const HEARD_AT = 'history-heard-at';

/**
 * Whoever was agreed out by a bounce, and whose box may be somebody's answer since: a record of theirs has changed. Field
 * history tells whether it was the box. It is asked in the night after the change, since the record may be gone by the next
 * one, and its history with it; and again where it matters: for who is on a list again, and for what is to be remembered as
 * the bounce anew. They are then decided about once more.
 * @param of.byUs what a run that was cut off has set for the bounce: of the other boxes history tells all the same
 * @returns how many more are to be opted out
 */
export async function heardInHistory(
  {
    store,
    reading,
    policy,
    byUs,
  }: {
    readonly store: Store;
    readonly reading: Reading;
    readonly policy: Policy;
    readonly byUs: ReadonlySet<string>;
  },
  salesforce: Salesforce,
  field: string,
): Promise<number> {
  const since = (store.meta<number>(HEARD_AT) ?? 0) - LATE_COMMIT;
  const people = [...decidedByBounce(store, since)].flatMap(({ decision: planned }) => {
    const facts = reading.facts(planned.address);
    const agreement = store.agreement(planned.address);
    if (agreement?.kind !== 'out') return [];
    const changed = changedSince(facts, agreement.at.salesforce);
    return changed.length > 0 ? [{ planned, facts, agreement, changed }] : [];
  });
  const ids = people.flatMap(({ changed }) => changed);
  if (ids.length === 0) return 0;
  const changedAt = await boxHistory(salesforce, field, ids);
  reading.historyUnread = changedAt === null;
  if (changedAt === null) return 0;
  let optOuts = 0;
  store.transaction(() => {
    for (const { planned, facts, agreement, changed } of people) {
      const told = facts.records.map((record) => {
        const at = changedAt.get(record.id);
        return at === undefined ? record : { ...record, changedAt: at };
      });
      const decision = decide({ ...facts, records: told }, agreement, policy);
      if (causeOf(decision.next) !== 'opt-out') continue;
      // Accounted for as the bounce although the rules alone say otherwise: what the run has set is nobody's answer.
      const isAccounted = causeOf(decide(facts, agreement, policy).next) === 'opt-out';
      const others = told.filter(({ id }) => changed.includes(id) && !byUs.has(id));
      if (isAccounted && !others.some((record) => isChangedSince(record, agreement))) continue;
      replan(store, decision);
      if (directionOf(planned) !== 'out' && directionOf(decision) === 'out') optOuts += 1;
    }
  });
  return optOuts;
}

/** The run came to its end: what history told it is remembered, unless it could not be read. */
export function historyIsHeard(store: Store, { historyUnread }: Reading): void {
  const readAt = continuityOf(store)?.readAt;
  if (readAt !== undefined && !historyUnread) store.setMeta(HEARD_AT, readAt);
}

/** Ids of records that are set and have changed since. */
function changedSince({ records }: PersonFacts, since: number | null): string[] {
  return records.flatMap(({ id, set, modifiedAt }) =>
    set && (since === null || modifiedAt === undefined || modifiedAt > since) ? [id] : [],
  );
}
