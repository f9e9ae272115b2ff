import type { Policy } from '../consent/facts.ts';
import type { Config } from './config.ts';
import { rememberDifferences } from './differences.ts';
import { forgetOld } from './forget.ts';
import { keepDecisions } from './ledger.ts';
import type { Reading } from './reading.ts';
import type { Report } from './report.ts';
import { writePage } from './report-page/file.ts';
import type { Store } from './store.ts';

/**
 * Keeps what a run found, once it has decided about everybody, however it ended after that: its decisions, and who
 * differs now. A run that is killed in between leaves that to the next one.
 * @param at this machine's clock, for where no service's clock was seen
 */
export function keepFindings(store: Store, run: string, reading: Reading, policy: Policy, at: number): void {
  store.transaction(() => keepDecisions(store, run));
  rememberDifferences(store, reading, policy, { id: run, whole: true, at });
}

/**
 * What comes after the report of a run is durable: old things are forgotten as the settings say, and its page is
 * written. That a page cannot be written is no reason for a run to fail: it is said.
 * @param serviceTime the clock of a service (ms), undefined where none said the time. What is forgotten does not come
 *   back, so that nothing is old because this machine's clock is ahead; without another clock the next run does it.
 */
export function closeRun(store: Store, config: Config, report: Report, serviceTime: number | undefined): Report {
  forgetOld(store, report.run, config, Math.min(Date.parse(report.finishedAt), serviceTime ?? 0));
  try {
    return { ...report, page: writePage(store, report.run, config) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const warning = `The report could not be written to ${config.report.dir} (${code}).`;
    return { ...report, warnings: [...report.warnings, warning] };
  }
}
