import { browser } from '../browser.ts';

/** In `storage.session`: ids of windows are never used twice while the browser runs. */
const KEY = 'sign-in window';
let theirs: number | undefined;

/** The window that Salesforce asks in, if a sign-in of this browser opened one; it may be closed by now. */
async function known(): Promise<number | undefined> {
  const found: { [KEY]?: number } = await browser.storage.session.get(KEY);
  return found[KEY];
}

/**
 * Remembers the window that opens while `work` begins. It outlives the page that began the sign-in, and keeps every other
 * sign-in from beginning while it is open (facts/extension.md).
 */
export async function watched<T>(work: () => Promise<T>): Promise<T> {
  const opened = ({ id }: { readonly id?: number | undefined }) => {
    browser.windows.onCreated.removeListener(opened);
    theirs = id;
    void browser.storage.session.set({ [KEY]: id });
  };
  browser.windows.onCreated.addListener(opened);
  try {
    return await work();
  } finally {
    browser.windows.onCreated.removeListener(opened);
  }
}

/** Brings Salesforce's window to the front. Rejects where there is none. */
export async function showTheirs(): Promise<void> {
  const id = await known();
  if (id === undefined) throw new Error('no window');
  await browser.windows.update(id, { focused: true });
}

/** Closes Salesforce's window, which ends the sign-in that it belongs to, whoever began that. */
export async function closeTheirs(): Promise<void> {
  const id = await known();
  if (id !== undefined) await browser.windows.remove(id).catch(() => undefined);
}

// What comes back from Salesforce would be lost without this page.
globalThis.addEventListener('pagehide', () => {
  if (theirs !== undefined) void browser.windows.remove(theirs).catch(() => undefined);
});
