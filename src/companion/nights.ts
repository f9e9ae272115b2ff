import { Cron } from 'croner';
import { cronFields } from './cron-fields.ts';

/** The scheduled times, in milliseconds since the epoch. Pure: no clock is read and nothing is started. */
export interface Nights {
  readonly cron: string;
  readonly timeZone: string;
  /** The latest scheduled time at or before `now`. */
  last(now: number): number | null;
  /** The first scheduled time after `now`. */
  next(now: number): number | null;
}

const SECOND = 1000;

/**
 * The times of a cron pattern in a time zone. A time that a clock change leaves out comes at the first moment after the
 * gap; one that comes twice counts the first time only (facts/toolchain.md section 7).
 * @param timeZone an IANA name, such as America/Los_Angeles
 * @throws Error saying what is wrong
 */
export function nightsOf(cron: string, timeZone: string): Nights {
  cronFields(cron);
  const zone = zoneNamed(timeZone);
  const job = new Cron(cron, { timezone: zone, mode: '5-part', paused: true });
  return {
    cron,
    timeZone: zone,
    // croner means "before": the end of the second in hand is after everything that has come.
    last: (now) => job.previousRuns(1, new Date((Math.floor(now / SECOND) + 1) * SECOND))[0]?.getTime() ?? null,
    next: (now) => job.nextRun(new Date(now))?.getTime() ?? null,
  };
}

/** Three letters that mean one thing: those of the tz database that keep the clocks of where they are said. */
const SHORT: readonly string[] = ['UTC', 'UCT', 'GMT', 'CET', 'EET', 'MET', 'WET', 'PRC', 'ROC', 'ROK'];

function zoneNamed(timeZone: string): string {
  const problem = `"${timeZone}" is no time zone that is known here`;
  // To ICU BST is Dhaka, AST is Anchorage, and EST is Panama, which has no summer time; schedulers do not know them at all.
  if (/^[a-z]{3}$/i.test(timeZone) && !SHORT.includes(timeZone.toUpperCase()))
    throw new Error(`"${timeZone}" is short for several time zones, or for one without its summer time`);
  if (!/^[A-Za-z]/.test(timeZone)) throw new Error(problem);
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
    // The usual spelling, but not another name for the same zone (Asia/Calcutta for Asia/Kolkata).
    return known.toLowerCase() === timeZone.toLowerCase() ? known : timeZone;
  } catch {
    throw new Error(problem);
  }
}
