/** An address in a row about a contact or lead. */
export interface Found {
  /** In lower case. */
  readonly address: string;
  /** The text that is the address, wherever the page put it. */
  readonly text: Text;
  /** The row of a table, or the entry of a related list. */
  readonly row: Element;
}

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
/** An address is at most 80 characters long in Salesforce. */
const LONGEST = 80;

/**
 * What says that a row is about a contact or lead: a link to its page or, in Lightning's data tables, the row's key
 * (facts/salesforce.md section 6: the id's prefix says what a record is, never the object in the address). A row of an
 * account is about a person account where there is an address in it; its hidden contact has the same (section 1).
 */
const PERSON =
  'a[href*="/003"],a[href*="/00Q"],[data-row-key-value^="003"],[data-row-key-value^="00Q"],[data-row-key-value^="001"],[data-recordid^="003"],[data-recordid^="00Q"],[data-recordid^="001"]';
/** A related list shows entries that are no table rows. */
const RELATED = 'lst-related-list-single-container,lst-related-list-view-manager,.forceRelatedListSingleContainer';

/**
 * Every address in a row about a contact or lead, whatever made the row: list views and related lists, in Aura and in
 * Lightning web components, with synthetic shadow (which is plain DOM for a content script) and with native.
 */
export function addressesOn(document: Document): Found[] {
  const rows = new Set<Element>();
  for (const root of rootsIn(document))
    for (const person of root.querySelectorAll(PERSON)) {
      const row = above(person, 'tr') ?? (above(person, RELATED) && above(person, 'li,article'));
      if (row) rows.add(row);
    }
  const found: Found[] = [];
  for (const row of rows)
    for (const text of textsIn(row)) {
      const said = text.data.trim();
      if (said.length <= LONGEST && ADDRESS.test(said)) found.push({ address: said.toLowerCase(), text, row });
    }
  return found;
}

/** The document and every open shadow root in it. */
function rootsIn(document: Document): (Document | ShadowRoot)[] {
  const roots: (Document | ShadowRoot)[] = [document];
  for (const root of roots)
    for (const element of root.querySelectorAll('*')) if (element.shadowRoot) roots.push(element.shadowRoot);
  return roots;
}

/** The nearest element of this kind that the node is in, out of shadow roots too. */
export function above(node: Node, selector: string): Element | null {
  for (let at: Node | null = node; at; ) {
    const near: Element | null = at instanceof Element ? at.closest(selector) : null;
    if (near) return near;
    const root: Node = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : null;
  }
  return null;
}

function* textsIn(node: Node): Generator<Text> {
  if (node instanceof Text) yield node;
  else {
    if (node instanceof Element && node.shadowRoot) yield* textsIn(node.shadowRoot);
    for (const child of node.childNodes) yield* textsIn(child);
  }
}
