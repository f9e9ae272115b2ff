import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inFirstFrame } from '../../../src/extension/overlay/first-frame.ts';

let page: EventTarget;
let frames: (() => void)[];
let drawn: number;
/** A page whose scripts ran so many milliseconds after its navigation; 0: they are still to run. */
const begin = (domContentLoadedEventStart: number | undefined) => {
  const entries = domContentLoadedEventStart === undefined ? [] : [{ domContentLoadedEventStart }];
  vi.spyOn(performance, 'getEntriesByType').mockReturnValue(entries as unknown as PerformanceEntryList);
  inFirstFrame(() => drawn++);
};
const nextFrame = () => {
  for (const task of frames.splice(0)) task();
  return drawn;
};

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  frames = [];
  drawn = 0;
  vi.stubGlobal('document', page);
  vi.stubGlobal('requestAnimationFrame', (task: () => void) => frames.push(task));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the first frame', () => {
  test.each([350, undefined])('is the next one in a page that is there (its scripts ran at %s)', (ran) => {
    begin(ran);
    expect(nextFrame()).toBe(1);
  });

  test('is the one that the page draws as its scripts have run, and none before', () => {
    begin(0);
    expect(nextFrame()).toBe(0);
    page.dispatchEvent(new Event('DOMContentLoaded'));
    expect(nextFrame()).toBe(1);
  });

  test.each([0, 350])('is waited for no longer than 150 ms, whatever keeps it (scripts ran at %i)', (ran) => {
    begin(ran);
    vi.advanceTimersByTime(149);
    expect(drawn).toBe(0);
    vi.advanceTimersByTime(1);
    expect(drawn).toBe(1);
  });

  test('comes once', () => {
    begin(0);
    page.dispatchEvent(new Event('DOMContentLoaded'));
    vi.advanceTimersByTime(10_000);
    nextFrame();
    expect(nextFrame()).toBe(1);
  });
});
