import type { Placing } from '../place.ts';
import type { Trust } from '../trust.ts';

/**
 * Keys aimed at the overlay that mean more than Escape: those that move the pill while it is being moved, and Tab, which
 * goes round in the panel, and arrows between radio buttons. Space and Enter are left to the browser, which presses the focused button by itself.
 * @returns whether the key was taken
 */
export function onKey(event: KeyboardEvent, panel: Element | null, trust: Trust, { steer }: Placing): boolean {
  if (steer) {
    steer(event);
    return true;
  }
  if (!panel || event.ctrlKey || event.altKey || event.metaKey) return false;
  const from = event.composedPath()[0] as HTMLElement;
  const next = event.key === 'Tab' ? stopAfter(panel, from, event.shiftKey) : radioAfter(from, event.key);
  if (!next) return false;
  event.preventDefault();
  trust.moveTo(next);
  return true;
}

function stopAfter(panel: Element, from: HTMLElement, back: boolean): HTMLElement | undefined {
  const stops = [...panel.querySelectorAll<HTMLElement>('button, a[href], textarea')].filter(
    (stop) => stop === from || stop.tabIndex >= 0,
  );
  const at = stops.indexOf(from);
  return stops[back ? (at > 0 ? at - 1 : stops.length - 1) : (at + 1) % stops.length];
}

/** Arrows go round in a group of radio buttons, which is one stop for Tab; the choice is made by Space. */
function radioAfter(from: HTMLElement, key: string): HTMLElement | undefined {
  const step = STEPS[key];
  if (!step || from.role !== 'radio') return undefined;
  const radios = [...(from.parentElement?.querySelectorAll<HTMLElement>('[role=radio]') ?? [])];
  return radios[(radios.indexOf(from) + step + radios.length) % radios.length];
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
