import type { Page } from 'playwright-core';

/** What of the page itself moved, as the browser counts layout shifts: the names of its nodes. */
export function shifted(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: 'layout-shift', buffered: true });
    const entries = observer.takeRecords() as (PerformanceEntry & { sources: { node: Node | null }[] })[];
    const host = document.querySelector('optbridge-overlay');
    return entries
      .flatMap(({ sources }) => sources)
      .flatMap(({ node }) => (node && node !== host && document.contains(node) ? [node.nodeName.toLowerCase()] : []));
  });
}
