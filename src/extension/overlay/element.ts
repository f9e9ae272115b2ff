/** An element with these properties, and what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

/** A drawing of 16 by 16 that says nothing to a screen reader, and what changes it. */
export function makeIcon(): { readonly icon: SVGElement; draw(path: string): void } {
  const [icon, line] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag)) as [
    SVGElement,
    SVGElement,
  ];
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.ariaHidden = 'true';
  icon.append(line);
  let drawn = '';
  return {
    icon,
    draw(path) {
      // Drawn once more, it would be laid out and painted once more.
      if (path !== drawn) line.setAttribute('d', path);
      drawn = path;
    },
  };
}

/** Has the element say this; one that says so already is left alone, or it would be laid out anew. */
export function tell(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
