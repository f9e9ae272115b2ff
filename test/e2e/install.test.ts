import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXTENSION_ID } from '../extension/extension-id.ts';
import { violations } from './axe-page.ts';
import { inOrder } from './in-order.ts';
import { soon } from './soon.ts';
import { configure, overlay, pathOf, signIn, startWorld, type World } from './world.ts';

/** An administrator installs the sales opt-out field from the options page and works with it: one browser, in order. */

const FIELD = 'Sales_Opt_Out__c';

let world: World;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  world.sandbox.salesforce.viewer = world.sandbox.org.admin;
  await configure(world);
  page = await world.context.newPage();
  await page.goto(`chrome-extension://${EXTENSION_ID}/src/extension/options/index.html`);
  await page.getByRole('heading', { level: 1 }).waitFor();
});
afterAll(() => world.close());
inOrder();

const section = () => page.getByRole('region', { name: 'Sales opt-out field' });
const press = (name: string | RegExp) => section().getByRole('button', { name }).click();
const layouts = () => world.sandbox.org.setup.layouts.all;

async function looksWell(colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 320, height: 600 });
  await soon(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('asks for a sign-in first, then shows what is there', async () => {
  await section().getByText('Sign in to Salesforce above first').waitFor();
  const record = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, record);
  await record.close();
  // What a person does to come back to the page.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await press('See what is there');
  await section().getByText('Not there').nth(1).waitFor();
  await soon(() => section().getByText('On 0 of 1').count()).toBe(2);
});

test('shows what will be done, does it by keyboard, says what failed, and goes on where it was', async () => {
  await press('Install the field…');
  const heading = section().getByRole('heading', { name: 'What is done in acme.my.salesforce.com' });
  await soon(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  await soon(() => section().getByRole('listitem').count()).toBe(10);
  await soon(() => section().getByText('To do').count()).toBe(10);
  await section().getByRole('checkbox', { name: 'On leads: onto the page layout “Lead Layout”' }).uncheck();
  await soon(() => section().getByRole('listitem').count()).toBe(9);
  const copy = page.waitForEvent('download');
  await press('Download a copy');
  expect((await copy).suggestedFilename()).toBe('layouts-acme.my.salesforce.com.xml');
  await looksWell('light');
  world.sandbox.org.setup.rights.take(world.sandbox.org.admin, 'AssignPermissionSets');
  const untouched = layouts()[1]?.body;
  await section().getByRole('button', { name: 'Install', exact: true }).press('Enter');
  await section().getByText('Not all of it is there').waitFor();
  await section().getByText('For this you need in Salesforce: Assign Permission Sets').waitFor();
  await looksWell('dark');
  world.sandbox.org.setup.rights.give(world.sandbox.org.admin, 'AssignPermissionSets');
  await press('Go on');
  await section().getByText('All of it is there').waitFor();
  expect(layouts().map(({ body }) => body.split(FIELD).length - 1)).toEqual([1, 0]);
  expect(layouts()[1]?.body).toBe(untouched);
  await soon(() => section().getByText('Read and edit', { exact: true }).count()).toBe(4);
  await looksWell('light');
});

test('uses the field as soon as it is said which lists go with it', async () => {
  await press('Use this field');
  const lists = page.getByLabel('Lists that count');
  await soon(() => lists.evaluate((input) => input === document.activeElement)).toBe(true);
  await soon(() => lists.getAttribute('aria-invalid')).toBe('true');
  await lists.fill('all');
  await page.getByRole('button', { name: 'Save' }).click();
  await section().getByText(`${FIELD} is the field in use`).waitFor();
});

test('a click on a record page sets the new field, and never the standard one', async () => {
  const ann = world.sandbox.character('ann');
  const record = await world.open(pathOf(ann.contactRecord));
  await overlay(record).state('subscribed');
  await overlay(record).open();
  await overlay(record).knob.click();
  await overlay(record).state('opted-out');
  const row = world.sandbox.org.get('Contact', ann.contactRecord);
  expect([row?.[FIELD], row?.HasOptedOutOfEmail]).toEqual([true, false]);
});

test('does not offer to use it where a policy says which field is in use', async () => {
  await page.addInitScript(() => {
    // Only an administrator's own file makes a policy: its answer is played here.
    Object.assign(chrome.storage.managed, { get: async () => ({ optOutField: 'HasOptedOutOfEmail' }) });
  });
  await page.reload();
  await press('See what is there');
  await section().getByText('Your organisation has set HasOptedOutOfEmail as the field in use').waitFor();
  await soon(() => section().getByRole('button', { name: 'Use this field' }).count()).toBe(0);
  // One layout is left.
  await section().getByRole('button', { name: 'Install the field…' }).waitFor();
});

test('asks the org that is picked, and stays with the one at hand when a sign-in to another comes first in the list', async () => {
  await page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => request.addEventListener('success', () => resolve(request.result)));
    const store = (await done(indexedDB.open('optbridge')))
      .transaction('sessions', 'readwrite')
      .objectStore('sessions');
    const session = await done(store.get('acme.my.salesforce.com'));
    await done(store.put({ ...session, host: 'aaa.my.salesforce.com' }));
    window.dispatchEvent(new Event('focus'));
  });
  const org = section().getByRole('combobox', { name: 'Org for the field' });
  await soon(() => org.inputValue()).toBe('acme.my.salesforce.com');
  await org.selectOption('aaa.my.salesforce.com');
  await soon(() => section().getByText('On 1 of 1').count()).toBe(0);
  await press('See what is there');
  await press('Install the field…');
  await section().getByRole('heading', { name: 'What is done in aaa.my.salesforce.com' }).waitFor();
  await org.selectOption('acme.my.salesforce.com');
  await section().getByRole('button', { name: 'See what is there' }).waitFor();
  expect(
    await section()
      .getByRole('heading', { name: /What is done/ })
      .count(),
  ).toBe(0);
});
