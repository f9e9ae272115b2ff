import { type DifferenceSummary, differenceSummary, hasLooked } from './differences.ts';
import { datedBy, runs, type StartedRun, type Summary } from './ledger.ts';
import type { Store } from './store.ts';

/** How things stand, from the store alone. */
export interface Status {
  /** The last run that was started; null when there was none. Without a summary it goes on still, or was cut off. */
  readonly lastRun: StartedRun | null;
  /** The last run that finished with everybody. */
  readonly lastDone: Summary | null;
  /** Whether any run has come so far as to know who is out, and who differs. */
  readonly looked: boolean;
  readonly people: {
    /** Remembered as out on both sides. */
    readonly out: number;
    /** Of those, because mail bounced. */
    readonly bounced: number;
    /** Cleared in Salesforce by hand, and left alone. */
    readonly quiet: number;
  };
  /** People whose writes were begun and not confirmed. */
  readonly openIntentions: number;
  readonly differences: DifferenceSummary;
}

/** How many runs are looked through for the last good one: two years of nights. */
const LOOKED_THROUGH = 730;

/** @param now this machine's clock: a run of a later time was dated by a clock that was ahead, and is passed over */
export function statusOf(store: Store, now: number): Status {
  const last = runs(store, LOOKED_THROUGH, datedBy(now));
  const count = (sql: string) => Number(store.get(sql)?.n ?? 0);
  return {
    lastRun: last[0] ?? null,
    lastDone: last.find(({ summary }) => summary?.outcome === 'done')?.summary ?? null,
    looked: hasLooked(store),
    people: {
      out: count("SELECT count(*) AS n FROM agreements WHERE kind = 'out'"),
      bounced: count("SELECT count(*) AS n FROM agreements WHERE kind = 'out' AND cause = 'bounce'"),
      quiet: count("SELECT count(*) AS n FROM agreements WHERE kind = 'quiet'"),
    },
    openIntentions: count('SELECT count(*) AS n FROM intentions'),
    differences: differenceSummary(store),
  };
}
