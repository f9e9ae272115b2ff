// Which browsers the tests and the demo drive. Plain JavaScript: the set-up uses it before `npm ci`.
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-for-testing', 'microsoft-edge', 'google-chrome'];
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Playwright keeps its downloads in one folder per build; the newest build wins. */
function downloaded() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    {
      darwin: join(homedir(), 'Library/Caches/ms-playwright'),
      win32: join(homedir(), 'AppData/Local/ms-playwright'),
    }[process.platform] ??
    join(homedir(), '.cache/ms-playwright');
  if (!existsSync(cache)) return [];
  return readdirSync(cache)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.split('-')[1]) - Number(a.split('-')[1]))
    .flatMap((name) => [
      join(cache, name, 'chrome-linux/chrome'),
      join(cache, name, 'chrome-linux64/chrome'),
      join(cache, name, 'chrome-mac/Chromium.app/Contents/MacOS/Chromium'),
      join(cache, name, 'chrome-win/chrome.exe'),
    ]);
}

/**
 * The path of a browser that can load an unpacked extension, or undefined. `OPTBRIDGE_BROWSER` wins; Chromium and
 * Edge come before Chrome, because branded Chrome (137 and later) refuses `--load-extension`.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const asked = process.env.OPTBRIDGE_BROWSER;
  if (asked) return existsSync(asked) ? asked : undefined;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .sort((a, b) => NAMES.findIndex((n) => a.endsWith(n)) - NAMES.findIndex((n) => b.endsWith(n)));
  return [...onPath.filter((p) => !p.endsWith('google-chrome')), ...downloaded(), ...PLACES, ...onPath].find((path) =>
    existsSync(path),
  );
}

const FIREFOX_NAMES = ['firefox-esr', 'firefox'];
const FIREFOX_PLACES = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/**
 * The path of a Firefox, or undefined. `OPTBRIDGE_FIREFOX` wins.
 * @returns {string | undefined}
 */
export function findFirefox() {
  const asked = process.env.OPTBRIDGE_FIREFOX;
  if (asked) return existsSync(asked) ? asked : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = FIREFOX_NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...FIREFOX_PLACES].find((path) => existsSync(path));
}
