import { MIGRATIONS } from './migrations.ts';
import type { Store } from './store.ts';

/**
 * Whether a night may read only what has changed: what the store remembers of Salesforce must be whole, and nothing may
 * have happened since that a reading by `SystemModstamp` could not show.
 */

/** Why a run reads everybody. */
export type FullReason =
  | 'asked'
  | 'approved'
  | 'first'
  | 'due'
  | 'accepted-change'
  | 'copy'
  | 'other-machine'
  | 'unknown-writes'
  | 'too-old'
  | 'schema'
  | 'clock'
  | 'erased'
  | 'box-unread'
  | 'counts-differ';

/** The same for people; follows "everybody was read: ". */
export const FULL_WORDS: Readonly<Record<FullReason, string>> = {
  asked: 'it was asked for (--full)',
  approved: 'a plan that was approved had to be held against everybody',
  first: 'no reading was finished with this store before',
  due: 'the last time is schedule.fullEveryDays ago',
  'accepted-change': 'a change was accepted (--accept-change)',
  copy: 'the store is a copy that was put back',
  'other-machine': 'another machine used the store last',
  'unknown-writes': 'Salesforce knows of writes by the API user that the store does not know of',
  'too-old': 'the last reading is more than two weeks ago, and Salesforce keeps deleted records for 15 days',
  schema: 'OptBridge was updated, and the store with it',
  clock: 'by Salesforce’s clock the last reading is in the future, or it does not say the time',
  erased: 'a person was erased from the store',
  'box-unread': 'Salesforce had not given the opt-out field of every record',
  'counts-differ': 'Salesforce counts other numbers of records than were read',
};

/** Which reading of Salesforce it was. */
export interface RecordsRead {
  readonly kind: 'full' | 'incremental';
  /** Why a full one; null for an incremental one. */
  readonly why: FullReason | null;
  /** Changes since then were read, by Salesforce's clock (ms); null when everybody was. */
  readonly since: number | null;
}

/** What a night that reads only changes goes on from. Times by Salesforce's clock, in milliseconds. */
export interface Continuity {
  /** Start of the last reading that was finished. */
  readonly readAt: number;
  /** Start of the last one that read everybody. */
  readonly fullAt: number;
}

interface LastFull {
  readonly at: number;
  readonly schema: number;
}

/**
 * A change is stamped inside its transaction and may be seen up to ten minutes later; with a margin
 * (facts/salesforce.md section 2, "Late commit").
 */
export const LATE_COMMIT = 15 * 60_000;

const DAY = 86_400_000;
/** The recycle bin keeps a deleted record for 15 days (facts/salesforce.md section 2). */
const RECYCLE_BIN = 14 * DAY;
/** A night that comes an hour early must not put a full reading off by a day. */
const EARLY = DAY / 2;

/** The last finished reading; undefined where there is none that another could go on from. */
export function continuityOf(store: Store): Continuity | undefined {
  const readAt = store.meta<number>('salesforce-read-at');
  const full = store.meta<LastFull>('salesforce-full');
  return readAt === undefined || full === undefined ? undefined : { readAt, fullAt: full.at };
}

/**
 * Why this run must read everybody; null when it may read what has changed.
 * @param doubts what this run knows against it, the gravest first
 * @param now Salesforce's clock; undefined when it did not say
 */
export function whyFull(
  store: Store,
  doubts: readonly FullReason[],
  now: number | undefined,
  everyDays: number,
): FullReason | null {
  const last = continuityOf(store);
  if (!last) return 'first';
  const owed = store.meta<FullReason>('full-due');
  const [doubt = owed] = doubts;
  if (doubt !== undefined) return doubt;
  if (store.meta<LastFull>('salesforce-full')?.schema !== MIGRATIONS.length) return 'schema';
  if (now === undefined || now < last.readAt) return 'clock';
  if (now - last.readAt > RECYCLE_BIN) return 'too-old';
  // `IS NOT 0` has it look in the index of those alone.
  if (store.get('SELECT 1 FROM records WHERE is_set IS NOT 0 AND is_set IS NULL')) return 'box-unread';
  return now - last.fullAt >= everyDays * DAY - EARLY ? 'due' : null;
}

/** Until a run has read everybody to the end, none may read less. Durable, so that a run that is cut off changes nothing. */
export function demandFull(store: Store, why: FullReason): void {
  store.setMeta('full-due', why);
}

/**
 * A reading is finished, in the transaction that enters what it read.
 * @param readFrom Salesforce's clock before it began; without one nothing can go on from here
 */
export function concludeReading(store: Store, kind: 'full' | 'incremental', readFrom: number | undefined): void {
  if (readFrom === undefined) {
    store.run("DELETE FROM meta WHERE key = 'salesforce-full'");
    return;
  }
  store.setMeta('salesforce-read-at', readFrom);
  if (kind === 'incremental') return;
  store.setMeta('salesforce-full', { at: readFrom, schema: MIGRATIONS.length } satisfies LastFull);
  store.run("DELETE FROM meta WHERE key = 'full-due'");
}

/** What was remembered is about another org or field. */
export function forgetReadings(store: Store): void {
  store.run('DELETE FROM records');
  store.run('DELETE FROM contacts');
  store.run(
    `DELETE FROM meta WHERE key IN
     ('salesforce-read-at', 'salesforce-full', 'full-due', 'activecampaign-read-at', 'cheaper-reading', 'list-counts',
       'contact-pages', 'people-counted', 'matched-by-list', 'history-heard-at')`,
  );
}
