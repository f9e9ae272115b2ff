// What a bare clone needs before anything else runs: the dependencies and a browser (--no-browser: none; --firefox: that too, and
// the languages of Debian's Chromium). Plain JavaScript without dependencies, because it runs on whatever Node the machine has (20 or
// later) before `npm ci` brings Node 24.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { findBrowser, findFirefox } from './browser.mjs';

const run = (command, args, options = {}) =>
  spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32', ...options });

/** Ends the set-up with a message that says what is wrong and what to do. */
function stop(message) {
  process.stderr.write(`\nOptBridge set-up: ${message}\n`);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) < 20)
  stop(`Node ${process.versions.node} is too old to install the dependencies. Install Node 20 or later.`);

const stamp = 'node_modules/.optbridge-setup';
const lock = readFileSync('package-lock.json', 'utf8');
const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && statSync('node_modules').isDirectory();
if (!fresh) {
  process.stderr.write('OptBridge set-up: npm ci\n');
  const { status } = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) stop('`npm ci` failed; its own words are above.');
  writeFileSync(stamp, lock);
}

/** Installs Debian's packages where that can be done without asking anybody. */
function debian(why, packages) {
  const root = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!root) return;
  process.stderr.write(`OptBridge set-up: ${why}; installing Debian’s ${packages[0]}\n`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  };
  run('apt-get', ['update', '-qq'], options);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}

if (!process.argv.includes('--no-browser') && !findBrowser()) {
  debian('no Chrome, Chromium or Edge here', ['chromium', 'chromium-l10n', 'fonts-liberation']);
  if (!findBrowser()) {
    process.stderr.write('OptBridge set-up: trying Playwright’s own Chromium\n');
    run('npx', ['playwright-core', 'install', 'chromium']);
  }
  if (!findBrowser())
    stop(
      'no browser found. Install Chrome, Chromium or Edge, or set OPTBRIDGE_BROWSER to the path of one, and run the command again.',
    );
}

// Debian has every language but English in a package of its own; without it one test is left out.
const locales = '/usr/lib/chromium/locales';
if (process.argv.includes('--firefox') && existsSync(`${locales}/en-US.pak`) && !existsSync(`${locales}/de.pak`))
  debian('Chromium speaks English only', ['chromium-l10n']);

if (process.argv.includes('--firefox') && !findFirefox()) {
  debian('no Firefox here', ['firefox-esr', 'fonts-liberation']);
  if (!findFirefox())
    process.stderr.write(
      '\nOptBridge set-up: no Firefox found, so its test will fail. Install Firefox 142 or later, or set OPTBRIDGE_FIREFOX to the path of one.\n',
    );
}
