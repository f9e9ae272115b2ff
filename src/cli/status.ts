import { differences } from '../companion/differences.ts';
import { runs } from '../companion/ledger.ts';
import { statusOf } from '../companion/status.ts';
import { runLook } from './look.ts';
import type { Terminal } from './terminal.ts';
import { DIFFERENCES_HELP, differencesText } from './texts/differences.ts';
import { RUNS_HELP, runsText } from './texts/runs.ts';
import { STATUS_HELP, statusText } from './texts/status.ts';

/** `optbridge status`: how things stand. */
export function runStatus(terminal: Terminal): Promise<number> {
  return runLook(terminal, {
    name: 'status',
    help: STATUS_HELP,
    find: (store, config) => ({ ...statusOf(store), nextDue: null, store: config.store }),
    inWords: (found, config) => statusText(found, config.store, Date.now()),
  });
}

/** `optbridge runs`: the last of them. */
export function runRuns(terminal: Terminal): Promise<number> {
  return runLook(terminal, {
    name: 'runs',
    help: RUNS_HELP,
    find: (store) => ({ runs: runs(store, 30) }),
    inWords: (found) => runsText(found.runs),
  });
}

/** `optbridge differences`: who is out on one side only. */
export function runDifferences(terminal: Terminal): Promise<number> {
  return runLook(terminal, {
    name: 'differences',
    help: DIFFERENCES_HELP,
    find: (store) => ({ differences: [...differences(store)] }),
    inWords: (found) => differencesText(found.differences, Date.now()),
  });
}
