import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { often } from '../long.ts';
import { soon } from './soon.ts';
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

/**
 * To the two records in turn, every second time by way of a list, with the panel opened and closed on each. The page has
 * drawn each before the next: of one that was left early it would keep nothing.
 */
async function walk(times: number): Promise<void> {
  const shown = page.locator('.oneContent.active');
  const people = ['ben', 'ann'].map((name) => world.sandbox.character(name));
  for (let n = 0; n < times; n++) {
    const { contactRecord: record = '', lastName = '' } = people[n % 2] ?? {};
    if (n % 4 > 1) {
      await go('/lightning/o/Contact/list?filterName=Recent');
      await overlay(page).pill.waitFor({ state: 'hidden' });
      await shown.locator('tbody tr').first().waitFor();
    }
    await go(pathOf(record));
    const name = shown.locator('records-highlights2 [slot=primaryField]');
    await name.filter({ hasText: lastName }).waitFor();
    await page.locator(`optbridge-overlay[data-record="${record}"]:not([data-state=loading])`).waitFor();
    await overlay(page).pill.click();
    await page.locator('optbridge-overlay .foot').waitFor();
    await page.keyboard.press('Escape');
    await overlay(page).panel.waitFor({ state: 'detached' });
  }
}

test(`${TIMES} records later the tab holds no more nodes, listeners and heap than before`, async () => {
  await walk(WARM);
  const before = await held();
  await walk(TIMES);
  // Less than one of each per navigation, so that one left behind by each is found. What is only late goes in the end.
  await soon(async () => {
    const after = await held();
    return {
      nodes: after.nodes - before.nodes < TIMES / 2,
      listeners: after.listeners - before.listeners < TIMES / 2,
      heap: after.heap - before.heap < 500_000 + TIMES * 5_000,
    };
  }).toEqual({ nodes: true, listeners: true, heap: true });
});
