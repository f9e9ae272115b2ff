import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { GECKO_ID } from '../../tools/manifest.ts';
import { type FirefoxWorld, startFirefox } from './firefox.ts';
import { inOrder } from './in-order.ts';
import { soon } from './soon.ts';
import { pathOf, truthOf } from './world.ts';

/** Firefox makes the host out of the add-on's id. */
const REDIRECT_URI = `https://${createHash('sha1').update(GECKO_ID).digest('hex')}.extensions.allizom.org/`;

let world: FirefoxWorld;
beforeAll(async () => {
  world = await startFirefox([REDIRECT_URI]);
});
afterAll(() => world?.close());
inOrder();

const record = (path: string) => world.open(CREDENTIALS.salesforce.pagesUrl + path);
/** Once it can be: what moves or is drawn anew just then is not hit, and Firefox says so. */
const click = (selector: string, words?: string) =>
  soon(async () => {
    await world.firefox.click(await world.find(selector, words));
    return 'clicked';
  }).toBe('clicked');

test('the settings are put in, and the page names the redirect URL of this browser', async () => {
  const { firefox, find, open, pages } = world;
  await open(`${pages}src/extension/options/index.html`);
  await find('*', REDIRECT_URI);
  await firefox.type(await find('input[name=salesforceClientId]'), CREDENTIALS.salesforce.extensionClientId);
  await firefox.type(await find('input[name=activeCampaignUrl]'), CREDENTIALS.activecampaign.url);
  await firefox.type(await find('input[name=activeCampaignKey]'), CREDENTIALS.activecampaign.key);
  await click('button[type=submit].main');
  await find('.bar .said.good:not(:empty)');
});

test('a rep signs in from the panel, starts over in between, and sees', async () => {
  const { find, firefox } = world;
  await record(pathOf(world.sandbox.character('ann').contactRecord));
  await world.state('signed-out');
  await world.openPanel();
  await click('.panel button', 'Sign in');
  await world.inWindow('/services/oauth2/authorize');
  const first = await firefox.command<string>('WebDriver:GetWindowHandle');
  await world.inWindow('/signin/index.html');
  // As hands do, twice: Firefox gives all such windows one name, and a second takes the place of a first that nobody closed.
  await find('button', 'Start over');
  await firefox.run(`const press = () => [...document.querySelectorAll('button')].find((b) => b.textContent === 'Start over').click();
    press();
    return new Promise((done) => setTimeout(() => done(press()), 5));`);
  await soon(() => firefox.command<readonly string[]>('WebDriver:GetWindowHandles')).not.toContain(first);
  await world.inWindow('/services/oauth2/authorize');
  await click('button', 'Allow');
  await world.inWindow('/lightning/r/');
  await world.state('subscribed');
  await soon(() =>
    world.firefox.run('return document.querySelector("optbridge-overlay").shadowRoot.textContent'),
  ).toContain('2 of 3 lists');
});

test('a click opts out on both sides', async () => {
  const jack = world.sandbox.character('jack');
  await record(pathOf(jack.leadRecord));
  await world.state('subscribed');
  const { owners } = truthOf(world, jack);
  await world.openPanel();
  await click('.panel [role=switch]');
  await world.state('opted-out');
  await soon(() => truthOf(world, jack)).toEqual({ boxes: [true], owners, statuses: [2, 2, 2, 2] });
});

test('what the page itself saves is seen at once', async () => {
  const { contactRecord: id } = world.sandbox.character('kim');
  await record(pathOf(id));
  await world.state('subscribed');
  const body = JSON.stringify({ id, values: { HasOptedOutOfEmail: true } });
  await world.firefox.run(
    `return fetch('/aura?r=1&aura.RecordUi.updateRecord=1', { method: 'POST', body: ${JSON.stringify(body)} }).then(() => 'saved')`,
  );
  await world.state('opted-out');
});

test('where the settings want marks, a list says of the addresses in sight whether they may be emailed', async () => {
  const { firefox, find, open, pages } = world;
  await open(`${pages}src/extension/options/index.html`);
  await click('input[name=listMarks]');
  await click('button[type=submit].main');
  await find('.bar .said.good:not(:empty)');
  await record('/lightning/o/Contact/list?filterName=Recent');
  await soon(() =>
    firefox.run<readonly string[]>(
      `const marks = document.querySelector('optbridge-marks')?.shadowRoot;
       return [...(marks?.querySelectorAll('li:not([hidden])') ?? [])].map(({ textContent }) => textContent).sort();`,
    ),
  ).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^ann\.lee@example\.com: Email allowed in Salesforce/),
      expect.stringMatching(/: Opted out in Salesforce/),
    ]),
  );
});

test('where the tokens have gone, she is signed in again without being asked', async () => {
  const { sandbox } = world;
  sandbox.org.grants.expireTokens();
  const refused = sandbox.faults.add({
    service: 'salesforce',
    path: /oauth2\/token/,
    times: 1,
    kind: 'status',
    status: 400,
    body: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
  });
  await record(pathOf(sandbox.character('leo').contactRecord));
  await world.state('subscribed');
  expect(refused.hits).toBe(1);
});

test('an update under an open page leaves one overlay there, the new one, and it works', async () => {
  const { firefox } = world;
  await firefox.run('document.querySelector("optbridge-overlay").id = "old"');
  await world.reinstall();
  await soon(() =>
    firefox.run(
      'return [...document.querySelectorAll("optbridge-overlay")].map(({ id, dataset }) => [id, dataset.state])',
    ),
  ).toEqual([['', 'subscribed']]);
});

test('nothing is in the storage that content scripts of Firefox can read', async () => {
  const { firefox, find, open, pages } = world;
  await open(`${pages}src/extension/options/index.html`);
  await find('input[name=activeCampaignKey]');
  const stored = await firefox.command<string>('WebDriver:ExecuteAsyncScript', {
    script: `const done = arguments[0];
      Promise.all([browser.storage.local.get(null), browser.storage.sync.get(null)])
        .then((areas) => done(JSON.stringify(areas)), (cause) => done(String(cause)));`,
    args: [],
    newSandbox: false,
    sandbox: null,
  });
  expect(JSON.parse(stored)).toEqual([{}, {}]);
});
