import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Store } from './store.ts';

/**
 * How many matched each question for a list and a status when ActiveCampaign was last read by list. Where its replies are
 * slow the next night asks for so many pages at once; what came of it is checked as ever.
 */
export type Expected = Readonly<Record<string, number>>;

const KEY = 'matched-by-list';

/** A question's name. */
export function nameOf({ list, status }: { readonly list: string; readonly status: number }): string {
  return `${status} ${list}`;
}

/** Nothing where replies were quick the last time: then each page may wait for the one before. */
export function expectedIn(store: Store): Expected {
  return store.meta<Expected>(KEY) ?? {};
}

export function keepMatched(store: Store, matched: Expected, { slow }: Pick<ActiveCampaign, 'slow'>): void {
  if (slow) store.setMeta(KEY, matched);
  else store.run('DELETE FROM meta WHERE key = ?', KEY);
}
