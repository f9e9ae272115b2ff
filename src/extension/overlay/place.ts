import type { Corner, Place } from '../messages.ts';
import { bulkOf, findHeader, frameOf, type HeaderSpot, spotIn } from './header.ts';
import type { Host } from './host.ts';
import { TALL } from './spot.ts';
import { covers, inSight } from './under.ts';
import { type Inset, insetOf, unfold } from './unfold.ts';

/** Where the pill stands when there is no header: the lower right corner. */
const EDGE: Corner = { x: 'right', y: 'bottom', dx: 16, dy: 16 };
/** How far it goes up, and how often, off what it would cover there. */
const STEP = 48;
const STEPS = 6;
/**
 * Lightning is still drawing when the record is known: the header is looked for again after 100 ms and then after twice
 * as long each time, 6.4 s at last; while one stands still, after four times as long.
 */
const FIRST = 100;
const LOOKS = 7;
/** Milliseconds; before, the page may be in the middle of drawing, and it is waited for a moment in which it is not. */
const SOON = 200;
const SCROLL = { capture: true, passive: true };
/** For so many looks the pill stays where the header was that is gone. */
const PATIENT = 3;
/** Where another record comes it is as long, and looked for every 50 ms: the pill goes with the new header, not after it. */
const CLOSE = 15;

/** The overlay's place in the window. */
export interface Placing {
  /** How the rep left it. */
  readonly place: Place;
  /** As the rep wants it from now on. */
  set(place: Place): void;
  /**
   * Something was drawn: finds the place now, and again while the page may still be drawing.
   * @param anew the page goes to another record; false: it does not, and a moment later is soon enough
   */
  look(anew?: boolean): void;
  /** While the panel is open or the pill is dragged, nothing moves by itself. */
  hold(held: boolean): void;
  /** Puts the pill there for now, as it is dragged, and an open panel with it. */
  at(corner: Corner): void;
  /** Where the pill and an open panel were put in the window. */
  readonly put: readonly [pill: Put | undefined, panel: Inset];
  /** The pill is pressed and may be dragged; known once the second script is there. */
  grab?: (event: PointerEvent) => void;
  /** Takes a key while the pill is being moved. */
  steer?: ((event: KeyboardEvent) => void) | undefined;
}

export interface Put extends Inset {
  /** Stays in the window when the document is scrolled. */
  readonly fixed: boolean;
}

/**
 * Keeps the pill where the rep put it, else beside the header of the record that is shown, else at the edge of the
 * window. It is never put into the page's own tree: it lies over free space of the header, and follows it.
 */
