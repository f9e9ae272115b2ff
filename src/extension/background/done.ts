import type { Done } from '../messages.ts';
import type { Act } from './act.ts';

/** What an act that is over has come to. */
export function doneOf({ wish, wantedAt, ended }: Act): Done {
  return {
    wish: wish.kind,
    at: new Date(wantedAt).toISOString(),
    list: wish.kind === 'unsubscribe' ? wish.list : null,
    ended,
  };
}
