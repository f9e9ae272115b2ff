import { readFileSync } from 'node:fs';
import { together } from '../companion/config-reader.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES } from '../companion/report.ts';
import { planOf, type SavedPlan } from '../companion/saved-plan.ts';
import { giveUp } from './give-up.ts';
import { mannerAt, night } from './night.ts';
import { configOf, optionsOf } from './options.ts';
import { progressTo } from './progress.ts';
import { givenOut } from './report-json.ts';
import { stopOnSignals } from './stop.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { APPLY_USAGE, CANNOT_READ, NO_PLAN } from './texts/apply.ts';
import { fitted } from './texts/fitted.ts';
import { BUSY } from './texts.ts';

const OPTIONS = {
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** `optbridge apply PLAN`: one run that carries out exactly a plan that was approved. */
export async function runApply(terminal: Terminal): Promise<number> {
  const line = optionsOf('apply', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(APPLY_USAGE));
    return EXIT_CODES.done;
  }
  const { approved, config } = together({
    line: () => line.check(1),
    approved: () => readPlan(line.positionals[0]),
    config: () => configOf('apply', options.config, terminal),
  });
  const progress = progressTo(terminal);
  const say = progress.before((words: string) => terminal.err(`${words}\n`));
  const stop = stopOnSignals(say);
  const given = givenOut({ out: progress.before(terminal.out) }, options.json);
  try {
    const report = await night(
      config,
      { dryRun: false, full: true, acceptChange: approved.acceptChange, caps: {}, approved, ...given.options },
      { watch: progress, stopping: () => stop.signal.aborted, say, manner: mannerAt(terminal) },
    ).finally(progress.end);
    given.end(report);
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return giveUp(terminal, 'busy', BUSY(config.store));
  } finally {
    stop.end();
  }
}

function readPlan(file: string | undefined): SavedPlan {
  if (file === undefined) throw new UsageError(NO_PLAN);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw new UsageError(CANNOT_READ(file, code));
  }
  return planOf(text, file);
}
