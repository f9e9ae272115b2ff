import { browser } from '../browser.ts';
import { showTheirs } from './their-window.ts';

/**
 * Opens the small sign-in window for an org, or brings it to the front when it is there. It goes on by itself. Rejects where
 * the browser opens nothing.
 * @param org what the page says which org it is of
 */
export async function openSignIn(host: string, org?: string): Promise<void> {
  const url = browser.runtime.getURL(`src/extension/signin/index.html?host=${host}${org ? `&org=${org}` : ''}`);
  // Not in Firefox; a second window there takes the place of the first.
  const open = await browser.runtime.getContexts?.({ contextTypes: ['TAB'], documentUrls: [url] });
  const windowId = open?.[0]?.windowId;
  if (windowId !== undefined) {
    await browser.windows.update(windowId, { focused: true });
    await showTheirs().catch(() => undefined);
    return;
  }
  const size = { width: 480, height: 420 };
  const opened = await browser.windows.create({ url, type: 'popup', ...size, focused: true }).catch(() => undefined);
  // Where the browser has no window for it, a tab will do.
  if (!opened) await browser.tabs.create({ url });
}
