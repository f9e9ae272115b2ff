import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { checkOverlay } from './axe.ts';
import { soon } from './soon.ts';
import { configure, overlay, pathOf, signIn, startWorld, truthOf, type World } from './world.ts';

let world: World;
let page: Page;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
  page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, page);
  await overlay(page).state('subscribed');
});
afterAll(() => world.close());

/** Runs an expression in the isolated world of our content scripts on the page. */
async function inContentScript(expression: string): Promise<unknown> {
  const session: CDPSession = await world.context.newCDPSession(page);
  let found: number | undefined;
  session.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.origin === `chrome-extension://${world.id}` && context.auxData?.type === 'isolated') found = context.id;
  });
  await session.send('Runtime.enable');
  if (found === undefined) throw new Error('no content script of ours on the page');
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    contextId: found,
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}

/** Everything that storage areas and databases of one world hold, as text; a refusal is an entry like any other. */
const HOARD = `(async () => {
  const found = [];
  for (const area of ['local', 'sync', 'session', 'managed'])
    found.push(await Promise.resolve().then(() => chrome.storage[area].get(null)).then(
      (all) => area + ': ' + JSON.stringify(all), (error) => area + ': refused: ' + error.message));
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
    for (const store of db.objectStoreNames)
      found.push(name + '.' + store + ': ' + JSON.stringify(await new Promise((done) =>
        (db.transaction(store).objectStore(store).getAll().onsuccess = (event) => done(event.target.result)))));
    db.close();
  }
  return found;
})()`;

describe('what a content script’s world can reach', () => {
  test('no secret and no token: they are in the extension’s own pages only', async () => {
    const options = await world.context.newPage();
    await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
    const own = (await options.evaluate(HOARD)) as string[];
    await options.close();
    const sessions = own.find((entry) => entry.startsWith('optbridge.sessions')) ?? '';
    const tokens = [...sessions.matchAll(/"(?:accessToken|refreshToken)":"([^"]+)"/g)].map(([, token]) => token ?? '');
    // The control: they are there, and this way of looking finds them.
    expect(own.join()).toContain(CREDENTIALS.activecampaign.key);
    expect(tokens).toHaveLength(2);

    const seen = (await inContentScript(HOARD)) as string[];
    for (const area of ['local', 'sync', 'session', 'managed'])
      expect(seen.find((entry) => entry.startsWith(area))).toMatch(/refused/);
    expect(seen.join()).not.toContain('optbridge');
    const status = JSON.stringify(await inContentScript(ask('status', world.sandbox.character('ann').contactRecord)));
    expect(status).toContain('ann.lee@example.com');
    for (const secret of [CREDENTIALS.activecampaign.key, ...tokens]) {
      expect(seen.join()).not.toContain(secret);
      expect(status).not.toContain(secret);
    }
  });

  test('no record but the one in the address bar, and nothing that only our own pages may ask', async () => {
    const ben = world.sandbox.character('ben').contactRecord;
    for (const refused of [
      ask('status', ben),
      ask('opt-out', ben),
      `chrome.runtime.sendMessage({ kind: 'settings-changed' })`,
    ])
      expect(await inContentScript(refused)).toMatchObject({ ok: false });
  });

  test('no page can fetch a file of the extension', async () => {
    for (const file of ['overlay.js', 'manifest.json', 'icons/16.png'])
      expect(
        await page.evaluate(
          (url) =>
            fetch(url).then(
              () => 'fetched',
              () => 'refused',
            ),
          `chrome-extension://${world.id}/${file}`,
        ),
      ).toBe('refused');
  });
});

describe('the page and the overlay', () => {
  test('a page script that clicks and focuses the switch opts nobody out, not even with the person’s next Space', async () => {
    const ann = world.sandbox.character('ann');
    const before = truthOf(world, ann);
    await overlay(page).open();
    await overlay(page).knob.evaluate((element) => {
      if (!(element instanceof HTMLElement)) return;
      element.click();
      element.focus();
    });
    await page.keyboard.press('Space');
    await overlay(page).panel.getByText('Nothing was changed').waitFor();
    await page.keyboard.press('Escape');
    await overlay(page).panel.waitFor({ state: 'detached' });
    expect(await overlay(page).host.getAttribute('data-state')).toBe('subscribed');
    expect(
      world.sandbox.requests.all.filter(({ method, path }) => method === 'PATCH' || /contactLists$/.test(path)),
    ).toEqual([]);
    expect(truthOf(world, ann)).toEqual(before);
  });

  test('the page hears no key that is pressed in the overlay, and all others', async () => {
    const heard = () => page.locator('html').getAttribute('data-heard');
    await page.evaluate(() => delete document.documentElement.dataset.heard);
    await overlay(page).open();
    for (const key of ['e', '/', 'Tab', 'ArrowDown', 'Escape']) await page.keyboard.press(key);
    expect(await heard()).toBeNull();
    expect(page.url()).toMatch(/\/view$/);
    await page.locator('body').click({ position: { x: 5, y: 400 } });
    await page.keyboard.press('e');
    await soon(() => page.url()).toMatch(/\/edit$/);
    await soon(heard).toBe('e');
    // Only an open dialog is closed by Escape, and the address comes before it.
    await page.getByRole('dialog', { name: 'Edit Ann Lee' }).waitFor();
    await page.keyboard.press('Escape');
    await overlay(page).state('subscribed');
  });

  test('axe finds nothing on the real page either', async () => {
    // High enough for the whole panel: axe cannot tell the contrast of what is scrolled out of sight.
    await page.setViewportSize({ width: 1280, height: 1100 });
    await overlay(page).open();
    const { wrong, passed } = await checkOverlay(page);
    expect(wrong).toEqual([]);
    expect(passed).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await overlay(page).panel.waitFor({ state: 'detached' });
  });

  test('an overlay left behind when the extension is reloaded says to refresh the tab', async () => {
    const options = await world.context.newPage();
    await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
    const closed = options.waitForEvent('close');
    await options.evaluate(() => setTimeout(() => chrome.runtime.reload()));
    await closed;
    await overlay(page).pill.click();
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await overlay(page).panel.getByText('Refresh this tab').waitFor();
    await soon(() => overlay(page).host.getAttribute('data-state')).toBe('unavailable');
  });
});

function ask(kind: 'status' | 'opt-out', record: string): string {
  return `chrome.runtime.sendMessage(${JSON.stringify({ kind, record, ...(kind === 'status' && { fresh: false }) })})`;
}
