import type { ServiceName } from '../../service/failure.ts';
import type { Act } from './act.ts';
import type { Row } from './row.ts';
import { isOut } from './todo.ts';
import { letsIn } from './wish.ts';

/** Nobody else has had a say about an act younger than this; and words that come so close to each other came at once. */
const CLOSE = 60_000;

/** Whether an act has waited so long that somebody may have had another say since the click. */
export function isLate({ wantedAt }: Act, now: number): boolean {
  return now - wantedAt > CLOSE;
}

/**
 * Whether these rows of one side say the opposite of what the act wants by a word that came after its click: then the later
 * word counts. Against an opt-out that is a subscription from none, as for a night, and it has to be clearly later: whoever
 * is put on one more list has taken nothing back; against what lets mail through
 * again it is whatever may have been a no, at the same time too. Where nothing tells when a word was said, it is no later one.
 */
export function speaksAgainst({ wish, wantedAt, halves }: Act, service: ServiceName, rows: readonly Row[]): boolean {
  const { step, left = [] } = halves[service];
  if (!letsIn(wish)) {
    const active = rows.filter(({ value, of }) => value === 1 && (wish.kind === 'opt-out' || of === wish.list));
    return active.length > 0 && active.every(({ saidAt = Number.NaN }) => saidAt > wantedAt + CLOSE);
  }
  return rows.some(({ id, value, saidAt = Number.NaN }) => {
    if (!isOut(value)) return false;
    // What the act has let in and is out again was said since, whatever the clocks say.
    return step === 'verified' ? !left.some((row) => row.id === id && isOut(row.value)) : saidAt >= wantedAt;
  });
}
