/**
 * Whether it is the person who presses. The shadow root is open, so a script of the page can focus our switch and let
 * the person's next Space be a trusted click on it (facts/extension.md, "Trust of events"). A key therefore counts
 * only when the focus came to the button by a move of our own, which follows a Tab or a click that the person made.
 */
export interface Trust {
  /** Moves the focus ourselves. */
  moveTo(element: HTMLElement): void;
  /** The panel opens at this time (`timeStamp` of an event), or what is in it comes then. */
  opens(at: number): void;
  /** Whether this click comes so soon after the panel opened that it was meant for what was there before. */
  early(event: MouseEvent): boolean;
  /** Whether this click on this button is the person's own: by pointer, or by key after our own focus move. */
  byPerson(event: MouseEvent): boolean;
}

/**
 * Milliseconds. The style sheet lets nothing in the panel be pressed for somewhat longer, because it counts from a frame,
 * which may be older than the click: what it lets through is not dropped here in silence.
 */
const EARLY = 250;

export function createTrust(root: ShadowRoot): Trust {
  let ours: Element | null = null;
  let moving = false;
  let opened = 0;

  root.addEventListener('focusin', (event) => {
    if (!moving && event.target !== ours) ours = null;
  });
  root.addEventListener('focusout', () => {
    // When the whole window loses the focus, the element gets it back with the window, by nobody's move.
    if (!moving && document.hasFocus()) ours = null;
  });

  return {
    moveTo(element) {
      moving = true;
      element.focus();
      moving = false;
      ours = root.activeElement === element ? element : null;
    },
    opens(at) {
      opened = at;
    },
    early(event) {
      return event.timeStamp - opened < EARLY;
    },
    byPerson(event) {
      // A click made by a key or by a script has no press count.
      return event.isTrusted && (event.detail > 0 || (ours !== null && event.currentTarget === ours));
    },
  };
}
