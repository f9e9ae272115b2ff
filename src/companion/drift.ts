import type { Store } from './store.ts';

/**
 * An alarm for reading by list: an account counts for each list how many are active (`/lists`, facts/activecampaign.md
 * section 3). Whoever is not active any more must be out there now. Where many are not, they were deleted, or the reading
 * does not show them: then everybody is read.
 */

/** What was counted on one list in scope: active as the account says, and out as the reading by list found. */
interface Counts {
  readonly active: number;
  readonly out: number;
}

const KEY = 'list-counts';
/** As many may be deleted or taken off a list in a day, or this share of it. */
export const FEW = 20;
const SHARE = 0.01;

/** Why everybody is to be read, in words; null when there is no reason. */
export function driftOf(
  store: Store,
  active: ReadonlyMap<string, number>,
  out: ReadonlyMap<string, number>,
): string | null {
  for (const [list, before] of Object.entries(store.meta<Record<string, Counts>>(KEY) ?? {})) {
    const now = active.get(list);
    if (now === undefined) continue;
    const lost = before.active - now - ((out.get(list) ?? 0) - before.out);
    if (lost > Math.max(FEW, before.active * SHARE))
      return `${lost} people are not active on list ${list} any more, and not out there either`;
  }
  return null;
}

/** Keeps what was counted; without a reading by list there is nothing to go by the next time. */
export function keepCounts(
  store: Store,
  active: ReadonlyMap<string, number>,
  out: ReadonlyMap<string, number> | undefined,
): void {
  if (!out) {
    store.run('DELETE FROM meta WHERE key = ?', KEY);
    return;
  }
  const counts = [...active].map(([list, count]): [string, Counts] => [
    list,
    { active: count, out: out.get(list) ?? 0 },
  ]);
  store.setMeta(KEY, Object.fromEntries(counts));
}
