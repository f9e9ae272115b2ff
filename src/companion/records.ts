import type { PersonObject } from '../salesforce/salesforce.ts';
import type { Store } from './store.ts';

/** What the store remembers of Salesforce's live records, and how a reading is entered there. */

/** Live records of one object with an address, and how many of them are set. */
export interface Tally {
  readonly live: number;
  readonly set: number;
}

/** What the store would hold of an object once what was read is entered as changes. */
export function tallyWithChanges(store: Store, object: PersonObject): Tally {
  const count = (sql: string): Tally => {
    const row = store.get(sql, object);
    return { live: Number(row?.live), set: Number(row?.is_set ?? 0) };
  };
  const what = 'SELECT count(*) AS live, sum(is_set) AS is_set';
  const before = count(`${what} FROM main.records WHERE object = ?`);
  const replaced = count(
    `${what} FROM (SELECT id FROM reading.gone UNION SELECT id FROM reading.records) CROSS JOIN main.records USING (id)
     WHERE object = ?`,
  );
  const read = count(`${what} FROM reading.records WHERE object = ?`);
  return { live: before.live - replaced.live + read.live, set: before.set - replaced.set + read.set };
}

const ENTER = `
  INSERT INTO main.records (id, object, address, is_set, modified_at)
  SELECT id, object, address, is_set, modified_at FROM reading.records WHERE true ORDER BY id
  ON CONFLICT (id) DO UPDATE SET
    address = excluded.address, is_set = excluded.is_set, modified_at = excluded.modified_at
  WHERE address <> excluded.address OR is_set IS NOT excluded.is_set OR modified_at IS NOT excluded.modified_at`;

/**
 * Enters what was read, in the caller's transaction; what stays as it was is not written. `full`: whatever was not read
 * is not there any more. `incremental`: only what is known to be gone.
 */
export function enterRecords(store: Store, kind: 'full' | 'incremental'): void {
  store.run(
    kind === 'full'
      ? 'DELETE FROM main.records WHERE NOT EXISTS (SELECT 1 FROM reading.records r WHERE r.id = main.records.id)'
      : 'DELETE FROM main.records WHERE id IN (SELECT id FROM reading.gone)',
  );
  const fresh = store.get('SELECT 1 FROM main.records LIMIT 1') === undefined;
  // An index that grows in no order is written over and over; made at the end it is written once.
  if (fresh) store.db.exec('DROP INDEX main.records_by_address');
  store.run(ENTER);
  if (fresh) store.db.exec('CREATE INDEX main.records_by_address ON records (address)');
}
