import type { DatabaseSync } from 'node:sqlite';
import { OBJECTS, type PersonObject, type Salesforce, soqlString } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { MIGRATIONS } from './migrations.ts';
import { idOf } from './query.ts';
import { openReadOnly, sizeOf } from './read-only.ts';

/**
 * How far single records were looked at. Salesforce tells of 200 records a call, so of many people only some are asked
 * about: first those whose record and contact differ, since a run may have to write them now, then those who are
 * covered, then the rest; within each, spread over all.
 */
export interface RightsLookedAt {
  /** Live records with an address, of the objects that this user may edit at all. */
  readonly records: number;
  /** Of how many of them Salesforce said whether this user may edit them. */
  readonly looked: number;
  /** Those of `records` that say another thing than the person's contact. */
  readonly differing: number;
  readonly differingLooked: number;
  /** Why no more were looked at, in the service's words; null where nothing was in the way. */
  readonly failure: string | null;
  /** Why the store could not say what earlier runs met; null where it could, or where there was no run yet. */
  readonly store: string | null;
}

/** Record ids of one question: what UserRecordAccess takes (Object Reference). */
const AT_ONCE = 200;
const CALLS = 25;

const COUNTS = 'c.address = records.address AND c.qualified = 1 AND c.whole = 1';

/** Each record that may be editable, with how much it matters, 0 most, and a number that shuffles them, always alike. */
const RECORDS = `
  SELECT id, rowid AS line, CASE
      WHEN EXISTS (SELECT 1 FROM contacts c WHERE ${COUNTS} AND c.out <> records.out) THEN 0
      WHEN EXISTS (SELECT 1 FROM contacts c WHERE ${COUNTS}) THEN 1
      ELSE 2 END AS rank,
    rowid * 2654435761 % 4294967296 AS spread
  FROM records WHERE address <> '' AND live = 1 AND barred IS NULL`;

/** The objects whose records this user may not edit at all, or not their opt-out field. Rejects with a `ServiceFailure`. */
export async function readOnlyObjects(salesforce: Salesforce, field: string): Promise<ReadonlySet<PersonObject>> {
  const found = new Set<PersonObject>();
  for (const object of OBJECTS) {
    const { updateable, fields } = await salesforce.describe(object);
    if (!updateable || fields.get(field)?.updateable !== true) found.add(object);
  }
  return found;
}

/**
 * Asks Salesforce which of the records in `records` this user may not edit and marks them (`barred`). A failure ends it
 * and is told of: everything else is known without it. Restriction rules do not show in what Salesforce says.
 */
export async function lookAtRights(
  salesforce: Salesforce,
  db: DatabaseSync,
  progress: (done: number) => void,
): Promise<Omit<RightsLookedAt, 'store'>> {
  const total = db.prepare(`SELECT count(*) AS n, count(*) FILTER (WHERE rank = 0) AS d FROM (${RECORDS})`).get();
  const ids = db
    .prepare(`SELECT id, line, rank FROM (${RECORDS}) ORDER BY rank, spread LIMIT ${AT_ONCE * CALLS}`)
    .all();
  const known = new Map(ids.map((row) => [String(row.id), { line: Number(row.line), rank: Number(row.rank) }]));
  const bar = db.prepare("UPDATE records SET barred = 'record' WHERE rowid = ?");
  let looked = 0;
  let differingLooked = 0;
  let failure: string | null = null;
  try {
    const user = known.size === 0 ? '' : (await salesforce.identity()).user;
    const all = [...known.keys()];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const asked = all.slice(from, from + AT_ONCE);
      const soql = `SELECT RecordId, HasEditAccess FROM UserRecordAccess WHERE UserId = ${soqlString(user)} AND RecordId IN (${asked.map(soqlString).join(', ')})`;
      for await (const page of salesforce.query(soql))
        for (const row of page) {
          const record = known.get(idOf(row, 'RecordId'));
          if (record === undefined || typeof row.HasEditAccess !== 'boolean') continue;
          looked += 1;
          if (record.rank === 0) differingLooked += 1;
          if (!row.HasEditAccess) bar.run(record.line);
        }
      progress(looked);
    }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    failure = error.message;
  }
  return { records: Number(total?.n), looked, differing: Number(total?.d), differingLooked, failure };
}

/** Codes by which Salesforce refuses a write for want of a right (facts/salesforce.md section 2). */
const WITHOUT_RIGHT = ['INSUFFICIENT_ACCESS', 'INVALID_FIELD_FOR_INSERT_UPDATE'];

/**
 * The people whose last write was refused for want of a right, by the store; it is only looked into. A store that is
 * not there yet knows of none.
 */
export function refusedForRights(path: string): {
  readonly addresses: readonly string[];
  readonly failure: string | null;
} {
  if (sizeOf(path) === undefined) return { addresses: [], failure: null };
  try {
    const db = openReadOnly(path);
    try {
      const schema = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0);
      if (schema !== MIGRATIONS.length)
        return {
          addresses: [],
          failure: `${path} has schema ${schema}, and this OptBridge knows ${MIGRATIONS.length}${schema < MIGRATIONS.length ? ': the next run brings it along' : ''}`,
        };
      const refused = WITHOUT_RIGHT.map((code) => `words LIKE '%${code}%'`).join(' OR ');
      const rows = db.prepare(`SELECT address FROM differences WHERE cause = 'failed' AND (${refused})`).all();
      return { addresses: rows.map((row) => String(row.address)), failure: null };
    } finally {
      db.close();
    }
  } catch (error) {
    return { addresses: [], failure: error instanceof Error ? error.message : String(error) };
  }
}
