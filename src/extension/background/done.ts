import type { Done } from '../messages.ts';
import { type Act, SERVICES } from './act.ts';

/** What an act that is over has come to. */
export function doneOf({ wish, wantedAt, ended, discardedAt, halves }: Act): Done {
  return {
    wish: wish.kind,
    at: new Date(wantedAt).toISOString(),
    list: wish.kind === 'unsubscribe' ? wish.list : null,
    ended,
    ...(discardedAt !== undefined && {
      discarded: {
        at: new Date(discardedAt).toISOString(),
        missing: SERVICES.filter((service) => halves[service].step !== 'verified'),
      },
    }),
  };
}
