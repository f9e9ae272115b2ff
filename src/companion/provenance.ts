import { asOfNow } from '../consent/agreement.ts';
import { addressOf } from '../consent/facts.ts';
import { askTogether, OBJECTS, type Salesforce, soqlString } from '../salesforce/salesforce.ts';
import { COPY } from './backup.ts';
import { isSuppressed } from './erasure.ts';
import { idOf, soqlTime } from './query.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/** Where a store comes from, and what is odd about it: said out loud, and decided by nobody but people. */

const HOUR = 3_600_000;
/** Nights are a day apart. A store whose last run is older was not used since, or was put back from a backup. */
const A_NIGHT_IS_MISSING = 26 * HOUR;
/** What belongs to a run changes the file at its end; a copy that is put in its place changes it later. */
const AFTER_A_RUN = HOUR / 12;
/** The recycle bin keeps a deleted record for 15 days (facts/salesforce.md section 2). */
const RECYCLE_BIN = 14 * 24 * HOUR;
/** As many of the latest writes are looked at. */
const LATEST = 200;

/** What an unsubscribe can set off (inferred from field names: facts/activecampaign.md section 4). */
export const AUTOMATIONS =
  'An unsubscribe through ActiveCampaign’s API can start automations that wait for one, and send the account’s own notices. A run can prevent that for a bulk import (activecampaign.excludeAutomations), not for single writes: look at these automations before many people are unsubscribed at once.';

/** The store's own id; null before its first run. */
export function storeId(store: Store): string | null {
  return store.meta<string>('store-id') ?? null;
}

/** Gives the store an id of its own, once, and notes the machine that uses it. */
export function nameStore(store: Store, machine: string | undefined): void {
  store.transaction(() => {
    if (storeId(store) === null) store.setMeta('store-id', store.get('SELECT lower(hex(randomblob(16))) AS id')?.id);
    if (machine !== undefined) store.setMeta('machine', machine);
  });
}

/** What is to be said about a store, and what of it speaks against going on from what it remembers. */
export interface Provenance {
  readonly warnings: readonly string[];
  readonly doubts: readonly ('copy' | 'other-machine' | 'unknown-writes')[];
  /** It may be older than the last run, so that what it agreed on may not be the last word. */
  readonly older: boolean;
}

const NOT_REMEMBERED =
  'What was agreed since is not remembered; a box that is set counts as an opt-out, whoever subscribed in between.';

/**
 * What is to be said about the store before it is used: another machine used it last; its last run is long ago by
 * Salesforce's clock; Salesforce knows of a later run. Asks Salesforce only where a night is missing, or where the file
 * was changed since its last run was finished.
 * @param by the API user, the opt-out field, this machine's name, and when the store's file was last changed before
 */
export async function provenanceOf(
  store: Store,
  salesforce: Salesforce,
  by: {
    readonly user: string;
    readonly field: string;
    readonly machine: string | undefined;
    readonly touchedAt: number | undefined;
    /** What has to be known before Salesforce is asked for records. */
    readonly beforeAsking: () => Promise<void>;
  },
): Promise<Provenance> {
  const since = store.meta<number>('salesforce-read-at');
  if (since === undefined) return { warnings: [AUTOMATIONS], doubts: [], older: false };
  const warnings: string[] = [];
  const doubts: Provenance['doubts'][number][] = [];
  const day = new Date(since).toISOString().slice(0, 10);
  if (store.meta<boolean>(COPY) === true) {
    doubts.push('copy');
    warnings.push(
      `This store is a copy that optbridge store backup made; the last run that it knows of was on ${day}. ${NOT_REMEMBERED}`,
    );
  }
  const last = store.meta<string>('machine');
  if (last !== undefined && by.machine !== undefined && last !== by.machine) {
    doubts.push('other-machine');
    warnings.push(
      `This is ${by.machine}; the store was last used by ${last}. If both run OptBridge, each with a copy, they do not know of each other: let one machine run it.`,
    );
  }
  const gap = (salesforce.serverTime ?? since) - since;
  if (gap > RECYCLE_BIN)
    warnings.push(
      `The last run of this store was on ${day}. A record that was set and deleted more than 15 days ago is out of the recycle bin, and cannot be seen any more.`,
    );
  const odd = gap > A_NIGHT_IS_MISSING || wasPutBack(store, by.touchedAt);
  if (odd) await by.beforeAsking();
  const unknown = odd ? await writesUnknownTo(store, salesforce, by, since) : 0;
  if (unknown > 0) {
    doubts.push('unknown-writes');
    warnings.push(
      `Since the last run of this store, on ${day}, its API user has set or cleared the box of ${unknown === 1 ? 'a record' : `${unknown} records`} that the store knows nothing of. The store may be an older copy, put back from a backup, or another machine or tool uses the same API user. ${NOT_REMEMBERED}`,
    );
  }
  // A machine that is another one every night, such as a hosted runner, goes on from the night before.
  const older = doubts.some((doubt) => doubt !== 'other-machine' || gap > A_NIGHT_IS_MISSING);
  return { warnings, doubts, older };
}

