import { type AddressChange, type Carriage, carriage, onThatDay } from '../consent/carry.ts';
import type { Policy } from '../consent/facts.ts';
import { afterInterruption } from '../consent/interrupted.ts';
import { objectOf } from '../salesforce/salesforce.ts';
import { forgetReaddressed, type Readdressed, readdressed } from './readdressed.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/**
 * What is said of an address change: what becomes of the opt-out of the old address at the new one, or (`behind`, `stays`)
 * of what was said on that day at the new address at the old one.
 */
type How = Carriage | 'behind' | 'stays';

/** A record or a contact that has another address than it had when an agreement was made, or at the last reading. */
export interface Move {
  readonly side: 'salesforce' | 'activecampaign';
  readonly id: string;
  /** The address that it had. */
  readonly was: string;
  /** The address that it has now; the old one where that is not kept. */
  readonly address: string;
  readonly how: How;
  /** Not itself, but a record that was merged or converted into it had that address. */
  readonly heir: boolean;
}

const MOVED = `
  SELECT 'salesforce' AS side, r.id, a.address AS was, r.address
  FROM agreements a CROSS JOIN json_each(a.records) known CROSS JOIN live r ON r.id = known.value
  WHERE a.kind = 'out' AND r.address <> a.address
    -- Nearly all are still there, and are found along the index of the addresses.
    AND NOT EXISTS (SELECT 1 FROM live s WHERE s.address = a.address AND s.id = known.value)
  UNION ALL
  SELECT 'activecampaign', CAST(c.id AS TEXT), a.address, c.address
  FROM reading.contacts c CROSS JOIN agreements a ON a.contact = CAST(c.id AS TEXT)
  WHERE a.kind = 'out' AND c.address <> a.address
  ORDER BY 1, 2, 3`;

/** Addresses that something has now which an agreement knows under another one, noticed already or not. */
export function movedTo(store: Store): string[] {
  return store.all(`SELECT DISTINCT address FROM (${MOVED})`).map((row) => String(row.address));
}

/**
 * A move that was undone, or whose agreement is gone or no longer knows it, is over: another one counts anew. What counts
 * at the address that it left is over once it has counted. What a record took over does not come back with it.
 */
const OVER = `
  DELETE FROM moves WHERE
    settled = 1 AND (how = 'behind' OR NOT EXISTS (
      SELECT 1 FROM agreements a WHERE a.address = moves.was AND a.kind = 'out' AND
        (a.contact = moves.id OR EXISTS (SELECT 1 FROM json_each(a.records) WHERE value = moves.id))))
    OR side = 'salesforce' AND heir = 0 AND EXISTS (SELECT 1 FROM live r WHERE r.id = moves.id AND r.address = moves.was)
    OR side = 'activecampaign' AND EXISTS (SELECT 1 FROM reading.contacts c WHERE c.id = moves.id AND c.address = moves.was)`;

/**
 * Notices whose address changed, and whether the opt-out of the old address goes along. Like a box that vanished it
 * counts for the new address until a run has finished with the person there, and once for each time that something
 * leaves an address: from then on the new address has an agreement of its own. The old address stays out.
 * @returns what is to be said about it
 */
export function noticeMoves(store: Store, reading: Reading, policy: Policy, addressChange: AddressChange): string[] {
  return store.transaction(() => {
    store.run(OVER);
    const moves: Move[] = [];
    for (const row of store.all(MOVED)) {
      const [side, id, was, address] = [row.side as Move['side'], String(row.id), String(row.was), String(row.address)];
      const known = store.get('SELECT how, settled FROM moves WHERE side = ? AND id = ? AND was = ?', side, id, was);
      const agreement = store.agreement(was);
      if (known?.settled === 1 || known?.how === 'behind' || agreement?.kind !== 'out') continue;
      const old = afterInterruption(reading.facts(was), store.intention(was)?.stamps);
      const how = carriage(agreement, old, reading.facts(address), policy, addressChange);
      const settled = how === 'carried' ? 0 : 1;
      store.run('INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?, ?, 0)', side, id, was, address, how, settled);
      moves.push({ side, id, was, address, how, heir: false });
    }
    const sameDay = noticeSameDay(store, reading, policy, addressChange);
    const isBehind = (move: Move) =>
      sameDay.some(({ id, was, how }) => how === 'behind' && id === move.id && was === move.was);
    return told([...moves.filter((move) => !isBehind(move)), ...sameDay]);
  });
}

/** The same for opt-outs that came on the day of the move: no agreement knows of them yet. */
function noticeSameDay(store: Store, reading: Reading, policy: Policy, addressChange: AddressChange): Move[] {
  return readdressed(store).flatMap((change) => {
    const how = sameDay(change, store, reading, policy, addressChange);
    if (how === 'unknown') return [];
    forgetReaddressed(store, change);
    const { side, id, was, address, via } = change;
    if (how === null) return [];
    const counts = how === 'behind' ? was : (address ?? '');
    const heir = via === 'heir';
    if (how === 'behind' || how === 'carried')
      store.run('INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?, 0, ?)', side, id, was, counts, how, Number(heir));
    return [{ side, id, was, address: address ?? addressAtTheEnd(store, change), how, heir }];
  });
}

