import type { Trust } from './trust.ts';

/** What the keyboard needs to know of the overlay. */
export interface Keyboard {
  readonly trust: Trust;
  /** The open panel, or null. */
  panel(): HTMLElement | null;
  close(): void;
}

/**
 * Keys aimed at the overlay, as the detector's guard hands them over: Escape closes the panel, Tab goes round in it.
 * Space and Enter are left to the browser, which presses the focused button by itself.
 */
export function onKey(event: KeyboardEvent, { trust, panel, close }: Keyboard): void {
  const open = panel();
  if (event.type !== 'keydown' || !event.isTrusted || !open) return;
  if (event.key === 'Escape') {
    event.preventDefault();
    close();
  } else if (event.key === 'Tab' && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const stops = [...open.querySelectorAll<HTMLElement>('button, a[href], textarea')];
    const at = stops.indexOf(event.composedPath()[0] as HTMLElement);
    const next = event.shiftKey ? (at > 0 ? at - 1 : stops.length - 1) : (at + 1) % stops.length;
    const stop = stops[next];
    if (!stop) return;
    event.preventDefault();
    trust.moveTo(stop);
  }
}
