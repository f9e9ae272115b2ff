import type { Overlay } from '../overlay.ts';
import type { Trust } from '../trust.ts';

/** The keyboard command, and the way back from it. */
export interface Command {
  /** Opens the panel on the record that is shown, or moves the focus into it. */
  come(): void;
  /** What had the focus in the page before the command moved it; null where the panel was opened otherwise. */
  back(): HTMLElement | null;
}

export function createCommand(host: Element, overlay: Overlay, trust: Trust): Command {
  let from: HTMLElement | null = null;
  return {
    come() {
      const opened = host.shadowRoot?.querySelector<HTMLElement>('.panel');
      if (opened) trust.moveTo(opened);
      if (opened || !overlay.model.record) return;
      const focused = focusIn(document);
      // On the body there is no focus to give back, and from the pill it goes back to the pill anyway.
      from = focused && focused !== document.body && !host.shadowRoot?.contains(focused) ? focused : null;
      trust.opens(performance.now());
      overlay.turn(true);
    },
    back() {
      const to = from?.isConnected ? from : null;
      from = null;
      return to;
    },
  };
}

/** The element that has the focus, in open shadow roots too. */
function focusIn(root: Document | ShadowRoot): HTMLElement | null {
  const focused = root.activeElement;
  const inner = focused?.shadowRoot && focusIn(focused.shadowRoot);
  return inner ?? (focused instanceof HTMLElement ? focused : null);
}
