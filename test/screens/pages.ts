import type { Page } from 'playwright-core';
import { settled } from '../e2e/stage.ts';
import { configure, overlay, pathOf, signIn, startWorld, type World } from '../e2e/world.ts';
import { LOOK } from './chromium.ts';
import type { Keep } from './screens.ts';

/** The real extension on the pages of the sandbox, and its own pages. */
export async function photographPages(keep: Keep): Promise<void> {
  const world = await startWorld({ launch: { ...LOOK, viewport: { width: 1280, height: 800 } } });
  await signInPages(world, keep);
  await configure(world);
  await recordPages(world, keep);
  await optionsPage(world, keep);
  await world.close();
}

async function recordPages(world: World, keep: Keep): Promise<void> {
  const { sandbox } = world;
  const page = await world.open(pathOf(sandbox.character('ann').contactRecord));
  await signIn(world, page);
  // As somebody sees it who uses the mouse: signing in has left an outline behind.
  await page.reload();
  await overlay(page).state('subscribed');
  await keep('page-pill', () => photographed(page));
  await overlay(page).pill.click();
  await settled(page);
  await keep('page-panel', () => photographed(page));
  const other = await world.open(pathOf(sandbox.character('cleo').contactRecord));
  await overlay(other).state('differs');
  await overlay(other).pill.click();
  await settled(other);
  await keep('page-differs', () => photographed(other));
  await page.close();
  await other.close();
}

async function signInPages(world: World, keep: Keep): Promise<void> {
  const page = await openOwn(world, 'signin/index.html?host=acme.my.salesforce.com');
  await page.setViewportSize({ width: 480, height: 420 });
  await page.getByRole('alert').waitFor();
  await inBoth(page, 'sign-in', keep);
  await page.close();
}

async function optionsPage(world: World, keep: Keep): Promise<void> {
  const page = await openOwn(world, 'options/index.html');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.setViewportSize({ width: 760, height: 1000 });
  await inBoth(page, 'options', keep);
  await page.close();
}

async function openOwn({ context, id }: World, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${id}/src/extension/${path}`);
  return page;
}

async function inBoth(page: Page, name: string, keep: Keep): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await keep(`${name}-${colorScheme}`, () => page.screenshot({ fullPage: true }));
  }
}

/** The seconds since the reading run by a clock that cannot be stopped: they are put back to three. */
async function photographed(page: Page): Promise<Buffer> {
  await page.locator('optbridge-overlay .overlay').evaluate((overlay) => {
    const read = overlay.querySelector('.foot span');
    if (read) read.textContent = read.textContent?.replace(/now|\d+ \w+\. ago/, '3 sec. ago') ?? '';
  });
  return page.screenshot();
}
