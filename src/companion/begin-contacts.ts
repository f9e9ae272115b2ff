import type { AcContactPage, ActiveCampaign } from '../activecampaign/activecampaign.ts';
import { type Begun, begun } from './begun.ts';
import type { Checked } from './check.ts';
import { comparisonOf } from './compare-readings.ts';
import type { Config } from './config.ts';
import { whyFull } from './continuity.ts';
import type { Identity } from './identity.ts';
import { keyMark, ownerOf } from './key-owner.ts';
import { expectedIn } from './matched.ts';
import { knownPageEnds } from './page-ends.ts';
import { ABREAST } from './progress.ts';
import { type Asked, askSome, type Some } from './read-some.ts';
import type { Store } from './store.ts';

/**
 * The reading of ActiveCampaign as this run will most likely want it, begun while the checks are still on their way: its
 * first requests need not wait for what Salesforce says. Nothing that comes is looked at before the checks are through; a
 * run that is refused has asked in vain, and has changed nothing.
 */
export type EarlyContacts =
  | { readonly kind: 'everybody'; readonly pages: Begun<AcContactPage> }
  | { readonly kind: 'by-list'; readonly some: Some; readonly pages: Begun<Asked> };

/** Everybody, page by page. */
export function everybodyIn(ac: ActiveCampaign, store: Store, unheard = false): AsyncIterable<AcContactPage> {
  return ac.contacts({ abreast: ABREAST, known: knownPageEnds(store), unheard });
}

/** By what it is guessed which reading it will be. */
interface Guess {
  /** Everybody is asked for. */
  readonly full: boolean;
  /** What is accepted may be another world. */
  readonly acceptChange: boolean;
  readonly share: number;
  /** By this machine's clock (ms). */
  readonly now: number;
}

/**
 * Call it right before the checks are begun.
 * @param ends gets what ends it, to be called before the run is over
 * @returns undefined where it is better to wait for the checks
 */
export async function beginContacts(
  ac: ActiveCampaign,
  store: Store,
  config: Config,
  guess: Guess,
  ends: (() => Promise<void>)[],
): Promise<EarlyContacts | undefined> {
  // Nothing is looked at before the lists are known; where no ids are, these take longer.
  if (store.meta<Identity>('identity')) await Promise.resolve();
  const early = guessed(ac, store, config, guess);
  if (early) ends.push(early.pages.end);
  return early;
}

function guessed(
  ac: ActiveCampaign,
  store: Store,
  config: Config,
  { full, acceptChange, share, now }: Guess,
): EarlyContacts | undefined {
  if (acceptChange) return undefined;
  const identity = store.meta<Identity>('identity');
  if (!identity) return { kind: 'everybody', pages: begun(everybodyIn(ac, store, true)) };
  // A key that is new here may be one that is refused, or another account's.
  if (ownerOf(store, keyMark(store, config.activecampaign)) === undefined) return undefined;
  const since = store.meta<number>('activecampaign-read-at');
  const less = !full && whyFull(store, [], now, config.schedule.fullEveryDays) === null;
  if (!less || since === undefined || comparisonOf(store).state !== 'agreed')
    return { kind: 'everybody', pages: begun(everybodyIn(ac, store)) };
  const shown = Object.keys(identity.lists);
  const { lists } = config.activecampaign;
  const some = { lists: new Set(shown), scope: new Set(lists === 'all' ? shown : lists), since };
  const pages = askSome({ ac, store, share, expected: expectedIn(store), ...some });
  return pages && { kind: 'by-list', some, pages: begun(pages) };
}

/** What was begun before the checks, if it asks for what they found. */
export function fitting(begun: EarlyContacts | undefined, { identity, scope }: Checked): EarlyContacts | undefined {
  if (begun?.kind !== 'by-list') return begun;
  const same = (some: ReadonlySet<string>, others: readonly string[]) =>
    some.size === others.length && others.every((each) => some.has(each));
  return same(begun.some.lists, Object.keys(identity.lists)) && same(begun.some.scope, [...scope]) ? begun : undefined;
}
