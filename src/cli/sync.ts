import { capOf } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES } from '../companion/report.ts';
import type { Happening } from '../companion/sync.ts';
import { giveUp } from './give-up.ts';
import { night } from './night.ts';
import { configOf, optionsOf, sameConfig } from './options.ts';
import { givenOut } from './report-json.ts';
import { saveTo } from './save-plan.ts';
import { stopOnSignals } from './stop.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { NOT_SAVED, SAVE_NEEDS_DRY_RUN } from './texts/apply.ts';
import { SYNC_HELP } from './texts/sync.ts';
import { BUSY, progressLine } from './texts.ts';

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
  const line = optionsOf('sync', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(SYNC_HELP);
    return EXIT_CODES.done;
  }
  const { optOut, optIn, config } = together({
    line: () => line.check(0),
    optOut: () => capFrom(options, 'cap-opt-out'),
    optIn: () => capFrom(options, 'cap-opt-in'),
    save: () => {
      if (options.save !== undefined && !options['dry-run']) throw new UsageError(SAVE_NEEDS_DRY_RUN);
    },
    config: () => configOf('sync', options.config, terminal),
  });
  const caps = { ...(optOut === undefined ? {} : { optOut }), ...(optIn === undefined ? {} : { optIn }) };
  const progress = progressTo(terminal);
  const say = (words: string) => {
    progress.end();
    terminal.err(`${words}\n`);
  };
  const stop = stopOnSignals(say);
  const given = givenOut(terminal, options.json);
  try {
    const plan = saveTo(options.save, sameConfig(options.config));
    const report = await night(
      config,
      {
        dryRun: options['dry-run'],
        full: options.full,
        acceptChange: options['accept-change'],
        caps,
        ...plan.hook,
        ...given.options,
      },
      { watch: progress, stopping: () => stop.signal.aborted, say },
    ).finally(progress.end);
    given.end(report);
    if (options.save !== undefined) say(plan.saved() ?? NOT_SAVED);
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return giveUp(terminal, 'busy', BUSY(config.store));
  } finally {
    stop.end();
  }
}

function capFrom<K extends string>(
  options: { readonly [key in K]?: string | undefined },
  name: K,
): ReturnType<typeof capOf> | undefined {
  const value = options[name];
  return value === undefined ? undefined : capOf(value, `--${name}`);
}

/** Tells how far a run is. `end` ends a line that is still open: before anything else is said on the same terminal. */
export interface Progress {
  (happening: Happening): void;
  end(): void;
}

/**
 * Progress on a line of its own for each step; on a terminal a step overwrites its own line. Where lines stay, a step
 * says how far it is when it is twice as far as it last said, and at its end: 2,000 pages are a dozen lines.
 */
export function progressTo(terminal: Terminal): Progress {
  let open = '';
  let step = '';
  let told = 0;
  const isWorthALine = (happening: Happening) => {
    if (!('done' in happening)) return true;
    const now = `${happening.kind} ${'side' in happening ? happening.side : ''}`;
    if (now === step && happening.done < told * 2 && happening.done !== happening.of) return false;
    step = now;
    told = happening.done;
    return true;
  };
  const tell = (happening: Happening): void => {
    const line = progressLine(happening);
    if (!terminal.terminal) {
      if (isWorthALine(happening)) terminal.err(`${line}\n`);
      return;
    }
    const same = open === happening.kind;
    // A line that was broken in two could not be written over.
    const width = ('done' in happening && terminal.columns?.()) || line.length + 1;
    const fitting = line.slice(0, width - 1);
    terminal.err(`${open === '' ? '' : same ? '\r\u001b[K' : '\n'}${fitting}`);
    open = happening.kind;
    if (happening.kind === 'planned') {
      terminal.err('\n');
      open = '';
    }
  };
  const end = () => {
    if (open !== '') terminal.err('\n');
    open = '';
  };
  return Object.assign(tell, { end });
}
