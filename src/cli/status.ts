import type { Config } from '../companion/config.ts';
import { differenceSummary, differences, hasLooked } from '../companion/differences.ts';
import { datedBy, runsInOrder } from '../companion/ledger.ts';
import { nightsOf } from '../companion/nights.ts';
import { statusOf } from '../companion/status.ts';
import { runLook } from './look.ts';
import type { Terminal } from './terminal.ts';
import { DIFFERENCES_HELP, differencesText } from './texts/differences.ts';
import { RUNS_HELP, runsText } from './texts/runs.ts';
import { STATUS_HELP, statusText } from './texts/status.ts';

/** When the schedule of the configuration comes next; null when it is switched off. ISO. */
function nextDue({ nightly, schedule }: Config, now: number): string | null {
  const next = nightly.enabled ? nightsOf(schedule.cron, schedule.timeZone).next(now) : null;
  return next === null ? null : new Date(next).toISOString();
}

/** `optbridge status`: how things stand. */
export function runStatus(terminal: Terminal): Promise<number> {
  return runLook(terminal, {
    name: 'status',
    help: STATUS_HELP,
    find: (store, config) => ({
      ...statusOf(store, Date.now()),
      nextDue: nextDue(config, Date.now()),
      store: config.store,
    }),
    inWords: (found, config) => statusText(found, config.store, Date.now()),
  });
}

/** `optbridge runs`: the last of them. */
export function runRuns(terminal: Terminal): Promise<number> {
  return runLook(terminal, {
    name: 'runs',
    help: RUNS_HELP,
    find: (store) => ({ runs: runsInOrder(store, 30, Date.now()) }),
    inWords: (found) => runsText(found.runs, datedBy(Date.now())),
  });
}

/** `optbridge differences`: who is out on one side only. */
export function runDifferences(terminal: Terminal): Promise<number> {
  return runLook(terminal, {
    name: 'differences',
    help: DIFFERENCES_HELP,
    find: (store) => ({ ...differenceSummary(store), looked: hasLooked(store), differences: [...differences(store)] }),
    inWords: (found) => differencesText(found, Date.now()),
  });
}
