import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../companion/config.ts';
import { together } from '../companion/config-reader.ts';
import { lookAtFile } from '../companion/doctor/look-at-store.ts';
import { fileFinding } from '../companion/doctor/store.ts';
import { BusyError } from '../companion/lock.ts';
import { type Nights, nightsOf } from '../companion/nights.ts';
import { EXIT_CODES, type Report } from '../companion/report.ts';
import { keepSchedule } from '../companion/schedule.ts';
import { pastRuns, standingNow } from '../companion/settled-night.ts';
import type { Happening } from '../companion/sync.ts';
import { giveUp, problemIn } from './give-up.ts';
import { night } from './night.ts';
import { configOf, optionsOf } from './options.ts';
import { printSchedule } from './print/print.ts';
import { type Given, givenOut } from './report-json.ts';
import { type Stop, stopOnSignals } from './stop.ts';
import { type Terminal, UsageError } from './terminal.ts';
import { fitted } from './texts/fitted.ts';
import {
  DISABLED,
  endLines,
  eventLine,
  JSON_ALONE,
  logTime,
  notDue,
  SCHEDULE_USAGE,
  STORE_UNUSABLE,
  THROUGH_NPM,
  TOGETHER,
} from './texts/schedule.ts';
import { BUSY, progressLine } from './texts.ts';

const OPTIONS = {
  config: { type: 'string' },
  due: { type: 'boolean', default: false },
  print: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** A night by itself takes nothing for granted: no caps of its own, no change accepted. */
const UNATTENDED = { dryRun: false, full: false, acceptChange: false, caps: {} } as const;

/** `optbridge schedule`: every night by itself, once if due, or what another scheduler needs. */
export async function runSchedule(terminal: Terminal): Promise<number> {
  const line = optionsOf('schedule', terminal, OPTIONS);
  const { values: options } = line;
  if (options.help) {
    terminal.out(fitted(SCHEDULE_USAGE));
    return EXIT_CODES.done;
  }
  const wellSaid = {
    line: () => line.check(0),
    one: () => {
      if (options.due && options.print !== undefined) throw new UsageError(TOGETHER);
    },
    json: () => {
      if (options.json && !options.due) throw new UsageError(JSON_ALONE);
    },
  };
  if (options.print !== undefined) return printSchedule(options.print, options.config, terminal, wellSaid);
  const { config } = together({ ...wellSaid, config: () => configOf('schedule', options.config, terminal) });
  const say = (words: string) => terminal.err(`${logTime(Date.now())} ${words}\n`);
  if (!config.nightly.enabled) return idle(DISABLED, options.json, terminal, say);
  const nights = nightsOf(config.schedule.cron, config.schedule.timeZone);
  const stop = stopOnSignals(say);
  try {
    if (options.due) return await runIfDue(config, nights, { terminal, say, stop, json: options.json });
    if (terminal.env.npm_lifecycle_event) say(THROUGH_NPM(process.pid));
    await keep(config, nights, { terminal, say, stop, json: false });
    return EXIT_CODES.done;
  } finally {
    stop.end();
  }
}

interface Attending {
  readonly terminal: Terminal;
  /** A line of the log. */
  readonly say: (words: string) => void;
  readonly stop: Stop;
  readonly json: boolean;
}

async function keep(config: Config, nights: Nights, { say, stop }: Attending): Promise<void> {
  const { status, words, remedy } = fileFinding(lookAtFile(config.store));
  if (status === 'problem') say(STORE_UNUSABLE(words, remedy));
  await keepSchedule({
    nights,
    now: Date.now,
    wait: (ms) => sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined),
    stopping: () => stop.signal.aborted,
    past: () => pastRuns(config.store, Date.now()),
    run: async () => {
      try {
        await logged(config, say, stop);
      } catch (error) {
        say(error instanceof BusyError ? BUSY(config.store) : problemIn(error).words);
      }
    },
    log: (event) => say(eventLine(event, config.schedule)),
  });
}

async function runIfDue(config: Config, nights: Nights, { terminal, say, stop, json }: Attending): Promise<number> {
  const now = Date.now();
  const standing = standingNow(nights, pastRuns(config.store, now), now);
  if (standing.kind !== 'due') return idle(notDue(standing, nights.timeZone, nights.next(now)), json, terminal, say);
  say(eventLine(standing, config.schedule));
  try {
    const given = json ? givenOut(terminal, true) : null;
    const report = await logged(config, say, stop, given?.options);
    given?.end(report);
    return report.exitCode;
  } catch (error) {
    if (!(error instanceof BusyError)) throw error;
    return giveUp(terminal, 'busy', BUSY(config.store));
  }
}

/** One run with its log. */
async function logged(
  config: Config,
  say: (words: string) => void,
  stop: Stop,
  given: Given['options'] = { named: 0 },
): Promise<Report> {
  const report = await night(
    config,
    { ...UNATTENDED, ...given },
    {
      watch: steps(say),
      stopping: () => stop.signal.aborted,
      say,
    },
  );
  for (const line of endLines(report)) say(line);
  return report;
}

/** A line where a new step begins; a page or a batch is too little for one. */
function steps(say: (words: string) => void): (happening: Happening) => void {
  let last = '';
  return (happening) => {
    const step = happening.kind === 'reading' ? `reading ${happening.side}` : happening.kind;
    if (step !== last) say(progressLine(happening));
    last = step;
  };
}

/** Nothing is run, and that is well. */
function idle(words: string, json: boolean, terminal: Terminal, say: (words: string) => void): number {
  say(words);
  if (json)
    terminal.out(
      `${JSON.stringify({ run: null, outcome: 'done', exitCode: EXIT_CODES.done, words, decisions: [], failures: [] })}\n`,
    );
  return EXIT_CODES.done;
}
