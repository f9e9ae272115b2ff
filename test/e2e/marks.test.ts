import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inOrder } from './in-order.ts';
import { soon } from './soon.ts';
import { configure, overlay, pathOf, signIn, startWorld, type World } from './world.ts';

const LIST = '/lightning/o/Contact/list?filterName=Recent';
let world: World;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
});
afterAll(() => world.close());
inOrder();

/** What the marks in sight say, by address. */
const marks = (page: Page) =>
  page.evaluate(() =>
    [...(document.querySelector('optbridge-marks')?.shadowRoot?.querySelectorAll('li:not([hidden])') ?? [])].map(
      (item) => item.textContent ?? '',
    ),
  );

/** Every mark in sight with the address on whose line it is, as the page shows it: they must say the same. */
const beside = (page: Page) =>
  page.evaluate(() => {
    const links = [...document.querySelectorAll('a[href^="mailto:"]')].map((link) => ({
      address: link.textContent?.toLowerCase() ?? '',
      box: link.getBoundingClientRect(),
    }));
    const items = document.querySelector('optbridge-marks')?.shadowRoot?.querySelectorAll('li:not([hidden])') ?? [];
    return [...items].map((item) => {
      const { x, y, width, height } = item.getBoundingClientRect();
      const near = links
        .filter(({ box }) => box.width > 0 && Math.abs(box.y + box.height / 2 - (y + height / 2)) < 3)
        .find(({ box }) => Math.abs(x - box.right) < 30 || Math.abs(x + width - box.left) < 30);
      return `${item.textContent?.split(': ')[0]} at ${near?.address}`;
    });
  });
/** Whether every mark in sight is where the list is: none over what is around it. */
const inside = (page: Page) =>
  page.evaluate(() => {
    const list = document.querySelector('.slds-scrollable_y')?.getBoundingClientRect();
    const items = document.querySelector('optbridge-marks')?.shadowRoot?.querySelectorAll('li:not([hidden])') ?? [];
    return [...items].every((item) => {
      const { top, bottom } = item.getBoundingClientRect();
      return list !== undefined && top >= list.top && bottom <= list.bottom;
    });
  });
const matched = async (page: Page) => {
  const said = await beside(page);
  return (
    said.length > 3 && (await inside(page)) && said.every((line) => line.split(' at ')[0] === line.split(' at ')[1])
  );
};

test('there is no mark, no script and no question where nobody asked for marks', async () => {
  const page = await world.open(LIST);
  await page.locator('tbody tr').nth(10).waitFor();
  const record = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, record);
  await record.close();
  // As many questions later as a sign-in takes, which marks would have been there long before.
  expect(await page.locator('optbridge-marks').count()).toBe(0);
  expect(world.sandbox.requests.of('salesforce', 'GET', /Email%20IN/)).toEqual([]);
  await page.close();
});

