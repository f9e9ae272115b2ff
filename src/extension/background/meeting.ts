import { type Act, aimOf, wantedAgain } from './act.ts';
import { letsIn } from './wish.ts';

/** What becomes of an act that is wanted while others for the same person are open: all that has to be kept. */
export interface Meeting {
  /** The act that stands for the click. */
  readonly standing: Act;
  /** Open acts that end by it. */
  readonly ended: readonly Act[];
}

/**
 * The same wish again is one act. A later click wins over an earlier one that wants the opposite; at a tie, or when the
 * clock was put back, the one that wants out wins.
 */
export function meet(open: readonly Act[], wanted: Act): Meeting {
  const same = open.find(({ wish }) => sameWish(wish, wanted.wish));
  // It is meant for where it was clicked last: an org that was made anew under its old address is another one.
  if (same) return { standing: { ...wantedAgain(same, wanted.wantedAt), ...aimOf(wanted) }, ended: [] };
  const against = open.filter(({ wish }) => letsIn(wish) || letsIn(wanted.wish));
  if (letsIn(wanted.wish) && against.some(({ wantedAt }) => wantedAt >= wanted.wantedAt))
    return { standing: { ...wanted, ended: 'overtaken' }, ended: [] };
  return {
    standing: { ...wanted, overtook: against.flatMap(({ id, overtook }) => [id, ...overtook]) },
    ended: against.map((act) => ({ ...act, ended: 'overtaken' as const })),
  };
}

/** Whether both want the same. */
export function sameWish(a: Act['wish'], b: Act['wish']): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
