import { afterEach, expect, test, vi } from 'vitest';

const ADDRESS = 'https://acme.my.salesforce.com/services/oauth2/authorize?state=mine';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** An event of the browser. */
function event<Args extends unknown[]>() {
  const listeners = new Set<(...args: Args) => void>();
  return {
    addListener: (listener: (...args: Args) => void) => void listeners.add(listener),
    removeListener: (listener: (...args: Args) => void) => void listeners.delete(listener),
    tell: (...args: Args) => {
      for (const listener of [...listeners]) listener(...args);
    },
    count: () => listeners.size,
  };
}

interface Tab {
  readonly id: number;
  readonly url?: string;
  readonly windowId?: number;
}

/** A browser without any API but windows and tabs, and the module as it runs in it. */
async function inBrowser({ firefox = false, tabs = [] as readonly Tab[], blocked = [] as readonly string[] } = {}) {
  const closed: number[] = [];
  const opened: string[] = [];
  const kept: { [key: string]: unknown } = {};
  const onCreated = event<[Tab]>();
  const onUpdated = event<[number, { url?: string }, Tab]>();
  const windowCreated = event<[{ id: number; type: string }]>();
  const open = (what: string) => async () => {
    if (blocked.includes(what)) throw new Error(`no ${what}`);
    opened.push(what);
    return { id: 1 };
  };
  vi.stubGlobal('browser', {
    runtime: { getURL: (path: string) => `moz-extension://optbridge/${path}`, ...(firefox && { getBrowserInfo() {} }) },
    storage: { session: { get: async () => kept, set: async (values: object) => void Object.assign(kept, values) } },
    tabs: {
      onCreated,
      onUpdated,
      query: async () => tabs,
      remove: async (id: number) => void closed.push(id),
      create: open('tab'),
    },
    windows: { onCreated: windowCreated, create: open('window') },
  });
  const module = await import('../../../src/extension/signin/their-window.ts');
  const { openSignIn } = await import('../../../src/extension/signin/window.ts');
  /** As Firefox opens one: a window, an empty tab, and then the page that the address leads to. */
  const opens = (window: number, type: string, url: string) => {
    windowCreated.tell({ id: window, type });
    onCreated.tell({ id: window * 10, url: 'about:blank', windowId: window });
    onUpdated.tell(window * 10, { url }, { id: window * 10, windowId: window });
  };
  return { ...module, openSignIn, closed, opened, opens, onCreated, listening: () => onCreated.count() };
}

test('a page that goes before Firefox has looked whether it must ask says what it will ask, and later closes its tab itself', async () => {
  const { watched, leave, opens, closed } = await inBrowser({ firefox: true });
  const asked = Promise.withResolvers<string>();
  const watching = watched(ADDRESS, () => asked.promise, new AbortController().signal);
  expect(leave()).toBe(ADDRESS);
  opens(3, 'popup', ADDRESS);
  expect(leave()).toBeUndefined();
  expect(closed).toEqual([30]);
  asked.resolve('code');
  await watching;
  expect(leave()).toBeUndefined();
  expect(closed).toEqual([30]);
});

test('the window that opens when nobody listens any more is closed, and nobody else’s', async () => {
  const late = Promise.withResolvers<void>();
  const { closeLate, leave, opens, closed, listening } = await inBrowser({ firefox: true });
  const closing = closeLate(ADDRESS, () => late.promise);
  opens(2, 'normal', 'https://acme.my.salesforce.com/home');
  opens(4, 'popup', 'https://example.com/');
  opens(3, 'popup', 'https://acme.my.salesforce.com/login?startURL=authorize');
  expect(closed).toEqual([30]);
  late.resolve();
  await closing;
  expect([listening(), leave()]).toEqual([0, undefined]);
});

test('so is one that opened just before, and one that does not come is not listened for for ever', async () => {
  const late = Promise.withResolvers<void>();
  const tabs = [
    { id: 8, url: 'https://acme.my.salesforce.com/services/oauth2/authorize?state=other' },
    { id: 9, url: ADDRESS },
  ];
  const { closeLate, closed, listening } = await inBrowser({ tabs });
  const closing = closeLate(ADDRESS, () => late.promise);
  late.resolve();
  await closing;
  expect([closed, listening()]).toEqual([[9], 0]);
});

test.each([
  [[], ['window']],
  [['window'], ['tab']],
] as const)('where the browser opens no %s, the sign-in opens %s', async (blocked, opened) => {
  const browser = await inBrowser({ blocked });
  await browser.openSignIn('acme.my.salesforce.com');
  expect(browser.opened).toEqual(opened);
});

test('where it opens neither, whoever asked hears of it', async () => {
  const { openSignIn } = await inBrowser({ blocked: ['window', 'tab'] });
  await expect(openSignIn('acme.my.salesforce.com')).rejects.toThrow('no tab');
});
