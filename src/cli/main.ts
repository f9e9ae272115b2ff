import pack from '../../package.json' with { type: 'json' };
import { nearest } from '../companion/nearest.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { runAlert } from './alert.ts';
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
import { fitted } from './texts/fitted.ts';
import { USAGE } from './texts/help.ts';
import { OPTION_FIRST, UNKNOWN_COMMAND } from './texts.ts';

/** The commands by name. Each gets its own arguments and gives an exit code. */
export const COMMANDS: Readonly<Record<string, (terminal: Terminal) => Promise<number>>> = {
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
  alert: runAlert,
  init: runInit,
};

/** Runs one command and gives its exit code. */
export async function main(terminal: Terminal): Promise<number> {
  const [command, ...rest] = terminal.arguments;
  try {
    if (command !== undefined && ['--version', '-V', '-v', 'version'].includes(command)) {
      terminal.out(`optbridge ${pack.version}, Node ${process.versions.node}\n`);
      return EXIT_CODES.done;
    }
    if (command === undefined || command === '--help' || command === '-h' || (command === 'help' && !rest[0])) {
      terminal.out(fitted(USAGE));
      return command === undefined ? EXIT_CODES.usage : EXIT_CODES.done;
    }
    const [name = '', words] = command === 'help' ? [rest[0], ['--help']] : [command, rest];
    const run = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!run && /^--?\w/.test(name)) throw new UsageError(OPTION_FIRST(name));
    if (!run) throw new UsageError(UNKNOWN_COMMAND(name, nearest(name, Object.keys(COMMANDS))));
    return await run({ ...terminal, arguments: words });
  } catch (error) {
    const { outcome, words } = problemIn(error);
    return giveUp(terminal, outcome, words);
  }
}
