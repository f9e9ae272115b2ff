import { describe, expect, test } from 'vitest';
import { type Act, newAct } from '../../../src/extension/background/act.ts';
import { problemOf } from '../../../src/extension/background/problem-of.ts';
import type { Reading } from '../../../src/extension/background/reading.ts';
import { waitAfter } from '../../../src/extension/background/retry.ts';
import type { Known } from '../../../src/extension/background/status.ts';
import { createStatuses, type OpenRecord } from '../../../src/extension/background/statuses.ts';
import type { Status } from '../../../src/extension/messages.ts';
import { failure } from './outbox.world.ts';

const HOST = 'acme.my.salesforce.com';
const ANN: OpenRecord = { host: HOST, record: '003000000000001AAA' };
const BEN: OpenRecord = { host: HOST, record: '003000000000002AAA' };

/** Statuses whose readings end when the test says so, in a browser with the given pages open. */
function desk(open: readonly OpenRecord[] = [ANN]) {
  let clock = Date.parse('2026-11-21T20:00:00Z');
  const cache = new Map<string, Known>();
  const readings: { readonly record: string; end(reading: Partial<Reading> | Error): Promise<void> }[] = [];
  const pushed: Status[] = [];
  const looked: string[] = [];
  const told: number[] = [];
  const timers: { readonly ms: number; run(): void }[] = [];
  const acts: Act[] = [];
  const settled = () => new Promise<void>((done) => setImmediate(done));
  const statuses = createStatuses({
    problemOf,
    waitAfter,
    cache: {
      get: async ({ record }) => cache.get(record),
      set: async ({ record }, known) => void cache.set(record, known),
      outdate: async () => {
        for (const [record, known] of cache) cache.set(record, { ...known, outdated: true });
      },
    },
    read: ({ record }) =>
      new Promise((resolve, reject) => {
        readings.push({
          record,
          end: async (outcome) => {
            if (outcome instanceof Error) reject(outcome);
            else
              resolve({
                state: 'subscribed',
                name: 'Ann',
                address: 'ann@example.com',
                optedOut: false,
                lists: [],
                records: [],
                activeCampaignUrl: null,
                readAt: new Date(clock).toISOString(),
                ...outcome,
              });
            await settled();
          },
        });
      }),
    openAct: async ({ record }) => acts.find((act) => act.record === record),
    open: async () => open,
    tabs: async ({ record }) => {
      looked.push(record);
      return [7];
    },
    push: async ({ record }, status, known) => {
      pushed.push(await status);
      if (known) told.push(...(await known));
      return open.filter((page) => page.record === record).length;
    },
    now: () => clock,
    chance: () => 0.5,
    later: (ms, run) => void timers.push({ ms, run }),
  });
  return {
    statuses,
    readings,
    cache,
    pushed,
    looked,
    told,
    timers,
    acts,
    settled,
    tick: (ms: number) => {
      clock += ms;
    },
  };
}

