import type { Patience } from '../../src/service/retry.ts';

/** A clock that moves only when somebody sleeps, so that a test waits for nothing. */
export interface Standstill extends Patience {
  readonly now: () => number;
  /** Every pause that was slept, in milliseconds. */
  readonly slept: readonly number[];
}

export function standstill(start = Date.parse('2026-11-21T20:00:00Z')): Standstill {
  const slept: number[] = [];
  let now = start;
  return {
    slept,
    now: () => now,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
    random: () => 0.5,
  };
}
