import type { Problem } from '../messages.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** No retry waits longer; a `nextTry` further off means that the clock was put back. */
export const LONGEST_WAIT = 360 * MINUTE;

/**
 * How long to wait after failed try number `attempt` (from 1), in milliseconds. What time alone mends is tried soon and
 * often; what somebody must mend first (a validation rule, a missing right, a login) is tried again slowly.
 * @param chance a number from 0 to 1 that spreads the tries of many browsers after one outage.
 */
export function waitAfter(
  kind: Problem['kind'],
  attempt: number,
  retryAfter: number | undefined,
  chance: number,
): number {
  const [first, longest] = passes(kind) ? [2 * SECOND, 10 * MINUTE] : [30 * MINUTE, LONGEST_WAIT];
  const doubled = Math.min(first * 2 ** Math.min(attempt - 1, 20), longest);
  const spread = doubled * (0.75 + chance / 4);
  return Math.min(LONGEST_WAIT, Math.max(spread, (retryAfter ?? 0) * SECOND));
}

/** Whether time alone mends it. */
export function passes(kind: Problem['kind']): boolean {
  return kind === 'unreachable' || kind === 'rate-limited' || kind === 'malformed';
}

/** Whether this only goes on when somebody signs in or changes settings, so that no time of the next try is shown. */
export function waitsForSomebody(kind: Problem['kind']): boolean {
  return /^(unauthorised|not-configured|withdrawn|other-org|other-account)$/.test(kind);
}
