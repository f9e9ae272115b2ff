import type { Box } from './spot.ts';

/** Distances from the edges of the window, or of the document for what scrolls with it; CSS pixels. */
export interface Inset {
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** The value of the CSS property `inset`. */
export function insetOf({ left, right, top, bottom }: Inset): string {
  return [top, right, bottom, left].map((far) => (far === undefined ? 'auto' : `${far}px`)).join(' ');
}

const WIDTH = 380;
const GAP = 8;
const MARGIN = 16;
/** Less is no panel: where neither side of the pill has as much, it takes the window's height. */
const LEAST = 320;

/**
 * Where the panel opens: on the side of the pill with more room, all of it inside the window. In a low window, such as one
 * at 200 %, it opens beside the pill, or over it where there is no room for that either.
 * @returns its place, its width, and the height from which on it scrolls inside
 */
export function unfold(
  pill: Box,
  { clientWidth, clientHeight }: Pick<Element, 'clientWidth' | 'clientHeight'>,
): { readonly inset: Inset; readonly width: number; readonly height: number } {
  const below = clientHeight - pill.bottom;
  const up = pill.top > below;
  const width = Math.min(WIDTH, clientWidth - 2 * MARGIN);
  const far = clientWidth - MARGIN - width;
  const left = Math.max(MARGIN, Math.min(pill.left, far));
  const height = (up ? pill.top : below) - GAP - MARGIN;
  const whole = clientHeight - 2 * MARGIN;
  if (height < Math.min(LEAST, whole)) {
    const beside = [pill.left - GAP - width, pill.right + GAP].find((edge) => edge >= MARGIN && edge <= far);
    return { inset: { left: beside ?? left, top: MARGIN }, width, height: whole };
  }
  return {
    inset: up ? { left, bottom: clientHeight - pill.top + GAP } : { left, top: pill.bottom + GAP },
    width,
    height,
  };
}
