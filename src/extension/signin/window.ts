import { browser } from '../browser.ts';

/** Opens the small sign-in window for an org. It goes on by itself. */
export async function openSignIn(host: string): Promise<void> {
  const url = browser.runtime.getURL(`src/extension/signin/index.html?host=${encodeURIComponent(host)}`);
  await browser.windows.create({ url, type: 'popup', width: 480, height: 420, focused: true });
}
