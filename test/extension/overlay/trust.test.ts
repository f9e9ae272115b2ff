import { expect, test } from 'vitest';
import { createTrust } from '../../../src/extension/overlay/trust.ts';

const at = (timeStamp: number) => ({ timeStamp }) as MouseEvent;

test('a click in the first 300 ms of the panel was meant for what was there before', () => {
  const trust = createTrust(Object.assign(new EventTarget(), { activeElement: null }) as ShadowRoot);
  trust.opens(10_000);
  expect([10_000, 10_299, 10_300, 99_000].map((time) => trust.early(at(time)))).toEqual([true, true, false, false]);
  trust.opens(99_900);
  expect(trust.early(at(100_000))).toBe(true);
});
