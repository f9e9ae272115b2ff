import { addressOf } from '../consent/facts.ts';
import { longId, type PersonObject, type Row, type Salesforce, soqlString } from '../salesforce/salesforce.ts';
import type { ReadRecord } from './reading.ts';

/** The two kinds of person record, in the order in which they are read. */
export const OBJECTS: readonly PersonObject[] = ['Contact', 'Lead'];

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

/** Only `true` is set; anything but a boolean means that the field was not read. */
function boxOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** A row as a live record. Throws when the opt-out field is not there: unknown is never read as "not opted out". */
export function recordOf(row: Row, object: PersonObject, field: string): ReadRecord {
  const set = boxOf(row[field]);
  if (set === undefined) throw new Error(`Salesforce gave ${object} ${idOf(row)} without ${field}`);
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
  const live = object === 'Lead' ? ' AND IsConverted = false' : '';
  return `SELECT Id, Email, ${field}, SystemModstamp FROM ${object} WHERE ${condition}${live}`;
}

/** Live records of the given people, by address (case does not count in Salesforce's comparison of addresses). */
export async function recordsOfPeople(
  salesforce: Salesforce,
  field: string,
  addresses: readonly string[],
): Promise<Map<string, ReadRecord[]>> {
  const found = new Map<string, ReadRecord[]>(addresses.map((address) => [address, []]));
  for (const part of inParts(addresses)) {
    for (const object of OBJECTS) {
      const soql = liveRecords(object, field, `Email IN (${part.map(soqlString).join(', ')})`);
      for await (const page of salesforce.query(soql))
        for (const row of page) {
          const record = recordOf(row, object, field);
          found.get(addressOf(record.email))?.push(record);
        }
    }
  }
  return found;
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
