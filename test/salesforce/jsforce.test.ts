import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Auth } from '../../src/salesforce/auth.ts';
import { createJsforce, type JsforceSalesforce } from '../../src/salesforce/jsforce.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { standstill } from '../service/standstill.ts';
import { failureOf, people, rowsOf } from './world.ts';

const { url, clientId, clientSecret, integrationUsername } = CREDENTIALS.salesforce;
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const jwt: Auth = { kind: 'jwt', clientId, username: integrationUsername, privateKey: keys.privateKey };
const secret: Auth = { kind: 'client-credentials', clientId, clientSecret };

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox({ people: 0 });
  const app = sandbox.org.grants.apps.get(clientId);
  if (app) sandbox.org.grants.register({ ...app, certificate: keys.publicKey });
});

function signedIn(auth: Auth, at = url): JsforceSalesforce {
  return createJsforce({ url: at, auth, fetch: sandbox.fetch, ...standstill(), now: Date.now });
}

test.each(['Application/JSON', 'text/plain; charset=utf-8', ''])(
  'JSON is read as such, although it is labelled "%s"',
  async (label) => {
    people(sandbox, 'Contact', 2);
    const fetch: typeof sandbox.fetch = async (...request) => {
      const reply = await sandbox.fetch(...request);
      const headers = new Headers(reply.headers);
      headers.set('content-type', label);
      if (label === '') headers.delete('content-type');
      return new Response(await reply.arrayBuffer(), { status: reply.status, headers });
    };
    const salesforce = createJsforce({ url, auth: secret, fetch, ...standstill(), now: Date.now });
    expect((await salesforce.describe('Lead')).name).toBe('Lead');
    expect(await rowsOf(salesforce.query('SELECT Id FROM Contact'))).toHaveLength(2);
  },
);

const tokenRequests = (): number => sandbox.requests.of('salesforce', 'POST', /oauth2\/token/).length;

describe('signing in', () => {
  test.each<[string, Auth]>([
    ['client credentials', secret],
    ['a signed assertion', jwt],
  ])('works by %s', async (_, auth) => {
    const salesforce = signedIn(auth);
    expect((await salesforce.identity()).user).toBe(sandbox.org.userNamed(integrationUsername));
    expect(tokenRequests()).toBe(1);
  });

  test('works by a key in the older PEM form', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const app = sandbox.org.grants.apps.get(clientId);
    if (app) sandbox.org.grants.register({ ...app, certificate: publicKey });
    expect((await signedIn({ ...jwt, privateKey }).identity()).organization).toBe(sandbox.org.id);
  });

  test('works by a token from elsewhere, which cannot be renewed', async () => {
    const accessToken = sandbox.org.grants.openSession(sandbox.org.admin);
    const salesforce = signedIn({ kind: 'access-token', accessToken });
    expect((await salesforce.identity()).user).toBe(sandbox.org.admin);
    sandbox.org.grants.expireTokens();
    expect((await failureOf(salesforce.describe('Contact'))).detail).toMatchObject({
      kind: 'unauthorised',
      status: 401,
    });
    expect(tokenRequests()).toBe(0);
  });

  test.each<[string, Auth, string]>([
    ['a wrong secret', { ...secret, clientSecret: 'wr0ng' }, 'invalid_client'],
    ['an unknown app', { ...secret, clientId: 'unknown' }, 'invalid_client_id'],
    ['a user who is not approved', { ...jwt, username: 'nobody@acme.example' }, 'invalid_grant'],
  ])('is refused with %s, in the words of Salesforce', async (_, auth, code) => {
    const failure = await failureOf(signedIn(auth).identity());
    expect(failure.detail).toMatchObject({ kind: 'unauthorised', code, call: 'POST /services/oauth2/token' });
    expect(JSON.stringify(failure.detail) + failure.stack).not.toMatch(/wr0ng|BEGIN|eyJ/);
  });

  test('is not tried with a key that cannot be read, which is not quoted', () => {
    expect(() => signedIn({ ...jwt, privateKey: 'not-a-key' })).toThrow('RSA key in PEM form');
    expect(() => signedIn({ ...jwt, privateKey: 'not-a-key' })).toThrow(/^(?!.*not-a-key)/);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const elliptic = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => signedIn({ ...jwt, privateKey: elliptic })).toThrow('RSA key in PEM form');
  });

  test('is tried again when it failed', async () => {
    sandbox.faults.add({ service: 'salesforce', path: /token/, times: 4, kind: 'status', status: 503 });
    const salesforce = signedIn(secret);
    expect((await failureOf(salesforce.identity())).kind).toBe('unreachable');
    expect((await salesforce.identity()).organization).toBe(sandbox.org.id);
  });

  test('counts among the calls', async () => {
    const salesforce = signedIn(secret);
    await salesforce.identity();
    expect(salesforce.calls).toBe(sandbox.requests.of('salesforce').length);
  });
});

