import { type Box, freeSpot, type Spot } from './spot.ts';

// What Lightning draws a record's header with (facts/salesforce.md section 6).
const HEADER = 'records-highlights2,record_flexipage-dynamic-highlights2,.forceHighlightsStencilDesktop';
const NAME = '[slot=primaryField],h1';
/** What is pressed or looked at, and has no text of its own to be found by. */
export const SOLID = 'a,button,input,select,textarea,img,svg,iframe,[role=button]';
/** What lies over the page shows another record, if any: a hover card, a quick view, a record in a modal. */
const OVER = '[role=dialog],[role=tooltip]';
/**
 * What may have a shadow root: components, which Lightning gives tags of their own. Passing over the others here saves the page
 * some thousand objects for a script to look at.
 */
const HOSTS = ':not(a,button,div,img,input,label,li,link,p,path,script,slot,span,svg,td,tr,ul)';
/** So many of them are looked at: the header is near the top of the page. */
const FAR = 3_000;

/**
 * The header of the record that is shown, or null. Consoles keep the records of other tabs mounted out of sight; where two
 * headers are in sight, as under a pinned parent record, it is the last one.
 */
export function findHeader(): Element | undefined {
  const shown = within(
    document,
    HEADER,
    (header) => header.checkVisibility({ visibilityProperty: true }) && !isOver(header),
  );
  return (shown.length > 1 && shown.findLast(isInWindow)) || shown.at(-1);
}

function isOver(element: Element): boolean {
  const root = element.getRootNode();
  return !!element.closest(OVER) || (root instanceof ShadowRoot && isOver(root.host));
}

/** What is beside the window cannot be scrolled to, as a rule: it was put out of the way. */
function isInWindow(header: Element): boolean {
  const { left, right } = header.getBoundingClientRect();
  return right > 0 && left < innerWidth;
}

/** A free place in a header, counted from its corner: the upper right one where the page runs from right to left. */
export interface HeaderSpot extends Spot {
  readonly mirrored: boolean;
}

/** Null where there is no free place, or no name (yet). */
export function spotIn(header: Element): HeaderSpot | null {
  const [title] = within(header, NAME);
  // Behind the last line: a name may wrap, and its object may stand above it.
  const name = title && solids(title).at(-1);
  const box = header.getBoundingClientRect();
  const mirrored = getComputedStyle(header).direction === 'rtl';
  const turned = ({ left, top, right, bottom }: Box): Box =>
    mirrored
      ? { left: box.left + box.right - right, top, right: box.left + box.right - left, bottom }
      : { left, top, right, bottom };
  const spot = name ? freeSpot(box, turned(name), solids(header).map(turned)) : null;
  return spot && { left: spot.left - box.left, top: spot.top - box.top, room: spot.room, mirrored };
}

/** Where a header is and how large: what `bulkOf` says of it begins with that. */
export function frameOf(header: Element): string {
  const { left, top, width, height } = header.getBoundingClientRect();
  return `${[left, top, width, height]},`;
}

/** How much is in a header, and where it is: by that it is soon seen that it has to be measured again. */
export function bulkOf(header: Element): string {
  let elements = 0;
  let letters = 0;
  const count = (tree: Element | ShadowRoot): void => {
    letters += tree.textContent.length;
    elements += tree.querySelectorAll('*').length;
    for (const root of rootsIn(tree)) count(root);
  };
  count(header);
  return `${frameOf(header)}${[elements, letters]}`;
}

/** The open shadow roots of a tree and of the elements in it, but for those in such roots. */
function rootsIn(tree: Document | Element | ShadowRoot): readonly ShadowRoot[] {
  const around = [...(tree instanceof Element ? [tree] : []), ...tree.querySelectorAll(HOSTS)];
  return around.slice(0, FAR).flatMap(({ shadowRoot }) => shadowRoot ?? []);
}

/**
 * Elements that pass, in a tree and in the open shadow roots of it. Synthetic shadow is light DOM to a content script, so
 * that the roots are only searched where the tree itself has none.
 */
function within(
  tree: Document | Element | ShadowRoot,
  selector: string,
  passes: (element: Element) => boolean = () => true,
): Element[] {
  const plain = [...tree.querySelectorAll(selector)].filter(passes);
  if (plain.length) return plain;
  return rootsIn(tree).flatMap((root) => within(root, selector, passes));
}

/** Where texts, images and controls are: empty space in between is free, whatever element it belongs to. */
function solids(node: Node, found: Box[] = [], range = new Range()): readonly Box[] {
  for (const child of node.childNodes)
    if (child instanceof Text) found.push(...lines(child, range));
    else if (child instanceof Element)
      if (child.matches(SOLID) || (/-/.test(child.localName) && !child.shadowRoot && !child.firstChild))
        // A closed root, or a component that has not drawn yet, may be anything.
        found.push(child.getBoundingClientRect());
      else {
        if (child.shadowRoot) solids(child.shadowRoot, found, range);
        solids(child, found, range);
      }
  return found;
}

/** The lines of a text, as far as the element around it shows them. */
function lines(text: Text, range: Range): readonly Box[] {
  const parent = text.parentElement;
  if (!parent || !text.data.trim()) return [];
  range.selectNode(text);
  const shown = parent.getBoundingClientRect();
  return [...range.getClientRects()].map(({ left, top, right, bottom }) => ({
    left,
    top,
    right: Math.min(right, shown.right),
    bottom,
  }));
}