describe('a record page', () => {
  test('is looked for while the services are asked, so that it hears what they say at once', async () => {
    const { statuses, readings, looked, told, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    expect(looked).toEqual([ANN.record]);
    expect(told).toEqual([]);
    await readings[0]?.end({});
    expect(told).toEqual([7]);
    expect(looked).toEqual([ANN.record]);
  });

  test('hears loading at once, and what was read as soon as it is read', async () => {
    const { statuses, readings, pushed, settled } = desk();
    expect((await statuses.show(ANN, false)).state).toBe('loading');
    await settled();
    await readings[0]?.end({});
    expect(pushed.map(({ state, record }) => [record, state])).toEqual([[ANN.record, 'subscribed']]);
  });

  test('hears the earlier answer at once while it is read again', async () => {
    const { statuses, readings, tick, settled, pushed } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end({});
    tick(60_000);
    expect((await statuses.show(ANN, false)).state).toBe('subscribed');
    await settled();
    expect(readings).toHaveLength(2);
    await readings[1]?.end({ state: 'differs', optedOut: true });
    expect(pushed.at(-1)).toMatchObject({ state: 'differs', optedOut: true });
  });

  test('does not ask again within seconds, unless somebody wants it fresh', async () => {
    const { statuses, readings, tick, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end({});
    tick(5_000);
    await statuses.show(ANN, false);
    await settled();
    expect(readings).toHaveLength(1);
    await statuses.show(ANN, true);
    await settled();
    expect(readings).toHaveLength(2);
  });

  test('shares the reading of the same record that is under way', async () => {
    const { statuses, readings, settled } = desk([ANN, BEN]);
    await Promise.all([statuses.show(ANN, false), statuses.show(ANN, true), statuses.show(BEN, false)]);
    await settled();
    expect(readings.map(({ record }) => record).sort()).toEqual([ANN.record, BEN.record]);
  });
});

describe('a reading that fails', () => {
  test('shows what went wrong, and what was read before beside it', async () => {
    const { statuses, readings, pushed, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end({});
    await statuses.show(ANN, true);
    await settled();
    await readings[1]?.end(failure('salesforce', 'forbidden'));
    expect(pushed.at(-1)).toMatchObject({
      state: 'unavailable',
      name: 'Ann',
      problem: { kind: 'forbidden', retryAt: null },
    });
  });

  test('is tried again by itself when time may mend it, and says when', async () => {
    const { statuses, readings, pushed, timers, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end(failure('activecampaign', 'rate-limited', 8));
    expect(timers.map(({ ms }) => ms)).toEqual([8_000]);
    expect(pushed.at(-1)?.problem?.retryAt).toBe('2026-11-21T20:00:08.000Z');
    timers[0]?.run();
    await settled();
    await readings[1]?.end({});
    expect(pushed.at(-1)).toMatchObject({ state: 'subscribed', problem: null });
  });

  test('is given up after some tries, and when nobody looks any more', async () => {
    const watched = desk();
    await watched.statuses.show(ANN, false);
    for (let tries = 0; tries < 9; tries++) {
      await watched.settled();
      await watched.readings[tries]?.end(failure('salesforce', 'unreachable'));
      watched.timers[tries]?.run();
    }
    expect(watched.readings).toHaveLength(5);
    expect(watched.pushed.at(-1)?.problem?.retryAt).toBeNull();

    const left = desk([]);
    await left.statuses.show(ANN, false);
    await left.settled();
    await left.readings[0]?.end(failure('salesforce', 'unreachable'));
    expect(left.timers).toEqual([]);
  });

  test('because of a mistake of ours shows none of its words', async () => {
    const { statuses, readings, pushed, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end(new Error('Api-Token: secret'));
    expect(pushed.at(-1)?.problem).toMatchObject({ service: 'optbridge' });
    expect(JSON.stringify(pushed)).not.toContain('secret');
  });
});

describe('an act', () => {
  const act = newAct('act', { ...ANN, address: 'ann@example.com' }, 0);

  test('is pushed to the page of its record, and to no other person’s', async () => {
    const { statuses, pushed, acts } = desk([ANN, BEN]);
    acts.push(act);
    await statuses.actChanged(act, false);
    expect(pushed.map(({ record, state }) => [record, state])).toEqual([[ANN.record, 'pending']]);
  });

  test('that is done makes what was read before no answer any more, until both sides are read again', async () => {
    const { statuses, readings, pushed, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end({});
    await statuses.actChanged(act, true);
    await settled();
    expect((await statuses.current(ANN)).state).toBe('loading');
    await readings[1]?.end({ state: 'opted-out', optedOut: true });
    expect(pushed.at(-1)).toMatchObject({ state: 'opted-out' });
  });

  test('that is done does not trust a reading that began before its writes', async () => {
    const { statuses, readings, pushed, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await statuses.actChanged(act, true);
    await readings[0]?.end({ state: 'subscribed' });
    await settled();
    expect(readings).toHaveLength(2);
    await readings[1]?.end({ state: 'opted-out', optedOut: true });
    expect(pushed.at(-1)?.state).toBe('opted-out');
  });
});

test('a page that was closed at the click, and is opened again, is not shown what was being read meanwhile', async () => {
  const { statuses, readings, settled } = desk([]);
  await statuses.show(ANN, false);
  await settled();
  await statuses.actChanged(newAct('act', { ...ANN, address: 'ann@example.com' }, 0), true);
  await readings[0]?.end({ state: 'subscribed' });
  await settled();
  expect(await statuses.show(ANN, false)).toMatchObject({ state: 'loading' });
  await settled();
  await readings[1]?.end({ state: 'opted-out', optedOut: true });
  expect((await statuses.current(ANN)).state).toBe('opted-out');
});

describe('once the settings are others', () => {
  test('a page opened a moment later is not shown what was read by the old ones, and may still be opted out of', async () => {
    const { statuses, readings, pushed, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await readings[0]?.end({ state: 'subscribed' });
    await statuses.outdate();
    expect(await statuses.show(ANN, false)).toMatchObject({ state: 'loading', address: 'ann@example.com' });
    await settled();
    await readings[1]?.end({ state: 'opted-out', optedOut: true });
    expect(pushed.map(({ state }) => state)).toEqual(['subscribed', 'opted-out']);
  });

  test.each([
    ['is pushed nowhere and kept nowhere', (): Partial<Reading> => ({ state: 'subscribed' })],
    ['says nothing where it fails', () => failure('activecampaign', 'unauthorised')],
  ])('a reading that was under way %s, and whoever waits hears the next one', async (_, outcome) => {
    const { statuses, readings, pushed, cache, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await statuses.outdate();
    await statuses.show(ANN, false);
    await settled();
    expect(readings).toHaveLength(2);
    await readings[0]?.end(outcome());
    expect([pushed, cache.size]).toEqual([[], 0]);
    await readings[1]?.end({ state: 'opted-out', optedOut: true });
    await settled();
    expect(pushed.map(({ state }) => state)).toEqual(['opted-out']);
    expect(cache.get(ANN.record)?.reading?.state).toBe('opted-out');
    expect(readings).toHaveLength(2);
  });

  test('a reading that nobody else has asked for since is made again', async () => {
    const { statuses, readings, pushed, settled } = desk();
    await statuses.show(ANN, false);
    await settled();
    await statuses.outdate();
    await readings[0]?.end({ state: 'subscribed' });
    await settled();
    await readings[1]?.end({ state: 'opted-out', optedOut: true });
    expect(pushed.map(({ state }) => state)).toEqual(['opted-out']);
  });
});