/**
 * Whether the file may be an older copy: something changed it after the end of the last run that it knows of. A run that
 * did not get as far as reading has not asked, and changed the file itself: it does not count.
 */
function wasPutBack(store: Store, touchedAt: number | undefined): boolean {
  const finished = store.get(
    "SELECT max(finished_at) AS at FROM runs WHERE outcome IN ('done', 'partly') OR summary -> '$.reading' <> 'null'",
  )?.at;
  if (touchedAt === undefined || typeof finished !== 'string') return false;
  return touchedAt - Date.parse(finished) > AFTER_A_RUN;
}

/**
 * How many of the latest boxes that this API user set since are in no agreement, or cleared and still in one. Of whoever was
 * erased the store knows no more than that they are out.
 */
async function writesUnknownTo(
  store: Store,
  salesforce: Salesforce,
  { user, field }: { readonly user: string; readonly field: string },
  since: number,
): Promise<number> {
  const queries = OBJECTS.flatMap((object) =>
    [true, false].map((set) => {
      const mine = `LastModifiedById = ${soqlString(user)} AND ${field} = ${set} AND Email != null`;
      return {
        set,
        soql: `SELECT Id, Email FROM ${object} WHERE ${mine} AND SystemModstamp > ${soqlTime(since)} ORDER BY SystemModstamp DESC LIMIT ${LATEST}`,
      };
    }),
  );
  const answers = await askTogether(salesforce, { queries });
  let unknown = 0;
  for (const { soql, set } of queries)
    for await (const page of answers.query(soql))
      for (const row of page) {
        const address = addressOf(String(row.Email ?? ''));
        const agreement = store.agreement(address);
        const out = agreement?.kind === 'out' && agreement.records.includes(idOf(row));
        if (out !== set && store.intention(address) === undefined && !isSuppressed(store, address)) unknown += 1;
      }
  return unknown;
}

const DISTRUSTED = `
  SELECT address FROM agreements a WHERE kind = 'out' AND EXISTS (
    SELECT 1 FROM live r WHERE r.address = a.address AND r.is_set IS NOT 0
      AND (a.at_salesforce IS NULL OR r.modified_at IS NULL OR r.modified_at > a.at_salesforce))
  ORDER BY address`;

/** From now on until `distrust`, also if the run is cut off, what the store agreed on may not be the last word. */
export function demandDistrust(store: Store): void {
  store.setMeta('distrust-due', true);
}

/**
 * Where the store may be an older copy, its agreements may not be the last: since then a box may have been cleared for
 * somebody who subscribed again, and been set anew by somebody else. So whoever has a record that is set and was changed
 * since the agreement must subscribe once more, from now on, to have it cleared.
 */
export function distrust(store: Store, reading: Reading): void {
  if (store.meta<boolean>('distrust-due') !== true) return;
  store.transaction(() => {
    for (const row of store.all(DISTRUSTED)) {
      const address = String(row.address);
      const agreement = store.agreement(address);
      if (agreement?.kind !== 'out') continue;
      const run = String(store.get('SELECT run FROM agreements WHERE address = ?', address)?.run);
      store.setAgreement(address, asOfNow(agreement, reading.facts(address), reading.times(address)), run);
    }
    store.run("DELETE FROM meta WHERE key IN ('distrust-due', ?)", COPY);
  });
}
