/** As a `ref`: scrolls to what has just come into the panel, which may be out of sight at its end. */
export function reveal(element: Element | null): void {
  element?.scrollIntoView();
}
