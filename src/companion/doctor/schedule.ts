import type { Finding } from './finding.ts';

/** Instants are milliseconds since the epoch. */
export interface ScheduleFacts {
  readonly enabled: boolean;
  readonly cron: string;
  readonly timeZone: string;
  /** The first scheduled time from now on; null where there is none. */
  readonly next: number | null;
  /** The latest scheduled time that is longer than `LATE` ago; null where there is none. */
  readonly last: number | null;
  /** When the last run began; undefined when nothing ever ran, or nobody knows. */
  readonly lastRunAt: number | undefined;
}

/** Schedulers may wake us late, and a run takes its time to begin. */
export const LATE = 3_600_000;

/**
 * When the next night is, and whether the last one was kept. Nothing here can see whether a process, a timer or a
 * workflow will start it: that a run began after the scheduled time is the only sign.
 */
export function scheduleFindings(facts: ScheduleFacts): Finding[] {
  const { enabled, cron, timeZone, next, last, lastRunAt } = facts;
  const place = { group: 'schedule', check: 'every night' } as const;
  const remedy = 'See that optbridge schedule runs, or what optbridge schedule --print gave.';
  if (!enabled)
    return [
      {
        ...place,
        status: 'warning',
        words: 'nightly.enabled is false: nothing runs by itself.',
        remedy: 'Set it to true when nights shall run.',
      },
    ];
  const when = `${cron} in ${timeZone}`;
  if (next === null)
    return [{ ...place, status: 'warning', words: `${when} never comes.`, remedy: 'Correct schedule.cron.' }];
  const words = `${when}; next on ${momentIn(timeZone, next)}.`;
  if (last !== null && lastRunAt !== undefined && lastRunAt < last)
    return [{ ...place, status: 'warning', words: `${words} No run began after ${momentIn(timeZone, last)}.`, remedy }];
  const unsure = lastRunAt === undefined ? ' Nothing has run so far.' : '';
  return [{ ...place, status: 'ok', words: `${words}${unsure}`, remedy: null }];
}

function momentIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(at);
}
