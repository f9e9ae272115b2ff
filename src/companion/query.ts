import { addressOf } from '../consent/facts.ts';
import {
  askTogether,
  liveCondition,
  longId,
  OBJECTS,
  objectOf,
  type PersonObject,
  type Query,
  type Row,
  type Salesforce,
  soqlString,
} from '../salesforce/salesforce.ts';
import type { ReadRecord } from './reading.ts';

/** How many ids or addresses go into one IN list: the query travels in a URL of at most 16,384 bytes. */
const IN_LIST = 150;

/** Ids come in either length; one form makes them comparable. */
export function idOf(row: Row, field = 'Id'): string {
  return longId(String(row[field] ?? ''));
}

/** A Salesforce time, e.g. `2026-11-21T21:48:12.000+0000`, in milliseconds; null when there is none. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const at = Date.parse(value.endsWith('Z') ? value : value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? null : at;
}

/** Anything but a boolean means that the field was not read: unknown is never read as "not opted out". */
function boxOf(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

/** A row as a live record. */
export function recordOf(row: Row, object: PersonObject, field: string): ReadRecord {
  const set = boxOf(row[field]);
  return {
    id: idOf(row),
    object,
    email: typeof row.Email === 'string' ? row.Email : '',
    set,
    modifiedAt: timeOf(row.SystemModstamp),
  };
}

/** `SELECT` of what is needed of live records, with a condition. */
export function liveRecords(object: PersonObject, field: string, condition: string): string {
  return `SELECT Id, Email, ${field}, SystemModstamp FROM ${object} WHERE ${condition}${liveCondition(object)}`;
}

/**
 * All that changed since `from` (ms), to be asked with the deleted: what is live, what has no address any more, what was
 * deleted or merged away, and leads that were converted.
 */
export function changedRecords(object: PersonObject, field: string, from: number): Query {
  const more = object === 'Lead' ? ', IsConverted, ConvertedContactId, ConvertedDate' : '';
  const what = `SELECT Id, Email, ${field}, SystemModstamp, IsDeleted, MasterRecordId${more} FROM ${object}`;
  return { soql: `${what} WHERE SystemModstamp >= ${soqlTime(from)} ORDER BY SystemModstamp, Id`, deleted: true };
}

/** A yes by REST, or by Bulk, which gives everything as text. */
export function isYes(value: unknown): boolean {
  return value === true || value === 'true';
}

/** Whether a row is a live record with an address. */
export function isLive(row: Row): boolean {
  const gone = isYes(row.IsDeleted) || isYes(row.IsConverted);
  return !gone && typeof row.Email === 'string' && addressOf(row.Email) !== '';
}

/**
 * Live records of the given people: whatever has one of the addresses now, and the known records by id, because it is
 * not sure that a comparison of addresses passes over case and blanks everywhere.
 */
export async function recordsOfPeople(
  salesforce: Salesforce,
  field: string,
  addresses: readonly string[],
  ids: readonly string[],
): Promise<Map<string, ReadRecord[]>> {
  const found = new Map<string, Map<string, ReadRecord>>(addresses.map((address) => [address, new Map()]));
  const asked = [...recordsIn(field, 'Email', addresses), ...recordsIn(field, 'Id', ids)];
  for await (const record of recordsBy(salesforce, field, asked))
    found.get(addressOf(record.email))?.set(record.id, record);
  return new Map([...found].map(([address, records]) => [address, [...records.values()]]));
}

/** A query for live records of one object. */
interface RecordsQuery extends Query {
  readonly object: PersonObject;
}

/** Queries for the live records that have one of these addresses, or ids. */
export function recordsIn(field: string, name: 'Email' | 'Id', values: readonly string[]): RecordsQuery[] {
  return OBJECTS.flatMap((object) => {
    const mine = name === 'Id' ? values.filter((id) => objectOf(id) === object) : values;
    return [...inParts(mine)].map((part) => ({
      object,
      soql: liveRecords(object, field, `${name} IN (${part.map(soqlString).join(', ')})`),
    }));
  });
}

/** What these queries find, one after another, in few calls. */
export async function* recordsBy(
  salesforce: Salesforce,
  field: string,
  queries: readonly RecordsQuery[],
): AsyncGenerator<ReadRecord> {
  const answers = await askTogether(salesforce, { queries });
  for (const { object, soql } of queries)
    for await (const page of answers.query(soql)) for (const row of page) yield recordOf(row, object, field);
}

/**
 * Queries about records of both objects by their ids.
 * @param what makes one, of an object and of some ids as an IN list has them
 */
export function queriesById<Q extends Query>(
  ids: readonly string[],
  what: (object: PersonObject, list: string) => Q,
): Q[] {
  return OBJECTS.flatMap((object) =>
    [...inParts(ids.filter((id) => objectOf(id) === object))].map((part) =>
      what(object, part.map(soqlString).join(', ')),
    ),
  );
}

/** The rows that these queries find, one after another, in few calls; nothing is asked where there is no query. */
export async function* rowsBy(salesforce: Salesforce, queries: readonly Query[]): AsyncGenerator<Row> {
  if (queries.length === 0) return;
  const answers = await askTogether(salesforce, { queries });
  for (const { soql, deleted = false } of queries)
    for await (const page of answers.query(soql, { deleted })) yield* page;
}

/** Splits values into IN lists of a size that a URL can hold. */
export function* inParts(values: readonly string[]): Generator<readonly string[]> {
  let part: string[] = [];
  let size = 0;
  for (const value of values) {
    if (part.length >= IN_LIST || size + value.length > 6000) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(value);
    size += encodeURIComponent(value).length + 9;
  }
  if (part.length > 0) yield part;
}

/** A SOQL date-time literal. */
export function soqlTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
