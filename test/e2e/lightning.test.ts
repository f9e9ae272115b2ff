import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Running } from '../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { launchPlain } from './browser.ts';
import { soon } from './soon.ts';

let browser: Browser;
let sandbox: Sandbox;
let running: Running;
let page: Page;
let problems: string[];
beforeAll(async () => {
  browser = await launchPlain();
});
afterAll(() => browser.close());
beforeEach(async () => {
  sandbox = createSandbox({ people: 0 });
  running = await sandbox.listen();
  page = await browser.newPage();
  problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
});
afterEach(async () => {
  await page.close();
  await running.close();
});

/** Two people of one company, so that each is linked on the other's page. */
function colleagues(): [ann: string, bob: string] {
  const account = sandbox.org.insert('Account', { Name: 'Globex' });
  const add = (FirstName: string) =>
    sandbox.org.insert('Contact', {
      FirstName,
      LastName: 'Lee',
      Email: `${FirstName}@globex.example`,
      AccountId: account,
    });
  return [add('Ann'), add('Bob')];
}

const open = (path: string) => page.goto(running.salesforceUrl + path);
const heading = () => page.locator('.oneContent.active records-highlights2 [slot=primaryField]');
const heard = () => page.evaluate(() => document.documentElement.dataset.heard ?? '');

describe('the pages of the sandbox in a browser', () => {
  test('a record page has the elements that Lightning makes, one in the other', async () => {
    const [ann] = colleagues();
    await open(`/lightning/r/Contact/${ann}/view`);
    const chain = [
      '.navexDesktopLayoutContainer',
      'one-record-home-flexipage2',
      '.forcegenerated-flexipage-module',
      'record_flexipage-desktop-record-page-decorator',
      'flexipage-record-home-template-desktop2',
      'flexipage-component2',
      'records-lwc-highlights-panel',
      'records-lwc-record-layout',
      '.forcegenerated-record-layout2',
      'records-highlights2',
      '[slot=primaryField]',
    ];
    await page.locator(chain.join(' ')).waitFor();
    const email =
      'records-lwc-detail-panel records-record-layout-item emailui-formatted-email-contact lightning-formatted-email a';
    await soon(() => page.locator(email).textContent()).toBe('Ann@globex.example');
    expect(await page.getByRole('checkbox', { name: 'Email Opt Out' }).isChecked()).toBe(false);
    await soon(() => page.title()).toBe('Ann Lee | Contact | Salesforce');
    expect(problems).toEqual([]);
  });

  test('a link changes record and address without a new document, and the old page stays mounted out of sight', async () => {
    const [ann, bob] = colleagues();
    await open(`/lightning/r/Contact/${ann}/view`);
    await heading().waitFor();
    await page.evaluate(() => {
      document.documentElement.dataset.same = 'document';
    });
    await page.locator('.region-sidebar').getByRole('link', { name: 'Bob Lee' }).click();
    await page.waitForURL(`**/${bob}/view`);
    await heading().filter({ hasText: 'Bob Lee' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset.same)).toBe('document');
    await soon(() => page.locator('.oneContent').count()).toBe(2);
    await page.goBack();
    await heading().filter({ hasText: 'Ann Lee' }).waitFor();
    await soon(() => page.locator('.oneContent:visible').count()).toBe(1);
  });

  test('a key that reaches the page is heard, and "e" opens the edit dialog, which saves', async () => {
    const [ann] = colleagues();
    await open(`/lightning/r/Contact/${ann}/view`);
    await heading().waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('e');
    await soon(heard).toBe('x e');
    const dialog = page.getByRole('dialog', { name: 'Edit Ann Lee' });
    await dialog.getByLabel('Email Opt Out').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Email Opt Out', checked: true }).waitFor();
    expect(sandbox.org.get('Contact', ann)).toMatchObject({
      HasOptedOutOfEmail: true,
      LastModifiedById: sandbox.salesforce.viewer,
    });
    expect(problems).toEqual([]);
  });

  test('text cannot become markup there', async () => {
    await open('/lightning/page/home');
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    const refused = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<b>x</b>';
        return 'allowed';
      } catch (error) {
        return error instanceof Error ? error.message : '';
      }
    });
    expect(refused).toContain('TrustedHTML');
  });

  test('a list view leads to a record', async () => {
    const [, bob] = colleagues();
    await open('/lightning/o/Contact/list?filterName=Recent');
    await page.getByRole('link', { name: 'Bob Lee' }).click();
    await page.waitForURL(`**/lightning/r/Contact/${bob}/view`);
    await heading().filter({ hasText: 'Bob Lee' }).waitFor();
  });
});

