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
  saw(event: MouseEvent): boolean;
}

/** Milliseconds for which the panel has to be in sight again: as long as the style sheet keeps it from being pressed after it was opened. */
const SETTLED = 300;

/** Chromium only: tells also of what is painted above without taking clicks. Elsewhere `isVisible` is undefined. */
const TRACKED: IntersectionObserverInit & { trackVisibility: boolean; delay: number } = {
  trackVisibility: true,
  delay: 100,
};
const isHidden = (entry: IntersectionObserverEntry & { isVisible?: boolean }): boolean => entry.isVisible === false;

export function createSight(placing: Placing): Sight {
  let unseen = false;
  let panel: Element | null = null;
  /** Since when the panel and the buttons in it are in sight (`performance.now()`): 0 from the start, Infinity not now. */
  const since = new Map<Element, number>();
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const before = since.get(entry.target) ?? 0;
      since.set(entry.target, isHidden(entry) ? Infinity : before === Infinity ? performance.now() : before);
    }
  }, TRACKED);
  /** Buttons may come later, such as those of a form. */
  const drawn = new MutationObserver(() => {
    for (const button of panel?.querySelectorAll('button') ?? []) observer.observe(button);
  });

  return {
    watch(inner) {
      panel = inner?.closest('.panel') ?? null;
      observer.disconnect();
      drawn.disconnect();
      since.clear();
      if (!panel) return;
      for (const part of [panel, ...panel.querySelectorAll('button')]) observer.observe(part);
      drawn.observe(panel, { childList: true, subtree: true });
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
      const whole = (panel && since.get(panel)) ?? 0;
      // Something is over a part of the panel, such as a message in a corner: then it is the button that counts, and
      // since when: the page may have brought it back as the pointer came, which the browser tells 100 ms later.
      return event.timeStamp - (whole === Infinity ? (since.get(button) ?? Infinity) : whole) >= SETTLED;
    },
  };
}

function isUnseen(element: Element, { put: [pill, panel] }: Placing): boolean {
  const around = [...upward(element)];
  const opened = around.find((at) => at.matches('.panel'));
  const host = around.at(-2);
  // The panel may be closed: then it is the pill that is pressed, which changes nothing.
  if (opened && !(pill?.fixed && host && isAt(host, pill) && isAt(opened, panel))) return true;
  if (opened && isFaint(getComputedStyle(opened))) return true;
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

/** Surface and text are the page's own colours (style.css), which may be no colours. */
function isFaint({ color, backgroundColor }: CSSStyleDeclaration): boolean {
  const clear = [color, backgroundColor].some(
    (paint) => Number(/(?:rgba.*,|\/) *([\d.]+)\)$/.exec(paint)?.[1] ?? 1) < 0.9,
  );
  return clear || color === backgroundColor;
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
