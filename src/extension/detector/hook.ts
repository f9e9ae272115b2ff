/**
 * What the detector and the overlay share inside the extension's isolated world, where the page cannot see it. Events
 * on the host element would be seen by the page, so the two talk through this object instead.
 */
export interface Hook {
  /** The record id in the address bar, as it stands there (15 or 18 characters), or null. */
  record: string | null;
  /** The overlay's element, once there is one: the guard keeps its keys from the page. */
  host?: Element;
  /** Called when `record` has changed. */
  onRecord?: () => void;
  /** Given every key event aimed at the overlay, because the guard keeps them from the overlay's own elements too. */
  onKey?: (event: KeyboardEvent) => void;
}

declare global {
  var optbridge: Hook | undefined;
}
