import type { BrowserContext } from 'playwright-core';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { settled } from '../../e2e/stage.ts';
import { overlay, pathOf, type World } from '../../e2e/world.ts';

type Counting = typeof globalThis & { moved: number };

/** How many layout shifts have moved a node of the page, loading a record page, and with the panel opened and closed. */
export async function shifts(world: World): Promise<{ readonly loading: number; readonly panel: number }> {
  const page = await counting(world.context);
  await page.goto(CREDENTIALS.salesforce.pagesUrl + pathOf(world.sandbox.character('ann').contactRecord));
  await overlay(page).state('subscribed');
  await page.waitForTimeout(1_500);
  const moved = () => page.evaluate(() => (globalThis as Counting).moved);
  const loading = await moved();
  await overlay(page).pill.click();
  await settled(page);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(500);
  const panel = (await moved()) - loading;
  await page.close();
  return { loading, panel };
}

async function counting(context: BrowserContext) {
  const page = await context.newPage();
  await page.addInitScript(() => {
    const counting = globalThis as Counting;
    counting.moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { sources = [] } = entry as PerformanceEntry & {
          readonly sources?: readonly { readonly node: Node | null }[];
        };
        // Nodes in our shadow root are not told; the host is.
        counting.moved += sources.filter(({ node }) => node && node.nodeName !== 'OPTBRIDGE-OVERLAY').length;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return page;
}
