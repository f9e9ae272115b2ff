import type { Outbound } from './line.ts';
import { type Page, pageOf, rowOf } from './replies.ts';
import type { RecordUpdate, Salesforce } from './salesforce.ts';
import { collectionCall, type Fate, fatesOf, sharedFate, updateAll } from './update.ts';

/**
 * Sends one signed-in request, again as the retry policy allows. `read` takes out what was asked for, or returns
 * undefined when it is not there: the reply then counts as malformed.
 */
export type Ask = <T extends object>(outbound: Outbound, read: (body: unknown) => T | undefined) => Promise<T>;

/** The way to an org over either adapter. */
export interface Reach {
  readonly ask: Ask;
  readonly version: () => Promise<string>;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}

/** Queries over either adapter; see `Salesforce.query`. */
export function createQuery({ ask, version }: Reach): Salesforce['query'] {
  return async function* query(soql, { deleted = false, total } = {}) {
    let path = queryPath(await basePath(version), soql, deleted);
    for (let read = 0; ; ) {
      const page: Page = await ask({ method: 'GET', path }, (body) => pageOf(body, read, path));
      if (read === 0) total?.(page.total);
      read += page.records.length;
      yield page.records.map(rowOf);
      if (page.next === undefined) return;
      path = page.next;
    }
  };
}

export function queryPath(base: string, soql: string, deleted: boolean): string {
  return `${base}/${deleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
}

/** Updates over either adapter by the collections API; see `Salesforce.update`. */
export function createUpdate(reach: Reach): Salesforce['update'] {
  const { sleep, random } = reach;
  return (updates) => updateAll({ updates, sleep, random, send: (chunk) => sendCollection(reach, chunk) });
}

/** Sends one collections call of at most 200 records and gives their fates in order; rejects with nothing. */
export async function sendCollection(
  { ask, version }: Pick<Reach, 'ask' | 'version'>,
  chunk: readonly RecordUpdate[],
): Promise<readonly Fate[]> {
  try {
    const call = collectionCall(await basePath(version), chunk);
    return await ask(call, (body) => fatesOf(`${call.method} ${call.path}`, chunk, body));
  } catch (error) {
    return sharedFate(chunk, error);
  }
}

/** Where the API of a version begins. */
export async function basePath(version: () => Promise<string>): Promise<string> {
  return `/services/data/v${await version()}`;
}
