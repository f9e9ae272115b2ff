import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from '../../tools/browser.mjs';
import { PATIENCE } from './patience.ts';

/** What every Chromium of the tests is started with: it also has to run as root, in a container, without a display. */
export const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser to drive; the set-up (tools/setup.mjs) sees to it that there is one. */
export function executablePath(): string {
  const path = findBrowser();
  if (!path) throw new Error('no browser found: run `npm run setup`');
  return path;
}

/** A Chromium without the extension. */
export async function launchPlain(): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: executablePath(), args: ARGS, timeout: 2 * PATIENCE });
  browser.on('context', (context) => context.setDefaultTimeout(PATIENCE));
  return browser;
}
