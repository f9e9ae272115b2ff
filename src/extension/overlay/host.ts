import type { OverlayState } from '../messages.ts';
import css from './style.css?inline';

const TAG = 'optbridge-overlay';

/** The overlay's element in the page. Its tag, `data-record` and `data-state` are public (docs/overlay.md). */
export interface Host {
  readonly element: HTMLElement;
  /** What the overlay is drawn into, in the shadow root. */
  readonly mount: HTMLElement;
  /** Shows the overlay for a record in a state, or hides it. */
  show(record: string | null, state: OverlayState, shown: boolean): void;
}

/**
 * Puts the one host element of this document in place, outside anything that Lightning renders. An element left by an
 * older version of the extension, whose script is dead, is taken away.
 */
export function attachHost(): { host: Host; root: ShadowRoot } {
  for (const old of document.querySelectorAll(TAG)) old.remove();
  const element = document.createElement(TAG);
  const root = element.attachShadow({ mode: 'open' });
  dress(root, css);
  const mount = document.createElement('div');
  mount.className = 'overlay';
  root.append(mount);

  const show: Host['show'] = (record, state, shown) => {
    element.style.setProperty('display', shown ? 'block' : 'none', 'important');
    element.dataset.record = record ?? '';
    element.dataset.state = state;
    // A page that rewrites its document takes the element with it.
    if (element.parentElement !== document.documentElement) document.documentElement.append(element);
  };
  return { host: { element, mount, show }, root };
}

/**
 * Adds a style sheet. An adopted one stays with the root; a <style> dies by the page's policy when the page moves it.
 * @param at after how many others it is to come; after all of them unless given
 */
export function dress(root: ShadowRoot, css: string, at = root.adoptedStyleSheets.length): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = root.adoptedStyleSheets.toSpliced(at, 0, sheet);
}
