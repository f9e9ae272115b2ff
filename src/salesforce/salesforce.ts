import type { ServiceFailure } from '../service/failure.ts';

/** The two kinds of person record, by id prefix 003 and 00Q. */
export type PersonObject = 'Contact' | 'Lead';

export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly updateable: boolean;
  /** Whether rows can be counted by groups of it. */
  readonly groupable: boolean;
}

/** One object as the signed-in user may see it: a field hidden by field-level security is absent. */
export interface ObjectDescription {
  readonly name: string;
  readonly queryable: boolean;
  readonly updateable: boolean;
  readonly fields: ReadonlyMap<string, FieldDescription>;
}

/** The two kinds of person record, in the order in which they are read. */
export const OBJECTS: readonly PersonObject[] = ['Contact', 'Lead'];

/** What more a condition says of records that are not deleted so that they are live. */
export function liveCondition(object: PersonObject): string {
  return object === 'Lead' ? ' AND IsConverted = false' : '';
}

/** Rows on a full page of a query by REST (facts/salesforce.md section 2). */
export const QUERY_PAGE = 2000;

/** A row of a SOQL query: the selected fields by name, without `attributes`. */
export type Row = Readonly<Record<string, unknown>>;

/** One record and the values it shall have. */
export interface RecordUpdate {
  readonly object: PersonObject;
  readonly id: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What became of one update; `failure` is absent when Salesforce said success. */
export interface UpdateOutcome {
  readonly id: string;
  readonly failure?: ServiceFailure;
}

/**
 * What OptBridge asks of Salesforce; two adapters implement it (`rest` over fetch, `jsforce`) and one contract test
 * runs over both. Every method rejects with a `ServiceFailure`.
 */
export interface Salesforce {
  /** Requests sent so far, sign-in and retries included: what counts against the org's daily limit. */
  readonly calls: number;
  /** The latest `Date` header, in milliseconds; undefined before the first reply. */
  readonly serverTime: number | undefined;
  /** 18-character ids of the org and of the user whose rights apply. */
  identity(): Promise<{ organization: string; user: string }>;
  describe(object: PersonObject): Promise<ObjectDescription>;
  /**
   * Pages of a SOQL query, in order; `deleted` also shows deleted and merged rows (`queryAll`). Pages that do not add up
   * to the query's own total are malformed, and so is `SELECT COUNT()`, which has no rows: ask for `COUNT(Id)`. The query
   * travels in the address, of which Salesforce takes 16,384 bytes: some 600 ids.
   */
  query(
    soql: string,
    options?: {
      readonly deleted?: boolean;
      /** Is told before the first page how many rows there are in all. */
      readonly total?: (rows: number) => void;
    },
  ): AsyncIterable<readonly Row[]>;
  /**
   * Sets fields of any number of records, 200 a collection (over jsforce five collections a call), all-or-none off, so that
   * one bad row does not stop the others.
   * Always sends `Sforce-Auto-Assign: FALSE` (a lead update runs the assignment rule otherwise) and
   * `Sforce-Call-Options: client=optbridge`. A call that fails as a whole rejects nothing: each of its rows gets
   * the failure. Outcomes are in the order of the updates.
   */
  update(updates: readonly RecordUpdate[]): Promise<readonly UpdateOutcome[]>;
  /**
   * Asks several things in one call; the adapter of the companion has it. Gives what answers them, each once and in the
   * order in which they were asked; anything else, and whatever did not come readably, is asked by itself.
   */
  together?(asked: AskedTogether): Promise<Questions>;
  /** For many rows; the adapter of the companion has it. */
  readonly bulk?: Bulk;
}

/** What can be asked along with other things. */
export type Questions = Pick<Salesforce, 'describe' | 'query'>;

/** A query and whether it also shows deleted and merged rows. */
export interface Query {
  readonly soql: string;
  readonly deleted?: boolean;
}

export interface AskedTogether {
  readonly describe?: readonly PersonObject[];
  readonly queries?: readonly Query[];
}

/** Answers to several questions, in as few calls as this adapter can. */
export async function askTogether(salesforce: Salesforce, asked: AskedTogether): Promise<Questions> {
  return salesforce.together ? salesforce.together(asked) : salesforce;
}

/** Bulk API 2.0: few calls for many rows. Rejects with a `ServiceFailure`. */
export interface Bulk {
  /**
   * Rows of a query, some at a time. All values are text, as CSV has them: `true`, `false`, empty for null. A refusal (no
   * right, Bulk switched off, a job that fails) comes before the first row.
   * @param options.waiting called before each look at a job that is not over; what it throws ends the waiting: the job is
   * aborted, and the query rejects with it.
   */
  query(
    soql: string,
    options?: { readonly deleted?: boolean; readonly waiting?: () => void },
  ): AsyncIterable<readonly Row[]>;
  /**
   * Sets fields of records of one object by one job; outcomes in the order of the updates. Rejects when the job was
   * refused or failed with nothing done, and when nobody knows: then the caller reads back.
   * @param enough whether a job that is not over yet was waited for long enough, by milliseconds; it is then aborted.
   */
  update(
    object: PersonObject,
    updates: readonly RecordUpdate[],
    enough?: (waited: number) => boolean,
  ): Promise<readonly UpdateOutcome[]>;
}

/** `Contact` or `Lead` by id prefix, undefined for anything else. */
export function objectOf(id: string): PersonObject | undefined {
  if (id.startsWith('003')) return 'Contact';
  if (id.startsWith('00Q')) return 'Lead';
  return undefined;
}

/** Whether this is a well-formed 15- or 18-character record id. */
export function isRecordId(text: string): boolean {
  return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(text);
}

/**
 * The 18-character form of a record id: three characters are added, one for each block of five, so that ids can be
 * compared without regard to case (facts/salesforce.md section 6).
 */
export function longId(id: string): string {
  if (id.length !== 15) return id;
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
  let suffix = '';
  for (let block = 0; block < 3; block++) {
    let bits = 0;
    for (let i = 0; i < 5; i++) if (/[A-Z]/.test(id.charAt(block * 5 + i))) bits |= 1 << i;
    suffix += alphabet.charAt(bits);
  }
  return id + suffix;
}

/** A SOQL string literal, quotes included (facts/salesforce.md section 2). */
export function soqlString(text: string): string {
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t');
  return `'${escaped}'`;
}
