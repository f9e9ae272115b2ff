import { addressOf } from '../consent/facts.ts';
import { askTogether, OBJECTS, type Query, type Row, type Salesforce } from '../salesforce/salesforce.ts';
import { idOf, isLive, isYes, liveRecords, soqlTime, timeOf } from './query.ts';
import type { Leaving, Reading } from './reading.ts';
import type { Store, VanishedRecord } from './store.ts';

const DAY = 86_400_000;

/** A row that vanished while set: its own address, and the record that its box goes to. */
export interface Vanishing {
  readonly id: string;
  readonly address: string;
  readonly heir: string | null;
  readonly how: VanishedRecord['how'];
  readonly stamp: number;
}

/**
 * Since `from` (Salesforce's clock): records that were set and are deleted, merged away or converted, and those that left
 * their address.
 */
export async function readVanished(
  salesforce: Salesforce,
  field: string,
  from: number,
): Promise<{ vanished: Vanishing[]; leaving: Leaving[] }> {
  const since = `SystemModstamp >= ${soqlTime(from)}`;
  const deleted = OBJECTS.map((object) => {
    const what = `SELECT Id, Email, MasterRecordId, ${field}, SystemModstamp, IsDeleted FROM ${object}`;
    const which = `IsDeleted = true AND (${field} = true OR MasterRecordId != null)`;
    return { soql: `${what} WHERE ${which} AND ${since}`, deleted: true };
  });
  const what = `SELECT Id, Email, ConvertedContactId, ConvertedDate, ${field}, SystemModstamp, IsConverted FROM Lead`;
  const converted = { soql: `${what} WHERE IsConverted = true AND ${since}`, deleted: true };
  const bare = OBJECTS.map((object) => ({
    soql: liveRecords(object, field, `Email = null AND ${field} = true AND ${since}`),
  }));
  const queries: Query[] = [...deleted, converted, ...bare];
  const answers = await askTogether(salesforce, { queries });
  const vanished: Vanishing[] = [];
  const leaving: Leaving[] = [];
  for (const query of queries)
    for await (const page of answers.query(query.soql, { deleted: query.deleted ?? false })) {
      vanished.push(...page.flatMap((row) => vanishingsOf(row, field, from)));
      leaving.push(...page.flatMap((row) => leavingOf(row, field)));
    }
  return { vanished, leaving };
}

/** Whether a row that is not live with an address left one in a way that may matter there, or where it went. */
export function leavingOf(row: Row, field: string): Leaving[] {
  const id = idOf(row);
  const deleted = isYes(row.IsDeleted);
  if (deleted || isYes(row.IsConverted)) {
    const heir = heirIn(row, deleted ? 'MasterRecordId' : 'ConvertedContactId');
    // One that was set has vanished, and counts for its heir and its own address by that, but not for an earlier one.
    if (row[field] !== false) return [{ id, address: vanishing(row).address || null, heir: null }];
    return heir === null ? [] : [{ id, address: null, heir }];
  }
  // A box that did not come may be set.
  return isLive(row) || row[field] === false ? [] : [{ id, address: null, heir: null }];
}

/** As what a row vanished, if it was set. A box that did not come may have been. */
export function vanishingsOf(row: Row, field: string, from: number): Vanishing[] {
  if (row[field] === false) return [];
  return [
    ...(isYes(row.IsDeleted) ? [deletedOf(row)] : []),
    ...(isYes(row.IsConverted) && convertedSince(row, from) ? [convertedOf(row)] : []),
  ];
}

function deletedOf(row: Row): Vanishing {
  const heir = heirIn(row, 'MasterRecordId');
  return { ...vanishing(row), heir, how: heir === null ? 'deleted' : 'merged' };
}

function convertedOf(row: Row): Vanishing {
  return { ...vanishing(row), heir: heirIn(row, 'ConvertedContactId'), how: 'converted' };
}

/** Bulk gives an empty text for none. */
function heirIn(row: Row, field: string): string | null {
  return typeof row[field] === 'string' && row[field] !== '' ? idOf(row, field) : null;
}

function vanishing(row: Row): Pick<Vanishing, 'id' | 'address' | 'stamp'> {
  return {
    id: idOf(row),
    address: typeof row.Email === 'string' ? addressOf(row.Email) : '',
    stamp: timeOf(row.SystemModstamp) ?? 0,
  };
}

/** A lead converted long ago may still be touched. The date has no time and no zone: two days are on the safe side. */
function convertedSince(row: Row, from: number): boolean {
  const on = typeof row.ConvertedDate === 'string' ? Date.parse(row.ConvertedDate.slice(0, 10)) : Number.NaN;
  return Number.isNaN(on) || on >= from - 2 * DAY;
}

/**
 * Each counts for the person with its own address and for the one with its heir's: a merge loser's box goes to the
 * winner, a converted lead's to its contact. Call it once what was read is entered.
 */
export function countedFor(rows: readonly Vanishing[], reading: Reading): VanishedRecord[] {
  return rows.flatMap((row) => {
    const addresses = new Set([row.address, heirAddress(row, reading)].filter((address) => address));
    return [...addresses].map((address) => ({
      record: row.id,
      address: address ?? '',
      how: row.how,
      stamp: row.stamp,
    }));
  });
}

/**
 * An heir may itself have been merged away or converted since: follow it to a live record. One that was set by then counts for
 * its own heir.
 */
function heirAddress(row: Vanishing, reading: Reading): string | undefined {
  let heir = row.heir;
  for (let steps = 0; heir !== null && steps < 20; steps++) {
    const address = reading.addressOfRecord(heir);
    if (address !== undefined) return address;
    heir = reading.heirOf(heir);
  }
  return undefined;
}

/** Writes down what vanished, in the caller's transaction. A record that is live again has not vanished. */
export function enterVanished(store: Store, rows: readonly VanishedRecord[], readFrom: number): void {
  for (const row of rows) store.addVanished(row);
  store.run('DELETE FROM vanished WHERE EXISTS (SELECT 1 FROM live WHERE live.id = vanished.record)');
  store.run('DELETE FROM vanished WHERE settled = 1 AND stamp < ?', readFrom - 60 * DAY);
}
