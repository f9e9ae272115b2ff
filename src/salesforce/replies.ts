import { isObject } from '../service/http.ts';
import { malformed } from './line.ts';
import type { FieldDescription, ObjectDescription, Row } from './salesforce.ts';

/** A page of a query; `next` is the path of the one that follows. */
export interface Page {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | undefined;
  /** Rows of the whole query. */
  readonly total: number;
}

/**
 * A query's page. Undefined when it is none; throws `malformed` when it cannot be the whole of what it says: a query
 * that ends early would pass for people who are not there.
 *
 * @param before rows of the pages before this one.
 * @param path this page's own path: a page that names itself as the next would never end.
 */
export function pageOf(body: unknown, before: number, path: string): Page | undefined {
  if (!isObject(body) || !Array.isArray(body.records) || !body.records.every(isObject)) return undefined;
  const { records, done, totalSize, nextRecordsUrl } = body;
  if (typeof done !== 'boolean' || typeof totalSize !== 'number') return undefined;
  const read = before + records.length;
  const call = `GET ${path.split('?')[0]}`;
  if (done && read !== totalSize) throw malformed(call, `${read} rows in all where ${totalSize} should be`);
  if (done) return { records, next: undefined, total: totalSize };
  // Only a path on this org: the token goes with the request.
  const usable = typeof nextRecordsUrl === 'string' && nextRecordsUrl.startsWith('/services/data/');
  if (!usable || nextRecordsUrl === path || read > totalSize)
    throw malformed(call, 'a page that leads no further, yet is not the last');
  return { records, next: nextRecordsUrl, total: totalSize };
}

/** A row without `attributes`, and so the rows of parents in it, such as `Account`. */
export function rowOf(record: Readonly<Record<string, unknown>>): Row {
  const fields = Object.entries(record).filter(([name]) => name !== 'attributes');
  return Object.fromEntries(fields.map(([name, value]) => [name, isObject(value) ? rowOf(value) : value]));
}

/** An object's description, undefined when this is none. */
export function describedBy(body: unknown): ObjectDescription | undefined {
  if (!isObject(body) || typeof body.name !== 'string' || !Array.isArray(body.fields)) return undefined;
  const fields = body.fields.map(fieldOf);
  if (!fields.every((field) => field !== undefined)) return undefined;
  return {
    name: body.name,
    // What a description does not say is not forbidden: the first write will tell.
    queryable: body.queryable !== false,
    updateable: body.updateable !== false,
    fields: new Map(fields.map((field) => [field.name, field])),
  };
}

function fieldOf(value: unknown): FieldDescription | undefined {
  if (!isObject(value) || typeof value.name !== 'string') return undefined;
  return {
    name: value.name,
    label: typeof value.label === 'string' ? value.label : value.name,
    type: typeof value.type === 'string' ? value.type : '',
    updateable: value.updateable !== false,
    groupable: value.groupable === true,
  };
}
