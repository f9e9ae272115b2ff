import { capOf } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { giveUp } from './give-up.ts';
import { mannerAt, night } from './night.ts';
import { configOf, optionsOf, sameConfig } from './options.ts';
import { progressTo } from './progress.ts';
import { givenOut } from './report-json.ts';
import { saveTo } from './save-plan.ts';
import { stopOnSignals } from './stop.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { NOT_SAVED, SAVE_NEEDS_DRY_RUN } from './texts/apply.ts';
import { fitted } from './texts/fitted.ts';
import { SYNC_HELP } from './texts/sync.ts';
import { BUSY } from './texts.ts';

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
    terminal.out(fitted(SYNC_HELP));
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
  const say = progress.before((words: string) => terminal.err(`${words}\n`));
  const stop = stopOnSignals(say);
  const given = givenOut({ out: progress.before(terminal.out) }, options.json);
  try {
    const plan = saveTo(options.save, sameConfig(options.config, terminal), terminal);
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
      { watch: progress, stopping: () => stop.signal.aborted, say, manner: mannerAt(terminal) },
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
