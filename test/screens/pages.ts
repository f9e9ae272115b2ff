import type { Page } from 'playwright-core';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { RIGHTS } from '../../src/sandbox/salesforce/setup/rights.ts';
import { settled } from '../e2e/stage.ts';
import { asking, configure, overlay, pathOf, signIn, startWorld, type World } from '../e2e/world.ts';
import { LOOK } from './chromium.ts';
import type { Keep } from './screens.ts';

const SIGN_IN = 'signin/index.html?host=acme.my.salesforce.com';

/** The real extension on the pages of the sandbox, and its own pages. */
export async function photographPages(keep: Keep): Promise<void> {
  const world = await startWorld({ launch: { ...LOOK, viewport: { width: 1280, height: 800 } } });
  await signInPages(world, keep);
  await recordPages(world, keep);
  await popup(world, keep);
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

/** One change made, one that does not get through, and the page of somebody else behind the popup. */
async function popup(world: World, keep: Keep): Promise<void> {
  const { sandbox } = world;
  const began = Date.now();
  const page = await optedOut(world, 'jack', 'opted-out');
  await page.close();
  sandbox.faults.add({
    service: 'salesforce',
    method: 'PATCH',
    kind: 'status',
    // Waits for somebody, and so for no time that would be another in each picture.
    status: 403,
    body: [{ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'insufficient access rights on object id' }],
  });
  const stuck = await optedOut(world, 'leo', 'pending');
  await stuck.locator('optbridge-overlay').getByText('insufficient access').waitFor();
  await stuck.close();

  const behind = await world.open(pathOf(sandbox.character('ann').contactRecord));
  await overlay(behind).state('subscribed');
  const tab = await openOwn(world, 'popup/index.html');
  const id = await tab.evaluate(
    async (url) => (await chrome.tabs.query({})).find((one) => one.url === url)?.id,
    behind.url(),
  );
  await tab.addInitScript((id) => {
    chrome.tabs.query = (async () => [{ id }]) as unknown as typeof chrome.tabs.query;
  }, id);
  await tab.clock.setFixedTime(began + 150_000);
  await tab.setViewportSize({ width: 360, height: 640 });
  await tab.reload();
  await tab.getByText('ann.lee@example.com').waitFor();
  await tab.getByText('insufficient access').waitFor();
  await inBoth(tab, 'popup', keep);
  await tab.evaluate(() => chrome.storage.local.set({ 'place acme.my.salesforce.com': { at: null, hidden: true } }));
  await tab.getByText('Hidden in this org').waitFor();
  await inBoth(tab, 'popup-hidden', keep);
  await discard(world, keep, tab);
  await tab.close();
  await behind.close();
  sandbox.faults.clear();
}

/** What was meant for another account, and the question before it is discarded. */
async function discard(world: World, keep: Keep, popup: Page): Promise<void> {
  const { sandbox } = world;
  await popup.evaluate(() => chrome.storage.local.clear());
  sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 403 });
  const page = await world.open(pathOf(sandbox.character('ann').contactRecord));
  await overlay(page).state('subscribed');
  await overlay(page).pill.click();
  await settled(page);
  await page
    .getByRole('button', { name: /^Unsubscribe from .* only/ })
    .first()
    .click();
  await overlay(page).state('pending');
  await page.close();
  const account = async (url: string) => {
    const options = await openOwn(world, 'options/index.html');
    await options.locator('input[name=activeCampaignUrl]').fill(url);
    await options.locator('button[type=submit].main').click();
    await options.locator('.bar .said.good:not(:empty)').waitFor();
    await options.close();
  };
  await account('https://other.api-us1.com');
  await popup.getByRole('button', { name: /^Discard: Ann/ }).click();
  await inBoth(popup, 'popup-discard', keep);
  await account(CREDENTIALS.activecampaign.url);
}

/** Opens the person's page and clicks the switch. */
async function optedOut(world: World, name: string, state: string): Promise<Page> {
  const { contactRecord, leadRecord } = world.sandbox.character(name);
  const page = await world.open(pathOf(contactRecord || leadRecord));
  await overlay(page).state('subscribed');
  await overlay(page).pill.click();
  await settled(page);
  await overlay(page).knob.click();
  await overlay(page).state(state);
  return page;
}

/** Before anything is set up, and then while Salesforce asks. */
async function signInPages(world: World, keep: Keep): Promise<void> {
  const page = await openOwn(world, SIGN_IN);
  await page.setViewportSize({ width: 480, height: 420 });
  await page.getByRole('alert').waitFor();
  await inBoth(page, 'sign-in', keep);
  await configure(world);
  const asked = asking(world.context);
  await page.reload();
  await asked;
  await inBoth(page, 'sign-in-working', keep);
  await page.close();
}

async function optionsPage(world: World, keep: Keep): Promise<void> {
  const page = await openOwn(world, 'options/index.html');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.setViewportSize({ width: 760, height: 1000 });
  await inBoth(page, 'options', keep);
  await installing(world, page, keep);
  await page.close();
}

/** The field being installed in an org where one right is missing, and then given. */
async function installing({ sandbox }: World, page: Page, keep: Keep): Promise<void> {
  const { org, salesforce } = sandbox;
  const section = page.locator('section[aria-labelledby=install]');
  const picture = async (name: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await keep(`options-install-${name}-${colorScheme}`, () => section.screenshot());
    }
  };
  const press = (name: string) => section.getByRole('button', { name, exact: true }).click();
  org.setup.rights.give(salesforce.viewer, ...RIGHTS);
  org.setup.rights.take(salesforce.viewer, 'AssignPermissionSets');
  org.setup.addRecordPage('Lead', 'Lead Record Page', ['Email']);
  await press('See what is there');
  await section.getByText('Not there').first().waitFor();
  await picture('there');
  await press('Install the field…');
  await picture('plan');
  await press('Install');
  await section.getByText('Not all of it is there').waitFor();
  await picture('part');
  org.setup.rights.give(salesforce.viewer, 'AssignPermissionSets');
  await press('Go on');
  await section.getByText('All of it is there').waitFor();
  await picture('over');
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
