import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeRoom } from '../../../src/extension/background/cache-room.ts';
import type { Reading } from '../../../src/extension/background/reading.ts';
import type { Known } from '../../../src/extension/background/status.ts';
import { NOTHING_KNOWN, statusOf } from '../../../src/extension/background/status.ts';
import { type Area, createStatusCache } from '../../../src/extension/background/status-cache.ts';
import { random } from '../../long.ts';

const HOST = 'acme.my.salesforce.com';
/** Bytes. The browser has ten million; less is quicker. */
const QUOTA = 3_000_000;
const at = (number: number) => ({ host: HOST, record: `003${number}` });

/** `storage.session`, which counts bytes, refuses what is over its quota, and fails when it is told to. */
function storage() {
  const values = new Map<string, string>();
  const bytes = () => [...values].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  const failing = new Set<keyof Area>();
  const mayFail = (what: keyof Area) => {
    if (failing.has(what)) throw new Error(`${what} failed`);
  };
  const area: Area = {
    get: async (keys) => {
      mayFail('get');
      const found = [...values].filter(([key]) => keys === null || key === keys);
      return Object.fromEntries(found.map(([key, value]) => [key, JSON.parse(value)]));
    },
    set: async (items) => {
      mayFail('set');
      for (const [key, value] of Object.entries(items)) {
        const text = JSON.stringify(value);
        if (bytes() - (values.get(key)?.length ?? 0) + text.length > QUOTA) throw new Error('QUOTA_BYTES exceeded');
        values.set(key, text);
      }
    },
    remove: async (keys) => {
      mayFail('remove');
      for (const key of [keys].flat()) values.delete(key);
    },
    getBytesInUse: async () => {
      mayFail('getBytesInUse');
      return bytes();
    },
  };
  let clock = Date.parse('2026-11-29T20:00:00Z');
  return {
    values,
    bytes,
    failing,
    area,
    tick: (ms: number) => {
      clock += ms;
    },
    cache: createStatusCache(area, () => clock, makeRoom),
  };
}

function known(optedOut: boolean, size = 1_000, outdated = false): Known {
  const reading: Reading = {
    state: optedOut ? 'opted-out' : 'subscribed',
    name: 'x'.repeat(size),
    address: 'ann@example.com',
    optedOut,
    lists: [],
    records: [],
    activeCampaignUrl: null,
    readAt: '2026-11-29T20:00:00.000Z',
  };
  return { reading, problem: null, outdated };
}

test('nobody is asked for a record that nothing was kept of, and what an earlier worker kept is found', async () => {
  const { area, failing, cache } = storage();
  await cache.set(at(1), known(true));
  const list = Promise.withResolvers<string[]>();
  const next = createStatusCache({ ...area, getKeys: () => list.promise }, () => 0, makeRoom);
  // Not listed yet: it has to be asked for.
  expect([(await next.get(at(1)))?.reading?.optedOut, await next.get(at(2))]).toEqual([true, undefined]);
  await next.set(at(3), known(false));
  list.resolve(Object.keys(await area.get(null)).slice(0, 1));
  await list.promise;
  failing.add('get');
  expect(await next.get(at(2))).toBeUndefined();
  await expect(next.get(at(1))).rejects.toThrow('get failed');
  failing.clear();
  const found = await Promise.all([1, 3].map((number) => next.get(at(number))));
  expect(found.map((one) => one?.reading?.optedOut)).toEqual([true, false]);
});

describe('the readings that are kept', () => {
  test('are all no answer any more once they are outdated, and what else is kept stays as it is', async () => {
    const { cache, area } = storage();
    await area.set({ 'kept lists': 'all' });
    for (const number of [1, 2]) await cache.set(at(number), known(false));
    await cache.outdate('other.my.salesforce.com');
    expect(await cache.get(at(1))).toMatchObject({ outdated: false });
    await cache.outdate(HOST);
    for (const number of [1, 2])
      expect(await cache.get(at(number))).toMatchObject({ outdated: true, reading: { address: 'ann@example.com' } });
    expect(await area.get('kept lists')).toEqual({ 'kept lists': 'all' });
    await cache.set(at(1), known(true));
    expect(await cache.get(at(1))).toMatchObject({ outdated: false });
  });

  test('are the newer ones once they are over 2 MB, and what else is kept there stays', async () => {
    const { cache, tick, area, bytes } = storage();
    await area.set({ 'kept lists': 'all', 'login x': 'verifier' });
    for (let number = 0; number < 30; number++, tick(1_000)) await cache.set(at(number), known(false, 100_000));
    const numbers = Array.from({ length: 30 }, (_, number) => number);
    const kept = await Promise.all(numbers.map(async (number) => !!(await cache.get(at(number)))));
    expect(bytes()).toBeLessThanOrEqual(2_000_000);
    expect(kept.lastIndexOf(false)).toBe(kept.indexOf(true) - 1);
    expect(kept.indexOf(true)).toBeGreaterThan(0);
    expect(await area.get('kept lists')).toEqual({ 'kept lists': 'all' });
    expect(await area.get('login x')).toEqual({ 'login x': 'verifier' });
  });

  test('include the one just read, also when the clock was put back or nothing else can be forgotten', async () => {
    const { cache, tick } = storage();
    for (let number = 0; number < 3; number++) await cache.set(at(number), known(false, 900_000));
    tick(-3_600_000);
    await cache.set(at(3), known(true, 900_000));
    expect((await cache.get(at(3)))?.reading?.optedOut).toBe(true);
    await cache.set(at(4), known(true, 2_500_000));
    expect((await cache.get(at(4)))?.reading?.optedOut).toBe(true);
  });

  test('hold no earlier word of somebody where there is no room for the latest', async () => {
    const { cache, failing } = storage();
    await cache.set(at(1), known(false));
    await cache.set(at(1), known(true, QUOTA));
    expect(await cache.get(at(1))).toBeUndefined();
    await cache.set(at(1), known(false));
    failing.add('set');
    await cache.set(at(1), known(true));
    expect(await cache.get(at(1))).toBeUndefined();
  });

  test('never keep a write from going on, and are never older than what was read last: nobody who is out is shown as subscribed', async () => {
    const step = fc.record({
      number: fc.integer({ min: 0, max: 9 }),
      optedOut: fc.boolean(),
      outdated: fc.boolean(),
      size: fc.constantFrom(1_000, 400_000, 1_500_000, QUOTA),
      ms: fc.constantFrom(0, 1, 60_000, -60_000),
      fails: fc.subarray(['get', 'set', 'getBytesInUse'] as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const { cache, tick, failing } = storage();
        const latest = new Map<number, Known>();
        for (const { number, optedOut, outdated, size, ms, fails } of steps) {
          tick(ms);
          for (const what of fails) failing.add(what);
          await cache.set(at(number), known(optedOut, size, outdated));
          failing.clear();
          latest.set(number, known(optedOut, size, outdated));
          const whole = fails.length === 0 && size < QUOTA;
          if (whole) expect(await cache.get(at(number)).then((found) => found?.outdated)).toBe(outdated);
          for (const [other, said] of latest) {
            const found = await cache.get(at(other));
            const { state } = statusOf(at(other).record, found ?? NOTHING_KNOWN, undefined);
            const truth = statusOf(at(other).record, said, undefined).state;
            expect([truth, 'loading']).toContain(state);
          }
        }
      }),
      random(40, 1_000),
    );
  });
});