describe('where the settings want marks', () => {
  beforeAll(async () => {
    const options = await world.context.newPage();
    await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
    await options.getByRole('checkbox', { name: 'Marks in lists' }).check();
    await options.getByRole('button', { name: 'Save' }).click();
    await options.getByText('Saved', { exact: true }).waitFor();
    await options.close();
  });

  test('every address of a list in sight has one beside it, from two queries, and none is in the page’s own elements', async () => {
    const page = await world.open(LIST);
    await soon(() => matched(page)).toBe(true);
    await soon(() => marks(page)).toEqual(
      expect.arrayContaining([
        'hugo.brand@example.org: Opted out in Salesforce',
        'ann.lee@example.com: Email allowed in Salesforce and ActiveCampaign',
        expect.stringMatching(/Email allowed in Salesforce; ActiveCampaign was not asked$/),
      ]),
    );
    expect(world.sandbox.requests.of('salesforce', 'GET', /Email%20IN/)).toHaveLength(2);
    expect(await page.locator('.navexDesktopLayoutContainer optbridge-marks').count()).toBe(0);
    // Where the colours are the person's own, the shape and the frame tell an out from an in, and both can be seen.
    await page.emulateMedia({ forcedColors: 'active' });
    const drawn = await page.locator('optbridge-marks li:not([hidden])').evaluateAll((items) =>
      items.map((item) => {
        const { borderTopStyle, color, backgroundColor } = getComputedStyle(item);
        const shape = item.querySelector('path')?.getAttribute('d');
        return `${item.matches('.out') ? 'out' : 'in'} ${borderTopStyle} ${shape} ${color === backgroundColor}`;
      }),
    );
    const looks = [...new Set(drawn)].sort();
    expect(looks.map((look) => look.replace(/ M.* /, ' … '))).toEqual(['in none … false', 'out solid … false']);
    expect(new Set(looks.map((look) => look.split(' ').slice(2).join(' '))).size).toBe(2);
    await page.close();
  });

  test('they follow scrolling in the list, more rows, a sort that reuses the rows, and hide under the page’s dialogs', async () => {
    const page = await world.open(LIST);
    await soon(() => matched(page)).toBe(true);
    const scroller = page.locator('.slds-scrollable_y');
    const rows = page.locator('tbody tr');
    const before = await rows.count();
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await soon(() => rows.count()).toBeGreaterThan(before);
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await soon(() => matched(page)).toBe(true);
    const last = (await rows.last().locator('a[href^="mailto:"]').textContent()) ?? '';
    await soon(() => marks(page)).toContainEqual(expect.stringContaining(last.toLowerCase()));
    await page.getByRole('button', { name: 'Name', exact: true }).click();
    await soon(() => matched(page)).toBe(true);
    await page.evaluate(() => {
      const dialog = document.createElement('div');
      dialog.id = 'dialog';
      dialog.style.cssText = 'position:fixed;inset:0;background:gray;z-index:9001';
      document.body.append(dialog);
      document.body.dispatchEvent(new Event('transitionend', { bubbles: true }));
    });
    await soon(() => marks(page)).toEqual([]);
    await page.evaluate(() => document.getElementById('dialog')?.remove());
    await soon(() => matched(page)).toBe(true);
    await page.close();
  });

  test('they follow what scrolls in a shadow root, and a person account’s row has one', async () => {
    const page = await world.open(LIST);
    await soon(() => matched(page)).toBe(true);
    await page.evaluate(() => {
      const scroller = document.querySelector('.slds-scrollable_y');
      const host = document.createElement('div');
      scroller?.replaceWith(host);
      if (!(scroller instanceof HTMLElement)) return;
      host.attachShadow({ mode: 'open' }).append(scroller);
      Object.assign(scroller.style, { display: 'block', overflow: 'auto', height: '300px' });
      const row = scroller.querySelector('tbody')?.insertRow(0);
      const cell = row?.insertCell();
      row?.setAttribute('data-row-key-value', '001000000000001AAA');
      if (cell) cell.textContent = 'Person.Account@example.com';
    });
    await page.getByRole('link', { name: 'Contacts', exact: true }).first().press('Shift');
    await soon(() => marks(page)).toContainEqual(expect.stringContaining('person.account@example.com'));
    await soon(async () => (await marks(page)).length).toBeGreaterThan(3);
    /** Scrolls, and says after the frame in which that shows whether each mark is on its address's line. */
    const followed = await page.evaluate(async () => {
      const roots = [...document.querySelectorAll('div')].flatMap(({ shadowRoot }) => shadowRoot ?? []);
      const scroller = roots.flatMap((root) => [...root.querySelectorAll('.slds-scrollable_y')])[0];
      scroller?.scrollBy(0, 45);
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
      const middle = (element: Element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return (top + bottom) / 2;
      };
      const items = document.querySelector('optbridge-marks')?.shadowRoot?.querySelectorAll('li:not([hidden])') ?? [];
      const lines = [...(scroller?.querySelectorAll('a[href^="mailto:"], td:only-child') ?? [])].map(middle);
      return [
        scroller?.scrollTop,
        items.length > 3,
        [...items].every((item) => lines.some((line) => Math.abs(line - middle(item)) < 3)),
      ];
    });
    expect(followed).toEqual([45, true, true]);
    await page.close();
  });

  test('after an opt-out on the record’s page the list says so, in the same document', async () => {
    const page = await world.open(LIST);
    await soon(() => matched(page)).toBe(true);
    const ann = world.sandbox.org.all('Contact').find((row) => row.FirstName === 'Ann');
    await page.locator(`tr[data-row-key-value="${ann?.Id}"] a`).first().click();
    await overlay(page).state('subscribed');
    await soon(() => page.locator('optbridge-marks li:not([hidden])').count()).toBeLessThan(10);
    await overlay(page).open();
    await overlay(page).knob.click();
    await overlay(page).state('opted-out');
    await page.goBack();
    await soon(() => marks(page)).toContainEqual(
      expect.stringMatching(/^ann\.lee@example\.com: Opted out in Salesforce/),
    );
    await page.close();
  });

  test('the entries of a related list have them too', async () => {
    const page = await world.open(pathOf(world.sandbox.character('hugo').contactRecord));
    await page.getByRole('tab', { name: 'Related' }).click();
    const related = page.locator('.related lst-related-list-single-container a[href^="mailto:"]');
    await soon(() => related.count()).toBeGreaterThan(0);
    await soon(() => marks(page).then((said) => said.length)).toBeGreaterThan(0);
    await page.close();
  });

  test('hovering a mark, or coming to the address by keyboard, shows in words what it says; Escape hides it', async () => {
    const page = await world.open(LIST);
    await soon(() => matched(page)).toBe(true);
    const tip = page.locator('optbridge-marks .tip');
    await page.locator('optbridge-marks li.out:not([hidden])').first().hover();
    await tip.filter({ hasText: 'Opted out' }).waitFor();
    await page.keyboard.press('Escape');
    await tip.waitFor({ state: 'hidden' });
    await page.locator('tbody a[href^="mailto:"]').first().focus();
    await tip.waitFor();
    await page.close();
  });

  test('signed out they say that nothing is known, never that email is allowed', async () => {
    const options = await world.context.newPage();
    await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
    await options.getByRole('button', { name: /Sign out of/ }).click();
    await options.getByRole('button', { name: /Sign out of/ }).waitFor({ state: 'detached' });
    const page = await world.open(LIST);
    await soon(async () => new Set((await marks(page)).map((line) => line.split(': ').slice(1).join(': ')))).toEqual(
      new Set(['Not known: sign in to Salesforce with OptBridge first']),
    );
    await page.close();
  });

  test('are gone once the extension was updated under the page: they would never change again', async () => {
    const page = await world.open(LIST);
    await soon(() => matched(page)).toBe(true);
    const options = await world.context.newPage();
    await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
    const closed = options.waitForEvent('close');
    await options.evaluate(() => setTimeout(() => chrome.runtime.reload()));
    await closed;
    await soon(() => page.locator('optbridge-marks').count()).toBe(0);
    await page.close();
  });
});
