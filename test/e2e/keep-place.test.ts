import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inOrder } from './in-order.ts';
import { soon } from './soon.ts';
import { settled } from './stage.ts';
import { configure, overlay, pathOf, signIn, startWorld, type World } from './world.ts';

let world: World;
let page: Page;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
  page = await open();
  await signIn(world, page);
  await page.close();
});
afterAll(() => world.close());
afterEach(() => page.close());

const open = (name = 'ann') => world.open(pathOf(world.sandbox.character(name).contactRecord));
const button = (name: string) => page.getByRole('button', { name, exact: true });

async function pillBox() {
  const box = await overlay(page).pill.boundingBox();
  if (!box) throw new Error('no pill');
  return { left: Math.round(box.x), top: Math.round(box.y) };
}
/** Beside the header of the record; before that is drawn, the pill is at the lower edge. */
const beside = () => soon(async () => (await pillBox()).top).toBeLessThan(250);

const opened = () => overlay(page).open();

/** Does what the browser does when the keys of the command are pressed, which Playwright cannot press. */
async function command(): Promise<void> {
  const worker = world.context.serviceWorkers()[0] ?? (await world.context.waitForEvent('serviceworker'));
  await worker.evaluate(async (url) => {
    const tab = (await chrome.tabs.query({ url: `${url}*` })).at(-1);
    const event = chrome.commands.onCommand as unknown as { dispatch(name: string, tab: unknown): void };
    event.dispatch('open-panel', tab);
  }, page.url());
}

describe('where the rep leaves the pill', () => {
  inOrder();

  test('a drag moves it and opens nothing; Escape gives a drag up; it is there after a reload, and on the next record', async () => {
    page = await open();
    await overlay(page).state('subscribed');
    await beside();
    const start = await pillBox();
    // The second script comes with the pointer, and takes a drag from then on.
    await opened();
    await page.keyboard.press('Escape');
    const { mouse } = page;
    await mouse.move(start.left + 20, start.top + 14);
    await mouse.down();
    await mouse.move(start.left + 60, start.top + 100, { steps: 4 });
    await page.keyboard.press('Escape');
    await mouse.up();
    await soon(pillBox).toEqual(start);
    // So near that the pill is back under the pointer when that is lifted.
    await mouse.move(start.left + 20, start.top + 14);
    await mouse.down();
    await mouse.move(start.left + 32, start.top + 14, { steps: 4 });
    await page.keyboard.press('Escape');
    await soon(pillBox).toEqual(start);
    await mouse.up();
    // A click, were it one, would be over before the browser says that the pointer is lifted.
    expect(await overlay(page).panel.count()).toBe(0);

    await mouse.move(start.left + 20, start.top + 14);
    await mouse.down();
    await mouse.move(220, 414, { steps: 4 });
    await mouse.up();
    expect(await overlay(page).panel.count()).toBe(0);
    await soon(pillBox).toEqual({ left: 200, top: 400 });

    await page.reload();
    await overlay(page).state('subscribed');
    await soon(pillBox).toEqual({ left: 200, top: 400 });
    await page.close();
    page = await open('ben');
    await overlay(page).pill.waitFor();
    await soon(pillBox).toEqual({ left: 200, top: 400 });
  });

  test('the arrow keys move it until Enter keeps it or Escape puts it back, which leaves the panel open', async () => {
    page = await open();
    await overlay(page).state('subscribed');
    await soon(pillBox).toEqual({ left: 200, top: 400 });
    await opened();
    await button('Move').press('Enter');
    await overlay(page).panel.getByText('The arrow keys move it').waitFor();
    for (const key of ['ArrowRight', 'ArrowDown', 'Shift+ArrowUp']) await page.keyboard.press(key);
    await soon(pillBox).toEqual({ left: 208, top: 344 });
    await page.keyboard.press('Escape');
    await overlay(page).panel.getByText('The arrow keys move it').waitFor({ state: 'detached' });
    expect(await overlay(page).panel.count()).toBe(1);
    await page.keyboard.press('Escape');
    await soon(() => overlay(page).panel.count()).toBe(0);
    await soon(pillBox).toEqual({ left: 200, top: 400 });

    await opened();
    await button('Move').press('Enter');
    for (const key of ['ArrowRight', 'Shift+ArrowUp', 'Enter']) await page.keyboard.press(key);
    await page.keyboard.press('Escape');
    await soon(pillBox).toEqual({ left: 208, top: 336 });
    await page.reload();
    await overlay(page).state('subscribed');
    await soon(pillBox).toEqual({ left: 208, top: 336 });
  });

  test('"Back beside the record" takes it back, for good', async () => {
    page = await open();
    await overlay(page).state('subscribed');
    await soon(pillBox).toEqual({ left: 208, top: 336 });
    await opened();
    await button('Back beside the record').click();
    await page.keyboard.press('Escape');
    await beside();
    await page.reload();
    await overlay(page).state('subscribed');
    await beside();
  });
});

