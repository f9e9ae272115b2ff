import { addressOf } from '../consent/facts.ts';
import {
  liveCondition,
  longId,
  OBJECTS,
  objectOf,
  type PersonObject,
  type Row,
  type Salesforce,
  soqlString,
} from '../salesforce/salesforce.ts';
import type { ReadRecord } from './reading.ts';

export { liveCondition, OBJECTS } from '../salesforce/salesforce.ts';

/** How many ids or addresses go into one IN list: the query travels in a URL of at most 16,384 bytes. */
const IN_LIST = 150;

/** Ids come in either length; one form makes them comparable. */
export function idOf(row: Row, field = 'Id'): string {
  return longId(String(row[field] ?? ''));
}

/** A Salesforce time, e.g. `2026-11-21T21:48:12.000+0000`, in milliseconds; null when there is none. */
export function timeOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const at = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
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
 * `SELECT` of all that changed since `from` (ms) and is not deleted: also of what has no address any more, and of leads
 * that were converted.
 */
export function changedRecords(object: PersonObject, field: string, from: number): string {
  const more = object === 'Lead' ? ', IsConverted' : '';
  return `SELECT Id, Email, ${field}, SystemModstamp${more} FROM ${object} WHERE SystemModstamp >= ${soqlTime(from)} ORDER BY SystemModstamp, Id`;
}

/** Whether a row is a live record with an address. Bulk gives everything as text. */
export function isLive(row: Row): boolean {
  const converted = row.IsConverted === true || row.IsConverted === 'true';
  return !converted && typeof row.Email === 'string' && addressOf(row.Email) !== '';
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
  for (const object of OBJECTS) {
    const known = ids.filter((id) => objectOf(id) === object);
    for (const [name, values] of [['Email', addresses] as const, ['Id', known] as const])
      for (const part of inParts(values)) {
        const soql = liveRecords(object, field, `${name} IN (${part.map(soqlString).join(', ')})`);
        for await (const page of salesforce.query(soql))
          for (const row of page) {
            const record = recordOf(row, object, field);
            found.get(addressOf(record.email))?.set(record.id, record);
          }
      }
  }
  return new Map([...found].map(([address, records]) => [address, [...records.values()]]));
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
