import { malformed } from '../line.ts';
import { childrenOf, readXml, textOf, type XmlElement } from './xml.ts';

/** The fields that a layout shows, in its order. */
export function fieldsOn(document: string): readonly string[] {
  return itemsIn(sectionsOf(document)).flatMap((item) => fieldOf(document, item) || []);
}

/**
 * The layout with one more field: after the first of `beside` that it shows, or else at the end of its first column of fields. All
 * else is kept to the letter. A layout that shows the field is returned as it is.
 *
 * @returns undefined where it has no column of fields
 * @throws ServiceFailure `malformed` where the document cannot be read
 */
export function withField(document: string, field: string, beside: readonly string[]): string | undefined {
  const sections = sectionsOf(document);
  const items = itemsIn(sections);
  if (items.some((item) => fieldOf(document, item) === field)) return document;
  const neighbour = beside
    .map((name) => items.find((item) => fieldOf(document, item) === name))
    .find((item) => item !== undefined);
  const column = columnsOf(sections).find(({ children }) => children.some(({ name }) => name === 'layoutItems'));
  const place = neighbour ?? column?.children.findLast(({ name }) => name === 'layoutItems');
  if (!place) return undefined;
  const item = `<layoutItems><behavior>Edit</behavior><field>${field}</field></layoutItems>`;
  return document.slice(0, place.end) + item + document.slice(place.end);
}

/** What the first document says and the second does not, as `path=text`: nothing may be lost when a layout is replaced. */
export function lostFrom(before: string, after: string): readonly string[] {
  const left = leavesOf(after);
  return leavesOf(before).filter((leaf) => {
    const at = left.indexOf(leaf);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function leavesOf(document: string): string[] {
  const leaves: string[] = [];
  const visit = (element: XmlElement, path: string): void => {
    const at = path === '' ? element.name : `${path}.${element.name}`;
    if (element.children.length === 0) leaves.push(`${at}=${textOf(document, element).trim()}`);
    for (const child of element.children) visit(child, at);
  };
  for (const element of elementsOf(document)) visit(element, '');
  return leaves;
}

function elementsOf(document: string): readonly XmlElement[] {
  const elements = readXml(document);
  if (!elements) throw malformed('Layout', 'a layout that is cut or no XML');
  return elements;
}

/** Sections of fields: those of links hold none. */
function sectionsOf(document: string): readonly XmlElement[] {
  return elementsOf(document).filter(
    (element) =>
      element.name === 'layoutSections' && textOf(document, childrenOf([element], 'style')[0]) !== 'CustomLinks',
  );
}

const columnsOf = (sections: readonly XmlElement[]) => childrenOf(sections, 'layoutColumns');
const itemsIn = (sections: readonly XmlElement[]) => childrenOf(columnsOf(sections), 'layoutItems');

function fieldOf(document: string, item: XmlElement): string {
  return textOf(document, childrenOf([item], 'field')[0]);
}
