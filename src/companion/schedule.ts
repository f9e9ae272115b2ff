import type { Nights } from './nights.ts';
import { type PastRuns, standingNow } from './settled-night.ts';

/** What a schedule does, for whoever keeps the log. Times are in milliseconds since the epoch. */
export type ScheduleEvent =
  | { readonly kind: 'waiting'; readonly next: number }
  /** The run of a night failed; when it is tried again. */
  | { readonly kind: 'again'; readonly next: number }
  /** A night that the machine slept through, or whose run was cut, stopped or failed. */
  | { readonly kind: 'missed'; readonly at: number }
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'settled'; readonly at: number; readonly run: string }
  /** A time that came while the run before it was still going on. */
  | { readonly kind: 'passed'; readonly at: number }
  | { readonly kind: 'ended' };

/** Everything that keeping a schedule needs from outside. */
export interface Keeping {
  readonly nights: Nights;
  readonly now: () => number;
  /** Waits that long, or less if somebody asks to stop. */
  readonly wait: (ms: number) => Promise<void>;
  readonly stopping: () => boolean;
  readonly past: () => PastRuns;
  /** One run, to its end. Does not reject: what goes wrong is logged there, and the schedule goes on. */
  readonly run: () => Promise<void>;
  readonly log: (event: ScheduleEvent) => void;
}

/** Longer than this is not slept at once: a machine that was suspended, or whose clock was set, is noticed. */
const LONGEST_WAIT = 60_000;

/** A service that was away in the evening is back an hour later more often than not; an opt-out need not wait a day. */
const RETRY = 3_600_000;
/** How often a night is tried in all: whoever is alerted is alerted of each. */
const TRIES = 6;

/** A night whose run failed. */
interface Unfinished {
  readonly at: number;
  readonly tries: number;
  readonly again: number;
}

/**
 * Runs at every scheduled time until somebody asks to stop, one run at a time. A night whose run failed is tried again
 * every hour, a few times. At the start it catches up once with a night that no run has finished; where nothing was ever
 * run there is nothing to catch up with.
 */
export async function keepSchedule(keeping: Keeping): Promise<void> {
  const { nights, now, stopping, log } = keeping;
  const past = keeping.past();
  const standing = standingNow(nights, past, now());
  let dealtWith = now();
  let open: Unfinished | null = null;
  if (past.any && standing.kind === 'due') {
    log({ kind: 'missed', at: standing.at });
    dealtWith = await runOne(keeping, standing.at);
    open = unfinished(keeping, standing.at, 1);
  }
  while (!stopping()) {
    const scheduled = nights.next(dealtWith);
    const retry: Unfinished | null = open && (scheduled === null || open.again < scheduled) ? open : null;
    const next = retry ? retry.again : scheduled;
    if (next === null) break;
    log({ kind: retry ? 'again' : 'waiting', next });
    while (!stopping() && now() < next) await keeping.wait(Math.min(next - now(), LONGEST_WAIT));
    if (stopping()) break;
    const meant = retry ? retry.at : next;
    const at = Math.max(meant, nights.last(now()) ?? meant);
    dealtWith = Math.max(dealtWith, await tick(keeping, at));
    open = unfinished(keeping, at, retry && at === retry.at ? retry.tries + 1 : 1);
  }
  log({ kind: 'ended' });
}

/** What is left of a night after its run; null when it was finished, or tried often enough. */
function unfinished(keeping: Keeping, at: number, tries: number): Unfinished | null {
  const settled = lastSettled(keeping);
  if (tries >= TRIES || (settled && settled.startedAt >= at)) return null;
  return { at, tries, again: keeping.now() + RETRY };
}

/** One scheduled time. Gives the moment up to which every scheduled time is dealt with. */
async function tick(keeping: Keeping, at: number): Promise<number> {
  const settled = lastSettled(keeping);
  if (settled && settled.startedAt >= at) {
    keeping.log({ kind: 'settled', at, run: settled.run });
    return at;
  }
  keeping.log({ kind: 'due', at });
  return runOne(keeping, at);
}

/** A store that cannot be read tonight is a matter for the run that follows, which says so, not the schedule's end. */
function lastSettled(keeping: Keeping): PastRuns['settled'] {
  try {
    return keeping.past().settled;
  } catch {
    return null;
  }
}

async function runOne(keeping: Keeping, at: number): Promise<number> {
  await keeping.run();
  // A clock that was set back must not bring the same time twice.
  const until = Math.max(at, keeping.now());
  const passed = keeping.nights.last(until);
  if (passed !== null && passed > at) keeping.log({ kind: 'passed', at: passed });
  return until;
}
