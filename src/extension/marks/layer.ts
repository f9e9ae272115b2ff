import { followTheme } from '../overlay/theme.ts';
import { above, type Found } from './rows.ts';
import type { Sign } from './says.ts';
import { SIZE, spotOf } from './spot.ts';
import css from './style.css?inline';

const TAG = 'optbridge-marks';
/** Above the page, and below what opens over it: Lightning's popups begin at 5000. */
const STYLE =
  'position:fixed!important;inset:0!important;z-index:4999!important;pointer-events:none!important;display:block!important';

/** The same signs as in the overlay; a question mark where nothing is known. */
const PATHS: Readonly<Record<Sign, string>> = {
  out: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M4 12l8-8',
  in: 'M2 4h12v8H2zM2 4l6 5 6-5',
  unknown: 'M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.300 8.700 8 9.200 8 10M8 12.500v.2',
};

export interface Drawn {
  readonly sign: Sign;
  readonly says: string;
}

/** The marks over a page: an element of our own, outside anything that Lightning renders. */
export interface Layer {
  /** Draws what `drawn` says of each address, and takes away marks of addresses that have gone. */
  draw(found: readonly Found[], drawn: (found: Found) => Drawn | undefined): void;
  /** Puts the marks where their addresses are now. */
  place(): void;
  remove(): void;
}

interface Placed {
  readonly found: Found;
  readonly item: HTMLLIElement;
  readonly words: HTMLElement;
  readonly sign: SVGPathElement;
}

const SVG = 'http://www.w3.org/2000/svg';

export function createLayer(label: string, of: (address: string, says: string) => string, signal: AbortSignal): Layer {
  for (const old of document.querySelectorAll(TAG)) old.remove();
  const host = document.createElement(TAG);
  host.style.cssText = STYLE;
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
  const mount = document.createElement('section');
  mount.className = 'layer';
  mount.dir = 'ltr';
  mount.setAttribute('aria-label', label);
  const list = document.createElement('ul');
  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  // The marks say the same to a screen reader.
  tip.setAttribute('aria-hidden', 'true');
  mount.append(list, tip);
  root.append(mount);
  const theme = followTheme(host, mount);
  const placed = new Map<Text, Placed>();

  function make(found: Found): Placed {
    const item = document.createElement('li');
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', '0 0 16 16');
    svg.setAttribute('aria-hidden', 'true');
    const sign = document.createElementNS(SVG, 'path');
    svg.append(sign);
    const words = document.createElement('span');
    words.className = 'unseen';
    item.append(svg, words);
    item.addEventListener('pointerenter', () => tell(item));
    list.append(item);
    return { found, item, words, sign };
  }

  function tell(item: HTMLElement): void {
    tip.textContent = item.dataset.says ?? '';
    tip.hidden = false;
    const { left, bottom } = item.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    const x = Math.max(8, Math.min(left, innerWidth - width - 8));
    const y = bottom + 2 + height < innerHeight ? bottom + 2 : bottom - SIZE - height - 2;
    tip.style.translate = `${x}px ${y}px`;
  }

  const hush = (): void => {
    tip.hidden = true;
  };
  list.addEventListener('pointerout', (event) => {
    if (event.relatedTarget !== tip) hush();
  });
  tip.addEventListener('pointerleave', hush);
  // By keyboard a person is on the page's own link, and what its mark says shows beside that.
  document.addEventListener(
    'focusin',
    (event) => {
      hush();
      const focused = event.composedPath()[0];
      for (const { found, item } of placed.values())
        if (focused instanceof Element && focused.contains(found.text) && !item.hidden) tell(item);
    },
    { signal },
  );
  document.addEventListener('keydown', (event) => event.key === 'Escape' && hush(), { capture: true, signal });

  function place(): void {
    // All is measured before anything is moved, so that the page is laid out once.
    const spots = [...placed.values()].map(({ found: { text, row } }) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      const box = range.getBoundingClientRect();
      if (!text.isConnected || box.width === 0) return null;
      const cell = (above(text, 'td,th') ?? row).getBoundingClientRect();
      const right = Math.min(box.right, cell.right);
      return seen(box, text, row) ? spotOf({ ...edges(box), right }, cell) : null;
    });
    [...placed.values()].forEach(({ item }, index) => {
      const spot = spots[index];
      item.hidden = !spot;
      if (spot) item.style.translate = `${spot.x}px ${spot.y}px`;
    });
  }

  return {
    draw(found, drawn) {
      const here = new Set(found.map(({ text }) => text));
      for (const [text, { item }] of placed)
        if (!here.has(text)) {
          item.remove();
          placed.delete(text);
        }
      for (const one of found) {
        const says = drawn(one);
        if (!says) continue;
        const mark = placed.get(one.text) ?? make(one);
        placed.set(one.text, mark);
        mark.item.className = says.sign;
        mark.item.dataset.says = says.says;
        mark.sign.setAttribute('d', PATHS[says.sign]);
        mark.words.textContent = of(one.address, says.says);
      }
      if (placed.size > 0 && !host.isConnected) document.documentElement.append(host);
      if (placed.size === 0) host.remove();
      theme();
      place();
    },
    place,
    remove: () => host.remove(),
  };
}

const edges = ({ left, right, top, bottom }: DOMRect) => ({ left, right, top, bottom });

/** Whether the beginning of the text is in sight: scrolled to, and under no header, menu or dialog of the page. */
function seen(box: DOMRect, text: Text, row: Element): boolean {
  const root = text.getRootNode();
  if (!(root instanceof Document || root instanceof ShadowRoot)) return false;
  // In a native shadow root only elements of that root can be compared with the text.
  const within = root === row.getRootNode() ? row : text.parentElement;
  return [box.top + 3, box.bottom - 3].every((y) => {
    const hit = root.elementFromPoint(box.left + 2, y);
    return !!hit && (within?.contains(hit) || (within !== row && hit.contains(text)));
  });
}
