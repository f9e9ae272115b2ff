import type { OverlayState } from '../messages.ts';
import css from './style.css?inline';

const TAG = 'optbridge-overlay';

// Inline and important, so that no style sheet of the page moves the element.
const STYLE =
  'position:fixed!important;inset:auto 16px 16px auto!important;z-index:2147483000!important;translate:0 var(--lift)!important';

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
  dress(root, css);
  const mount = document.createElement('div');
  mount.className = 'overlay';
  root.append(mount);

  const place: Host['place'] = (record, state) => {
    element.style.setProperty('display', record ? 'block' : 'none', 'important');
    element.dataset.record = record ?? '';
    element.dataset.state = state;
    // A page that rewrites its document takes the element with it.
    if (!element.isConnected) document.documentElement.append(element);
  };
  return { host: { element, place }, root, mount };
}

/** Adds a style sheet. An adopted one stays with the root; a <style> dies by the page's policy when the page moves it. */
export function dress(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}
