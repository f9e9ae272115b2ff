import { expect, test } from 'vitest';
import { LONGEST_WAIT, waitAfter } from '../../../src/extension/background/retry.ts';

test('what time mends is tried again soon, and no sooner than the service asks for', () => {
  expect(waitAfter('unreachable', 1, undefined, 1)).toBe(2000);
  expect(waitAfter('rate-limited', 1, 7, 1)).toBe(7000);
  expect(waitAfter('rate-limited', 1, 1, 1)).toBe(2000);
  expect(waitAfter('rate-limited', 1, 10_000_000, 1)).toBe(LONGEST_WAIT);
});

test('what somebody has to mend is tried again slowly', () => {
  expect(waitAfter('rejected', 1, undefined, 1)).toBe(30 * 60_000);
  expect(waitAfter('rejected', 9, undefined, 1)).toBe(LONGEST_WAIT);
});
