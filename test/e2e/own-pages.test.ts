import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { EXTENSION_ID } from '../extension/extension-id.ts';
import { violations } from './axe-page.ts';
import { inOrder } from './in-order.ts';
import { soon } from './soon.ts';
import { asking, configure, overlay, pathOf, signIn, startWorld, type World } from './world.ts';

let world: World;

/** One browser for the tests of a `describe`, which run in order: starting one takes seconds. */
function shareWorld(): void {
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());
  inOrder();
}

const PAGES = `chrome-extension://${EXTENSION_ID}/src/extension`;

async function openOptions() {
  const page = await world.context.newPage();
  await page.goto(`${PAGES}/options/index.html`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

describe('the options page', () => {
  shareWorld();

  test('refuses what cannot be right, says so at the field, and saves nothing', async () => {
    const page = await openOptions();
    await page.getByLabel('API URL').fill('http://acme.api-us1.com');
    await page.getByLabel('Opt-out field', { exact: true }).fill('Sales_Opt_Out__c');
    await page.getByRole('button', { name: 'Save' }).click();
    const url = page.getByLabel('API URL');
    await soon(() => url.getAttribute('aria-invalid')).toBe('true');
    await page.getByText('Not saved yet').waitFor();
    await soon(() => url.evaluate((input) => input === document.activeElement)).toBe(true);
    await soon(() => page.getByLabel('Lists that count').getAttribute('aria-invalid')).toBe('true');
    // A complaint is about what stood there, and goes when that is typed anew; what is tested is what stands there.
    await url.fill('http://acme.api-us1.com/');
    await soon(() => url.getAttribute('aria-invalid')).toBe('false');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('beginning with https://').waitFor();
    await page.getByLabel('Address of your org').fill('acme.my.salesforce.com');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('consumer key above').waitFor();
    await page.reload();
    // The form is there when what is saved has been read.
    expect(await page.getByLabel('Opt-out field', { exact: true }).inputValue()).toBe('');
  });

  test('locks what a policy sets, says what is wrong with it and that only the policy can mend it, and saves the rest', async () => {
    const page = await world.context.newPage();
    await page.addInitScript(() => {
      const policy = { activeCampaignUrl: 'http://acme.api-us1.com', optOutField: 'Policy__c', optInAllowed: 'no' };
      chrome.storage.managed.get = (async () => policy) as unknown as typeof chrome.storage.managed.get;
    });
    await page.goto(`${PAGES}/options/index.html`);
    await page.getByText('passes over: optInAllowed').waitFor();
    const url = page.getByLabel('API URL');
    expect(await url.evaluate((input) => [input.ariaInvalid, (input as HTMLInputElement).readOnly])).toEqual([
      'true',
      true,
    ]);
    await page.getByText('to be put right in its policy').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByLabel('Lists that count').fill('1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.close();
    const without = await openOptions();
    expect(await without.getByLabel('Opt-out field', { exact: true }).inputValue()).toBe('');
    await without.getByLabel('Lists that count').fill('');
    await without.getByRole('button', { name: 'Save' }).click();
    await without.getByText('Saved', { exact: true }).waitFor();
    await without.close();
  });

  test('keeps what is ticked, and nothing where that is what holds anyway', async () => {
    const page = await openOptions();
    const optIn = page.getByRole('checkbox', { name: 'Reps may opt people in again' });
    const marks = page.getByRole('checkbox', { name: 'Marks in lists' });
    expect([await optIn.isChecked(), await marks.isChecked()]).toEqual([true, false]);
    const save = async () => {
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Saved', { exact: true }).waitFor();
      await page.reload();
      await optIn.waitFor();
    };
    await optIn.uncheck();
    await marks.check();
    await save();
    expect([await optIn.isChecked(), await marks.isChecked()]).toEqual([false, true]);
    await optIn.check();
    await marks.uncheck();
    await save();
    expect([await optIn.isChecked(), await marks.isChecked()]).toEqual([true, false]);
  });

  test('tests the connection before anything is saved, and never shows a saved key again', async () => {
    const page = await openOptions();
    await page.getByLabel('API URL').fill(`${CREDENTIALS.activecampaign.url}/api/3/`);
    await page.getByLabel('API key').fill('not-the-right-key');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText(/ActiveCampaign did not accept the login/).waitFor();
    await page.getByLabel('API key').fill(CREDENTIALS.activecampaign.key);
    // That was about another key.
    await soon(() => page.getByText(/ActiveCampaign did not accept the login/).count()).toBe(0);
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText(/Connected as .+, who sees \d+ email lists/).waitFor();
    await page.getByLabel('Lists that count').fill('1, 999');
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.getByText('The settings name list 999').waitFor();
    await page.getByLabel('Lists that count').fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    await soon(() => page.getByLabel('API URL').inputValue()).toBe(CREDENTIALS.activecampaign.url);
    expect(await page.content()).not.toContain(CREDENTIALS.activecampaign.key);
  });

  test('says when the browser keeps it from a host, and asks for the access again by a press', async () => {
    const page = await world.context.newPage();
    // Only the browser's own window takes an access away: its answers are played here.
    await page.addInitScript(() => {
      const asked: unknown[] = [];
      Object.assign(globalThis, { asked });
      Object.assign(globalThis.chrome?.permissions ?? {}, {
        contains: async () => false,
        request: async (wanted: unknown) => asked.push(wanted) > 0,
      });
    });
    await page.goto(`${PAGES}/options/index.html`);
    await page.getByRole('alert').getByText('keeps OptBridge from').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Give access' }).click();
    await soon(() => page.evaluate(() => (globalThis as { asked?: unknown }).asked)).toEqual([
      { origins: expect.arrayContaining(['https://*.my.salesforce.com/*', 'https://*.api-us1.com/*']) },
    ]);
    await page.close();
  });

  test('says what became of what was saved where nobody answers, nothing can be written or nothing read', async () => {
    const page = await openOptions();
    await page.clock.install();
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('the disk is full', 'QuotaExceededError');
      };
      Object.assign(globalThis, { mend: () => Object.assign(IDBObjectStore.prototype, { put }) });
      chrome.runtime.sendMessage = async () => {
        throw new Error('Could not establish connection. Receiving end does not exist.');
      };
    });
    const nightly = page.getByLabel('User of the nightly sync');
    await nightly.fill('night@acme.example');
    const save = page.getByRole('button', { name: 'Save' });
    await save.click();
    await page.getByRole('alert').getByText('That was not done').waitFor();
    await page.evaluate('mend()');
    await save.click();
    const soonSaid = (words: string) =>
      soon(async () => {
        await page.clock.runFor(1_000);
        return page.getByRole('status').getByText(words).count();
      }).toBe(1);
    await soonSaid('open Salesforce pages have not heard of it');
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.addInitScript(() => {
      const { open } = IDBFactory.prototype;
      IDBFactory.prototype.open = () => {
        throw new DOMException('the database is broken', 'UnknownError');
      };
      Object.assign(globalThis, { mend: () => Object.assign(IDBFactory.prototype, { open }) });
    });
    await page.reload();
    await page.getByRole('alert').getByText('could not read the settings').waitFor();
    await page.evaluate('mend()');
    await page.getByRole('button', { name: 'Try again' }).click();
    await soon(() => nightly.inputValue()).toBe('night@acme.example');
    await nightly.fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.close();
  });

  test.each(['light', 'dark'] as const)('has nothing that axe objects to, %s', async (colorScheme) => {
    const page = await openOptions();
    await page.emulateMedia({ colorScheme });
    await page.getByLabel('API URL').fill('nonsense');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('every page of the extension', () => {
  shareWorld();

  test('holds 320 px and 200 %, and shows its buttons and its focus in forced colours', async () => {
    const page = await world.context.newPage();
    for (const [path, last] of [
      ['options/index.html', 'Save'],
      ['signin/index.html?host=acme.my.salesforce.com', 'Open settings'],
    ] as const) {
      await page.goto(`${PAGES}/${path}`);
      // By then the page has come to its end, and takes away nothing more that could have the focus.
      await page.getByRole('button', { name: last }).waitFor();
      for (const width of [320, 640]) {
        await page.setViewportSize({ width, height: 400 });
        await soon(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      }
      await page.emulateMedia({ forcedColors: 'active' });
      const buttons = page.getByRole('button');
      for (const button of await buttons.all()) {
        const edge = await button.evaluate((element) => getComputedStyle(element).borderTopWidth);
        expect(Number.parseFloat(edge), path).toBeGreaterThanOrEqual(1);
      }
      const stops = await page.locator('button, input, a[href]').count();
      for (let stop = 0; stop < Math.min(stops, 5); stop++) {
        await page.keyboard.press('Tab');
        const outlined = await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
          return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
        });
        expect(outlined, path).toBe(true);
      }
      await page.emulateMedia({ forcedColors: 'none' });
    }
    await page.close();
  });
});

describe('the sign-in window', () => {
  shareWorld();

  test('says what is missing, and leads to the settings', async () => {
    const page = await world.context.newPage();
    await page.goto(`${PAGES}/signin/index.html?host=acme.my.salesforce.com`);
    await page.getByText(/consumer key is missing/).waitFor();
    expect(await violations(page)).toEqual([]);
    const options = world.context.waitForEvent('page');
    await page.getByRole('button', { name: 'Open settings' }).click();
    // The browser tells of a page before that has an address.
    await (await options).waitForURL('**/options/**');
  });

  test('sends nobody to a host that is no org', async () => {
    await configure(world);
    const page = await world.context.newPage();
    await page.goto(`${PAGES}/signin/index.html?host=evil.com`);
    await page.getByText(/no Salesforce org/).waitFor();
    expect(world.sandbox.requests.of('salesforce')).toEqual([]);
  });

  test('takes the place of a sign-in under way, can be started over, and ends both windows when it is closed', async () => {
    const begin = async (begun: () => Promise<unknown>) => {
      const asked = asking(world.context);
      await begun();
      return asked;
    };
    const gone = (page: Page) => soon(() => page.isClosed()).toBe(true);
    const [one, other] = [await world.context.newPage(), await world.context.newPage()];
    const url = `${PAGES}/signin/index.html?host=acme.my.salesforce.com`;
    const first = await begin(() => one.goto(url));
    const second = await begin(() => other.goto(url));
    await gone(first);
    await one.getByRole('alert').getByText('another sign-in took its place').waitFor();
    const third = await begin(() => other.getByRole('button', { name: 'Start over' }).click());
    await gone(second);
    await other.getByText('Closing this window cancels').waitFor();
    expect([third.isClosed(), await other.getByRole('alert').count()]).toEqual([false, 0]);
    await other.close();
    await gone(third);
    await one.close();
  });

  test('takes no window for Salesforce’s that somebody opens meanwhile: neither starting over nor closing it closes that', async () => {
    const page = await world.context.newPage();
    await page.addInitScript(() => {
      const { identity, windows } = chrome;
      const ask = identity.launchWebAuthFlow.bind(identity);
      identity.launchWebAuthFlow = (async (details: chrome.identity.WebAuthFlowDetails) => {
        // Before Salesforce's, as a person's would be who is quick.
        await windows.create({ url: 'about:blank#own', type: 'popup' });
        return ask(details);
      }) as typeof identity.launchWebAuthFlow;
    });
    const own = () => world.context.pages().filter((other) => other.url() === 'about:blank#own').length;
    const begin = async (begun: () => Promise<unknown>) => {
      const asked = asking(world.context);
      await begun();
      return asked;
    };
    const first = await begin(() => page.goto(`${PAGES}/signin/index.html?host=acme.my.salesforce.com`));
    const second = await begin(() => page.getByRole('button', { name: 'Start over' }).click());
    await soon(() => first.isClosed()).toBe(true);
    await soon(own).toBe(2);
    await page.close();
    await soon(() => second.isClosed()).toBe(true);
    expect(own()).toBe(2);
    for (const other of world.context.pages()) if (other.url() === 'about:blank#own') await other.close();
  });

  test('says what it may be, and leads to the settings, when Salesforce knows no such app', async () => {
    const refused = world.sandbox.faults.add({
      service: 'salesforce',
      path: /oauth2\/authorize/,
      kind: 'status',
      status: 400,
      body: 'error=invalid_client_id',
    });
    const page = await world.context.newPage();
    await page.goto(`${PAGES}/signin/index.html?host=acme.my.salesforce.com`);
    await page.getByText('Salesforce may not know the consumer key').waitFor();
    await page.getByRole('button', { name: 'Open settings' }).waitFor();
    refused.off();
    await page.close();
  });

  test('says so when the person denies, and the next try works', async () => {
    const allow = () => asking(world.context);
    const page = await world.context.newPage();
    const first = allow();
    await page.goto(`${PAGES}/signin/index.html?host=acme.my.salesforce.com`);
    await (await first).getByRole('button', { name: 'Deny' }).click();
    await page.getByText(/denied/).waitFor();
    const second = allow();
    const closed = page.waitForEvent('close');
    await page.getByRole('button', { name: 'Try again' }).click();
    await (await second).getByRole('button', { name: 'Allow', exact: true }).click();
    await closed;
    const options = await openOptions();
    await options.getByText('acme.my.salesforce.com', { exact: true }).waitFor();
  });

  test('says that somebody is signed in where no page can be told of it, and stays for that to be read', async () => {
    const page = await world.context.newPage();
    await page.addInitScript(() => {
      chrome.runtime.sendMessage = async () => {
        throw new Error('The message port closed before a response was received.');
      };
    });
    await page.clock.install();
    // Allowed before: nobody is asked.
    await page.goto(`${PAGES}/signin/index.html?host=acme.my.salesforce.com`);
    await soon(async () => {
      await page.clock.runFor(1_000);
      return page.getByRole('status').getByText('open Salesforce pages have not heard of it').count();
    }).toBe(1);
    const options = await openOptions();
    await options.getByText('acme.my.salesforce.com', { exact: true }).waitFor();
    // The same for signing out.
    await options.clock.install();
    await options.evaluate(() => {
      chrome.runtime.sendMessage = () => new Promise(() => undefined);
    });
    await options.getByRole('button', { name: /Sign out of/ }).click();
    await soon(async () => {
      await options.clock.runFor(1_000);
      return options.getByRole('status').getByText('open Salesforce pages have not heard of it').count();
    }).toBe(1);
    expect(await options.getByText('acme.my.salesforce.com', { exact: true }).count()).toBe(0);
    await options.close();
    const closed = page.waitForEvent('close');
    await page.getByRole('button', { name: 'Close' }).click();
    await closed;
  });
});

describe('the sign-in', () => {
  shareWorld();

  test('is renewed without anybody noticing: by the refresh token, and once that is refused by the browser’s own', async () => {
    await configure(world);
    const ann = world.sandbox.character('ann');
    const cleo = world.sandbox.character('cleo');
    const page = await world.open(pathOf(ann.contactRecord));
    await signIn(world, page);
    await overlay(page).state('subscribed');

    const { grants, users } = world.sandbox.org;
    grants.expireTokens();
    await page.goto(CREDENTIALS.salesforce.pagesUrl + pathOf(cleo.contactRecord));
    await overlay(page).state('differs');

    grants.revokeAll();
    for (const { Id } of users) grants.approve(String(Id), CREDENTIALS.salesforce.extensionClientId);
    await page.goto(CREDENTIALS.salesforce.pagesUrl + pathOf(world.sandbox.character('ben').contactRecord));
    await overlay(page).state('differs');

    const asked = world.sandbox.requests.of('salesforce', 'GET', /oauth2\/authorize/).length;
    grants.revokeAll();
    await world.context.clearCookies();
    await page.goto(CREDENTIALS.salesforce.pagesUrl + pathOf(world.sandbox.character('hugo').contactRecord));
    await overlay(page).state('signed-out');
    expect(world.sandbox.requests.of('salesforce', 'GET', /oauth2\/authorize/)).toHaveLength(asked + 1);
  });

  test('ends from the options page: the grant dies, and the open record page asks for a sign-in', async () => {
    const page = await world.open(pathOf(world.sandbox.character('jack').leadRecord));
    await signIn(world, page);
    const options = await openOptions();
    await options.getByRole('button', { name: /Sign out of/ }).click();
    await overlay(page).state('signed-out');
    await soon(() => world.sandbox.requests.of('salesforce', 'POST', /oauth2\/revoke/)).toHaveLength(1);
  });
});