describe('an app of the other kind', () => {
  test('a console keeps every open record mounted in a tab, shows one of them, and closes them', async () => {
    sandbox.salesforce.pages.app = 'console';
    const [ann] = colleagues();
    await open(`/lightning/r/Contact/${ann}/view`);
    const shown = page.locator('.navexWorkspace.active records-highlights2 [slot=primaryField]');
    await shown.filter({ hasText: 'Ann Lee' }).waitFor();
    await page.locator('.region-sidebar').getByRole('link', { name: 'Bob Lee' }).click();
    await shown.filter({ hasText: 'Bob Lee' }).waitFor();
    await soon(() => page.locator('records-highlights2').count()).toBe(2);
    await soon(() => page.locator('records-highlights2:visible').count()).toBe(1);
    await soon(() => page.locator('.oneConsoleTabItem.active .title').textContent()).toBe('Bob Lee');
    await page.getByRole('tab', { name: 'Ann Lee' }).click();
    await page.waitForURL(`**/${ann}/view`);
    // The address changes before the page does: without this the next wait finds Bob Lee still shown.
    await shown.filter({ hasText: 'Ann Lee' }).waitFor();
    await page.getByRole('button', { name: 'Close Ann Lee' }).click();
    await shown.filter({ hasText: 'Bob Lee' }).waitFor();
    await soon(() => page.locator('records-highlights2').count()).toBe(1);
    await page.getByRole('button', { name: 'Phone', exact: true }).waitFor();
    expect(problems).toEqual([]);
  });

  test.each([
    ['standard', 'records-highlights2'],
    ['dynamic', 'record_flexipage-highlights-primary-row'],
  ] as const)(
    'a %s header in native shadow roots comes late, and plain selectors do not find it',
    async (kind, tag) => {
      Object.assign(sandbox.salesforce.pages, { header: kind, shadow: 'native', drawing: 50 });
      const [ann] = colleagues();
      await open(`/lightning/r/Contact/${ann}/view`);
      await page.locator(`${tag} [slot=primaryField]`).filter({ hasText: 'Ann Lee' }).waitFor();
      const plain = (selector: string) => page.evaluate((css) => document.querySelectorAll(css).length, selector);
      expect(await plain(`${tag}, [slot=primaryField]`)).toBe(0);
      expect(await plain('records-lwc-highlights-panel, record_flexipage-dynamic-highlights2')).toBe(1);
      await page.getByRole('button', { name: 'Edit', exact: true }).click();
      await page.getByRole('dialog', { name: 'Edit Ann Lee' }).waitFor();
      expect(problems).toEqual([]);
    },
  );
});

test('Allow sends the browser back with a code; the next time nobody is asked', async () => {
  const redirect_uri = `${running.salesforceUrl}/lightning/page/home`;
  sandbox.org.grants.register({ clientId: 'app', name: 'OptBridge', redirectUris: [redirect_uri] });
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'app',
    redirect_uri,
    state: 'x',
    code_challenge: 'c',
    code_challenge_method: 'S256',
  });
  await open(`/services/oauth2/authorize?${query}`);
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.waitForURL(/code=.*state=x/);
  const first = page.url();
  await open(`/services/oauth2/authorize?${query}&prompt=none`);
  expect(page.url()).toMatch(/code=.*state=x/);
  expect(page.url()).not.toBe(first);
});
