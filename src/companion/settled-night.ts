import { existsSync } from 'node:fs';
import { datedBy } from './ledger.ts';
import type { Nights } from './nights.ts';
import { Store } from './store.ts';

/** What the store knows of the runs so far, as far as a schedule needs it. */
export interface PastRuns {
  /** A run was started at some time. */
  readonly any: boolean;
  /**
   * The last run that was finished with its night: done, done but for some people, or refused, which asking again would
   * not change. A run that failed, was stopped or was killed is not, nor one that was to carry out an approved plan
   * and left somebody for the next run.
   */
  readonly settled: { readonly run: string; readonly startedAt: number } | null;
}

/**
 * @param now this machine's clock. A run that began later was dated by a clock that was ahead and has been set right: it
 *   would stand for every night until then.
 * @throws StoreError when there is a store and it cannot be used; none is made where there is none
 */
export function pastRuns(storePath: string, now: number): PastRuns {
  if (!existsSync(storePath)) return { any: false, settled: null };
  const store = new Store(storePath);
  try {
    const row = store.get(
      `SELECT id, started_at FROM runs WHERE outcome IN ('done', 'partly', 'refused') AND started_at <= ?
         AND (summary ->> '$.plan' IS NULL OR outcome <> 'refused'
           AND summary ->> '$.counts.changed' <= (summary ->> '$.counts.done') + (summary ->> '$.counts.failed'))
       ORDER BY started_at DESC LIMIT 1`,
      datedBy(now),
    );
    return {
      any: store.get('SELECT 1 FROM runs LIMIT 1') !== undefined,
      settled: row ? { run: String(row.id), startedAt: Date.parse(String(row.started_at)) } : null,
    };
  } finally {
    store.close();
  }
}

/** How a scheduled time stands. `at` is the time in question, in milliseconds since the epoch. */
export type Standing =
  | { readonly kind: 'due'; readonly at: number }
  | { readonly kind: 'settled'; readonly at: number; readonly run: string }
  /** Nothing was ever run, and no scheduled time has come since the beginning that is known of. */
  | { readonly kind: 'not-yet' };

/** Where nothing was ever run, a scheduled time counts for this long: schedulers may wake us late. */
const FIRST_TIME = 12 * 3_600_000;

/** Whether a run is due now, because no run has been finished since the last scheduled time. */
export function standingNow(nights: Nights, past: PastRuns, now: number): Standing {
  const at = nights.last(now);
  if (at === null) return { kind: 'not-yet' };
  if (past.settled && past.settled.startedAt >= at) return { kind: 'settled', at, run: past.settled.run };
  if (!past.any && now - at >= FIRST_TIME) return { kind: 'not-yet' };
  return { kind: 'due', at };
}
