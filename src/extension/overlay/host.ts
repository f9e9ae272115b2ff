import type { OverlayState } from '../messages.ts';
import css from './style.css?inline';

const TAG = 'optbridge-overlay';

// Inline and important, so that no style sheet of the page moves or restyles the element.
const STYLE =
  'all:initial!important;position:fixed!important;z-index:2147483000!important;right:16px!important;bottom:16px!important;translate:0 var(--lift)!important';

/** The overlay's element in the page. Its tag, `data-record` and `data-state` are public (docs/overlay.md). */
export interface Host {
  readonly element: HTMLElement;
  /** Shows the overlay for a record in a state, or hides it where there is no record. */
  place(record: string | null, state: OverlayState): void;
}

/**
 * Puts the one host element of this document in place, outside anything that Lightning renders. An element left by an
 * older version of the extension, whose script is dead, is taken away.
 */
export function attachHost(): { host: Host; root: ShadowRoot; mount: HTMLElement } {
  for (const old of document.querySelectorAll(TAG)) old.remove();
  const element = document.createElement(TAG);
  element.style.cssText = STYLE;
  const root = element.attachShadow({ mode: 'open' });
  const style = document.createElement('style');
  style.textContent = css;
  const mount = document.createElement('div');
  mount.className = 'overlay';
  root.append(style, mount);

  const place: Host['place'] = (record, state) => {
    element.style.setProperty('display', record ? 'block' : 'none', 'important');
    element.dataset.record = record ?? '';
    element.dataset.state = state;
    // A page that rewrites its document takes the element with it.
    if (!element.isConnected) document.documentElement.append(element);
  };
  return { host: { element, place }, root, mount };
}
