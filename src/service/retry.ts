import { ServiceFailure } from './failure.ts';

/** How often a request is sent at most, the first time included. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** Whoever is asked to wait longer than this is told so, rather than kept waiting. */
const LONGEST_WAIT_SECONDS = 60;

/** What a client is given to wait with. */
export interface Patience {
  /** Resolves after so many milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** A number from 0 up to 1, like Math.random. */
  readonly random: () => number;
}

/**
 * The retry policy: how long to wait, in milliseconds, before the same request is sent again after this failure, or
 * undefined when it must not be.
 *
 * 1. HTTP 429 is a refusal before anything was done, so that even a write may be sent again.
 * 2. After a lost connection, a 5xx or an unreadable reply nobody knows whether a write was done: only reads are sent
 *    again. The writer reads back and decides.
 * 3. ActiveCampaign answers a good key with 403 now and then (facts/activecampaign.md section 1). That, too, is a refusal
 *    before anything was done: the request is sent twice more.
 * 4. What stands before Salesforce answers 420 for a while, without its telling what became of a write: reads are sent again.
 * 5. All else would end the same way: another limit (Salesforce's 403 is for the day), rights, bad data, a missing row.
 */
export function pauseBefore(next: {
  readonly failure: ServiceFailure;
  /** How often the request was sent already. */
  readonly sent: number;
  readonly reads: boolean;
  readonly random: () => number;
}): number | undefined {
  const { kind, status, service, retryAfter = 0 } = next.failure.detail;
  if (next.sent >= TRIES || retryAfter > LONGEST_WAIT_SECONDS) return undefined;
  const grown = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (next.sent - 1));
  const pause = Math.max(retryAfter * 1000, Math.round(grown * (0.5 + next.random() / 2)));
  if (status === 429) return pause;
  if (service === 'activecampaign' && status === 403 && next.sent <= 2) return pause;
  return next.reads && (kind === 'unreachable' || kind === 'malformed' || status === 420) ? pause : undefined;
}

/** Does something, again and again as the policy allows; rejects with the last failure. */
export async function persist<T>(reads: boolean, { sleep, random }: Patience, once: () => Promise<T>): Promise<T> {
  for (let sent = 1; ; sent++) {
    try {
      return await once();
    } catch (error) {
      const pause = error instanceof ServiceFailure ? pauseBefore({ failure: error, sent, reads, random }) : undefined;
      if (pause === undefined) throw error;
      await sleep(pause);
    }
  }
}
