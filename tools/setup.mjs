// What a bare clone needs before anything else runs: the dependencies and a browser. Plain JavaScript without
// dependencies, because it runs on whatever Node the machine has (20 or later) before `npm ci` brings Node 24.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { findBrowser } from './browser.mjs';

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

if (!findBrowser()) {
  const root = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (root) {
    process.stderr.write('OptBridge set-up: no Chrome, Chromium or Edge here; installing Debian’s chromium\n');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  if (!findBrowser()) {
    process.stderr.write('OptBridge set-up: trying Playwright’s own Chromium\n');
    run('npx', ['playwright-core', 'install', 'chromium']);
  }
  if (!findBrowser())
    stop(
      'no browser found. Install Chrome, Chromium or Edge, or set OPTBRIDGE_BROWSER to the path of one, and run the command again.',
    );
}
