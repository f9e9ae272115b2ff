import type { Placing } from '../place.ts';
import type { Inset } from '../unfold.ts';

/**
 * Whether the person can see what they press. A page that makes the panel transparent, clips, scales or moves it, or
 * paints over it, could have them press something they do not see.
 */
export interface Sight {
  /** Watches the panel that this is in; null: it was closed. */
  watch(inner: Element | null): void;
  /** A press begins or ends, told before any script of the page hears of it: that one could put everything back. */
  note(event: Event): void;
  /** Whether this button could be seen when it was pressed. */
  saw(event: MouseEvent): Promise<boolean> | boolean;
}

/** Milliseconds for which the panel has to be in sight again: as long as after it was opened (trust.ts). */
const SETTLED = 300;

/** Chromium only: tells also of what is painted above without taking clicks. Elsewhere `isVisible` is undefined. */
const TRACKED: IntersectionObserverInit & { trackVisibility: boolean; delay: number } = {
  trackVisibility: true,
  delay: 100,
};
const hidden = (entry: IntersectionObserverEntry | undefined): boolean =>
  (entry as { isVisible?: boolean } | undefined)?.isVisible === false;

export function createSight(placing: Placing): Sight {
  let unseen = false;
  let covered = false;
  let uncovered = 0;
  const observer = new IntersectionObserver((entries) => {
    const now = hidden(entries.at(-1));
    if (covered && !now) uncovered = performance.now();
    covered = now;
  }, TRACKED);

  return {
    watch(inner) {
      const panel = inner?.closest('.panel');
      observer.disconnect();
      covered = false;
      uncovered = 0;
      if (panel) observer.observe(panel);
    },
    note(event) {
      const [target] = event.composedPath();
      const now = target instanceof Element && isUnseen(target, placing);
      // A click made by a key has no press before it.
      if (event.type === 'pointerdown' || (event instanceof MouseEvent && !event.detail)) unseen = now;
      else unseen ||= now;
    },
    saw(event) {
      const button = event.currentTarget;
      if (!(button instanceof Element) || unseen || isUnseen(button, placing)) return false;
      if (event.timeStamp - uncovered < SETTLED) return false;
      // Something is over a part of the panel, such as a message in a corner: is it over this button?
      return covered ? isClear(button) : true;
    },
  };
}

/** Asks the browser whether anything is painted over an element; answers with the next frame. */
function isClear(element: Element): Promise<boolean> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver(([entry]) => {
      observer.disconnect();
      resolve(!hidden(entry));
    }, TRACKED);
    observer.observe(element);
  });
}

function isUnseen(element: Element, { put: [pill, panel] }: Placing): boolean {
  const around = [...upward(element)];
  const opened = around.find((at) => at.matches('.panel'));
  const host = around.at(-2);
  // The panel may be closed: then it is the pill that is pressed, which changes nothing.
  if (opened && !(pill?.fixed && host && isAt(host, pill) && isAt(opened, panel))) return true;
  return around.some((at) => isVeiled(getComputedStyle(at))) || !isOnTop(element);
}

/** Whether it is where it was put, straight in the page's `<html>`. */
function isAt(element: Element, { left, top, right, bottom }: Inset): boolean {
  const is = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  return [
    [left, is.left],
    [top, is.top],
    [right, clientWidth - is.right],
    [bottom, clientHeight - is.bottom],
  ].every(([should, far]) => should === undefined || Math.abs(should - (far ?? 0)) < 2);
}

/** The element and everything around it, out of the shadow root and up to the page's `<html>`. */
function* upward(element: Element): Generator<Element> {
  const root = element.getRootNode();
  const next = element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  yield element;
  if (next) yield* upward(next);
}

function isVeiled(style: CSSStyleDeclaration): boolean {
  const none = ['filter', 'clipPath', 'maskImage', 'transform', 'translate', 'rotate', 'scale', 'perspective'] as const;
  return (
    Number(style.opacity) < 0.9 ||
    style.visibility !== 'visible' ||
    style.pointerEvents === 'none' ||
    style.clip !== 'auto' ||
    style.mixBlendMode !== 'normal' ||
    (style.zoom || '1') !== '1' ||
    none.some((name) => (style[name] || 'none') !== 'none')
  );
}

/** Whether a press on the middle or near a corner of the element would be one on the element. */
function isOnTop(element: Element): boolean {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const root = element.getRootNode();
  const host = root instanceof ShadowRoot ? root.host : element;
  const points = [
    [(left + right) / 2, (top + bottom) / 2],
    [left + 3, top + 3],
    [right - 3, top + 3],
    [left + 3, bottom - 3],
    [right - 3, bottom - 3],
  ] as const;
  return points.every(([x, y]) => document.elementFromPoint(x, y) === host);
}
