import type { ServiceName } from '../../service/failure.ts';
import type { Reason } from '../messages.ts';
import type { Left, Row } from './row.ts';

type Value = Row['value'];

/** What an act is for: always a state that shall be, so that it can be asked for again after any crash. */
export type Wish =
  | { readonly kind: 'opt-out' }
  | { readonly kind: 'unsubscribe'; readonly list: string }
  | { readonly kind: 'opt-in'; readonly reason: Reason; readonly words: string; readonly lists: readonly string[] }
  | { readonly kind: 'undo'; readonly of: string; readonly rows: Readonly<Record<ServiceName, readonly Undone[]>> };

/** A row as the undone act left it; `back` is what it said before where the act changed it, else null. */
export interface Undone extends Left {
  readonly back: Value | null;
}

export const OPT_OUT: Wish = { kind: 'opt-out' };

/** Whether mail may reach the person again by it. */
export function letsIn(wish: Wish): wish is Extract<Wish, { kind: 'undo' | 'opt-in' }> {
  return wish.kind === 'undo' || wish.kind === 'opt-in';
}
