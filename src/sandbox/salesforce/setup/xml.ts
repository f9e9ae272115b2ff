/** An element of an XML text: as much of XML as SOAP messages use, without namespaces, comments or CDATA. */
export interface Element {
  /** Without a prefix. */
  readonly name: string;
  readonly attributes: string;
  readonly children: readonly Element[];
  /** Its own text; empty where it has children. */
  readonly text: string;
  /** All that stands between its tags, as it stands. */
  readonly inner: string;
}

interface Open {
  readonly name: string;
  readonly attributes: string;
  readonly from: number;
  readonly children: Element[];
}

const TAG = /<(\/?)(?:[\w-]+:)?([\w-]+)([^<>]*?)(\/?)>/g;

/** The root element. @throws Error where the tags do not fit each other */
export function parseXml(text: string): Element {
  const body = text.replace(/^\s*<\?xml[^>]*\?>/, '');
  const open: Open[] = [{ name: '', attributes: '', from: 0, children: [] }];
  for (const match of body.matchAll(TAG)) {
    const [whole, closes, name = '', attributes = '', empty] = match;
    const end = match.index + whole.length;
    if (!closes) open.push({ name, attributes, from: end, children: [] });
    if (!closes && !empty) continue;
    const done = open.pop();
    const parent = open.at(-1);
    if (done === undefined || parent === undefined || done.name !== name) throw new Error(`</${name}> ends nothing`);
    const inner = empty ? '' : body.slice(done.from, match.index);
    const { children } = done;
    parent.children.push({ name, attributes: done.attributes, children, inner, text: plain(children, inner) });
  }
  const [root] = open[0]?.children ?? [];
  if (open.length !== 1 || root === undefined) throw new Error(`<${open.at(-1)?.name}> has no end`);
  return root;
}

function plain(children: readonly Element[], inner: string): string {
  if (children.length > 0) return '';
  return inner
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&');
}

/** The children with this name. */
export function named(element: Element | undefined, name: string): Element[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The text of the first child with this name, empty where there is none. */
export function textOf(element: Element | undefined, name: string): string {
  return named(element, name)[0]?.text ?? '';
}

/** A text as XML has it. */
export function xmlText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
