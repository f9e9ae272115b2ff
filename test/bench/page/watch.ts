import type { Page } from 'playwright-core';

/** A change of what the overlay says, in milliseconds since the epoch. */
interface Seen {
  readonly state: string;
  readonly record: string;
  /** When the frame that shows it was drawn. */
  readonly painted: number;
  /** When the overlay was told. */
  readonly at: number;
}

type Watching = typeof globalThis & { seen: Seen[]; began: number; clicked: number };

/** Has the page note, from its first moment on, what the overlay says and when, and when somebody clicks. */
export async function watch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watching = globalThis as Watching;
    const now = () => performance.timeOrigin + performance.now();
    watching.began = now();
    watching.seen = [];
    addEventListener('click', (event) => (watching.clicked = performance.timeOrigin + event.timeStamp), true);
    const look = new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        for (const node of [target, ...addedNodes]) {
          if (!(node instanceof HTMLElement) || node.localName !== 'optbridge-overlay') continue;
          if (target === document.documentElement) look.observe(node, { attributes: true });
          const { state = '', record = '' } = node.dataset;
          const entry = { state, record, at: now(), painted: 0 };
          watching.seen.push(entry);
          requestAnimationFrame(() => setTimeout(() => (entry.painted = now())));
        }
      }
    });
    look.observe(document.documentElement ?? document, { childList: true, subtree: document.documentElement === null });
  });
}

/** When the overlay first said one of these states about the record, and when that could be seen; waits for it. */
export async function whenSaid(page: Page, record: string, states: readonly string[]): Promise<Seen> {
  const found = await page.waitForFunction(
    ([record, states]) =>
      (globalThis as Watching).seen.find(
        (entry) => entry.record === record && states.includes(entry.state) && entry.painted > 0,
      ),
    [record, states] as const,
    { polling: 20, timeout: 30_000 },
  );
  return (await found.jsonValue()) as Seen;
}

/** Goes to another record as Lightning does, without a load; answers when. */
export function goTo(page: Page, path: string): Promise<number> {
  return page.evaluate((path) => {
    (globalThis as Watching).seen.length = 0;
    const at = performance.timeOrigin + performance.now();
    history.pushState({}, '', path);
    return at;
  }, path);
}

export const began = (page: Page): Promise<number> => page.evaluate(() => (globalThis as Watching).began);
export const clicked = (page: Page): Promise<number> => page.evaluate(() => (globalThis as Watching).clicked);
export const forget = (page: Page): Promise<void> =>
  page.evaluate(() => {
    (globalThis as Watching).seen.length = 0;
  });

/** How long the page takes to show a change of its own. */
export const frame = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const began = performance.now();
    document.documentElement.style.setProperty('--changed', `${began}`);
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - began;
  });
