import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { impatient, impatientAtFirst } from '../../src/companion/impatient.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import type { Fetch } from '../../src/service/http.ts';
import { Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** A service that takes the connection and never answers, where somebody waits for the command. */

const answer = (body: string): Awaited<ReturnType<Fetch>> => ({
  status: 200,
  type: 'default',
  headers: new Headers(),
  text: async () => body,
});
const never: Fetch = (_, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))));

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('the way to a service for somebody who waits', () => {
  const url = 'https://acme.example.com/services/data?secret=1';

  it('gives up after 15 seconds, and then at once', async () => {
    const asked: string[] = [];
    const pauses: number[] = [];
    const way = impatient('salesforce', {
      fetch: (to, init) => {
        asked.push(to);
        return never(to, init);
      },
      sleep: async (ms) => void pauses.push(ms),
    });
    const first = way.fetch(url, {}).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(14_999);
    await way.sleep(4000);
    await vi.advanceTimersByTimeAsync(1);
    const words = 'GET /services/data: no answer within 15 seconds';
    expect(await first).toMatchObject({ message: words, kind: 'unreachable' });
    await expect(way.fetch(url, { method: 'POST' })).rejects.toThrow(
      'POST /services/data: no answer within 15 seconds',
    );
    await way.sleep(4000);
    expect([asked.length, pauses]).toEqual([1, [4000, 20]]);
  });

  it('waits longer for one that has answered before', async () => {
    const replies: Fetch[] = [async () => answer('{}'), never];
    const way = impatient('salesforce', { fetch: (to, init) => (replies.shift() ?? never)(to, init), sleep: vi.fn() });
    expect(await (await way.fetch(url, {})).text()).toBe('{}');
    const second = way.fetch(url, {}).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await second).toMatchObject({ message: 'GET /services/data: no answer within 60 seconds' });
  });

  it('takes a reply that stops in the middle for none', async () => {
    const way = impatient('activecampaign', {
      fetch: async (to, init) => ({ ...answer(''), text: async () => (await never(to, init)).text() }),
      sleep: vi.fn(),
    });
    const cut = way.fetch('https://acme.example.com/api/3/users/me', {}).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await cut).toMatchObject({ message: 'GET /api/3/users/me: no answer within 15 seconds' });
  });

  it('for a long reading leaves the later ones to the client', async () => {
    const seen: (AbortSignal | null | undefined)[] = [];
    const way = impatientAtFirst('activecampaign', {
      fetch: async (_, { signal }) => {
        seen.push(signal);
        return answer('{}');
      },
      sleep: vi.fn(),
    });
    for (let n = 0; n < 2; n++) await way.fetch(url, {});
    expect(seen[1]).toBeUndefined();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('commands that somebody waits for', () => {
  const here = new Town();
  let running: Running;
  let silent: Server;
  let file: string;

  beforeAll(async () => {
    running = await here.sandbox.listen();
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    file = configFile(here, running, {
      salesforce: {
        url: `http://127.0.0.1:${port}`,
        auth: { kind: 'client-credentials', clientId: 'x', clientSecret: { env: 'SF_SECRET' } },
      },
    });
    here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
  });
  afterAll(async () => {
    silent.closeAllConnections();
    silent.close();
    await running.close();
    here.dispose();
  });

  /** The command, once the silent service has been asked and its time is up. */
  async function waitedFor(...args: string[]) {
    const asked = once(silent, 'request');
    const told = tell(SECRETS, ...args, '--config', file);
    await Promise.race([asked, told]);
    await vi.advanceTimersByTimeAsync(15_000);
    return told;
  }

  it('show what the other service says, name the one that does not answer, and say what to do', async () => {
    const { code, out } = await waitedFor('show', 'ann@example.com');
    expect(code).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toContain(
      'Salesforce, now could not be read: GET /services/data: no answer within 15 seconds Look at the network here and at salesforce.url, then try again. With --offline this says what the store knows.',
    );
    expect(out).toMatch(/News +unsubscribed/);
  });

  it.each([['show', '003Qy0000004C9JIAU'], ['resolve', 'ann@example.com', 'out'], ['coverage']])(
    '%s ends with 1',
    async (...args) => {
      const { code, err } = await waitedFor(...args);
      expect([code, err.trim().split('\n').at(-1)]).toEqual([
        1,
        expect.stringMatching(
          /^Salesforce did not answer: [A-Z]+ \/services\/\S+: no answer within 15 seconds\. Look at the network here and at salesforce\.url, then try again\.$/,
        ),
      ]);
    },
  );

  it('a run that somebody waits for at a terminal ends with 1, and has written nothing', async () => {
    const asked = once(silent, 'request');
    let said = '';
    const told = main({
      arguments: ['sync', '--dry-run', '--config', file],
      env: SECRETS,
      out: (text) => {
        said += text;
      },
      err: () => undefined,
      terminal: true,
    });
    await asked;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await told).toBe(1);
    expect(said.replace(/\s+/g, ' ')).toMatch(
      /no answer within 15 seconds.* Look at the network and at salesforce\.url/,
    );
  });

  it('doctor says so, and looks at everything else', async () => {
    const heard = () => here.sandbox.requests.of('activecampaign').length;
    const before = heard();
    const asked = once(silent, 'request');
    const told = tell(SECRETS, 'doctor', '--config', file);
    await asked;
    // Both are asked at once: before the time is up for the one, the other has to have answered, so that it is asked again.
    while (heard() < before + 2) await vi.advanceTimersByTimeAsync(1);
    await vi.advanceTimersByTimeAsync(15_000);
    const { code, out } = await told;
    expect(code).toBe(1);
    expect(out).toContain('UNREACHABLE  API version: GET /services/data: no answer within 15 seconds.');
    expect(out).toContain('ok           key: ');
  });
});
