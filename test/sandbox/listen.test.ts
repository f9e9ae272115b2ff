import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorldClock } from '../../src/sandbox/clock.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { type Running, serviceOf } from '../../src/sandbox/listen.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';

let sandbox: Sandbox;
let running: Running;
const { activecampaign, salesforce } = CREDENTIALS;

beforeAll(async () => {
  const clock = new WorldClock(Date.parse('2025-07-01T17:00:00Z'));
  sandbox = createSandbox({ people: 20, clock, activecampaign: { rateLimit: 'off' } });
  running = await sandbox.listen({ https: true });
});

afterAll(() => running.close());

/** Asks over https as a browser does whose host names are mapped to the sandbox; the certificate is checked. */
function secureGet(host: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port, certPem } = running.https ?? { port: 0, certPem: '' };
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        servername: host,
        ca: certPem,
        path,
        headers: { host, 'User-Agent': 'test', ...headers },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

/** One below those that a system gives to whoever asks for any: between two of our own uses nobody takes it. */
async function aPortOfNobody(): Promise<number> {
  for (let port = 24_000 + (process.pid % 1_000); ; port++) {
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

describe('the sandbox on loopback', () => {
  it('leaves it to Salesforce to refuse an address that is too long', async () => {
    const path = `/services/data/v66.0/query?q=${'x'.repeat(16_400)}`;
    expect((await fetch(`${running.salesforceUrl}${path}`)).status).toBe(414);
  });

  it('keeps an idle connection open for a minute, as the services do, and so pays no handshake for the next click', async () => {
    const answer = await fetch(`${running.salesforceUrl}/services/data/`);
    await answer.text();
    expect(answer.headers.get('keep-alive')).toBe('timeout=60');
  });

  it('has a port for each service', async () => {
    const lists = await fetch(`${running.activecampaignUrl}/api/3/lists`, {
      headers: { 'Api-Token': activecampaign.key },
    });
    expect(lists.status).toBe(200);
    expect((await fetch(`${running.salesforceUrl}/services/data`)).status).toBe(200);
    expect(new URL(running.activecampaignUrl).hostname).toBe('127.0.0.1');
  });

  it('turns away who names no User-Agent to ActiveCampaign, as Cloudflare does in front of it', async () => {
    const asked = async (agent: string) => {
      const headers = { 'Api-Token': activecampaign.key, 'User-Agent': agent };
      return (await fetch(`${running.activecampaignUrl}/api/3/users/me`, { headers })).status;
    };
    expect([await asked('OptBridge'), await asked('')]).toEqual([200, 403]);
    sandbox.switches.blocksEmptyUserAgent = false;
    expect(await asked('')).toBe(200);
    sandbox.switches.blocksEmptyUserAgent = true;
  });

  it('lets the companion sign in with the credentials it exports', async () => {
    const { clientId, clientSecret } = salesforce;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    });
    const answer = await fetch(`${running.salesforceUrl}/services/oauth2/token`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ instance_url: running.salesforceUrl });
  });

  it('takes a POST for what its address says, as it does without a socket', async () => {
    const { clientId: client_id, clientSecret: client_secret } = salesforce;
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret });
    const signedIn = await fetch(`${running.salesforceUrl}/services/oauth2/token`, { method: 'POST', body });
    const { access_token } = (await signedIn.json()) as { access_token: string };
    const id = sandbox.character('ann').contactRecord;
    const path = `/services/data/v66.0/sobjects/Contact/${id}?_HttpMethod=PATCH`;
    const answer = await fetch(`${running.salesforceUrl}${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${access_token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ HasOptedOutOfEmail: true }),
    });
    expect(answer.status).toBe(204);
    expect(sandbox.org.get('Contact', id)?.HasOptedOutOfEmail).toBe(true);
  });

  it('tells the time of its world', async () => {
    for (const url of [running.activecampaignUrl, running.salesforceUrl]) {
      expect((await fetch(url)).headers.get('Date')).toBe('Tue, 01 Jul 2025 17:00:00 GMT');
    }
  });

  it('frees its ports when it is closed, also with connections open', async () => {
    const port = await aPortOfNobody();
    const listen = () => createSandbox({ people: 0 }).listen({ http: { salesforcePort: port } });
    const other = await listen();
    await fetch(other.salesforceUrl);
    await other.close();
    await expect(fetch(other.salesforceUrl)).rejects.toThrow('fetch failed');
    const again = await listen();
    expect(again.salesforceUrl).toBe(other.salesforceUrl);
    await again.close();
  });

  it('says which port is taken, and keeps none', async () => {
    const taken = Number(new URL(running.salesforceUrl).port);
    await expect(createSandbox({ people: 0 }).listen({ http: { activecampaignPort: taken } })).rejects.toThrow(
      `EADDRINUSE: address already in use 127.0.0.1:${taken}`,
    );
  });
});

describe('the sandbox over https', () => {
  it('serves both services on one port, by host name', async () => {
    const key = { 'Api-Token': activecampaign.key };
    expect(await secureGet('acme.api-us1.com', '/api/3/lists', key)).toBe(200);
    expect(await secureGet('acme.activehosted.com', '/api/3/lists', key)).toBe(200);
    expect(await secureGet('acme.my.salesforce.com', '/services/data')).toBe(200);
  });

  it('has a certificate for its names only', async () => {
    await expect(secureGet('acme.api-us2.com', '/')).rejects.toThrow(/altnames/i);
  });

  it('names its public key as Chromium wants it', () => {
    const { certPem = '', spki } = running.https ?? {};
    const key = new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' });
    expect(spki).toBe(createHash('sha256').update(key).digest('base64'));
  });

  it('makes another certificate each time', async () => {
    const other = await createSandbox({ people: 0 }).listen({ http: false, https: true });
    expect(other.https?.spki).not.toBe(running.https?.spki);
    expect(other.salesforceUrl).toBe('');
    await other.close();
  });
});

describe('which service a request is for', () => {
  it('follows from the host name, or from the path where the host says nothing', () => {
    const of = (url: string) => serviceOf(new URL(url));
    expect(of('https://acme.lightning.force.com/api/3/x')).toBe('salesforce');
    expect(of('https://acme.my.salesforce.com/')).toBe('salesforce');
    expect(of('https://acme.api-us1.com/')).toBe('activecampaign');
    expect(of('https://localhost:8443/api/3/lists')).toBe('activecampaign');
    expect(of('https://localhost:8443/services/data')).toBe('salesforce');
  });
});

describe('the log of requests', () => {
  it('keeps method, path and status, and no secret', async () => {
    sandbox.requests.reset();
    await sandbox.fetch(`${activecampaign.url}/api/3/contacts/99999?limit=1`, {
      headers: { 'Api-Token': activecampaign.key },
    });
    await sandbox.fetch(`${salesforce.url}/nowhere?sid=hush-hush&access_token=quiet&q=SELECT`);
    expect(sandbox.requests.all).toMatchObject([
      { service: 'activecampaign', method: 'GET', path: '/api/3/contacts/99999?limit=1', status: 404 },
      { service: 'salesforce', method: 'GET', path: '/nowhere?sid=hidden&access_token=hidden&q=SELECT' },
    ]);
    expect(sandbox.requests.of('activecampaign', 'GET', /contacts/)).toHaveLength(1);
    expect(sandbox.requests.of('activecampaign', 'POST')).toHaveLength(0);
    sandbox.requests.reset();
    expect(sandbox.requests.all).toEqual([]);
  });
});

describe('the extension’s app', () => {
  it.runIf(existsSync('manifest.json'))('sends people back to the extension of the manifest', () => {
    const { key } = JSON.parse(readFileSync('manifest.json', 'utf8')) as { key: string };
    const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex').slice(0, 32);
    const id = [...digest].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
    expect(salesforce.extensionRedirectUri).toBe(`https://${id}.chromiumapp.org/`);
  });
});
