/** An element of an XML text by where it stands in it, so that all around a change can be kept to the letter. */
export interface XmlElement {
  /** Without a prefix. */
  readonly name: string;
  readonly attributes: string;
  /** Where what is between its tags begins and ends. */
  readonly from: number;
  readonly to: number;
  /** Where its end tag ends. */
  readonly end: number;
  readonly children: readonly XmlElement[];
}

const TAG = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s[^<>]*?)?)(\/?)>/g;

/** The elements of a text, and whether it has a prolog, comments or the like, which Salesforce does not send: not read. */
export function readXml(text: string): readonly XmlElement[] | undefined {
  const open: { name: string; attributes: string; from: number; children: XmlElement[] }[] = [
    { name: '', attributes: '', from: 0, children: [] },
  ];
  const start = /^\s*<\?xml[^>]*\?>/.exec(text)?.[0].length ?? 0;
  if (/<[!?]/.test(text.slice(start))) return undefined;
  for (const match of text.matchAll(TAG)) {
    const [whole, closing, name = '', attributes = '', empty] = match;
    const end = match.index + whole.length;
    if (!closing) open.push({ name, attributes, from: end, children: [] });
    if (!closing && !empty) continue;
    const element = open.pop();
    const parent = open.at(-1);
    if (element?.name !== name || parent === undefined) return undefined;
    parent.children.push({ ...element, to: empty ? end : match.index, end });
  }
  return open.length === 1 ? open[0]?.children : undefined;
}

/** The children, of these elements, that have a name. */
export function childrenOf(elements: readonly XmlElement[], ...path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
    elements,
  );
}

const SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The text of an element; empty where there is none. */
export function textOf(text: string, element: XmlElement | undefined): string {
  return text
    .slice(element?.from ?? 0, element?.to ?? 0)
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) =>
      name ? (SIGNS[name] ?? whole) : String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16)),
    );
}

/** A text as XML has it. */
export function xmlText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
