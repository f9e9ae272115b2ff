import { EXIT_CODES } from '../companion/report.ts';
import { runApply } from './apply.ts';
import { runAudit } from './audit.ts';
import { runCoverage } from './coverage.ts';
import { runDoctor } from './doctor.ts';
import { giveUp, problemIn } from './give-up.ts';
import { runInit } from './init.ts';
import { runResolve } from './resolve.ts';
import { runSchedule } from './schedule.ts';
import { runShow } from './show.ts';
import { runDifferences, runRuns, runStatus } from './status.ts';
import { runStore } from './store.ts';
import { runSync } from './sync.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { UNKNOWN_COMMAND, USAGE } from './texts.ts';

/** The commands by name. Each gets its own arguments and gives an exit code. */
const COMMANDS: Readonly<Record<string, (terminal: Terminal) => Promise<number>>> = {
  sync: runSync,
  apply: runApply,
  schedule: runSchedule,
  status: runStatus,
  runs: runRuns,
  differences: runDifferences,
  show: runShow,
  coverage: runCoverage,
  resolve: runResolve,
  audit: runAudit,
  store: runStore,
  doctor: runDoctor,
  init: runInit,
};

/** Runs one command and gives its exit code. */
export async function main(terminal: Terminal): Promise<number> {
  const [command, ...rest] = terminal.arguments;
  try {
    if (command === undefined || command === 'help' || command === '--help' || command === '-h') {
      terminal.out(USAGE);
      return command === undefined ? EXIT_CODES.usage : EXIT_CODES.done;
    }
    const run = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
    if (!run) throw new UsageError(UNKNOWN_COMMAND(command));
    return await run({ ...terminal, arguments: rest });
  } catch (error) {
    const { outcome, words } = problemIn(error);
    return giveUp(terminal, outcome, words);
  }
}
