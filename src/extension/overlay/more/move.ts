import type { Corner } from '../../messages.ts';
import type { Placing } from '../place.ts';
import type { Box } from '../spot.ts';

/** So far the pointer goes before a press on the pill is a drag. */
const FIRM = 5;
/** How far an arrow key moves the pill, and with Shift. */
const STEP = 8;
const FAR = 64;

/** The place of a box as its distance from the nearest corner of the window, so that it keeps it in another window. */
export function cornerOf(box: Box, window: { readonly width: number; readonly height: number }): Corner {
  const right = box.left + box.right > window.width;
  const bottom = box.top + box.bottom > window.height;
  return {
    x: right ? 'right' : 'left',
    y: bottom ? 'bottom' : 'top',
    dx: Math.max(0, Math.round(right ? window.width - box.right : box.left)),
    dy: Math.max(0, Math.round(bottom ? window.height - box.bottom : box.top)),
  };
}

/** A box elsewhere, all of it inside the window. */
export function moved(
  { left, top, right, bottom }: Box,
  across: number,
  down: number,
  window: { readonly width: number; readonly height: number },
): Box {
  const x = Math.max(0, Math.min(left + across, window.width - (right - left))) - left;
  const y = Math.max(0, Math.min(top + down, window.height - (bottom - top))) - top;
  return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
}

const page = () => ({
  width: document.documentElement.clientWidth,
  height: document.documentElement.clientHeight,
});

/** What a move ends with: the new place, or null when it was given up. */
type Done = (corner: Corner | null) => void;

/**
 * Has the pill dragged by the pointer that pressed it; a press that goes nowhere stays a press. Escape gives it up.
 * Nothing of the page moves, and nothing is kept before the pointer is lifted.
 */
export function drag(placing: Placing, host: Element, down: PointerEvent, done: Done): void {
  const pill = down.currentTarget;
  if (!down.isTrusted || down.button !== 0 || !(pill instanceof HTMLElement)) return;
  const from = host.getBoundingClientRect();
  const listening = new AbortController();
  const { signal } = listening;
  let corner: Corner | null = null;
  // At once: a fast pointer has left the pill before it has moved.
  pill.setPointerCapture(down.pointerId);

  const end = (kept: Corner | null): void => {
    listening.abort();
    if (!corner) return;
    placing.steer = undefined;
    // The click that a lifted pointer makes was none.
    const noClick = (event: Event): void => event.stopImmediatePropagation();
    pill.addEventListener('click', noClick, { capture: true, once: true });
    // Given up by Escape, it may be over the pill still when it is lifted, long after.
    const forget = (): void => void setTimeout(() => pill.removeEventListener('click', noClick, true));
    if (pill.hasPointerCapture(down.pointerId)) pill.addEventListener('lostpointercapture', forget, { once: true });
    else forget();
    done(kept);
  };
  pill.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      const across = clientX - down.clientX;
      const up = clientY - down.clientY;
      if (!corner && Math.hypot(across, up) < FIRM) return;
      if (!corner) {
        placing.hold(true);
        placing.steer = (event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          end(null);
        };
      }
      corner = cornerOf(moved(from, across, up, page()), page());
      placing.at(corner);
    },
    { signal },
  );
  pill.addEventListener('pointerup', () => end(corner), { signal });
  pill.addEventListener('pointercancel', () => end(null), { signal });
}

/** Has the pill moved by the arrow keys until Enter or Space keeps its place, or Escape or Tab gives it up. */
export function steer(placing: Placing, host: Element, done: Done): void {
  let box: Box = host.getBoundingClientRect();
  const end = (corner: Corner | null): void => {
    placing.steer = undefined;
    done(corner);
  };
  placing.steer = (event) => {
    const { key, shiftKey } = event;
    const far = shiftKey ? FAR : STEP;
    const way = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[key];
    if (key === 'Enter' || key === ' ') end(cornerOf(box, page()));
    else if (key === 'Escape' || key === 'Tab') end(null);
    else if (way) {
      box = moved(box, way[0] ?? 0, way[1] ?? 0, page());
      placing.at(cornerOf(box, page()));
    } else return;
    event.preventDefault();
  };
}
