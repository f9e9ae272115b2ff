import type { PersonObject } from '../salesforce/salesforce.ts';
import { countingPeople, forgetPeopleCount } from './people-count.ts';
import { noteRecords } from './readdressed.ts';
import type { Store } from './store.ts';

/** What the store remembers of Salesforce's live records, and how a reading is entered there. */

/** Live records of one object with an address, and how many of them are set. */
export interface Tally {
  readonly live: number;
  readonly set: number;
}

/**
 * The same of all that the store holds. There may be millions: to count by the first letters of the ids, and the set ones
 * by their own index, takes a quarter of the time that looking at each object does.
 */
const HELD = `
  SELECT held - leads AS contacts, leads, contacts_set, leads_set FROM
    (SELECT count(*) AS held FROM main.records), (SELECT count(*) AS leads FROM main.records WHERE id >= '00Q'),
    (SELECT sum(is_set) FILTER (WHERE id < '00Q') AS contacts_set, sum(is_set) FILTER (WHERE id >= '00Q') AS leads_set
      FROM main.records WHERE is_set IS NOT 0)`;

/** How many live records with an address were there at the last reading. */
export function knownRecords(store: Store): number {
  return Number(store.get('SELECT count(*) AS n FROM main.records')?.n);
}

/** What the store would hold of each object once what was read is entered as changes. */
export function talliesWithChanges(store: Store): Record<PersonObject, Tally> {
  const tallied = (row: Record<string, unknown> | undefined): Record<PersonObject, Tally> => {
    const tally = (live: unknown, set: unknown): Tally => ({ live: Number(live), set: Number(set ?? 0) });
    return { Contact: tally(row?.contacts, row?.contacts_set), Lead: tally(row?.leads, row?.leads_set) };
  };
  const count = (from: string) =>
    tallied(
      store.get(`
        SELECT count(*) FILTER (WHERE object = 'Contact') AS contacts, count(*) FILTER (WHERE object = 'Lead') AS leads,
          sum(is_set) FILTER (WHERE object = 'Contact') AS contacts_set, sum(is_set) FILTER (WHERE object = 'Lead') AS leads_set
        FROM ${from}`),
    );
  const before = tallied(store.get(HELD));
  const replaced = count(
    '(SELECT id FROM reading.gone UNION SELECT id FROM reading.records) CROSS JOIN main.records USING (id)',
  );
  const read = count('reading.records');
  const after = (object: PersonObject): Tally => ({
    live: before[object].live - replaced[object].live + read[object].live,
    set: before[object].set - replaced[object].set + read[object].set,
  });
  return { Contact: after('Contact'), Lead: after('Lead') };
}

const ENTER = `
  INSERT INTO main.records (id, object, address, is_set, modified_at, who)
  SELECT id, object, address, is_set, modified_at, who FROM reading.records WHERE true ORDER BY id
  ON CONFLICT (id) DO UPDATE SET
    address = excluded.address, is_set = excluded.is_set, modified_at = excluded.modified_at, who = excluded.who
  WHERE address <> excluded.address OR is_set IS NOT excluded.is_set OR modified_at IS NOT excluded.modified_at
    OR who IS NOT excluded.who`;

/**
 * What was not read. In the order of the ids, in which both tables lie: by itself SQLite goes along the index of the
 * addresses, and looked for a million records in as many places took a tenth of a full night's processor time.
 */
const LEAVE = `
  DELETE FROM main.records
  WHERE id >= '' AND NOT EXISTS (SELECT 1 FROM reading.records r WHERE r.id = main.records.id)`;

/** Whoever's record comes, goes or gets another address. Most that changed did not: their box did, or what is of no interest. */
const TOUCHED = `
  SELECT now.who FROM reading.records now LEFT JOIN main.records was USING (id) WHERE was.who IS NOT now.who
  UNION ALL SELECT was.who FROM reading.records now CROSS JOIN main.records was USING (id) WHERE was.who IS NOT now.who
  UNION ALL SELECT was.who FROM reading.gone CROSS JOIN main.records was USING (id)`;

const INDEXES = {
  records_by_address: '(address, is_set, modified_at)',
  records_by_who: '(who, object, is_set)',
  records_set: '(address, who, is_set) WHERE is_set IS NOT 0',
};

/**
 * Enters what was read, in the caller's transaction; what stays as it was is not written. `full`: whatever was not read
 * is not there any more. `incremental`: only what is known to be gone.
 */
export function enterRecords(store: Store, kind: 'full' | 'incremental'): void {
  noteRecords(store);
  if (kind === 'incremental') {
    countingPeople(store, TOUCHED, () => {
      store.run('DELETE FROM main.records WHERE id IN (SELECT id FROM reading.gone)');
      store.run(ENTER);
    });
    return;
  }
  forgetPeopleCount(store);
  store.run(LEAVE);
  const fresh = store.get('SELECT 1 FROM main.records LIMIT 1') === undefined;
  // An index that grows in no order is written over and over; made at the end it is written once.
  if (fresh) for (const name of Object.keys(INDEXES)) store.db.exec(`DROP INDEX main.${name}`);
  store.run(ENTER);
  if (fresh)
    for (const [name, columns] of Object.entries(INDEXES))
      store.db.exec(`CREATE INDEX main.${name} ON records ${columns}`);
}
