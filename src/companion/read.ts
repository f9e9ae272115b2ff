import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import { addressOf } from '../consent/facts.ts';
import type { Row, Salesforce } from '../salesforce/salesforce.ts';
import { manyRows } from './many-rows.ts';
import { idOf, liveRecords, OBJECTS, recordOf, soqlTime, timeOf } from './query.ts';
import type { Reading } from './reading.ts';
import type { Store, VanishedRecord } from './store.ts';

/**
 * A change is stamped inside its transaction and may be seen up to ten minutes later; with a margin
 * (facts/salesforce.md section 2, "Late commit").
 */
const OVERLAP = 15 * 60_000;
const DAY = 86_400_000;

/** Says how far the reading is. */
export type Progress = (side: 'activecampaign' | 'salesforce', done: number, of: number | undefined) => void;

/** Pages of ActiveCampaign that may be read at once; the pace is the connection's. */
const ABREAST = 10;

/** Everybody in ActiveCampaign, page by page. */
export async function readActiveCampaign(ac: ActiveCampaign, reading: Reading, progress: Progress): Promise<void> {
  let total: number | undefined;
  let seen = 0;
  for await (const page of ac.contacts({ abreast: ABREAST })) {
    total ??= page.total;
    seen += page.contacts.length;
    reading.addContacts(page.contacts, page.at);
    progress('activecampaign', seen, total);
  }
}

/**
 * Every live record with an address, and the opt-out field.
 * @param warn told when Bulk was refused, and REST did the work
 */
export async function readSalesforce(
  salesforce: Salesforce,
  field: string,
  reading: Reading,
  progress: Progress,
  warn: (words: string) => void = () => undefined,
): Promise<void> {
  let seen = 0;
  const begun = () => {
    reading.salesforceAt ??= salesforce.serverTime ?? null;
  };
  for (const object of OBJECTS)
    for await (const rows of manyRows(salesforce, liveRecords(object, field, 'Email != null'), field, {
      begun,
      warn,
    })) {
      reading.addRecords(rows.map((row) => recordOf(row, object, field)));
      seen += rows.length;
      progress('salesforce', seen, undefined);
    }
}

/** A row that vanished while set: its own address, and the record that its box goes to. */
interface Vanishing {
  readonly id: string;
  readonly address: string;
  readonly heir: string | null;
  readonly how: VanishedRecord['how'];
  readonly stamp: number;
}

/**
 * Records that were set and are deleted, merged away or converted since `since` (Salesforce's clock), with overlap.
 * Each counts for the person with its own address and for the one with its heir's: a merge loser's box goes to the
 * winner, a converted lead's to its contact.
 */
export async function readVanished(
  salesforce: Salesforce,
  field: string,
  since: number,
  reading: Reading,
): Promise<VanishedRecord[]> {
  const from = since - OVERLAP;
  const rows: Vanishing[] = [];
  for (const object of OBJECTS) {
    const what = `SELECT Id, Email, MasterRecordId, SystemModstamp FROM ${object}`;
    const soql = `${what} WHERE IsDeleted = true AND ${field} = true AND SystemModstamp >= ${soqlTime(from)}`;
    for await (const page of salesforce.query(soql, { deleted: true })) rows.push(...page.map(deletedOf));
  }
  const soql = `SELECT Id, Email, ConvertedContactId, ConvertedDate, SystemModstamp FROM Lead WHERE IsConverted = true AND ${field} = true AND SystemModstamp >= ${soqlTime(from)}`;
  for await (const page of salesforce.query(soql, { deleted: true }))
    rows.push(...page.filter((row) => convertedSince(row, from)).map(convertedOf));
  return rows.flatMap((row) => countedFor(row, rows, reading));
}

function deletedOf(row: Row): Vanishing {
  const heir = typeof row.MasterRecordId === 'string' ? idOf(row, 'MasterRecordId') : null;
  return { ...vanishing(row), heir, how: heir === null ? 'deleted' : 'merged' };
}

function convertedOf(row: Row): Vanishing {
  const heir = typeof row.ConvertedContactId === 'string' ? idOf(row, 'ConvertedContactId') : null;
  return { ...vanishing(row), heir, how: 'converted' };
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

function countedFor(row: Vanishing, all: readonly Vanishing[], reading: Reading): VanishedRecord[] {
  const addresses = new Set([row.address, heirAddress(row, all, reading)].filter((address) => address));
  return [...addresses].map((address) => ({ record: row.id, address: address ?? '', how: row.how, stamp: row.stamp }));
}

/** An heir may itself have been merged away since: follow it to a live record. */
function heirAddress(row: Vanishing, all: readonly Vanishing[], reading: Reading): string | undefined {
  const byId = new Map(all.map((other) => [other.id, other]));
  let heir = row.heir;
  for (let steps = 0; heir !== null && steps < 20; steps++) {
    const address = reading.addressOfRecord(heir);
    if (address !== undefined) return address;
    heir = byId.get(heir)?.heir ?? null;
  }
  return undefined;
}

/**
 * Writes down what vanished and how far this reading reaches, so that nothing is missed or counted twice. A record
 * that is live again has not vanished.
 */
export function rememberVanished(store: Store, rows: readonly VanishedRecord[], readFrom: number): void {
  store.transaction(() => {
    for (const row of rows) store.addVanished(row);
    store.run('DELETE FROM vanished WHERE record IN (SELECT id FROM reading.records)');
    store.run('DELETE FROM vanished WHERE settled = 1 AND stamp < ?', readFrom - 60 * DAY);
    store.setMeta('salesforce-read-at', readFrom);
  });
}
