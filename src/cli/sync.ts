import { capOf } from '../companion/config.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES } from '../companion/report.ts';
import type { Happening } from '../companion/sync.ts';
import { giveUp } from './give-up.ts';
import { night } from './night.ts';
import { configOf, optionsOf } from './options.ts';
import { saveTo } from './save-plan.ts';
import { stopOnSignals } from './stop.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { NOT_SAVED, SAVE_NEEDS_DRY_RUN } from './texts/apply.ts';
import { BUSY, progressLine, summary, TOO_MANY, USAGE } from './texts.ts';

const OPTIONS = {
  config: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  save: { type: 'string' },
  full: { type: 'boolean', default: false },
  'accept-change': { type: 'boolean', default: false },
  'cap-opt-out': { type: 'string' },
  'cap-opt-in': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** `optbridge sync`: one run. */
export async function runSync(terminal: Terminal): Promise<number> {
  const { values: options, positionals } = optionsOf('sync', terminal, OPTIONS);
  if (options.help) {
    terminal.out(USAGE);
    return EXIT_CODES.done;
  }
  if (positionals[0] !== undefined) throw new UsageError(TOO_MANY('sync', positionals[0]));
  const caps = {
    ...(options['cap-opt-out'] === undefined ? {} : { optOut: capOf(options['cap-opt-out'], '--cap-opt-out') }),
    ...(options['cap-opt-in'] === undefined ? {} : { optIn: capOf(options['cap-opt-in'], '--cap-opt-in') }),
  };
  if (options.save !== undefined && !options['dry-run']) throw new UsageError(SAVE_NEEDS_DRY_RUN);
  const config = configOf('sync', options.config, terminal);
  const say = (words: string) => terminal.err(`${words}\n`);
  const stop = stopOnSignals(say);
  try {
    const plan = saveTo(options.save);
    const report = await night(
      config,
      { dryRun: options['dry-run'], full: options.full, acceptChange: options['accept-change'], caps, ...plan.hook },
      { watch: progressTo(terminal), stopping: () => stop.signal.aborted, say },
    );
    terminal.out(options.json ? `${JSON.stringify(report)}\n` : summary(report));
    if (options.save !== undefined) say(plan.saved() ?? NOT_SAVED);
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return giveUp(terminal, 'busy', BUSY(config.store));
  } finally {
    stop.end();
  }
}

/** Progress on a line of its own for each step; on a terminal a step overwrites its own line. */
export function progressTo(terminal: Terminal): (happening: Happening) => void {
  let open = '';
  return (happening) => {
    const line = progressLine(happening);
    if (!terminal.terminal) {
      terminal.err(`${line}\n`);
      return;
    }
    const same = open === happening.kind;
    terminal.err(`${open === '' ? '' : same ? '\r\u001b[K' : '\n'}${line}`);
    open = happening.kind;
    if (happening.kind === 'planned') {
      terminal.err('\n');
      open = '';
    }
  };
}
