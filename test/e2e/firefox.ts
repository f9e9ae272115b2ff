import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as dial, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { findFirefox } from '../../tools/browser.mjs';
import { buildExtension } from '../../tools/build.ts';
import { GECKO_ID } from '../../tools/manifest.ts';
import { connect, type Element, type Marionette } from './marionette.ts';
import { PATIENCE } from './patience.ts';
import { soon } from './soon.ts';

/** Firefox makes one up for each profile; told which, the tests know where the extension's pages are. */
const UUID = '11111111-2222-4333-8444-555555555555';
/** The services' hosts go through our proxy, and nothing else goes anywhere. */
const PAC = (port: number) => `function FindProxyForURL(url, host) {
  return /\\.(force|salesforce|api-us1)\\.com$/.test(host) ? "PROXY 127.0.0.1:${port}" : "PROXY 127.0.0.1:9";
}`;

/** Milliseconds in which a window that is there answers. */
const SOON = 4_000;

/** A sandbox, and a Firefox that reaches it by the services' real host names and has the extension as built for it. */
export interface FirefoxWorld {
  readonly sandbox: Sandbox;
  readonly firefox: Marionette;
  /** Where the extension's own pages are, with a slash at the end. */
  readonly pages: string;
  /** Puts the same extension in once more, as an update does. */
  reinstall(): Promise<void>;
  /** Shows an address in the window in use. */
  open(url: string): Promise<void>;
  /** Waits for an element of the page, or of the overlay's shadow. */
  find(selector: string, words?: string): Promise<Element>;
  /** Waits until the overlay says so. */
  state(state: string): Promise<void>;
  /** Opens the panel and waits until it takes what is pressed in it. */
  openPanel(): Promise<void>;
  /**
   * Goes over to the window that shows an address like this, once there is one and it is whole: before, a style sheet may come
   * and move what is pressed from under the pointer, which Firefox does not tell.
   */
  inWindow(address: string): Promise<void>;
  close(): Promise<void>;
}

/** @param redirectUris where Salesforce may send the browser back to after signing in */
export async function startFirefox(redirectUris: readonly string[]): Promise<FirefoxWorld> {
  const sandbox = createSandbox({ people: 40, salesforce: { redirectUris } });
  const running = await sandbox.listen({ http: false, https: true });
  const proxy = await tunnelTo(running.https?.port ?? 0);
  const folder = await mkdtemp(join(tmpdir(), 'optbridge-firefox-'));
  const dist = join(folder, 'extension');
  const profile = join(folder, 'profile');
  await buildExtension('firefox', dist);
  const process = await start(profile, (proxy.address() as AddressInfo).port);
  const firefox = await begun(profile).catch(async (cause) => {
    await ended(process);
    throw cause;
  });
  const install = () => firefox.command<void>('Addon:Install', { path: dist, temporary: true });
  await install();

  const find: FirefoxWorld['find'] = async (selector, words = '') => {
    let found: Element | null = null;
    await soon(async () => {
      found = await firefox.run<Element | null>(
        `const roots = [document, document.querySelector('optbridge-overlay')?.shadowRoot];
         const all = roots.flatMap((root) => [...(root?.querySelectorAll(arguments[0]) ?? [])]);
         return all.find((element) => element.textContent.includes(arguments[1])) ?? null;`,
        selector,
        words,
      );
      return found !== null;
    }).toBe(true);
    if (!found) throw new Error(`no ${selector}`);
    return found;
  };

  return {
    sandbox,
    firefox,
    reinstall: install,
    pages: `moz-extension://${UUID}/`,
    open: (url) => firefox.command('WebDriver:Navigate', { url }),
    find,
    state: async (state) => {
      await soon(() =>
        firefox.run<string | undefined>(`return document.querySelector('optbridge-overlay')?.dataset.state`),
      ).toBe(state);
    },
    openPanel: async () => {
      const panel = `document.querySelector('optbridge-overlay').shadowRoot.querySelector('.panel')`;
      // The pill may move just as it is pressed: then it is not hit.
      await soon(async () => {
        if (!(await firefox.run(`return !!${panel}`))) await firefox.click(await find('.pill'));
        return firefox.run(`return !!${panel}`);
      }).toBe(true);
      await find('.panel .foot');
      // Nothing counts that is pressed in the first 300 ms (src/extension/overlay/trust.ts).
      const settling = `const panel = ${panel};
        panel.dataset.seen ??= performance.now();
        return performance.now() - panel.dataset.seen <= 300
          || panel.getAnimations({ subtree: true }).some(({ animationName }) => animationName === 'settle');`;
      await soon(() => firefox.run<boolean>(settling)).toBe(false);
    },
    inWindow: async (address) => {
      await soon(async () => {
        const seen: string[] = [];
        for (const handle of await firefox.command<readonly string[]>('WebDriver:GetWindowHandles', {}, SOON)) {
          await firefox.command('WebDriver:SwitchToWindow', { handle }, SOON);
          seen.push(await firefox.command<string>('WebDriver:GetCurrentURL', {}, SOON));
          if (!seen.at(-1)?.includes(address)) continue;
          const script = 'return document.readyState';
          const state = await firefox.command<string>('WebDriver:ExecuteScript', { script, args: [] }, SOON);
          return state === 'complete' ? seen.at(-1) : state;
        }
        return seen.at(-1);
      }).toContain(address);
    },
    close: async () => {
      firefox.close();
      await ended(process);
      proxy.closeAllConnections();
      proxy.close();
      await running.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

async function start(profile: string, proxyPort: number): Promise<ChildProcess> {
  const path = findFirefox();
  if (!path) throw new Error('no Firefox found: run `npm run setup`');
  const prefs = {
    'marionette.port': 0,
    'network.proxy.type': 2,
    'network.proxy.autoconfig_url': `data:text/plain,${encodeURIComponent(PAC(proxyPort))}`,
    'extensions.webextensions.uuids': JSON.stringify({ [GECKO_ID]: UUID }),
    'xpinstall.signatures.required': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'app.update.enabled': false,
    // The background page ends whenever it has had nothing to do for a moment, so that every step begins with a start.
    'extensions.background.idle.timeout': 3_000,
    'intl.accept_languages': 'en-US',
  };
  await mkdir(profile, { recursive: true });
  const lines = Object.entries(prefs).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  // A home of its own: Firefox writes there, and refuses one that belongs to somebody else.
  return spawn(path, ['-headless', '-marionette', '-remote-allow-system-access', '-no-remote', '-profile', profile], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  });
}

/** Comes back once the browser is there. */
async function begun(profile: string): Promise<Marionette> {
  const firefox = await connect(await portOf(profile));
  await firefox.command('WebDriver:NewSession', { acceptInsecureCerts: true, capabilities: {} }, 2 * PATIENCE);
  return firefox;
}

async function portOf(profile: string): Promise<number> {
  const file = join(profile, 'MarionetteActivePort');
  // The file is there before what stands in it.
  const port = () => (existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  return vi.waitUntil(port, { timeout: 2 * PATIENCE, interval: 50 });
}

/** A proxy whose every tunnel ends at one port of ours. */
async function tunnelTo(port: number): Promise<Server> {
  const proxy = createServer((_, response) => response.writeHead(502).end());
  proxy.on('connect', (_request, socket: Socket) => {
    const there = dial(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    socket.pipe(there).pipe(socket);
    for (const end of [socket, there]) end.on('error', () => [socket, there].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return proxy;
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  const gone = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await gone;
}
