/** A rectangle in the window, CSS pixels, as `DOMRect` has them. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where the pill goes: its upper left corner in the window, and how wide it may get there. */
export interface Spot {
  readonly left: number;
  readonly top: number;
  readonly room: number;
}

/** Height of the pill. */
export const TALL = 28;
/** What the longest status takes, more or less; a place as wide as that needs no second thought. */
const WANTED = 300;
/** Behind the name itself, where people look for it, the usual status is enough. */
const ENOUGH = 190;
/** Icon and one word. */
const LEAST = 120;
const ASIDE = 12;
const ABOVE = 2;

/**
 * A free place beside the record's name: on its line if there is room, else at the end of another line of the header.
 * It depends on the header alone and not on the pill's text, so that the pill stays where it is when its text changes.
 * @param frame the header
 * @param name the record's name in it
 * @param taken everything in the header that must not be covered: texts, images, controls
 * @returns null where no line of the header has room
 */
export function freeSpot(frame: Box, name: Box, taken: readonly Box[]): Spot | null {
  const middles = [name, ...taken].map(({ top, bottom }) => (top + bottom) / 2);
  let best: Spot | null = null;
  for (const [index, middle] of middles.entries()) {
    const top = Math.round(middle - TALL / 2);
    if (top < frame.top || top + TALL > frame.bottom) continue;
    const line = taken.filter((box) => box.top < top + TALL + ABOVE && box.bottom > top - ABOVE);
    // On the name's line right behind the name, on any other at the end of the line.
    let left = Math.max(frame.left, ...(index ? line.map((box) => box.right) : [name.right])) + ASIDE;
    // What reaches over the end of the name, such as a longer line above it, pushes on.
    for (const box of line.toSorted((a, b) => a.left - b.left))
      if (box.left < left && box.right + ASIDE > left) left = box.right + ASIDE;
    left = Math.round(left);
    const right = Math.min(frame.right, ...line.map((box) => box.left).filter((edge) => edge >= left));
    const room = Math.floor(right - ASIDE - left);
    if (room > (best?.room ?? LEAST - 1)) best = { left, top, room };
    if (room >= (index ? WANTED : ENOUGH)) break;
  }
  return best;
}
