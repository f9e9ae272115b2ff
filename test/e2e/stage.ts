import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { About, Answer, Names, Request, Status, TabRequest } from '../../src/extension/messages.ts';
import { DIST } from './dist.ts';
import { PATIENCE } from './patience.ts';
import { ABOUT, NOW, RECORD } from './statuses.ts';

/** The built detector and overlay on an empty page, with a stand-in for the background, so that every state can be seen. */
export interface Stage {
  readonly page: Page;
  /** What the overlay asked of the background, in order, but for what the panel tells beyond the status and the names in it. */
  readonly asked: readonly Request[];
  /** What the background answers from now on; undefined: it has gone with the extension. */
  answer(answer: ((request: Request) => Answer) | undefined): Promise<void>;
  /** Waits until the panel is there and whole, has been told all that it asked, and takes what is pressed in it. */
  ready(): Promise<void>;
  /** The background injects the overlay once more. */
  inject(): Promise<void>;
  /** The background pushes a status, which is what it answers from now on unless `answer` said otherwise. */
  push(status: Status): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly reducedMotion?: 'reduce' | 'no-preference';
  readonly forcedColors?: 'active' | 'none';
  readonly viewport?: { readonly width: number; readonly height: number };
  /** The page under the overlay. */
  readonly html?: string;
  readonly path?: string;
  /** What the panel tells beyond the status; nothing unless given. */
  readonly about?: About;
  /** Which of `_locales` the texts are from; `en` unless given. */
  readonly texts?: string;
  /** Names of campaigns, automations and forms; none unless given. */
  readonly names?: Names;
  /** What is in the panel comes when this resolves; at once unless given. */
  readonly more?: Promise<void>;
  /** The contacts behind accounts that are a person's. */
  readonly persons?: Readonly<Record<string, string>>;
}

const HOST = 'https://acme.lightning.force.com';
const file = (path: string): string => readFileSync(join(DIST, path), 'utf8');

/** Comes back when the overlay shows the first status, so that its coming overtakes nothing. */
export async function openStage(context: BrowserContext, first: Status, options: StageOptions = {}): Promise<Stage> {
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const asked: Request[] = [];
  let current = first;
  let answering: ((request: Request) => Answer) | undefined = () => ({ ok: true, status: current });

  await page.setViewportSize(options.viewport ?? { width: 1280, height: 800 });
  await page.emulateMedia({
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: options.reducedMotion ?? 'reduce',
    forcedColors: options.forcedColors ?? 'none',
  });
  await page.clock.setFixedTime(NOW);
  await page.route(`${HOST}/**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: options.html ?? '<!doctype html><html lang="en"><title>A record</title>',
    }),
  );
  await page.exposeFunction(
    'backgroundAnswer',
    async (request: Request | Extract<TabRequest, { kind: 'person' }> | null) => {
      if (!request) return null;
      if (request.kind === 'about' && answering) {
        await options.more;
        await page.evaluate<void>(file('overlay-more.js'));
        return { ok: true, status: null, about: options.about ?? ABOUT.nothing } satisfies Answer;
      }
      if (request.kind === 'person') {
        const person = options.persons?.[request.account];
        return person ? { ok: true, status: null, person } : { ok: false, refused: 'nobody' };
      }
      if (request.kind === 'names' && answering) return { ok: true, status: null, names: options.names ?? {} };
      asked.push(request);
      return answering?.(request) ?? null;
    },
  );
  await page.addInitScript({
    content: `
      globalThis.chrome = ${fakeChrome(options.texts ?? 'en')};
      ${file('src/extension/detector/index.js')}`,
  });
  await page.goto(HOST + (options.path ?? `/lightning/r/Contact/${RECORD}/view`));
  const inject = () => page.evaluate<void>(file('overlay.js'));
  await inject();
  await page.locator(`optbridge-overlay[data-state="${first.state}"]`).waitFor({ state: 'attached' });
  return {
    page,
    asked,
    inject,
    ready: async () => {
      await settled(page);
      // Answered in the order of asking.
      await page.evaluate('backgroundAnswer(null)');
    },
    async answer(next) {
      answering = next;
      if (!next) await page.evaluate('chrome.runtime = undefined');
    },
    async push(status) {
      current = status;
      await page.evaluate((status) => (globalThis as { push?: (status: Status) => void }).push?.(status), status);
    },
    close: () => context.close(),
  };
}

/** Milliseconds for which nothing counts that is pressed in a panel that opens (src/extension/overlay/trust.ts). */
const EARLY = 300;

/** Waits until an open panel is whole, and takes what is pressed in it: not before it has been there for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.locator('optbridge-overlay .foot').waitFor();
  await page.locator('optbridge-overlay .panel').evaluate(async (panel, early) => {
    const seen = performance.now();
    const settling = (): boolean =>
      panel
        .getAnimations({ subtree: true })
        .some((animation) => animation instanceof CSSAnimation && animation.animationName === 'settle');
    while (settling() || performance.now() - seen <= early) await new Promise(requestAnimationFrame);
  }, EARLY);
}

/** As much of the extension API as a content script may use here. */
const fakeChrome = (locale: string) => `{
  runtime: {
    id: 'stage',
    sendMessage: async (request) => (await backgroundAnswer(request)) ?? undefined,
    onMessage: { addListener: (take) => { globalThis.push = (status) => take({ kind: 'status', status }); } },
  },
  i18n: {
    getMessage: (name, parts) => (${file(`_locales/${locale}/messages.json`)}[name]?.message ?? '').replace(/\\$(\\d)/g, (_, n) => parts[n - 1] ?? ''),
  },
}`;
