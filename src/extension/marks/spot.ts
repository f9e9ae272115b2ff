/** A box in the window, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Width and height of a mark, in CSS pixels. */
export const SIZE = 14;
const GAP = 4;
/** What Lightning keeps at the end of a cell for its pencil, which shows under the pointer. */
const PENCIL = 26;

/**
 * Where the mark of an address goes, the corner of it: behind the text where the cell has room for it and for a control
 * of the page's own, else before the text, in the gutter between two cells, where Lightning never has anything.
 */
export function spotOf(text: Box, cell: Box): { readonly x: number; readonly y: number } {
  const y = Math.round((text.top + text.bottom - SIZE) / 2);
  const room = cell.right - text.right;
  return { x: Math.round(room >= GAP + SIZE + PENCIL ? text.right + GAP : text.left - SIZE - 2), y };
}