export function createPlacing({ element, mount }: Host, first: Place): Placing {
  const { documentElement: page } = document;
  let place = first;
  let held = false;
  let header: Element | undefined;
  /** How much was in it when it was measured. */
  let bulk = '';
  /** The free place in it. */
  let spot: HeaderSpot | null = null;
  let put: Put | undefined;
  /** The element's style as it was left: a page may have written over it. */
  let written = '';
  let panel: Inset = {};
  let timer: ReturnType<typeof setTimeout>;
  let frame = 0;
  let looks = 0;
  /** Close looks that are left. */
  let close = 0;
  /** It was put somewhere once. */
  let settled = false;
  /** The rep has said where: then it goes there from under the pointer too. */
  let said = false;

  const move = (next: Put): void => {
    const inset = insetOf(next);
    const same = put && put.fixed === next.fixed && insetOf(put) === inset && element.style.cssText === written;
    put = next;
    // Said once more, it would be laid out once more.
    if (same) return;
    // Inline and important, so that no style sheet of the page moves the element.
    const position = next.fixed ? 'fixed' : 'absolute';
    // Beside the header it lies under the page's own menus and dialogs (SLDS: 5000 and up), elsewhere over everything.
    const layer = next.fixed ? 2147483000 : 101;
    element.style.cssText += `;position:${position}!important;inset:${inset}!important;z-index:${layer}!important`;
    written = element.style.cssText;
  };

  /** Where the panel opens. */
  const open = (): void => {
    const { inset, width, height } = unfold(element.getBoundingClientRect(), page);
    panel = inset;
    const opened = mount.querySelector<HTMLElement>('.panel');
    if (opened) opened.style.cssText = `inset:${insetOf(inset)};width:${width}px;max-height:${height}px`;
  };

  /**
   * How wide the pill may get; nothing where it is at the edge, and casts a shadow. On itself, as a property or a class of what is
   * around it has all of it styled anew.
   */
  const give = (room: string): void => {
    const style = mount.querySelector<HTMLElement>('.pill')?.style;
    if (style) [style.maxWidth, style.boxShadow] = [room, room && 'none'];
  };

  const at = ({ x, y, dx, dy }: Corner): void => {
    give('');
    const far = Math.max(0, Math.min(dx, page.clientWidth - element.offsetWidth));
    const high = Math.max(0, Math.min(dy, page.clientHeight - element.offsetHeight));
    // Off the page's controls that do not scroll away, such as a utility bar or a docked composer; back if all is taken.
    for (let step = 0; step <= STEPS; step++) {
      move({ fixed: true, [x]: far, [y]: high + (step % STEPS) * STEP });
      if (held || !covers(element)) break;
    }
    if (held) open();
  };

  /** Beside the header, wherever that has been scrolled to. All is measured before anything is changed. */
  const follow = (): void => {
    if (held || !header || !spot) return;
    const { room, mirrored } = spot;
    const box = header.getBoundingClientRect();
    const width = Math.min(room, element.offsetWidth);
    const left = mirrored ? box.right - spot.left - width : box.left + spot.left;
    const top = spot.top + box.top;
    const right = left + width;
    // It grows away from the name.
    const edge = mirrored ? { right: page.clientWidth - right - scrollX } : { left: left + scrollX };
    const beside = { fixed: false, ...edge, top: top + scrollY };
    if (inSight(header, { left, top, right, bottom: top + TALL }, element)) {
      give(`min(${room}px, 100vw - 32px)`);
      move(beside);
    } else if (!put?.fixed) at(EDGE);
  };

  const search = (): Element | undefined => (place.at ? undefined : findHeader());

  /** @param known the header, where it was just looked for: on a page that has none yet that takes long */
  const find = (known?: Element): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    if (held || !element.offsetWidth || (!said && element.matches(':hover'))) return;
    said = false;
    const found = known ?? search();
    const free = found ? spotIn(found) : null;
    // Another record's header is about to be drawn, most likely where the last one was.
    if (!free && spot && (close || looks < PATIENT)) return;
    if (found !== header) {
      sized.disconnect();
      if (found) sized.observe(found);
    }
    header = found;
    // What scrolls inside a shadow root is told in there alone.
    for (let root = found?.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode())
      root.addEventListener('scroll', follow, SCROLL);
    bulk = found ? bulkOf(found) : '';
    spot = free;
    if (spot) follow();
    // In the very first frame there is hardly a page to be covered; the next look sees to it.
    else if (settled || place.at) at(place.at ?? EDGE);
    settled = true;
  };

  /** Whether it is another header by now, or there is something else in it. */
  const isOther = (found: Element | undefined): boolean => found !== header || (!!found && bulkOf(found) !== bulk);

  /** Whether the page has drawn something since that may want another place. */
  const isStale = (): boolean =>
    // What was over the header or under the pill may have gone, and come.
    isOther(search()) || (spot ? !!put?.fixed : covers(element));

  /**
   * Only measured when a frame is about to be painted: then the page is laid out anyway, and its style sheets are there.
   * What is found is painted with that frame.
   */
  const seek = (): void => {
    if (!frame) frame = requestAnimationFrame(() => find());
  };
  const plan = (): void => {
    clearTimeout(timer);
    if (looks >= LOOKS) return;
    const again = (): void => {
      // A frame costs more than to see that nothing has come.
      const stale = isStale();
      if (close) {
        if (!--close) looks = PATIENT;
      } else looks += (spot || place.at) && !stale ? 2 : 1;
      if (stale) seek();
      plan();
    };
    const wait = close ? 50 : FIRST * 2 ** looks;
    timer = setTimeout(wait < SOON ? () => requestIdleCallback(again) : again, wait);
  };
  const look = (anew?: boolean): void => {
    if (anew && spot) close = CLOSE;
    looks = 0;
    // The first place is found as the frame is laid out in which something is drawn: laid out once for the page and for us.
    if (!settled) grown.observe(page);
    else if (anew !== false) seek();
    plan();
  };
  // Told also of the size that it has as it begins to watch.
  const sized = new ResizeObserver(() => header && !bulk.startsWith(frameOf(header)) && look());
  /** The page grows with what it draws, such as a header: the pill is beside that in the same frame, in the layout that is done. */
  const grown = new ResizeObserver(() => {
    // Told first of the size that it has.
    if (!settled) return find();
    const found = search();
    if (!isOther(found)) return;
    // One that is gone may be about to be drawn anew.
    if (found) find(found);
    else looks = 0;
    looks = Math.min(looks, PATIENT);
    plan();
  });
  // Both come once a frame, just before it is painted.
  addEventListener('scroll', follow, SCROLL);
  addEventListener('resize', () => (held ? open() : look()));
  // A dialog that was over the header, or over what the pill is to keep off, is closed by a press, or by Escape or Enter.
  const closed = (event: Event): void => {
    if (event instanceof KeyboardEvent && !/^E/.test(event.key)) return;
    if (put?.fixed && !place.at && !held) look(false);
  };
  for (const type of ['click', 'keyup']) addEventListener(type, closed, SCROLL);
  document.fonts.addEventListener('loadingdone', () => look());
  move({ fixed: true, right: EDGE.dx, bottom: EDGE.dy });

  const placing: Placing = {
    get place() {
      return place;
    },
    set(wanted) {
      place = wanted;
      said = true;
      spot = null;
      look();
    },
    look,
    hold(on) {
      if (held === on) return;
      held = on;
      if (!on) {
        placing.steer = undefined;
        look();
        return;
      }
      const { left, top } = element.getBoundingClientRect();
      if (!put?.fixed) move({ fixed: true, left, top });
      open();
    },
    at,
    get put() {
      return [put, panel] as const;
    },
  };
  return placing;
}
