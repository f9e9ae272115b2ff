import { describe, expect, test } from 'vitest';
import { createPace } from '../../src/activecampaign/pace.ts';
import { standstill } from '../service/standstill.ts';

test('requests begin a quarter of a second apart at four a second', async () => {
  const clock = standstill(0);
  const pace = createPace({ requestsPerSecond: 4, ...clock });
  const begun = await Promise.all([1, 2, 3, 4].map(() => pace.take(async () => clock.now())));
  expect(begun).toEqual([0, 250, 500, 750]);
});

test('a request that takes long is not followed by a second wait', async () => {
  const clock = standstill(0);
  const pace = createPace({ requestsPerSecond: 4, ...clock });
  await pace.take(() => clock.sleep(1000));
  expect(await pace.take(async () => clock.now())).toBe(1000);
});

test('one request runs at a time', async () => {
  const clock = standstill(0);
  const pace = createPace({ requestsPerSecond: 1000, ...clock });
  let running = 0;
  let most = 0;
  const task = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  };
  await Promise.all([pace.take(task), pace.take(task), pace.take(task)]);
  expect(most).toBe(1);
});

test('a request that fails does not hold up the next', async () => {
  const pace = createPace({ requestsPerSecond: 4, ...standstill() });
  await expect(pace.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await pace.take(async () => 'next')).toBe('next');
});

test('nothing begins while the service has asked for quiet', async () => {
  const clock = standstill(0);
  const pace = createPace({ requestsPerSecond: 4, ...clock });
  const first = pace.take(async () => pace.hold(3000));
  expect(await pace.take(async () => clock.now())).toBe(3000);
  await first;
});

describe('when the service counts no more this second', () => {
  test('the next begins when the oldest of them is a second old', async () => {
    const clock = standstill(0);
    const pace = createPace({ requestsPerSecond: 100, ...clock });
    await pace.take(async () => {});
    await pace.take(async () => {});
    await pace.take(async () => pace.spent());
    expect(await pace.take(async () => clock.now())).toBe(1000);
  });

  test('an unhurried pace loses nothing', async () => {
    const clock = standstill(0);
    const pace = createPace({ requestsPerSecond: 4, ...clock });
    for (let n = 1; n < 5; n++) await pace.take(async () => {});
    await pace.take(async () => pace.spent());
    expect(await pace.take(async () => clock.now())).toBe(1250);
  });

  test('and none was ours, it waits a second', async () => {
    const clock = standstill(0);
    const pace = createPace({ requestsPerSecond: 4, ...clock });
    await pace.take(async () => pace.spent());
    expect(await pace.take(async () => clock.now())).toBe(1000);
  });
});

test('so many as are allowed run at once, still so far apart', async () => {
  const clock = standstill(0);
  const pace = createPace({ requestsPerSecond: 4, abreast: 2, ...clock });
  let running = 0;
  let most = 0;
  const begun: number[] = [];
  const task = async (): Promise<void> => {
    begun.push(clock.now());
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  };
  await Promise.all([pace.take(task), pace.take(task), pace.take(task)]);
  expect(most).toBe(2);
  expect(begun).toEqual([0, 250, 500]);
});

test('a burst begins together, and no second has more than the pace allows', async () => {
  const clock = standstill(0);
  const pace = createPace({ requestsPerSecond: 4, abreast: 4, burst: 4, ...clock });
  const begun: number[] = [];
  const task = async (): Promise<void> => void begun.push(clock.now());
  await Promise.all(Array.from({ length: 6 }, () => pace.take(task)));
  await clock.sleep(500);
  await Promise.all(Array.from({ length: 4 }, () => pace.take(task)));
  expect(begun).toEqual([0, 0, 0, 0, 1000, 1000, 1500, 1500, 2000, 2000]);
});

test('what lets others go first begins after whatever came meanwhile', async () => {
  const pace = createPace({ requestsPerSecond: 4, ...standstill(0) });
  const order: string[] = [];
  const begin = (name: string, yields: boolean) => pace.take(async () => void order.push(name), yields);
  const behind = ['b1', 'b2', 'b3'].map((name) => begin(name, true));
  const first = ['a1', 'a2', 'a3'].map((name) => begin(name, false));
  await Promise.all([...behind, ...first]);
  // Only the one that had its turn already was not overtaken.
  expect(order).toEqual(['b1', 'a1', 'a2', 'a3', 'b2', 'b3']);
});
