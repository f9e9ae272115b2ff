import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { often } from '../long.ts';
import { configure, overlay, pathOf, signIn, startWorld, type World } from './world.ts';

/** So many changes of the record in one tab; the long version has 100. */
const TIMES = often(20, 100);
/** The page keeps its last three views and our worker's first answers are new: after so many both are as they stay. */
const WARM = 8;

let world: World;
let page: Page;
let session: CDPSession;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
  page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, page);
  session = await world.context.newCDPSession(page);
  await session.send('Performance.enable');
});
afterAll(() => world.close());

const go = (path: string) =>
  page.evaluate((path) => {
    const link = document.body.appendChild(document.createElement('a'));
    link.href = path;
    link.click();
    link.remove();
  }, path);

/** What the tab holds after a collection of everything that nothing holds: our script's world and the page's are one renderer. */
async function held() {
  for (let round = 0; round < 3; round++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { nodes: of('Nodes'), listeners: of('JSEventListeners'), heap: of('JSHeapUsedSize') };
}

/** To the two records in turn, every second time by way of a list, with the panel opened and closed on each. */
async function walk(times: number): Promise<void> {
  const records = ['ben', 'ann'].map((name) => world.sandbox.character(name).contactRecord);
  for (let n = 0; n < times; n++) {
    const record = records[n % 2] ?? '';
    if (n % 4 > 1) {
      await go('/lightning/o/Contact/list?filterName=Recent');
      await overlay(page).pill.waitFor({ state: 'hidden' });
    }
    await go(pathOf(record));
    await page.locator(`optbridge-overlay[data-record="${record}"]:not([data-state=loading])`).waitFor();
    await overlay(page).pill.click();
    await page.locator('optbridge-overlay .foot').waitFor();
    await page.keyboard.press('Escape');
  }
}

test(`${TIMES} records later the tab holds no more nodes, listeners and heap than before`, async () => {
  await walk(WARM);
  const before = await held();
  await walk(TIMES);
  const after = await held();
  const grown = {
    nodes: after.nodes - before.nodes,
    listeners: after.listeners - before.listeners,
    heap: after.heap - before.heap,
  };
  // Less than one of each per navigation, so that one left behind by each is found.
  expect(grown.listeners).toBeLessThan(TIMES / 2);
  expect(grown.nodes).toBeLessThan(TIMES / 2);
  expect(grown.heap).toBeLessThan(500_000 + TIMES * 5_000);
});
