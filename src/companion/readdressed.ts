import type { Store } from './store.ts';

/**
 * Records and contacts whose address has changed since the last reading, records that went into another one with another
 * address, and those that have none any more. What happened to a person that day may be about either address; so each is
 * kept until a run has looked at both.
 */

/** A record or a contact, and the address that it had. */
export interface Readdressed {
  readonly side: 'salesforce' | 'activecampaign';
  readonly id: string;
  readonly was: string;
  /** The address that it has now; null where it has none, or is gone. */
  readonly address: string | null;
  /**
   * `bare`: it lost its address, and has none, while its box is set. `heir`: not itself, but a record that went into it
   * had that address.
   */
  readonly via: 'itself' | 'bare' | 'heir';
}

const VIA = ['itself', 'bare', 'heir'] as const;

/** Call it before the records that were read are entered, in the same transaction. */
export function noteRecords(store: Store): void {
  // What a run noted that was cut off before it could look at it, and that has gone on since.
  store.run(`
    UPDATE readdressed SET bare = 1
    WHERE side = 'salesforce' AND id IN (SELECT id FROM reading.leaving WHERE heir IS NULL)`);
  store.run(`
    INSERT OR IGNORE INTO readdressed
    SELECT 'salesforce', coalesce(heir, id), was.address, iif(heir IS NULL, 1, 2)
    FROM reading.leaving CROSS JOIN main.records was USING (id) WHERE leaving.address IS NOT was.address`);
  // What took a record over may have gone into another one since.
  store.run(`
    INSERT OR IGNORE INTO readdressed
    WITH RECURSIVE went (heir, address) AS (
      SELECT heir, was.address FROM reading.leaving CROSS JOIN readdressed was USING (id)
      WHERE side = 'salesforce' AND heir IS NOT NULL
      UNION SELECT l.heir, went.address FROM went CROSS JOIN reading.leaving l ON l.id = went.heir WHERE l.heir IS NOT NULL)
    SELECT 'salesforce', heir, address, 2 FROM went`);
  store.run(`
    INSERT OR IGNORE INTO readdressed
    SELECT 'salesforce', now.id, was.address, 0 FROM reading.records now CROSS JOIN main.records was USING (id)
    WHERE was.address <> now.address`);
}

/**
 * The same for contacts, of which the store has only a number that stands for the address: the address is known where a
 * record has it, or one that vanished had it, and of no interest elsewhere.
 * @param changed a table of ids, with the number that each contact has now (`who`) and had before (`was`)
 * @param who the number that stands for an address
 */
export function noteContacts(store: Store, changed: string, who: (address: string) => number): void {
  for (const { address } of store.all('SELECT DISTINCT address FROM vanished WHERE settled = 0'))
    store.run(
      `INSERT OR IGNORE INTO readdressed
       SELECT 'activecampaign', CAST(id AS TEXT), ?1, 0 FROM ${changed} WHERE was = ?2 AND was <> who`,
      String(address),
      who(String(address)),
    );
  store.run(`
    INSERT OR IGNORE INTO readdressed
    SELECT 'activecampaign', CAST(now.id AS TEXT), r.address, 0
    FROM ${changed} now CROSS JOIN main.records r ON r.who = now.was`);
}

export function readdressed(store: Store): Readdressed[] {
  const rows = store.all(`
    SELECT side, id, bare, address AS was, CASE side
      WHEN 'salesforce' THEN (SELECT address FROM live WHERE live.id = readdressed.id)
      ELSE (SELECT address FROM reading.contacts c WHERE c.id = readdressed.id) END AS address
    FROM readdressed ORDER BY side, id, was`);
  return rows.map(({ side, id, bare, was, address }) => ({
    side: side as Readdressed['side'],
    id: String(id),
    was: String(was),
    address: address === null ? null : String(address),
    via: VIA[Number(bare)] ?? 'itself',
  }));
}

/** Both addresses of records that changed theirs: whoever is known to have one of them has to be read. */
export function bothAddresses(store: Store): string[] {
  return store
    .all(
      `SELECT address FROM readdressed
       UNION SELECT l.address FROM readdressed CROSS JOIN live l ON l.id = readdressed.id WHERE side = 'salesforce'`,
    )
    .map((row) => String(row.address));
}

export function forgetReaddressed(store: Store, { side, id, was }: Readdressed): void {
  store.run('DELETE FROM readdressed WHERE side = ? AND id = ? AND address = ?', side, id, was);
}
