import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { violations } from './axe-page.ts';
import { inOrder } from './in-order.ts';
import { soon } from './soon.ts';
import { asking, configure, killWorker, overlay, pathOf, startWorld, truthOf, type World } from './world.ts';

let world: World;
/** A page of the extension, from which the real popup's window can be reached. */
let options: Page;
beforeAll(async () => {
  world = await startWorld();
  options = await world.context.newPage();
  await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

const pathTo = (name: string) => {
  const { contactRecord, leadRecord } = world.sandbox.character(name);
  return pathOf(contactRecord || leadRecord);
};

/** The popup's page in a tab of its own, for the tab of `page`: Playwright does not see the real popup's window. */
async function popupFor(page: Page): Promise<Page> {
  const url = page.url();
  const find = () =>
    options.evaluate(async (url) => {
      const tabs = await chrome.tabs.query({});
      // The last one: a tab that was closed with the same address may still be there.
      return tabs.findLast((tab) => tab.url === url)?.id;
    }, url);
  // Of a page of nobody's the browser tells the extension nothing.
  if (url !== 'about:blank') await soon(find).toEqual(expect.any(Number));
  const tab = await find();
  const popup = await world.context.newPage();
  await popup.addInitScript((id) => {
    chrome.tabs.query = (async () => [{ id }]) as unknown as typeof chrome.tabs.query;
  }, tab);
  await popup.setViewportSize({ width: 360, height: 600 });
  await popup.goto(`chrome-extension://${world.id}/src/extension/popup/index.html`);
  await popup.getByRole('heading', { name: 'Sign-ins' }).waitFor();
  return popup;
}

const section = (popup: Page, name: string) => popup.getByRole('region', { name });

/** What the toolbar button shows over the tab of a page. */
function button(page: Page): Promise<string> {
  return options.evaluate(async (url) => {
    const tab = (await chrome.tabs.query({ url: `${url}*` })).at(-1);
    const details = tab?.id === undefined ? {} : { tabId: tab.id };
    return `${await chrome.action.getBadgeText(details)} ${await chrome.action.getTitle(details)}`;
  }, page.url());
}

describe('the popup', () => {
  inOrder();

  test('says what there would be to see while there is nothing, and that ActiveCampaign wants a key', async () => {
    const page = await world.context.newPage();
    const popup = await popupFor(page);
    await section(popup, 'This page').getByText('Open a contact or lead in Salesforce').waitFor();
    await section(popup, 'Waiting').getByText('Nothing is waiting').waitFor();
    await section(popup, 'Your last changes').getByText('Nothing yet').waitFor();
    await section(popup, 'Sign-ins').getByText('ActiveCampaign is not set up yet').waitFor();
    expect(await violations(popup)).toEqual([]);
    await popup.close();
    await page.close();
    await configure(world);
  });

  test('offers a sign-in for the org of the tab, and says so when somebody is signed in', async () => {
    const page = await world.open(pathTo('ann'));
    await overlay(page).state('signed-out');
    const popup = await popupFor(page);
    await section(popup, 'Sign-ins').getByText('Connected').waitFor();
    const asked = asking(world.context);
    await popup.getByRole('button', { name: 'Sign in to acme.my.salesforce.com' }).click();
    await (await asked).getByRole('button', { name: 'Allow', exact: true }).click();
    await overlay(page).state('subscribed');
    const again = await popupFor(page);
    await section(again, 'Sign-ins').getByText('Signed in').waitFor();
    await again.close();
    await page.close();
  });

  test('the real one, opened over a record page, shows that record in a line', async () => {
    const page = await world.open(pathTo('ann'));
    await overlay(page).state('subscribed');
    await page.bringToFront();
    const text = () =>
      options.evaluate(async () => {
        const shown = () => chrome.extension.getViews({ type: 'popup' })[0];
        // The browser opens none before the window has come to the front, and closes one that loses the focus.
        if (!shown()) await chrome.action.openPopup();
        return shown()?.document.body.innerText ?? '';
      });
    await soon(text).toMatch(/Subscribed\s+2 of 3 lists.*ann\.lee@example\.com/s);
    await options.evaluate(() => chrome.extension.getViews({ type: 'popup' })[0]?.close());
    await page.close();
  });

  test('opens the panel of the page, where a key that the person presses then counts', async () => {
    const page = await world.open(pathTo('ann'));
    await overlay(page).state('subscribed');
    const popup = await popupFor(page);
    const open = popup.getByRole('button', { name: 'Open the panel on the page' });
    // The popup closes by it, and may be gone before the key is up again.
    await open.press('Enter').catch(() => soon(() => popup.isClosed()).toBe(true));
    await overlay(page).panel.waitFor();
    await page.close();
  });

  test('gives the whole name of a field of which the settings give half, as the panel does, and leads to the settings', async () => {
    for (const object of ['Contact', 'Lead']) world.sandbox.org.addField(object, 'acme__Sales_Opt_Out__c');
    const save = async (field: string, lists: string) => {
      await options.reload();
      await options.getByLabel('Opt-out field', { exact: true }).fill(field);
      await options.getByLabel('Lists that count').fill(lists);
      await options.getByRole('button', { name: 'Save' }).click();
      await options.getByText('Saved', { exact: true }).waitFor();
    };
    await save('Sales_Opt_Out__c', 'all');
    // Not read before: a reading of a moment ago is shown as it is.
    const page = await world.open(pathTo('kim'));
    await overlay(page).state('unavailable');
    await overlay(page).open();
    await overlay(page).panel.getByText('with the namespace, is acme__Sales_Opt_Out__c').waitFor();
    await overlay(page).panel.getByRole('button', { name: 'Open the settings' }).waitFor();
    const popup = await popupFor(page);
    await section(popup, 'This page').getByText('with the namespace, is acme__Sales_Opt_Out__c').waitFor();
    await section(popup, 'This page').getByRole('button', { name: 'Open the settings' }).waitFor();
    await save('acme__Sales_Opt_Out__c', 'all');
    await overlay(page).state('subscribed');
    await popup.close();
    await page.close();
    await save('', '');
  });

  test('says of an org where the pill is hidden that it is, and "Show again" brings it to the open page at once', async () => {
    await options.evaluate(() =>
      chrome.storage.local.set({ 'place acme.my.salesforce.com': { at: null, hidden: true } }),
    );
    const page = await world.open(pathTo('hugo'));
    // The sign on the toolbar comes where else the pill would.
    await soon(() => button(page)).toContain('⊘');
    expect(await overlay(page).host.count()).toBe(0);
    const popup = await popupFor(page);
    await section(popup, 'This page').getByText('Hidden in this org').waitFor();
    expect(await violations(popup)).toEqual([]);
    await popup.getByRole('button', { name: 'Show again', exact: true }).press('Enter');
    await overlay(page).state('opted-out');
    await popup.getByRole('status').getByText('is shown in this org again').waitFor();
    await popup.getByText('Hidden in this org').waitFor({ state: 'detached' });
    await popup.close();
    await page.close();
  });

  test('lists what was changed, and what is stuck with its reason; "Try again" tries at once', async () => {
    const ann = world.sandbox.character('ann');
    const page = await world.open(pathTo('ann'));
    await overlay(page).state('subscribed');
    await overlay(page).open();
    await overlay(page).knob.click();
    await overlay(page).state('opted-out');

    const fault = world.sandbox.faults.add({
      service: 'salesforce',
      method: 'PATCH',
      kind: 'status',
      status: 400,
      body: [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Ask legal first.' }],
    });
    const other = await world.open(pathTo('jack'));
    await overlay(other).state('subscribed');
    await overlay(other).open();
    await overlay(other).knob.click();
    await overlay(other).state('pending');
    await soon(() => fault.hits).toBeGreaterThan(0);

    const popup = await popupFor(page);
    const changes = section(popup, 'Your last changes');
    await changes.getByText('Opted out').waitFor();
    const link = changes.getByRole('link', { name: 'Ann Lee' });
    expect(await link.getAttribute('href')).toBe(
      `https://acme.lightning.force.com/lightning/r/${ann.contactRecord}/view`,
    );
    const queue = section(popup, 'Waiting');
    await queue.getByText('Salesforce refused').waitFor();
    await queue.getByText('Ask legal first.').waitFor();
    await soon(() => button(page)).toBe('! OptBridge: changes that do not get through: 1. Click to see why');
    for (const colorScheme of ['light', 'dark'] as const) {
      await popup.emulateMedia({ colorScheme });
      expect(await violations(popup)).toEqual([]);
    }

    fault.off();
    await popup.getByRole('button', { name: /^Try again: Jack/ }).press('Enter');
    await popup.getByRole('status').getByText('Trying again now').waitFor();
    await queue.getByText('Nothing is waiting').waitFor();
    await soon(() => changes.getByRole('listitem').count()).toBe(2);
    await soon(() => button(page)).toBe('⊘ OptBridge: this person is opted out of email');
    await soon(() => truthOf(world, world.sandbox.character('jack'))).toMatchObject({
      boxes: [true],
      statuses: [2, 2, 2, 2],
    });
    await popup.close();
    await other.close();
    await page.close();
  });

  test('what was meant for another account is discarded after a question, and stays in the list of changes', async () => {
    const field = options.locator('input[name=activeCampaignUrl]');
    const account = async (url: string) => {
      await options.reload();
      await field.fill(url);
      await options.getByRole('button', { name: 'Save' }).click();
      await options.getByText('Saved', { exact: true }).waitFor();
    };
    const page = await world.open(pathTo('leo'));
    await overlay(page).state('subscribed');
    await overlay(page).open();
    world.sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 403 });
    await page
      .getByRole('button', { name: /^Unsubscribe from .* only/ })
      .first()
      .click();
    await overlay(page).state('pending');
    const popup = await popupFor(page);
    const queue = section(popup, 'Waiting');
    await queue.getByRole('button', { name: 'Try again: Leo' }).waitFor();
    // What is only refused, or waits for the network, is not to be discarded.
    expect(await queue.getByRole('button', { name: /^Discard/ }).count()).toBe(0);
    await account('https://other.api-us1.com');
    await queue.getByText('named another ActiveCampaign account').waitFor();
    await overlay(page).panel.getByText('discard it in the popup').waitFor();
    const discard = queue.getByRole('button', { name: 'Discard: Leo' });
    await discard.dblclick();
    await queue.getByText('stays on that list').waitFor();
    await soon(() => popup.evaluate(() => document.activeElement?.textContent)).toBe('Keep it');
    await popup.emulateMedia({ colorScheme: 'dark' });
    expect(await violations(popup)).toEqual([]);
    await popup.keyboard.press('Enter');
    await discard.click();
    // Wherever the second press of a double click lands: it was meant for what was there before.
    const forGood = queue.getByRole('button', { name: 'Discard for good' });
    await forGood.hover();
    await popup.mouse.down({ clickCount: 2 });
    await popup.mouse.up({ clickCount: 2 });
    await queue.getByRole('button', { name: 'Keep it' }).click();
    await discard.click();
    await forGood.click();
    await popup.getByRole('status').getByText('stays listed under').waitFor();
    await queue.getByText('Nothing is waiting').waitFor();
    await section(popup, 'Your last changes').getByText('Not saved in: ActiveCampaign').waitFor();
    await soon(() => button(page)).not.toContain('!');
    world.sandbox.faults.clear();
    await account(CREDENTIALS.activecampaign.url);
    await overlay(page).state('subscribed');
    await overlay(page).panel.getByText('You discarded your last change here').waitFor();
    await popup.close();
    await page.close();
  });

  test('at 360 px, at 320 px, as wide as 200 % zoom leaves, and in forced colours: nothing is cut off, all can be read', async () => {
    const page = await world.open(pathTo('hugo'));
    await overlay(page).state('opted-out');
    const popup = await popupFor(page);
    await section(popup, 'This page').getByText('Opted out').waitFor();
    const across = () =>
      popup.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    for (const width of [360, 320, 300]) {
      await popup.setViewportSize({ width, height: 500 });
      await soon(across).toBe(0);
    }
    await popup.emulateMedia({ forcedColors: 'active' });
    expect(await violations(popup)).toEqual([]);
    await popup.close();
    await page.close();
  });
});

describe('the toolbar button', () => {
  test('says over a record that it is opted out, with a dead worker too, and nothing over what the tab shows next', async () => {
    const page = await world.open(pathTo('hugo'));
    await soon(() => button(page)).toBe('⊘ OptBridge: this person is opted out of email');
    await killWorker(world, page);
    expect(await button(page)).toContain('⊘');
    await page.getByRole('link', { name: 'Contacts', exact: true }).click();
    await page.waitForURL('**/lightning/o/Contact/list**');
    await soon(() => button(page)).toMatch(/^ OptBridge: one email opt-out/);
    await page.goBack();
    await soon(() => button(page)).toContain('⊘');
    await page.reload();
    await soon(() => button(page)).toContain('⊘');
    await page.goto('https://acme.lightning.force.com/lightning/page/home');
    await soon(() => button(page)).toMatch(/^ OptBridge: one email opt-out/);
    await page.close();
  });
});
