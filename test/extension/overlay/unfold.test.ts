import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cornerOf, moved } from '../../../src/extension/overlay/more/move.ts';
import { TALL } from '../../../src/extension/overlay/spot.ts';
import { insetOf, unfold } from '../../../src/extension/overlay/unfold.ts';

const pill = (left: number, top: number, width = 180) => ({ left, top, right: left + width, bottom: top + TALL });
const WINDOW = { clientWidth: 1280, clientHeight: 800 };

describe('the panel', () => {
  test('opens under a pill at the top and over one at the bottom, its edge at the pill’s', () => {
    expect(unfold(pill(171, 130), WINDOW)).toEqual({ inset: { left: 171, top: 166 }, width: 380, height: 618 });
    expect(unfold(pill(1084, 756), WINDOW)).toEqual({ inset: { left: 884, bottom: 52 }, width: 380, height: 732 });
  });

  test('in a low window has its height, beside the pill or else over it', () => {
    const low = { clientWidth: 640, clientHeight: 400 };
    expect(unfold(pill(20, 200), low)).toEqual({ inset: { left: 208, top: 16 }, width: 380, height: 368 });
    expect(unfold(pill(444, 200), low)).toEqual({ inset: { left: 56, top: 16 }, width: 380, height: 368 });
    expect(unfold(pill(200, 200), low)).toEqual({ inset: { left: 200, top: 16 }, width: 380, height: 368 });
    // So low that one side has as much.
    expect(unfold(pill(200, 0), { clientWidth: 640, clientHeight: 200 }).height).toBe(168);
  });

  test('is inside the window with the pill anywhere in it', () => {
    const widths = fc.integer({ min: 320, max: 2_000 });
    const heights = fc.integer({ min: 200, max: 1_200 });
    fc.assert(
      fc.property(
        widths,
        heights,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (clientWidth, clientHeight, x, y) => {
          const at = pill(x * (clientWidth - 180), y * (clientHeight - TALL));
          const { inset, width, height } = unfold(at, { clientWidth, clientHeight });
          expect(inset.left).toBeGreaterThanOrEqual(16);
          expect((inset.left ?? 0) + width).toBeLessThanOrEqual(clientWidth - 16 + 1e-9);
          // At least half of what the pill leaves.
          expect(height).toBeGreaterThanOrEqual((clientHeight - TALL) / 2 - 24 - 1e-9);
          if (inset.top !== undefined) expect(inset.top + height).toBeLessThanOrEqual(clientHeight - 16 + 1e-9);
          else expect(clientHeight - (inset.bottom ?? 0) - height).toBeGreaterThanOrEqual(16 - 1e-9);
        },
      ),
    );
  });
});

test('an inset names what is not said as auto', () => {
  expect(insetOf({ right: 16, bottom: 64 })).toBe('auto 16px 64px auto');
});

describe('a moved pill', () => {
  test('keeps its distance from the corner that is nearest, and stays in the window', () => {
    const size = { width: 1280, height: 800 };
    expect(cornerOf(pill(1084, 756), size)).toEqual({ x: 'right', y: 'bottom', dx: 16, dy: 16 });
    expect(cornerOf(moved(pill(1084, 756), -2_000, -700, size), size)).toEqual({ x: 'left', y: 'top', dx: 0, dy: 56 });
    expect(moved(pill(1084, 756), 500, 500, size)).toEqual(pill(1100, 772));
  });
});
