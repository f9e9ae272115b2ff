import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import { addressOf, type ContactFact, type Policy } from '../consent/facts.ts';
import { acStanding } from '../consent/standing.ts';
import { factOf, unknownOf } from './known.ts';
import { movedTo } from './moves.ts';
import { NotSo } from './read-some.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/** Whether the cheaper reading of ActiveCampaign may be used: what came of holding it against one of everybody. */

/**
 * `never` compared; `agreed`: it is used; `differed`: it showed something else, and everybody is read each night;
 * `dear`: it is not cheaper, and was not tried any further.
 */
export interface Comparison {
  readonly state: 'never' | 'agreed' | 'differed' | 'dear';
  /** When, by ActiveCampaign's clock; ISO. */
  readonly on: string | null;
  /** Why it is as it is, in words; null where it agreed. */
  readonly why: string | null;
  /** Calls that it took, where it agreed, and those of reading everybody. */
  readonly calls: { readonly some: number; readonly everybody: number } | null;
}

export const NEVER: Comparison = { state: 'never', on: null, why: null, calls: null };

export function comparisonOf(store: Store): Comparison {
  return store.meta<Comparison>('cheaper-reading') ?? NEVER;
}

export function keepComparison(store: Store, comparison: Comparison): void {
  store.setMeta('cheaper-reading', comparison);
}

/** More than this many are no coincidence. */
const MANY = 20;

/** One contact in both readings, as far as it is there. */
interface Pair {
  readonly id: string;
  readonly whole: string | null;
  readonly some: string | null;
}

/**
 * Holds `reading.compared` against `reading.contacts`, for everybody about whom there may be something to decide, but for
 * whom this run unsubscribes (unsubscribed.ts). Where they differ the contact is read once more: it may have changed in
 * between. Rejects with `NotSo`.
 */
export async function compareReadings(
  ac: ActiveCampaign,
  store: Store,
  reading: Reading,
  policy: Policy,
): Promise<void> {
  store.transaction(() => {
    store.run('CREATE TABLE IF NOT EXISTS reading.wanted (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
    for (const address of [...reading.addresses(), ...movedTo(store)])
      store.run('INSERT OR IGNORE INTO reading.wanted VALUES (?)', address);
  });
  const pairs = differing(store, policy);
  if (pairs.length > MANY) throw new NotSo('differs', `more than ${MANY} contacts, the first of them ${pairs[0]?.id}`);
  for (const { id, some } of pairs) {
    const contact = await ac.contact(id);
    const now = contact && !contact.gone ? relevant(contact, factOf(contact), unknownOf(contact), policy) : null;
    const matters = contact !== undefined && now !== null && isWanted(store, contact.email, factOf(contact), policy);
    if (now === some || (some === null && !matters)) continue;
    throw new NotSo('differs', `contact ${id} ${some === null ? 'did not come' : 'came otherwise'}`);
  }
}

function isWanted(store: Store, email: string, fact: ContactFact, policy: Policy): boolean {
  const known = store.get('SELECT 1 FROM reading.wanted WHERE address = ?', addressOf(email)) !== undefined;
  return known || acStanding(fact, policy).out;
}

/** All of a contact that a decision may depend on. */
function relevant(
  contact: { readonly email: string },
  fact: ContactFact,
  unknown: string | null,
  policy: Policy,
): string {
  const { fingerprint, qualified } = acStanding(fact, policy);
  const sources = fact.memberships.map((row) => `${row.id} ${row.source ?? ''}`).sort();
  return JSON.stringify([addressOf(contact.email), fingerprint, qualified, sources, unknown]);
}

function differing(store: Store, policy: Policy): Pair[] {
  const rows = store.iterate(`
    SELECT w.id, w.address, w.fact, w.unknown, s.id AS some, s.address AS some_address, s.fact AS some_fact, s.unknown AS some_unknown
    FROM reading.contacts w LEFT JOIN reading.compared s ON s.id = w.id
    WHERE (w.matters = 1 OR w.address IN (SELECT address FROM reading.wanted))
      AND (s.id IS NULL OR s.address <> w.address OR s.fact <> w.fact OR s.unknown IS NOT w.unknown)
      AND NOT EXISTS (SELECT 1 FROM reading.unsubscribed u WHERE u.id = w.id)
    UNION ALL
    SELECT s.id, NULL, NULL, NULL, s.id, s.address, s.fact, s.unknown FROM reading.compared s
    WHERE (s.matters = 1 OR s.address IN (SELECT address FROM reading.wanted))
      AND NOT EXISTS (SELECT 1 FROM reading.contacts w WHERE w.id = s.id)
      AND NOT EXISTS (SELECT 1 FROM reading.unsubscribed u WHERE u.id = s.id)`);
  const pairs: Pair[] = [];
  const read = (address: unknown, fact: unknown, unknown: unknown) =>
    relevant(
      { email: String(address) },
      JSON.parse(String(fact)) as ContactFact,
      unknown === null ? null : String(unknown),
      policy,
    );
  for (const row of rows) {
    const whole = row.fact === null ? null : read(row.address, row.fact, row.unknown);
    const some = row.some === null ? null : read(row.some_address, row.some_fact, row.some_unknown);
    if (whole !== some) pairs.push({ id: String(row.id), whole, some });
    if (pairs.length > MANY) break;
  }
  return pairs;
}
