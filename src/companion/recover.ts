import type { Decision } from '../consent/decide.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import { causeOf } from '../consent/rules.ts';
import { acStanding } from '../consent/standing.ts';
import { type Salesforce, soqlString } from '../salesforce/salesforce.ts';
import { appendAudit } from './audit.ts';
import { idOf, queriesById, rowsBy } from './query.ts';
import type { Reading } from './reading.ts';
import type { Change, Store } from './store.ts';

/**
 * What a run that was cut off leaves behind: intentions that were durable before its writes, and perhaps the writes.
 * The rules never read intentions; the uses here are the audit, the cause of a box that we set ourselves, and whose
 * boxes say nothing for sure because we may have cleared them.
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

/**
 * The same where a record or the contact has left the address since.
 * @param gone the boxes of the records that are not live any more, or have no address
 */
function isDoneElsewhere(
  store: Store,
  { side, target, now }: Change,
  contact: string | null,
  gone: ReadonlyMap<string, boolean>,
): boolean {
  if (side === 'salesforce') {
    const live = store.get('SELECT is_set FROM live WHERE id = ?', target);
    const set = typeof live?.is_set === 'number' ? live.is_set !== 0 : gone.get(target);
    return String(set) === now;
  }
  return (
    store.get(
      `SELECT 1 FROM reading.contacts c, json_each(c.fact, '$.memberships') m
       WHERE c.id = CAST(? AS INTEGER) AND m.value ->> 'id' = ? AND CAST(m.value ->> 'status' AS TEXT) = ?`,
      contact,
      target,
      now,
    ) !== undefined
  );
}

/**
 * The boxes of the records that a cut-off run was to change and that have no address by now, are converted or in the bin; a
 * reading tells of them only if they are set. Asks Salesforce only where there are any. Of a purged one nobody knows.
 */
export async function boxesOfGone(
  store: Store,
  salesforce: Salesforce,
  field: string,
): Promise<ReadonlyMap<string, boolean>> {
  const meant = store.intentions().flatMap(({ changes }) => changes.filter(({ side }) => side === 'salesforce'));
  const gone = meant.map(({ target }) => target).filter((id) => !store.get('SELECT 1 FROM live WHERE id = ?', id));
  const queries = queriesById(gone, (object, list) => ({
    soql: `SELECT Id, ${field} FROM ${object} WHERE Id IN (${list})`,
    deleted: true,
  }));
  const boxes = new Map<string, boolean>();
  for await (const row of rowsBy(salesforce, queries))
    if (typeof row[field] === 'boolean') boxes.set(idOf(row), row[field]);
  return boxes;
}

/**
 * Writes the audit rows that a cut-off run could not: for every change that it meant to make and that is there.
 * @param gone as `boxesOfGone` has them
 * @returns what is to be said about it
 */
export function auditInterrupted(store: Store, reading: Reading, gone: ReadonlyMap<string, boolean>): string[] {
  let found = 0;
  for (const intention of store.intentions()) {
    const facts = reading.facts(intention.address);
    const at = reading.times(intention.address);
    store.transaction(() => {
      for (const change of intention.changes) {
        if (!isDone(change, facts) && !isDoneElsewhere(store, change, intention.contact, gone)) continue;
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
  return found === 0 ? [] : [`A run was cut off; ${found} of its writes were found done and entered in the audit.`];
}

/**
 * The boxes that a cut-off run was to set for a bounce, and that are set: those whose record was last changed by the API
 * user. Whoever else changed it may have been the one who set it. Asks Salesforce only where there are any.
 * @param user id of the API user
 */
export async function setByOurUser(store: Store, salesforce: Salesforce, user: string): Promise<ReadonlySet<string>> {
  const meant = store.intentions().flatMap(({ next, changes }) => {
    const records = changes.filter((change) => change.side === 'salesforce').map((change) => change.target);
    return causeOf(next) === 'bounce' ? records : [];
  });
  const set = meant.filter((id) => store.get('SELECT 1 FROM live WHERE id = ? AND is_set = 1', id));
  const queries = queriesById(set, (object, list) => ({
    soql: `SELECT Id FROM ${object} WHERE LastModifiedById = ${soqlString(user)} AND Id IN (${list})`,
  }));
  const ours = new Set<string>();
  for await (const row of rowsBy(salesforce, queries)) ours.add(idOf(row));
  return ours;
}

/**
 * A box that a cut-off run set for a bounce looks like somebody's opt-out to the next run. If an intention says that it
 * was ours, and nobody has said no since, it is remembered as the bounce it is; in doubt it stays an opt-out. Who is active
 * has another fingerprint than when it was meant: nobody who is gets out by a bounce.
 * @param byUs what was last changed by the API user
 */
export function causeAfterInterruption(
  decision: Decision,
  store: Store,
  reading: Reading,
  policy: Policy,
  byUs: ReadonlySet<string>,
): Decision {
  if (causeOf(decision.next) !== 'opt-out') return decision;
  const intention = store.intention(decision.address);
  if (!intention || causeOf(intention.next) !== 'bounce') return decision;
  const facts = reading.facts(decision.address);
  const agreement = store.agreement(decision.address);
  const ours = new Set([
    ...intention.changes.filter(({ side, target }) => side === 'salesforce' && byUs.has(target)).map((it) => it.target),
    ...(agreement?.kind === 'out' && agreement.cause === 'bounce' ? agreement.records : []),
  ]);
  const onlyOurs = facts.vanished.length === 0 && facts.records.every((record) => !record.set || ours.has(record.id));
  const same = acStanding(facts.contact, policy).fingerprint === intention.fingerprint;
  return onlyOurs && same ? { ...decision, next: { out: 'bounce' } } : decision;
}
