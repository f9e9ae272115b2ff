import { mkdtemp, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type LaunchOptions,
  type Page,
} from 'playwright-core';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { type Character, createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { ARGS, executablePath } from './browser.ts';
import { DIST } from './dist.ts';
import { PATIENCE } from './patience.ts';
import { settled } from './stage.ts';

/** A sandbox, and a Chromium that reaches it by the services' real host names and has the built extension. */
export interface World {
  readonly sandbox: Sandbox;
  readonly running: Running;
  readonly context: BrowserContext;
  /** The extension's id. */
  readonly id: string;
  /** Opens a Lightning page in a tab of its own, by path. */
  open(path: string): Promise<Page>;
  /** Ends the browser, as its user does or as a crash does, and starts it again with the same profile; `meanwhile` it is off. */
  reopen(how: 'closed' | 'killed', meanwhile?: () => void): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** 40 unless given. */
  readonly people?: number;
  /** Listens over plain http too, for the companion. */
  readonly http?: boolean;
  /** The folder of the built extension; what `npm run build` wrote unless given. */
  readonly dist?: string;
  /** How Chromium is started; headless unless it says otherwise. */
  readonly launch?: LaunchOptions & Pick<BrowserContextOptions, 'viewport'>;
}

/** Starts both. Nobody is signed in and nothing is configured: that is done as people do it (`configure`, `signIn`). */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { people = 40, http = false, dist = DIST, launch = {} } = options;
  const sandbox = createSandbox({ people });
  const running = await sandbox.listen({ http, https: true });
  const profile = await mkdtemp(join(tmpdir(), 'optbridge-e2e-'));
  const cleanUp = async () => {
    await running.close();
    // What is left of a browser may write there for a moment yet.
    await rm(profile, { recursive: true, force: true, maxRetries: 20 });
  };
  const begin = async (): Promise<BrowserContext> => {
    const begun = await chromium.launchPersistentContext(profile, {
      executablePath: executablePath(),
      headless: true,
      timeout: 2 * PATIENCE,
      viewport: { width: 1280, height: 800 },
      args: [...ARGS, ...reaching(running), `--disable-extensions-except=${dist}`, `--load-extension=${dist}`],
      ...launch,
    });
    begun.setDefaultTimeout(PATIENCE);
    return begun;
  };
  let context = await begin().catch(async (cause) => {
    await cleanUp();
    throw cause;
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  return {
    sandbox,
    running,
    get context() {
      return context;
    },
    id: new URL(worker.url()).host,
    async open(path) {
      const page = await context.newPage();
      await page.goto(CREDENTIALS.salesforce.pagesUrl + path);
      return page;
    },
    async reopen(how, meanwhile) {
      const closed = context.waitForEvent('close');
      if (how === 'killed') kill(await browserOf(profile), 'SIGKILL');
      else await context.close();
      await closed;
      meanwhile?.();
      context = await begin();
    },
    async close() {
      await context.close();
      await cleanUp();
    },
  };
}

/** The process of the browser that has a profile open: Chromium names it in a link there. */
async function browserOf(profile: string): Promise<number> {
  return Number((await readlink(join(profile, 'SingletonLock'))).split('-').at(-1));
}

/** What Chromium is started with to reach a sandbox, and nothing else, by the services' real host names. */
export function reaching({ https }: Pick<Running, 'https'>): string[] {
  const there = `127.0.0.1:${https?.port ?? 0}`;
  const rules = ['*.force.com', '*.salesforce.com', '*.api-us1.com'].map((hosts) => `MAP ${hosts} ${there}`);
  return [
    `--host-resolver-rules=${rules.join(', ')}, MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1`,
    `--ignore-certificate-errors-spki-list=${https?.spki ?? ''}`,
  ];
}

/** Puts the settings in through the options page. */
export async function configure({ context, id }: World): Promise<void> {
  const page = await context.newPage();
  await page.goto(`chrome-extension://${id}/src/extension/options/index.html`);
  await page.locator('input[name=salesforceClientId]').fill(CREDENTIALS.salesforce.extensionClientId);
  await page.locator('input[name=activeCampaignUrl]').fill(CREDENTIALS.activecampaign.url);
  await page.locator('input[name=activeCampaignKey]').fill(CREDENTIALS.activecampaign.key);
  await page.locator('button[type=submit].main').click();
  await page.locator('.bar .said.good:not(:empty)').waitFor();
  await page.close();
}

/** Signs in from the panel of a record page: the small window, Salesforce's Allow, and back. The panel is closed then. */
export async function signIn({ context }: World, page: Page): Promise<void> {
  await overlay(page).state('signed-out');
  await overlay(page).open();
  const allowed = asking(context);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await (await allowed).getByRole('button', { name: 'Allow', exact: true }).click();
  await page.locator('optbridge-overlay:not([data-state=signed-out], [data-state=loading])').waitFor();
  await page.keyboard.press('Escape');
  await overlay(page).panel.waitFor({ state: 'detached' });
}

/** The next window in which Salesforce asks the person. When the browser tells of a window, that may have no address yet. */
export function asking(context: BrowserContext): Promise<Page> {
  const address = /\/services\/oauth2\/authorize/;
  return new Promise((found, lost) => {
    const opened = (page: Page) =>
      page.waitForURL(address, { waitUntil: 'commit', timeout: PATIENCE }).then(
        () => {
          context.off('page', opened);
          found(page);
        },
        // Another window, such as the one that opens this one.
        () => undefined,
      );
    context.on('page', opened);
    setTimeout(lost, 2 * PATIENCE, new Error('Salesforce asks nobody')).unref();
  });
}

/** What a rep sees of the overlay on a page. */
export function overlay(page: Page) {
  return {
    host: page.locator('optbridge-overlay'),
    pill: page.getByRole('button', { name: /^Email status/ }),
    panel: page.getByRole('dialog', { name: /^Email status/ }),
    knob: page.getByRole('switch', { name: 'Email opt-out', exact: true }),
    /** Waits until the overlay says so, about this record (18 characters) if one is given. */
    async state(state: string, record?: string): Promise<void> {
      const about = record ? `[data-record="${record}"]` : '';
      await page.locator(`optbridge-overlay[data-state="${state}"]${about}`).waitFor();
    },
    /** Opens the panel, and waits until it is whole and takes what is pressed in it. */
    async open(): Promise<void> {
      await page.getByRole('button', { name: /^Email status/ }).click();
      await settled(page);
    },
  };
}

/** The Lightning path of a record. */
export function pathOf(record: string): string {
  return `/lightning/r/${record.startsWith('003') ? 'Contact' : 'Lead'}/${record}/view`;
}

/** Both systems' own word on a person, from the sandbox's state. */
export function truthOf({ sandbox: { org, account } }: Pick<World, 'sandbox'>, person: Character) {
  const records = person.records.filter(({ live }) => live).map(({ type, id }) => org.get(type, id));
  const memberships = account.contact(person.activecampaignId)?.memberships ?? new Map();
  return {
    boxes: records.map((record) => record?.HasOptedOutOfEmail),
    owners: records.map((record) => record?.OwnerId),
    statuses: [...memberships.values()].map(({ status }) => status),
  };
}

/** Kills the extension's worker, as the browser does after 30 idle seconds or a crash, and comes back when it has gone. */
export async function killWorker({ context, id }: World, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  const running = async () => {
    const { targetInfos } = await session.send('Target.getTargets');
    return targetInfos.filter(({ type, url }) => type === 'service_worker' && url.includes(id));
  };
  const [worker] = await running();
  if (!worker) throw new Error('no worker is running');
  const { targetId } = worker;
  await session.send('Target.closeTarget', { targetId });
  // What is said to one that is about to go is lost.
  while ((await running()).some((one) => one.targetId === targetId)) await new Promise(setImmediate);
  await session.detach();
}
