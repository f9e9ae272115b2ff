import type { Policy } from '../../consent/facts.ts';
import type { Totals, Verdict } from '../../consent/plan.ts';
import { noTotals } from '../../consent/plan.ts';
import type { HowRead } from '../how-read.ts';
import type { Reading } from '../reading.ts';
import type { Report } from '../report.ts';
import type { Store } from '../store.ts';
import type { Surroundings, SyncOptions } from '../surroundings.ts';
import { nothingWritten, type Written } from '../written.ts';

/** One run on its way from phase to phase. */
export interface Run {
  readonly id: string;
  readonly surroundings: Surroundings;
  readonly options: SyncOptions;
  readonly store: Store;
  readonly state: Progressing;
}

/** What one run gathers on its way; the report is made from it however the run ends. */
export interface Progressing {
  totals: Totals;
  verdict: Verdict | null;
  refusal: Report['refusal'];
  error: string | null;
  stopped: boolean;
  warnings: string[];
  reading: Reading | null;
  /** Which reading of Salesforce it was; null when it did not come to its end. */
  read: HowRead | null;
  written: Written;
  /** What must be ended before the run is over, however it ends. */
  ends: (() => Promise<void>)[];
  /** What the plan was made by; null when the run did not get that far. */
  policy: Policy | null;
}

/** What a run has gathered that begins. */
export function nothingYet(warnings: string[]): Progressing {
  return {
    totals: noTotals(),
    verdict: null,
    refusal: null,
    error: null,
    stopped: false,
    warnings,
    written: nothingWritten(),
    reading: null,
    read: null,
    policy: null,
    ends: [],
  };
}