describe('a signed assertion', () => {
  /** The audiences of the assertions that were sent to an org at this address. */
  async function audiences(at: string): Promise<unknown[]> {
    const sent: unknown[] = [];
    const salesforce = createJsforce({
      url: at,
      auth: jwt,
      version: '67.0',
      ...standstill(),
      fetch: async (_, init) => {
        const claims = new URLSearchParams(String(init.body)).get('assertion')?.split('.')[1] ?? '';
        sent.push(JSON.parse(Buffer.from(claims, 'base64url').toString()).aud);
        return Response.json(
          { error: 'invalid_grant', error_description: 'Audience validation failed' },
          { status: 400 },
        );
      },
    });
    await failureOf(salesforce.describe('Contact'));
    return sent;
  }

  test.each([
    ['https://acme.my.salesforce.com', ['https://login.salesforce.com', 'https://acme.my.salesforce.com']],
    [
      'https://acme--uat.sandbox.my.salesforce.com',
      ['https://test.salesforce.com', 'https://acme--uat.sandbox.my.salesforce.com'],
    ],
    ['http://127.0.0.1:8480', ['http://127.0.0.1:8480']],
    ['https://acme.example.com', ['https://acme.example.com']],
  ])('for %s is meant for %j, each tried once', async (at, expected) => {
    expect(await audiences(at)).toEqual(expected);
  });

  test('expires three minutes after it was made', async () => {
    let claims: Record<string, unknown> = {};
    const clock = standstill(Date.parse('2026-11-21T20:00:00Z'));
    const salesforce = createJsforce({
      url,
      auth: jwt,
      ...clock,
      version: '67.0',
      fetch: async (_, init) => {
        const part = new URLSearchParams(String(init.body)).get('assertion')?.split('.')[1] ?? '';
        claims = JSON.parse(Buffer.from(part, 'base64url').toString());
        return new Response(null, { status: 500 });
      },
    });
    await failureOf(salesforce.describe('Contact'));
    expect(claims).toMatchObject({
      iss: clientId,
      sub: integrationUsername,
      exp: Date.parse('2026-11-21T20:03:00Z') / 1000,
    });
  });
});

describe('a session', () => {
  let salesforce: JsforceSalesforce;
  beforeEach(async () => {
    salesforce = signedIn(secret);
    people(sandbox, 'Contact', 5);
    await salesforce.identity();
  });
  afterEach(() => sandbox.faults.clear());

  test('that expired is renewed once for all calls that meet it', async () => {
    sandbox.org.grants.expireTokens();
    await Promise.all([
      salesforce.describe('Contact'),
      salesforce.describe('Lead'),
      rowsOf(salesforce.query('SELECT Id FROM Contact')),
    ]);
    expect(tokenRequests()).toBe(2);
  });

  test('that cannot be renewed fails with the reason of the sign-in', async () => {
    sandbox.org.grants.expireTokens();
    const app = sandbox.org.grants.apps.get(clientId);
    if (app) sandbox.org.grants.register({ ...app, secret: 'changed' });
    const failures = await Promise.all([
      failureOf(salesforce.describe('Contact')),
      failureOf(salesforce.describe('Lead')),
    ]);
    expect(failures.map(({ kind }) => kind)).toEqual(['unauthorised', 'unauthorised']);
    expect(failures[0]?.detail).toMatchObject({ call: 'POST /services/oauth2/token', code: 'invalid_client' });
  });

  test("is jsforce's own for whoever needs more of it", async () => {
    const connection = await salesforce.connection();
    const { totalSize } = await connection.query('SELECT Id FROM Contact');
    expect(totalSize).toBe(5);
    expect(connection.version).toBe('67.0');
    expect(connection.limitInfo.apiUsage?.limit).toBe(100_000);
    expect(salesforce.calls).toBe(sandbox.requests.of('salesforce').length);
  });

  test('names the client in every request', async () => {
    const clients = new Set<string | null>();
    const other = createJsforce({
      url,
      auth: secret,
      ...standstill(),
      fetch: (address, init) => {
        if (address.includes('/sobjects/')) clients.add(new Headers(init.headers).get('Sforce-Call-Options'));
        return sandbox.fetch(address, init);
      },
    });
    await other.describe('Contact');
    expect([...clients]).toEqual(['client=optbridge']);
  });
});
