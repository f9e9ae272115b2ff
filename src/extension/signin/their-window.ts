import { browser, FIREFOX } from '../browser.ts';

/** In `storage.session`: ids of tabs are never used twice while the browser runs. */
const KEY = 'sign-in tab';
let theirs: number | undefined;
/** What this page has the browser ask while it has opened no tab for it; Firefox looks first whether it has to. */
let unopened: string | undefined;

/** The tab that Salesforce asks in, if a sign-in of this browser opened one; it may be closed by now. */
async function known(): Promise<number | undefined> {
  const found: { [KEY]?: number } = await browser.storage.session.get(KEY);
  return found[KEY];
}

/**
 * Remembers the tab that asks `address` while `work` goes on, and no other: somebody may open a window of their own in that
 * moment. It outlives the page that began the sign-in, and keeps every other sign-in from beginning while it is open
 * (facts/extension.md).
 *
 * @param address what Salesforce is asked, with the `state` of this sign-in alone
 * @param signal aborted when the sign-in is given up: its tab is closed, as soon as it is known
 */
export async function watched<T>(address: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const { onCreated, onUpdated } = browser.tabs;
  const opened = new Set<number>();
  const isTheirs = (url?: string) => url === address;
  // Firefox tells where a tab is once it is there, which may be Salesforce's own login page by then: the first page of a
  // window that was opened meanwhile.
  const isLogin = (url: string) => FIREFOX && URL.parse(url)?.host === new URL(address).host;
  let tab: number | undefined;
  const close = () => void (tab !== undefined && browser.tabs.remove(tab).catch(() => undefined));
  const stop = () => {
    onCreated.removeListener(created);
    onUpdated.removeListener(updated);
    browser.windows.onCreated.removeListener(windowCreated);
  };
  const take = (id?: number) => {
    stop();
    tab = id;
    theirs = id;
    unopened = undefined;
    if (signal.aborted) close();
    void browser.storage.session.set({ [KEY]: id });
  };
  // Neither browser's window for this has tabs, other than those that somebody opens.
  const windowCreated = ({ id, type }: chrome.windows.Window) => void (id && type === 'popup' && opened.add(id));
  const created = ({ id, pendingUrl, url }: chrome.tabs.Tab) => void (isTheirs(pendingUrl ?? url) && take(id));
  const updated = (id: number, { url }: { readonly url?: string | undefined }, { windowId }: chrome.tabs.Tab) => {
    if (url === undefined || url === 'about:blank') return;
    if (isTheirs(url) || (opened.delete(windowId) && isLogin(url))) take(id);
  };
  onCreated.addListener(created);
  onUpdated.addListener(updated);
  browser.windows.onCreated.addListener(windowCreated);
  signal.addEventListener('abort', close);
  unopened = signal.aborted ? undefined : address;
  try {
    return await work();
  } finally {
    stop();
    signal.removeEventListener('abort', close);
    if (theirs === tab) theirs = undefined;
    if (unopened === address) unopened = undefined;
  }
}

/** Milliseconds; the first look takes one answer of Salesforce, and nobody goes on listening for ever. */
const LATE = 30_000;

/** Closes the tab that asks `address`, also where it comes in a moment: the page that began the sign-in is gone. */
export async function closeLate(address: string, sleep: (ms: number) => Promise<unknown>): Promise<void> {
  const closing = watched(address, () => sleep(LATE), AbortSignal.abort());
  // Opened between the end of the page and now.
  const tabs = await browser.tabs.query({ url: `${new URL(address).origin}/*` }).catch(() => []);
  for (const { id, url } of tabs)
    if (id !== undefined && url === address) await browser.tabs.remove(id).catch(() => undefined);
  await closing;
}

/** Brings the tab in which Salesforce asks to the front. Rejects where there is none. */
export async function showTheirs(): Promise<void> {
  const id = await known();
  if (id === undefined) throw new Error('no tab');
  const { windowId } = await browser.tabs.update(id, { active: true }).then((tab) => tab ?? browser.tabs.get(id));
  await browser.windows.update(windowId, { focused: true });
}

/** Closes the tab in which Salesforce asks, which ends the sign-in that it belongs to, whoever began that. */
export async function closeTheirs(): Promise<void> {
  const id = await known();
  if (id !== undefined) await browser.tabs.remove(id).catch(() => undefined);
}

/**
 * This page goes, without which what comes back from Salesforce would be lost: closes its tab. Where that is not there yet,
 * answers the address that it will ask, for `closeLate`.
 */
export function leave(): string | undefined {
  if (theirs !== undefined) void browser.tabs.remove(theirs).catch(() => undefined);
  return unopened;
}
