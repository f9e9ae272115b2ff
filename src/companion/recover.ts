import type { Decision } from '../consent/decide.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import { acStanding } from '../consent/standing.ts';
import { appendAudit } from './audit.ts';
import type { Reading } from './reading.ts';
import type { Change, Store } from './store.ts';

/**
 * What a run that was cut off leaves behind: intentions that were durable before its writes, and perhaps the writes.
 * The rules never read intentions; the two uses here are the audit and the cause of a box that we set ourselves.
 */

/** Whether a change is true of the person now. */
export function isDone(change: Change, facts: PersonFacts): boolean {
  if (change.side === 'salesforce') {
    const record = facts.records.find(({ id }) => id === change.target);
    return record !== undefined && String(record.set) === change.now;
  }
  const row = facts.contact?.memberships.find(({ id }) => id === change.target);
  return row !== undefined && String(row.status) === change.now;
}

/** Writes the audit rows that a cut-off run could not: for every change that it meant to make and that is there. */
export function auditInterrupted(store: Store, reading: Reading): number {
  let found = 0;
  for (const intention of store.intentions()) {
    const facts = reading.facts(intention.address);
    const at = reading.times(intention.address);
    store.transaction(() => {
      for (const change of intention.changes) {
        if (!isDone(change, facts)) continue;
        const fresh = appendAudit(store, {
          run: intention.run,
          at: new Date(at[change.side] ?? 0).toISOString(),
          address: intention.address,
          change,
          reason: intention.reason,
          evidence: { confirmed: 'found done by the run after the one that was cut off' },
        });
        if (fresh) found += 1;
      }
    });
  }
  return found;
}

/**
 * A box that a cut-off run set for a bounce looks like somebody's opt-out to the next run. If an intention says that it
 * was ours, and nobody has said no since, it is remembered as the bounce it is; in doubt it stays an opt-out.
 */
export function causeAfterInterruption(decision: Decision, store: Store, reading: Reading, policy: Policy): Decision {
  const { next } = decision;
  if (typeof next !== 'object' || next.out !== 'opt-out' || decision.unsubscribe.length > 0) return decision;
  const intention = store.intention(decision.address);
  if (typeof intention?.next !== 'object' || intention.next.out !== 'bounce') return decision;
  const facts = reading.facts(decision.address);
  const agreement = store.agreement(decision.address);
  const ours = new Set([
    ...intention.changes.filter((change) => change.side === 'salesforce').map((change) => change.target),
    ...(agreement?.kind === 'out' && agreement.cause === 'bounce' ? agreement.records : []),
  ]);
  const onlyOurs = facts.vanished.length === 0 && facts.records.every((record) => !record.set || ours.has(record.id));
  const same = acStanding(facts.contact, policy).fingerprint === intention.fingerprint;
  return onlyOurs && same ? { ...decision, next: { out: 'bounce' } } : decision;
}
