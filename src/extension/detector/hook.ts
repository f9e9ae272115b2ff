import type { Place } from '../messages.ts';
import type { More, Parts } from '../overlay/view.ts';
import type { pageOrg } from './page-org.ts';

/**
 * What the detector and the overlay share inside the extension's isolated world, where the page cannot see it. Events
 * on the host element would be seen by the page, so the two talk through this object instead.
 */
export interface Hook extends Meeting {
  /** The record id in the address bar, as it stands there (15 or 18 characters), or null. */
  record: string | null;
  /** Which org the page is of, as far as it says so; here because the overlay has less room to spare. */
  readonly org?: typeof pageOrg;
  /** When the overlay was asked for, and what the background answered: the status as it knew it then. */
  seen?: { readonly record: string; readonly at: number; readonly answer: Promise<unknown> } | undefined;
  /** Where the rep wants the pill in this org, put here by the background before the overlay; absent: nothing was said. */
  place?: Place;
  /** What the pill says, by name (overlay/pill-texts.ts); put here before the overlay: `chrome.i18n` takes milliseconds. */
  texts?: Readonly<Record<string, string>>;
  /** The overlay's element, once there is one: the guard keeps its keys from the page. */
  host?: Element;
  /** Called at every entry of the tab's history: the marks in lists look for their rows again. */
  onMove?: () => void;
  /** Called when `record` has changed. */
  onRecord?: () => void;
  /** Given every key event aimed at the overlay, because the guard keeps them from the overlay's own elements too. */
  onKey?: (event: KeyboardEvent) => void;
  /** Given every press on the overlay before any script of the page hears of it. */
  onPress?: (event: Event) => void;
}

/** How the overlay's second script (overlay-more.js) finds the first one. */
interface Meeting {
  /** Called by the second script with what makes its parts, and its style sheet; absent once it is there. */
  onMore?: ((make: (parts: Parts) => More, css: string) => void) | undefined;
}

declare global {
  var optbridge: Hook | undefined;
}
