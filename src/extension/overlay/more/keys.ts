import type { Placing } from '../place.ts';
import type { Trust } from '../trust.ts';

/**
 * Keys aimed at the overlay that mean more than Escape: those that move the pill while it is being moved, and Tab, which
 * goes round in the panel. Space and Enter are left to the browser, which presses the focused button by itself.
 * @returns whether the key was taken
 */
export function onKey(event: KeyboardEvent, panel: Element | null, trust: Trust, { steer }: Placing): boolean {
  if (steer) {
    steer(event);
    return true;
  }
  if (!panel || event.key !== 'Tab' || event.ctrlKey || event.altKey || event.metaKey) return false;
  const stops = [...panel.querySelectorAll<HTMLElement>('button, a[href], textarea')];
  const at = stops.indexOf(event.composedPath()[0] as HTMLElement);
  const next = event.shiftKey ? (at > 0 ? at - 1 : stops.length - 1) : (at + 1) % stops.length;
  const stop = stops[next];
  if (!stop) return false;
  event.preventDefault();
  trust.moveTo(stop);
  return true;
}