/** What the toolbar button shows over the tab. */
const badge = async (): Promise<string | undefined> => {
  const [worker] = world.context.serviceWorkers();
  return worker?.evaluate(async (url) => {
    const tab = (await chrome.tabs.query({ url: `${url}*` })).at(-1);
    return tab?.id === undefined ? undefined : chrome.action.getBadgeText({ tabId: tab.id });
  }, page.url());
};

describe('hidden in the org', () => {
  test('"Hide in this org" leaves no overlay on the next page but the sign on the toolbar; the command opens it there, and "Keep showing" brings it back', async () => {
    page = await open('hugo');
    await overlay(page).state('opted-out');
    await opened();
    await button('Hide in this org').click();
    await overlay(page).panel.getByText('it stays hidden in this org').waitFor();
    await page.keyboard.press('Escape');
    await soon(() => overlay(page).pill.isVisible()).toBe(false);

    await page.reload();
    await soon(badge).toBe('⊘');
    expect(await overlay(page).host.count()).toBe(0);
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await soon(badge).toBe('');
    await page.goBack();
    await soon(badge).toBe('⊘');

    await command();
    await settled(page);
    await button('Keep showing').click();
    // It says that it is shown again once that is kept, and not before: a reload right then finds it.
    await button('Hide in this org').waitFor();
    await page.reload();
    await overlay(page).state('opted-out');
    await soon(() => overlay(page).pill.isVisible()).toBe(true);
  });
});

describe('the keyboard', () => {
  test('the command opens the panel with the focus in it, and Escape gives the focus back to where it was', async () => {
    page = await open();
    await overlay(page).state('subscribed');
    await page.locator('input').first().focus();
    const focused = () => page.evaluate(() => document.activeElement?.localName);
    await command();
    await settled(page);
    await soon(focused).toBe('optbridge-overlay');
    await page.keyboard.press('Escape');
    await soon(() => overlay(page).panel.count()).toBe(0);
    await soon(focused).toBe('input');
  });

  test('what is typed into the reason of an opt-in is no shortcut of the page', async () => {
    page = await open();
    await overlay(page).state('subscribed');
    await opened();
    await overlay(page).knob.click();
    await overlay(page).state('opted-out');
    await button('Opt in again…').click();
    await page.getByRole('radio', { name: 'Other', exact: true }).click();
    await page.evaluate(() => delete document.documentElement.dataset.heard);
    const field = overlay(page).panel.getByRole('textbox', { name: 'What was said or done' });
    await field.click();
    await page.keyboard.type('she wrote: yes / see e-mail');
    await soon(() => field.inputValue()).toBe('she wrote: yes / see e-mail');
    expect(await page.locator('html').getAttribute('data-heard')).toBeNull();
    expect(page.url()).toMatch(/\/view$/);
  });
});
