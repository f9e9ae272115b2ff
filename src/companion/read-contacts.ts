import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import { PAGE } from '../activecampaign/contact-page.ts';
import type { Policy } from '../consent/facts.ts';
import { ServiceFailure } from '../service/failure.ts';
import { type EarlyContacts, everybodyIn } from './begin-contacts.ts';
import { checkNotEmptied } from './check.ts';
import { type Comparison, compareReadings, comparisonOf, keepComparison } from './compare-readings.ts';
import { enterContacts, knownContacts } from './contacts.ts';
import { driftOf, keepCounts } from './drift.ts';
import type { ContactsRead } from './how-read.ts';
import { expectedIn, keepMatched } from './matched.ts';
import { keepPageEnds, PageEnds } from './page-ends.ts';
import { ABREAST, type Progress } from './progress.ts';
import { type Found, NotSo, readOutAndNew, readWanted, type SomeOf } from './read-some.ts';
import type { Reading } from './reading.ts';
import { Stopped } from './stopped.ts';
import type { Store } from './store.ts';
import { type Frozen, freezeRemembered } from './wanted.ts';

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
  /** What was begun before the checks were through. */
  readonly early?: EarlyContacts | undefined;
  /** The cheaper reading, where it is to be held against this one: begun once the last pages are on their way. */
  readonly comparing?: Comparing | undefined;
  /** Resolves when the store may learn of what was read; rejects where the run is refused. */
  readonly accepted?: Promise<void>;
  /** Told where ActiveCampaign is empty that was full, and that is accepted. */
  readonly acceptEmpty?: ((words: string) => void) | undefined;
}

/** A reading that has begun; it goes on when Salesforce is read. */
export interface BegunContacts {
  readonly kind: ContactsRead['kind'];
  /** ActiveCampaign's clock before it (ms). */
  readonly from: number | undefined;
  /** What the reading by list found. */
  readonly found?: Found;
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
    const found = await orNotSo(side, () => readOutAndNew(someOf(side, 'contacts', since)));
    alarm = found ? driftOf(store, side.active, found.out) : null;
    if (found && alarm === null) return { kind: 'by-list', from, found, alarm };
  }
  await readEverybody(side);
  return { kind: 'everybody', from, alarm };
}

/**
 * Reads whoever else must be read now that Salesforce is, and enters who is there.
 */
export async function completeContacts(side: ContactsSide, begun: BegunContacts): Promise<ContactsRead> {
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
    keepCounts(store, side.active, kind === 'by-list' ? begun.found?.out : undefined);
    if (begun.found) keepMatched(store, begun.found.matched, side.ac);
    if (begun.from === undefined) store.run("DELETE FROM meta WHERE key = 'activecampaign-read-at'");
    else store.setMeta('activecampaign-read-at', begun.from);
  });
  side.comparing?.freeze();
  reading.contacts = knownContacts(store);
  return { kind, comparison: comparisonOf(store), alarm: begun.alarm };
}

function someOf(side: ContactsSide, table: SomeOf['table'], since: number): SomeOf {
  const begun = side.early?.kind === 'by-list' ? { begun: side.early.pages } : {};
  return { ...side, table, since, scope: side.policy.lists, expected: expectedIn(side.store), ...begun };
}

/** Everybody, page by page, whatever was read before. */
async function readEverybody(side: ContactsSide): Promise<void> {
  const { ac, store, reading, progress, early, comparing } = side;
  reading.forgetContacts();
  const known = knownContacts(store);
  let total: number | undefined;
  let seen = 0;
  let complete: number | undefined;
  const ends = new PageEnds();
  const pages = early?.kind === 'everybody' ? early.pages.pieces : everybodyIn(ac, store);
  for await (const page of pages) {
    total ??= page.total;
    seen += page.contacts.length;
    if (page.newest) complete = page.at;
    ends.add(page.contacts);
    reading.addContacts(page.contacts, page.at);
    // Where the total is whole pages, as many as there were contacts for, those are nearer.
    const near = total !== undefined && total >= known && total - known < PAGE;
    progress('activecampaign', seen, near ? Math.max(seen, known) : total);
    if (total !== undefined && seen + ABREAST * PAGE >= total) comparing?.begin(total);
  }
  comparing?.begin(seen);
  if (complete !== undefined) reading.readNobodyElseAt(complete);
  checkNotEmptied('ActiveCampaign', reading.contacts, () => knownContacts(store), side.acceptEmpty);
  await side.accepted;
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

/**
 * The cheaper reading in a night that reads everybody. It is begun when nothing of the other is to be asked for any more,
 * and held against it while the run writes: nobody waits for it.
 */
export interface Comparing {
  /** Asks who is out, new or changed, once. `everybody` is how many there are. */
  begin(everybody: number): void;
  /** Resolves when it is known how many are out on each list, or when that cannot be known. */
  counted(): Promise<void>;
  /** Everybody is entered, and nothing is decided yet: who is of interest now is who must be found. */
  freeze(): void;
  /**
   * Reads whoever else is wanted, compares, and keeps what came of it; to be called when it is frozen. No failure of it is
   * one of the run. Rejects with `Stopped`.
   */
  conclude(): Promise<void>;
  /** Asks for nothing more. Resolves when nothing of it is under way. */
  end(): Promise<void>;
}

export function compareLater(side: ContactsSide): Comparing {
  const { store, reading, policy } = side;
  const ac = side.ac.inBackground();
  const from = ac.serverTime ?? 0;
  let found: Promise<Found> | undefined;
  let concluded: Promise<void> | undefined;
  let frozen: Frozen | undefined;
  const { promise: counts, resolve: counted } = Promise.withResolvers<void>();
  let everybody = 0;
  let over = false;
  const progress: Progress = () => {
    side.progress('activecampaign', reading.contacts, undefined);
    if (over) throw new Stopped();
  };
  const some = () => ({ ...someOf(side, 'compared', from), ac, everybody, frozen, progress, counted });
  const compared = async (): Promise<Comparison> => {
    const by = await found;
    if (!by) throw new Error('a comparison that is concluded was begun');
    await readWanted(some());
    const calls = { some: ac.calls, everybody: Math.ceil(knownContacts(store) / PAGE) };
    await compareReadings(ac, store, reading, policy);
    keepCounts(store, side.active, by.out);
    keepMatched(store, by.matched, ac);
    const on = ac.serverTime === undefined ? null : new Date(ac.serverTime).toISOString();
    return { state: 'agreed', on, why: null, calls };
  };
  return {
    begin(count) {
      if (found) return;
      everybody = count;
      found = readOutAndNew(some());
      // Whoever concludes meets what it fails with.
      found.catch(() => undefined).then(() => counted());
    },
    counted: () => counts,
    freeze() {
      frozen = freezeRemembered(store);
    },
    conclude() {
      const kept = compared()
        .catch((error: unknown): Comparison => {
          if (error instanceof NotSo) return outcome(side, error);
          if (!(error instanceof ServiceFailure)) throw error;
          return { state: 'never', on: null, why: error.message, calls: null };
        })
        .then((comparison) => keepComparison(store, comparison));
      concluded = kept;
      return kept;
    },
    async end() {
      over = true;
      await Promise.allSettled([found, concluded]);
    },
  };
}
