import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Policy } from '../consent/facts.ts';
import { ServiceFailure } from '../service/failure.ts';
import { checkNotEmptied } from './check.ts';
import { type Comparison, compareReadings, comparisonOf, keepComparison } from './compare-readings.ts';
import { enterContacts, knownContacts } from './contacts.ts';
import { driftOf, keepCounts } from './drift.ts';
import type { ContactsRead } from './how-read.ts';
import { keepPageEnds, knownPageEnds, PageEnds } from './page-ends.ts';
import { ABREAST, type Progress } from './progress.ts';
import { NotSo, readOutAndNew, readWanted, type SomeOf } from './read-some.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/** Reading by list is worth it only where it costs less than this share of reading everybody. */
export const CHEAPER_SHARE = 0.8;

/** What reading ActiveCampaign needs. */
export interface ContactsSide {
  readonly ac: ActiveCampaign;
  readonly store: Store;
  readonly reading: Reading;
  readonly policy: Policy;
  /** Ids of all e-mail lists that are shown. */
  readonly lists: ReadonlySet<string>;
  /** How many are active on each that is in scope, where the account says so. */
  readonly active: ReadonlyMap<string, number>;
  readonly share: number;
  readonly progress: Progress;
}

/** A reading that has begun; it goes on when Salesforce is read. */
export interface BegunContacts {
  readonly kind: ContactsRead['kind'];
  /** ActiveCampaign's clock before it (ms). */
  readonly from: number | undefined;
  /** How many are out on each list, as the reading by list found. */
  readonly out?: ReadonlyMap<string, number>;
  /** Why it was everybody although it might have been less. */
  readonly alarm: string | null;
}

/**
 * Reads everybody, or, where that agreed with the last reading of everybody, those about whom there may be something to
 * decide.
 * @param mayBeLess whether this night may read less than everybody at all
 */
export async function readContacts(side: ContactsSide, mayBeLess: boolean): Promise<BegunContacts> {
  const { ac, store } = side;
  const from = ac.serverTime;
  const since = store.meta<number>('activecampaign-read-at');
  let alarm: string | null = null;
  if (mayBeLess && since !== undefined && comparisonOf(store).state === 'agreed') {
    const out = await orNotSo(side, () => readOutAndNew(someOf(side, 'contacts', since)));
    alarm = out ? driftOf(store, side.active, out) : null;
    if (out && alarm === null) return { kind: 'by-list', from, out, alarm };
  }
  await readEverybody(side);
  return { kind: 'everybody', from, alarm };
}

/**
 * Reads whoever else must be read now that Salesforce is, and enters who is there. After a reading of everybody in a full
 * night the cheaper one is held against it.
 */
export async function completeContacts(
  side: ContactsSide,
  begun: BegunContacts,
  compare: boolean,
): Promise<ContactsRead> {
  const { store, reading } = side;
  let { kind } = begun;
  if (kind === 'by-list') {
    const since = store.meta<number>('activecampaign-read-at') ?? 0;
    if (!(await orNotSo(side, () => readWanted(someOf(side, 'contacts', since)).then(() => true)))) {
      await readEverybody(side);
      kind = 'everybody';
    }
  }
  store.transaction(() => {
    enterContacts(store, kind === 'everybody' ? 'everybody' : 'some');
    keepCounts(store, side.active, kind === 'by-list' ? begun.out : undefined);
    if (begun.from === undefined) store.run("DELETE FROM meta WHERE key = 'activecampaign-read-at'");
    else store.setMeta('activecampaign-read-at', begun.from);
  });
  if (compare && kind === 'everybody') keepComparison(store, await compared(side, begun.from));
  reading.contacts = knownContacts(store);
  return { kind, comparison: comparisonOf(store), alarm: begun.alarm };
}

function someOf(side: ContactsSide, table: SomeOf['table'], since: number): SomeOf {
  return { ...side, table, since, scope: side.policy.lists };
}

/** Everybody, page by page, whatever was read before. */
async function readEverybody({ ac, store, reading, progress }: ContactsSide): Promise<void> {
  reading.forgetContacts();
  let total: number | undefined;
  let seen = 0;
  let complete: number | undefined;
  const ends = new PageEnds();
  for await (const page of ac.contacts({ abreast: ABREAST, known: knownPageEnds(store) })) {
    total ??= page.total;
    seen += page.contacts.length;
    if (page.newest) complete = page.at;
    ends.add(page.contacts);
    reading.addContacts(page.contacts, page.at);
    progress('activecampaign', seen, total);
  }
  if (complete !== undefined) reading.readNobodyElseAt(complete);
  checkNotEmptied('ActiveCampaign', reading.contacts, store.known().activecampaign);
  // Worth having also if the run goes no further.
  keepPageEnds(store, ends.ends());
}

/** Does it; undefined when it cannot be done so, which is kept: then everybody is read, until a full night says otherwise. */
async function orNotSo<T>(side: ContactsSide, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof NotSo)) throw error;
    keepComparison(side.store, outcome(side, error));
    return undefined;
  }
}

function outcome({ ac }: ContactsSide, { kind, message }: NotSo): Comparison {
  const on = ac.serverTime === undefined ? null : new Date(ac.serverTime).toISOString();
  return { state: kind === 'dear' ? 'dear' : 'differed', on, why: message, calls: null };
}

/** What comes of reading by list in the night in which everybody was read. No failure of it is one of the run. */
async function compared(side: ContactsSide, from: number | undefined): Promise<Comparison> {
  const { ac, store, reading, policy } = side;
  const begun = ac.calls;
  try {
    const some = someOf(side, 'compared', from ?? 0);
    const out = await readOutAndNew(some);
    await readWanted(some);
    const calls = { some: ac.calls - begun, everybody: Math.ceil(knownContacts(store) / 100) };
    await compareReadings(ac, store, reading, policy);
    keepCounts(store, side.active, out);
    const on = ac.serverTime === undefined ? null : new Date(ac.serverTime).toISOString();
    return { state: 'agreed', on, why: null, calls };
  } catch (error) {
    if (error instanceof NotSo) return outcome(side, error);
    if (!(error instanceof ServiceFailure)) throw error;
    return { state: 'never', on: null, why: error.message, calls: null };
  }
}
