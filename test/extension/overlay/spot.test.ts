import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Box, freeSpot, type Spot, TALL } from '../../../src/extension/overlay/spot.ts';

const box = (left: number, top: number, width: number, height: number): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});

/** A header as Lightning draws it at 1280 px: icon, object and name, four actions, a line of fields. */
const FRAME = box(12, 102, 1256, 120);
const ICON = box(29, 119, 36, 36);
const OBJECT = box(77, 117, 46, 17);
const NAME = box(77, 134, 82, 22);
const ACTIONS = [box(1000, 121, 69, 32), box(1068, 121, 91, 32), box(1158, 121, 53, 32), box(1210, 121, 41, 32)];
const FIELDS = [box(29, 170, 34, 16), box(29, 188, 148, 18), box(657, 170, 90, 16), box(657, 188, 55, 18)];
const ALL = [ICON, OBJECT, NAME, ...ACTIONS, ...FIELDS];

const area = ({ left, top, room }: Spot): Box => box(left, top, room, TALL);
const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe('beside the name', () => {
  test('on its line, right behind it, and as wide as it is to the actions', () => {
    expect(freeSpot(FRAME, NAME, ALL)).toEqual({ left: 171, top: 131, room: 817 });
  });

  test('behind a longer line that stands above the name', () => {
    const long = box(77, 117, 300, 17);
    expect(freeSpot(FRAME, NAME, [ICON, long, NAME, ...ACTIONS])).toMatchObject({ left: 389, top: 131 });
  });

  test('at the end of the fields where a long name leaves no room', () => {
    const name = box(77, 134, 860, 22);
    expect(freeSpot(FRAME, name, [ICON, OBJECT, name, ...ACTIONS, ...FIELDS])).toMatchObject({ left: 759, top: 164 });
  });

  test('behind the name in a narrow window, though another line has a little more room', () => {
    const fields = [box(29, 211, 120, 34)];
    const spot = freeSpot(box(12, 102, 366, 160), NAME, [ICON, OBJECT, NAME, ...fields]);
    expect(spot).toEqual({ left: 171, top: 131, room: 195 });
  });

  test('on the line with the most room where none has enough', () => {
    const frame = box(12, 102, 346, 160);
    const actions = [box(110, 165, 231, 32)];
    const fields = [box(29, 211, 120, 34)];
    const spot = freeSpot(frame, NAME, [ICON, OBJECT, NAME, ...actions, ...fields]);
    expect(spot).toEqual({ left: 161, top: 214, room: 185 });
  });

  test('nowhere in a header that is full, or lower than the pill', () => {
    const frame = box(12, 102, 366, 56);
    expect(freeSpot(frame, NAME, [ICON, OBJECT, NAME, box(170, 121, 200, 32)])).toBeNull();
    expect(freeSpot(box(12, 136, 1256, 20), NAME, [NAME])).toBeNull();
  });
});

test('whatever the header looks like, the place is inside it and covers nothing that is in it', () => {
  const boxes = fc
    .tuple(
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 0, max: 160 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
    )
    .map((sides) => box(...sides));
  const frame = box(0, 0, 1000, 200);
  let found = 0;
  fc.assert(
    fc.property(boxes, fc.array(boxes, { maxLength: 12 }), (name, others) => {
      const spot = freeSpot(frame, name, [name, ...others]);
      if (!spot) return;
      found++;
      const taken = area(spot);
      expect(spot.room).toBeGreaterThanOrEqual(120);
      for (const other of [name, ...others]) expect(meet(taken, other)).toBe(false);
      expect(taken.left >= frame.left && taken.right <= frame.right).toBe(true);
      expect(taken.top >= frame.top && taken.bottom <= frame.bottom).toBe(true);
    }),
  );
  expect(found).toBeGreaterThan(10);
});
