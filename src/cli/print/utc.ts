import type { Nights } from '../../companion/nights.ts';

const YEAR = 366 * 86_400_000;
/** Enough to have met every time of the day, and both clock changes. */
const ENOUGH = 40_000;

/** A scheduled time as hour and minute of the UTC day. */
interface UtcTime {
  readonly hour: number;
  readonly minute: number;
}

/**
 * The times of the UTC day at which a night can come, in order. Where clocks change there are more of them than the
 * pattern has.
 */
export function utcTimes(nights: Nights, now: number): UtcTime[] {
  const minutes = new Set<number>();
  let time = nights.next(now);
  for (let count = 0; time !== null && time < now + YEAR && count < ENOUGH; count++) {
    minutes.add(Math.floor(time / 60_000) % 1440);
    time = nights.next(time);
  }
  return [...minutes].sort((a, b) => a - b).map((minute) => ({ hour: Math.floor(minute / 60), minute: minute % 60 }));
}

/**
 * Crontab fields in UTC that meet every night, and other times as well: day fields are left open, because a night in
 * one zone is another day in UTC. For `--due`, which lets pass what is none.
 */
export function utcCrons(nights: Nights, now: number): string[] {
  const byMinute = Map.groupBy(utcTimes(nights, now), ({ minute }) => minute);
  const byHours = Map.groupBy(byMinute, ([, times]) => times.map(({ hour }) => hour).join(','));
  return [...byHours].map(
    ([hours, minutes]) => `${minutes.map(([minute]) => minute).join(',')} ${hours === ALL_HOURS ? '*' : hours} * * *`,
  );
}

const ALL_HOURS = Array.from({ length: 24 }, (_, hour) => hour).join(',');

/** A rhythm that meets every night: from `minute` past any UTC hour, every so many minutes (a part of an hour). */
export function rhythm(nights: Nights, now: number): { readonly minute: number; readonly every: number } {
  const minutes = [...new Set(utcTimes(nights, now).map(({ minute }) => minute))].sort((a, b) => a - b);
  const first = minutes[0] ?? 0;
  return { minute: first, every: minutes.reduce((every, minute) => divisor(every, minute - first), 60) };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