/** The address with which a record was deleted; empty where it has none, or is there. */
function addressAtTheEnd(store: Store, { id, was }: Readdressed): string {
  const row = store.get('SELECT address FROM vanished WHERE record = ? AND address <> ? LIMIT 1', id, was);
  return row ? String(row.address) : '';
}

function sameDay(
  change: Readdressed,
  store: Store,
  reading: Reading,
  policy: Policy,
  addressChange: AddressChange,
): How | 'unknown' | null {
  const { id, was, address } = change;
  if (address === was) return null;
  const stamps = (address: string) => store.intention(address)?.stamps;
  const at = (address: string) => ({
    facts: afterInterruption(reading.facts(address), stamps(address)),
    agreement: store.agreement(address),
  });
  const leaver = { ...change, ...(id in (stamps(was) ?? {}) ? { unsure: true as const } : {}) };
  return onThatDay(leaver, at(was), address === null ? null : at(address), policy, addressChange);
}

const WHAT = { salesforce: 'Salesforce record', activecampaign: 'ActiveCampaign contact' } as const;

const THEN: Record<How, string> = {
  behind: 'the opt-out counts for the old address too (addressChange: carry)',
  stays:
    'the opt-out is not carried to the old address (addressChange: leave); what is set or unsubscribed there counts',
  carried: 'the opt-out counts for the new address too (addressChange: carry)',
  left: 'the opt-out is not carried to the new address (addressChange: leave); what is set or unsubscribed there counts',
  bounce:
    'mail to the old address bounced; that says nothing about the new one and is not carried. A box that is still set counts: clear it by hand',
  subscribed:
    'subscribed again since, so that the opt-out of the old address is not carried. A box that is still set counts: clear it by hand',
};

/** More than this many are counted, not named; the store's table `moves` has them all. */
const NAMED = 20;

function told(moves: readonly Move[]): string[] {
  const named = moves.slice(0, NAMED).map(moveInWords);
  const more = moves.length - named.length;
  return more > 0 ? [...named, `${more} more addresses changed in the same way.`] : named;
}

/** A move by what the audit keeps of it: without the other address, which may be another person's. */
export type Counting = Pick<Move, 'side' | 'id' | 'how'> & Partial<Pick<Move, 'heir'>>;

/** What came from another address, or left this one, and counts for a person until a run has finished with them. */
export function movesCounting(store: Store, address: string): Counting[] {
  return store
    .all('SELECT side, id, how, heir FROM moves WHERE address = ? AND settled = 0 ORDER BY side, id', address)
    .map(({ side, id, how, heir }) => ({
      side: side as Move['side'],
      id: String(id),
      how: how as How,
      ...(heir === 1 ? { heir: true } : {}),
    }));
}

/** Whether a value out of JSON is such a move. */
export function isCounting(value: unknown): value is Counting {
  return typeof value === 'object' && value !== null && 'side' in value && 'id' in value && 'how' in value;
}

/** Why such a move opts somebody out, to be followed by what a run did. */
export function countingInWords({ side, id, how, heir = false }: Counting): string {
  const what = `${WHAT[side]} ${id}`;
  if (how === 'behind')
    return `${what} was opted out on the day on which ${heir ? `a record with this address was ${joined(id)} into it` : 'it left this address'}`;
  const from = heir
    ? `took over a record (${joined(id)} into it) with an address that was opted out`
    : 'came from an address that was opted out';
  return `${what} ${from}, and in doubt that counts here too`;
}

/** What may have made a record the heir of another one: a lead takes over leads alone. */
function joined(id: string): string {
  return objectOf(id) === 'Lead' ? 'merged' : 'merged or converted';
}

/** Address changes that led to a person or away from them, as far as their agreements are still there. */
export function movesAbout(store: Store, address: string): Move[] {
  return store.all('SELECT * FROM moves WHERE address = ?1 OR was = ?1 ORDER BY side, id, was', address).map((row) => ({
    side: row.side as Move['side'],
    id: String(row.id),
    was: String(row.was),
    address: String(row.address),
    how: row.how as How,
    heir: row.heir === 1,
  }));
}

/** What became of an address change, in a sentence. */
export function moveInWords({ side, id, was, address, how, heir }: Move): string {
  const to = address === '' ? 'none' : address === was ? 'another address, or none' : address;
  const has = address === '' || address === was ? '' : `, which has ${address},`;
  const what = heir ? `${id}${has} took over one with ${was} (${joined(id)})` : `${id} went from ${was} to ${to}`;
  return `${WHAT[side]} ${what}: ${THEN[how]}.`;
}
