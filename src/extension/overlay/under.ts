import { SOLID } from './header.ts';
import type { Box } from './spot.ts';

/** What stays put and is lower than this is a bar, such as a console's utility bar; higher, it may be the page itself. */
const LOW = 100;

/** What of the page is uppermost under corners and middle of a box; undefined outside the window. */
function under({ left, top, right, bottom }: Box, host: Element): Set<Element | undefined> {
  const at = (x: number, y: number): Element | undefined => {
    const top = document.elementFromPoint(x, y) ?? undefined;
    return top === host ? document.elementsFromPoint(x, y).find((element) => element !== host) : top;
  };
  const across = [left + 2, (left + right) / 2, right - 2];
  return new Set(across.flatMap((x) => [at(x, top + 2), at(x, bottom - 2)]));
}

/** Whether the overlay covers a control of the page that does not scroll away, or a bar. */
export function covers(host: Element): boolean {
  return [...under(host.getBoundingClientRect(), host)].some((element) => {
    const fixed = element && fixedAround(element);
    return fixed && (fixed.clientHeight < LOW || element.closest(SOLID));
  });
}

function fixedAround(element: Element | null): Element | null {
  return (
    element && (/fixed|sticky/.test(getComputedStyle(element).position) ? element : fixedAround(element.parentElement))
  );
}

/** Whether nothing but the header's own is on top where the box is: no bar that it was scrolled under, no dialog. */
export function inSight(header: Element, box: Box, host: Element): boolean {
  let outer = header;
  for (let root = outer.getRootNode(); root instanceof ShadowRoot; root = outer.getRootNode()) outer = root.host;
  return [...under(box, host)].every((top) => top && (outer.contains(top) || top.contains(outer)));
}
