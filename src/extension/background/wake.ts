import type { Book } from './book.ts';
import type { Drain } from './drain.ts';

/** The name of the one alarm. */
export const ALARM = 'outbox';
/** The shortest alarm that Chrome keeps to; a worker also dies after this long without an event. */
const SHORTEST_ALARM = 30_000;

export interface WakePorts extends Pick<Book, 'nextDue'>, Pick<Drain, 'drain'> {
  /** `alarms.create` at this time, in milliseconds, in place of the one before. */
  setAlarm(at: number): Promise<unknown>;
  clearAlarm(): Promise<unknown>;
  now(): number;
  later(ms: number, work: () => void): void;
}

/**
 * Works the outbox off, and sees to it that somebody wakes up for what is left: an alarm in any case, which outlives
 * the worker, and a timer for waits that are too short for an alarm. Does not reject: where the store fails, it is looked
 * at again at the next alarm.
 */
export function createWaker({ nextDue, drain, setAlarm, clearAlarm, now, later }: WakePorts): () => Promise<void> {
  let running = 0;

  async function work(): Promise<void> {
    if ((await nextDue()) === undefined) return;
    running++;
    try {
      // On its way before the first step is.
      await Promise.all([setAlarm(now() + SHORTEST_ALARM), drain()]);
    } finally {
      running--;
      const due = await nextDue();
      // A click that came meanwhile set the alarm for itself.
      if (running === 0) {
        if (due === undefined) await clearAlarm();
        else await setAlarm(Math.max(due, now() + SHORTEST_ALARM));
      }
      const wait = due === undefined ? SHORTEST_ALARM : Math.max(0, due - now());
      if (wait < SHORTEST_ALARM) later(wait, () => void safely());
    }
  }

  async function safely(): Promise<void> {
    try {
      await work();
    } catch {
      await Promise.allSettled([setAlarm(now() + SHORTEST_ALARM)]);
    }
  }

  return safely;
}
