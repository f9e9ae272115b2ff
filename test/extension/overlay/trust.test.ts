import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTrust } from '../../../src/extension/overlay/trust.ts';

const at = (timeStamp: number) => ({ timeStamp }) as MouseEvent;

const aTrust = () => createTrust(Object.assign(new EventTarget(), { activeElement: null }) as ShadowRoot);

test('a click in the first quarter of a second of the panel was meant for what was there before', () => {
  const trust = aTrust();
  trust.opens(10_000);
  expect([10_000, 10_249, 10_250, 99_000].map((time) => trust.early(at(time)))).toEqual([true, true, false, false]);
  trust.opens(99_900);
  expect(trust.early(at(100_000))).toBe(true);
});

test('what the style sheet lets be pressed again is never early: it counts from a frame, which may be older by some', () => {
  const css = readFileSync('src/extension/overlay/panel.css', 'utf8');
  const settles = 1_000 * Number(/animation: settle ([\d.]+)s/.exec(css)?.[1]);
  expect(settles).toBeGreaterThan(0);
  const trust = aTrust();
  trust.opens(10_000);
  expect(trust.early(at(10_000 + settles - 3 * 16))).toBe(false);
});
