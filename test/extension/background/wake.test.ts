import { describe, expect, test } from 'vitest';
import { LONGEST_WAIT, waitAfter } from '../../../src/extension/background/retry.ts';
import { createWaker } from '../../../src/extension/background/wake.ts';
import { createScene, type Fate, PERSON } from './outbox.world.ts';

/** A worker with an alarm clock, on services of which every write ends as the test says. */
function woken(fate: (operation: string) => Fate, failing?: 'nextDue' | 'drain') {
  const scene = createScene({ salesforce: new Map([['003', false]]), activecampaign: new Map() }, fate);
  const { outbox } = scene.wake();
  const log: string[] = [];
  let alarm: number | undefined;
  const timers: number[] = [];
  const work = createWaker({
    ...outbox,
    ...(failing && { [failing]: async () => Promise.reject(new Error('the database is closing')) }),
    setAlarm: async (at) => {
      alarm = at;
      log.push('alarm');
    },
    clearAlarm: async () => {
      alarm = undefined;
      log.push('clear');
    },
    now: () => scene.clock,
    later: (ms) => void timers.push(ms),
  });
  return { scene, outbox, work, log, timers, alarm: () => alarm };
}

describe('working the outbox off', () => {
  test('sets an alarm before the first step, so that a death on the way is noticed, and clears it when all is done', async () => {
    const { outbox, work, log, scene, alarm } = woken(() => {
      log.push('step');
      return 'done';
    });
    await outbox.want(PERSON);
    log.length = 0;
    await work();
    expect(log.slice(0, 3)).toEqual(['step', 'alarm', 'step']);
    expect(scene.sent).toHaveLength(1);
    expect(log.at(-1)).toBe('clear');
    expect(alarm()).toBeUndefined();
  });

  test('does nothing when nothing waits', async () => {
    const { work, log } = woken(() => 'done');
    await work();
    expect(log).toEqual([]);
  });

  test('leaves an alarm for what failed, and a timer where an alarm would be late', async () => {
    const { outbox, work, alarm, timers, scene } = woken((name) =>
      name === 'salesforce write' ? 'lost-before' : 'done',
    );
    await outbox.want(PERSON);
    await work();
    expect(alarm()).toBe(scene.clock + 30_000);
    expect(timers).toHaveLength(1);
    expect(timers[0]).toBeLessThanOrEqual(2_000);
  });

  test('does not reject where the store fails, and leaves an alarm, so that a click that waits is looked at again', async () => {
    for (const failing of ['nextDue', 'drain'] as const) {
      const { outbox, work, alarm, scene } = woken(() => 'done', failing);
      await outbox.want(PERSON);
      await work();
      expect([scene.sent.length, alarm()]).toEqual([0, scene.clock + 30_000]);
    }
  });

  test('leaves only the alarm for a wait that is long', async () => {
    const { outbox, work, alarm, timers } = woken((name) => (name === 'salesforce write' ? 'refused' : 'done'));
    await outbox.want(PERSON);
    await work();
    expect(alarm()).toBe(await outbox.nextDue());
    expect(timers).toEqual([]);
  });
});

describe('the wait before the next try', () => {
  test('is seconds at first, doubles, and ends at ten minutes when time alone mends it', () => {
    const waits = [1, 2, 3, 20].map((attempt) => waitAfter('unreachable', attempt, undefined, 1));
    expect(waits).toEqual([2_000, 4_000, 8_000, 600_000]);
  });

  test('is half an hour at first and six hours at last when somebody must mend it', () => {
    for (const kind of ['rejected', 'forbidden', 'not-found', 'unauthorised', 'not-configured'] as const)
      expect([1, 20].map((attempt) => waitAfter(kind, attempt, undefined, 1))).toEqual([1_800_000, LONGEST_WAIT]);
  });

  test('is at least what the service asks for, and never longer than a clock set back is noticed', () => {
    expect(waitAfter('rate-limited', 1, 60, 0)).toBe(60_000);
    expect(waitAfter('rate-limited', 1, 1e9, 0)).toBe(LONGEST_WAIT);
  });

  test('differs from browser to browser', () => {
    expect(waitAfter('unreachable', 5, undefined, 0)).toBeLessThan(waitAfter('unreachable', 5, undefined, 1));
  });
});
