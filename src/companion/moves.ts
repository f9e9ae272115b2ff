import { type AddressChange, type Carriage, carriage } from '../consent/carry.ts';
import type { Policy } from '../consent/facts.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/** A record or a contact that an `out` agreement knows under another address than it has now. */
export interface Move {
  readonly side: 'salesforce' | 'activecampaign';
  readonly id: string;
  /** The address of the agreement. */
  readonly was: string;
  /** The address that it has now. */
  readonly address: string;
  readonly how: Carriage;
}

const MOVED = `
  SELECT 'salesforce' AS side, r.id, a.address AS was, r.address
  FROM agreements a CROSS JOIN json_each(a.records) known CROSS JOIN live r ON r.id = known.value
  WHERE a.kind = 'out' AND r.address <> a.address
  UNION ALL
  SELECT 'activecampaign', c.id, a.address, c.address
  FROM reading.contacts c CROSS JOIN agreements a ON a.contact = c.id
  WHERE a.kind = 'out' AND c.address <> a.address
  ORDER BY 1, 2, 3`;

/** Addresses that something has now which an agreement knows under another one, noticed already or not. */
export function movedTo(store: Store): string[] {
  return store.all(`SELECT DISTINCT address FROM (${MOVED})`).map((row) => String(row.address));
}

/** A move that was undone, or whose agreement is gone or no longer knows it, is over: another one counts anew. */
const OVER = `
  DELETE FROM moves WHERE NOT EXISTS (
    SELECT 1 FROM agreements a WHERE a.address = moves.was AND a.kind = 'out' AND
      (a.contact = moves.id OR EXISTS (SELECT 1 FROM json_each(a.records) WHERE value = moves.id))
  ) AND settled = 1
  OR side = 'salesforce' AND EXISTS (SELECT 1 FROM live r WHERE r.id = moves.id AND r.address = moves.was)
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
      const known = store.get('SELECT settled FROM moves WHERE side = ? AND id = ? AND was = ?', side, id, was);
      const agreement = store.agreement(was);
      if (known?.settled === 1 || agreement?.kind !== 'out') continue;
      const how = carriage(agreement, reading.facts(address), policy, addressChange);
      const settled = how === 'carried' ? 0 : 1;
      store.run('INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?, ?)', side, id, was, address, how, settled);
      moves.push({ side, id, was, address, how });
    }
    return told(moves);
  });
}

const WHAT = { salesforce: 'Salesforce record', activecampaign: 'ActiveCampaign contact' } as const;

const THEN: Record<Carriage, string> = {
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

/** Address changes that led to a person or away from them, as far as their agreements are still there. */
export function movesAbout(store: Store, address: string): Move[] {
  return store.all('SELECT * FROM moves WHERE address = ?1 OR was = ?1 ORDER BY side, id, was', address).map((row) => ({
    side: row.side as Move['side'],
    id: String(row.id),
    was: String(row.was),
    address: String(row.address),
    how: row.how as Carriage,
  }));
}

/** What became of an address change, in a sentence. */
export function moveInWords({ side, id, was, address, how }: Move): string {
  return `${WHAT[side]} ${id} went from ${was} to ${address}: ${THEN[how]}.`;
}
