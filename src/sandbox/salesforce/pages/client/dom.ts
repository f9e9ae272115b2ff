export type Child = Node | string | null;

/** An element with attributes and children; never any markup from text, as the page's policy demands. */
export function h(tag: string, attributes: Readonly<Record<string, string>> = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Elements one in the other, the outermost first; children go into the innermost. `div.some-class` gives a class. */
export function nest(chain: readonly string[], ...children: Child[]): HTMLElement {
  const [outer = 'div', ...inner] = chain;
  const [tag = 'div', ...classes] = outer.split('.');
  const attributes = classes.length > 0 ? { class: classes.join(' ') } : {};
  return h(tag, attributes, ...(inner.length > 0 ? [nest(inner, ...children)] : children));
}

const SVG = 'http://www.w3.org/2000/svg';

/** Shapes on a grid of 16, drawn for the sandbox. */
const SHAPES = {
  search: 'M7 2a5 5 0 1 1 0 10A5 5 0 0 1 7 2zM11 11l4 4',
  star: 'M8 1.5l2 4.3 4.7.5-3.5 3.2 1 4.7L8 11.8l-4.2 2.4 1-4.7L1.3 6.3 6 5.800z',
  plus: 'M8 2v12M2 8h12',
  help: 'M8 1.500a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13M6 6.200c0-1.2.9-2 2-2s2 .8 2 1.900c0 1.4-2 1.6-2 3.100M8 11.600v.6',
  gear: 'M8 5.500a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M8 1v2.200M8 12.800V15M1 8h2.200M12.8 8H15M3 3l1.6 1.600M11.4 11.400L13 13M13 3l-1.6 1.600M4.6 11.400L3 13',
  bell: 'M3 11.500c1.2-1 1.5-2.2 1.5-4.500a3.5 3.5 0 0 1 7 0c0 2.3.3 3.5 1.5 4.500zM6.5 13.500a1.6 1.6 0 0 0 3 0',
  down: 'M3.5 6l4.5 4.500L12.5 6',
  contact:
    'M1.5 3h13v10h-13zM5.5 6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.800M3.3 11.200c.3-1.2 1.1-1.8 2.2-1.800s1.9.6 2.2 1.800M9.5 6.500h3.500M9.5 9h2.5',
  lead: 'M8 2.500a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.400M2.5 6.500H6l.8 3.500L6 14M13.5 6.500H10L9.2 10l.8 4M6 6.500h4',
  list: 'M2 4h12M2 8h12M2 12h12',
  pencil: 'M2 14l.8-3.200L11 2.600l2.4 2.4-8.2 8.200z',
  check: 'M3 8.500l3.2 3L13 4.5',
} as const;

export type IconName = keyof typeof SHAPES;

export function icon(name: IconName, className = ''): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `icon ${className}`);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  return svg;
}

/** The nine dots of the app launcher. */
export function waffle(): HTMLElement {
  return h('span', { class: 'waffle', 'aria-hidden': 'true' }, ...Array.from({ length: 9 }, () => h('i')));
}
