import { createHash, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { HOST, START, type World, world } from './world.ts';

const REDIRECT = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/';
const VERIFIER = 'v'.repeat(64);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let here: World;
let org: Org;
let cookie: string;
beforeEach(() => {
  here = world();
  org = here.org;
  cookie = '';
  org.grants.tokenLifetime = 7_200_000;
  org.grants.register({ clientId: 'ext', name: 'OptBridge', redirectUris: [REDIRECT] });
  org.grants.register({
    clientId: 'server',
    name: 'Companion',
    secret: 'hush',
    runAs: here.rep,
    certificate: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    preauthorised: [here.rep],
  });
});

/** As a browser would: keeps the cookie, follows nothing. */
async function browse(path: string, form?: Record<string, string>) {
  const response = await here.sandbox.fetch(
    new Request(HOST + path, {
      method: form ? 'POST' : 'GET',
      headers: { Cookie: cookie },
      ...(form ? { body: new URLSearchParams(form) } : {}),
    }),
  );
  cookie = response.headers.get('Set-Cookie')?.split(';')[0] ?? cookie;
  const location = response.headers.get('Location');
  return {
    status: response.status,
    text: await response.text(),
    to: location === null ? undefined : new URL(location),
  };
}

const authorize = (more: Record<string, string> = {}): string => {
  const asked = {
    response_type: 'code',
    client_id: 'ext',
    redirect_uri: REDIRECT,
    scope: 'api refresh_token',
    state: 's 1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  };
  return `/services/oauth2/authorize?${new URLSearchParams({ ...asked, ...more })}`;
};

async function decide(decision: 'allow' | 'deny') {
  const page = await browse(authorize());
  const request = /name="request" value="(\w+)"/.exec(page.text)?.[1] ?? '';
  return browse('/services/oauth2/authorize', { request, user: here.rep, decision });
}

interface Said {
  status: number;
  access_token: string;
  refresh_token: string;
  error: string;
  error_description: string;
  [name: string]: unknown;
}

async function token(form: Record<string, string>): Promise<Said> {
  const response = await here.sandbox.fetch(
    new Request(`${HOST}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) }),
  );
  const said: Said = await response.json();
  return { ...said, status: response.status };
}

/** A code, from the page where it has to be asked for. */
async function codeNow(): Promise<string> {
  const { to } = await browse(authorize());
  return (to ?? (await decide('allow')).to)?.searchParams.get('code') ?? '';
}

const exchange = (code: string, more: Record<string, string> = {}) =>
  token({
    grant_type: 'authorization_code',
    code,
    client_id: 'ext',
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...more,
  });
const refresh = (refreshToken: string) =>
  token({ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: 'ext' });
const works = async (access: string): Promise<boolean> =>
  (await here.call('GET', 'limits', undefined, { Authorization: `Bearer ${access}` })).status === 200;

describe('the Allow page', () => {
  test('says who asks for what, and has both buttons', async () => {
    const page = await browse(authorize());
    expect(page.status).toBe(200);
    for (const words of [
      'OptBridge',
      'Manage user data via APIs',
      'Perform requests at any time',
      '>Allow</button>',
      '>Deny</button>',
    ]) {
      expect(page.text).toContain(words);
    }
  });

  test('sends a code and the state back when allowed', async () => {
    const { status, to } = await decide('allow');
    expect([status, to?.origin, to?.searchParams.get('state')]).toEqual([302, new URL(REDIRECT).origin, 's 1']);
    expect(to?.searchParams.get('code')).toMatch(/^aPrx/);
  });

  test('sends access_denied back when denied, and asks again next time', async () => {
    const { to } = await decide('deny');
    expect([to?.searchParams.get('error'), to?.searchParams.get('error_description')]).toEqual([
      'access_denied',
      'end-user denied authorization',
    ]);
    expect((await browse(authorize())).status).toBe(200);
  });

  test('is skipped for a user who is signed in and allowed it before', async () => {
    await decide('allow');
    const again = await browse(authorize({ prompt: 'none' }));
    expect([again.status, again.to?.searchParams.get('state')]).toEqual([302, 's 1']);
    expect((await exchange(again.to?.searchParams.get('code') ?? '')).status).toBe(200);
  });

  test('fails at once where nobody may be asked', async () => {
    const { to } = await browse(authorize({ prompt: 'none' }));
    expect(to?.searchParams.get('error')).toBe('immediate_unsuccessful');
  });

  test('never redirects to an address that is not registered', async () => {
    for (const wrong of [{ redirect_uri: `${REDIRECT}x` }, { client_id: 'nobody' }]) {
      const page = await browse(authorize(wrong));
      expect([page.status, page.to]).toEqual([400, undefined]);
    }
  });

  const objections: [string, Record<string, string>, string][] = [
    ['no PKCE', { code_challenge: '' }, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['more scope than the app has', { scope: 'api full' }, 'invalid_scope'],
  ];
  test.each(objections)('tells the app of %s', async (_what, wrong, error) => {
    expect((await browse(authorize(wrong))).to?.searchParams.get('error')).toBe(error);
  });

  test('answers a form once', async () => {
    const page = await browse(authorize());
    const request = /name="request" value="(\w+)"/.exec(page.text)?.[1] ?? '';
    const form = { request, user: here.rep, decision: 'allow' };
    expect((await browse('/services/oauth2/authorize', form)).status).toBe(302);
    expect((await browse('/services/oauth2/authorize', form)).status).toBe(400);
  });
});

describe('a code', () => {
  test('buys a token that works, without a word about when it expires', async () => {
    const said = await exchange(await codeNow());
    expect(said).toMatchObject({
      status: 200,
      token_type: 'Bearer',
      instance_url: HOST,
      scope: 'api refresh_token',
      issued_at: String(START),
    });
    expect(said.id).toBe(`${HOST}/id/${org.id}/${here.rep}`);
    expect(said).not.toHaveProperty('expires_in');
    expect(await works(said.access_token)).toBe(true);
  });

  const wrongs: [string, Record<string, string>, string][] = [
    ['a wrong verifier', { code_verifier: 'w'.repeat(64) }, 'invalid_request'],
    ['another redirect address', { redirect_uri: `${REDIRECT}x` }, 'redirect_uri_mismatch'],
    ['another app', { client_id: 'server', client_secret: 'hush' }, 'invalid_grant'],
    ['an unknown app', { client_id: 'nobody' }, 'invalid_client_id'],
    ['another app without its secret', { client_id: 'server' }, 'invalid_client'],
    ['a wrong secret', { client_secret: 'guess' }, 'invalid_client'],
  ];
  test.each(wrongs)('is refused with %s', async (_what, wrong, error) => {
    expect(await exchange(await codeNow(), wrong)).toMatchObject({ status: 400, error });
  });

  test('is refused without its verifier', async () => {
    const form = { grant_type: 'authorization_code', code: await codeNow(), client_id: 'ext', redirect_uri: REDIRECT };
    expect(await token(form)).toMatchObject({ error: 'invalid_grant' });
  });

  test('used twice is refused, and takes the first token back', async () => {
    const code = await codeNow();
    const first = await exchange(code);
    expect(await exchange(code)).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect(await works(first.access_token)).toBe(false);
  });

  test('is dead after 15 minutes', async () => {
    const code = await codeNow();
    here.now += 15 * 60_000 + 1;
    expect(await exchange(code)).toMatchObject({
      error: 'invalid_grant',
      error_description: 'expired authorization code',
    });
  });
});

describe('a refresh token', () => {
  test('gives a new pair, and dies', async () => {
    const first = await exchange(await codeNow());
    org.grants.expireTokens();
    expect(await works(first.access_token)).toBe(false);
    const second = await refresh(first.refresh_token);
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(await works(second.access_token)).toBe(true);
  });

  test('used twice ends the whole family', async () => {
    const first = await exchange(await codeNow());
    const second = await refresh(first.refresh_token);
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 400,
      error: 'invalid_grant',
      error_description: 'expired access/refresh token',
    });
    expect(await works(second.access_token)).toBe(false);
    expect(await refresh(second.refresh_token)).toMatchObject({ error: 'invalid_grant' });
  });

  test('lives on where rotation is off', async () => {
    org.grants.rotation = false;
    const first = await exchange(await codeNow());
    expect(await refresh(first.refresh_token)).not.toHaveProperty('refresh_token');
    expect((await refresh(first.refresh_token)).status).toBe(200);
  });

  test('of the first of six sign-ins dies with the sixth', async () => {
    const all: Said[] = [];
    for (let n = 0; n < 6; n++) all.push(await exchange(await codeNow()));
    expect((await refresh(all[0]?.refresh_token ?? '')).error).toBe('invalid_grant');
    expect((await refresh(all[1]?.refresh_token ?? '')).status).toBe(200);
  });

  test('is revoked together with its access token', async () => {
    const first = await exchange(await codeNow());
    const reply = await here.call('POST', '/services/oauth2/revoke', `token=${first.refresh_token}`);
    expect([reply.status, reply.text]).toEqual([200, '']);
    expect(await works(first.access_token)).toBe(false);
    expect((await refresh(first.refresh_token)).error).toBe('invalid_grant');
  });
});

describe('a server', () => {
  const assertion = (claims: Record<string, unknown> = {}, key = privateKey) =>
    new SignJWT({
      iss: 'server',
      sub: 'rita.rep@acme.example',
      aud: 'https://login.salesforce.com',
      exp: START / 1000 + 180,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256' })
      .sign(key);
  const bearer = async (jwt: Promise<string>) =>
    token({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: await jwt });

  test('signs in by client credentials as the run-as user', async () => {
    const said = await token({ grant_type: 'client_credentials', client_id: 'server', client_secret: 'hush' });
    expect(said.id).toContain(here.rep);
    expect(said).not.toHaveProperty('refresh_token');
    expect(await works(said.access_token)).toBe(true);
    for (const wrong of [{ client_secret: 'guess' }, { client_id: 'ext' }]) {
      const refused = await token({
        grant_type: 'client_credentials',
        client_id: 'server',
        client_secret: 'hush',
        ...wrong,
      });
      expect(refused).toMatchObject({ status: 400, error: 'invalid_client' });
    }
  });

  test('signs in by a JWT that the registered key signed', async () => {
    const said = await bearer(assertion());
    expect(await works(said.access_token)).toBe(true);
    expect((await bearer(assertion({ aud: HOST }))).status).toBe(200);
  });

  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const wrongs: [string, () => Promise<string>, string, string][] = [
    ['another key', () => assertion({}, stranger), 'invalid_grant', 'invalid assertion'],
    [
      'another audience',
      () => assertion({ aud: 'https://evil.example' }),
      'invalid_grant',
      'Audience validation failed',
    ],
    [
      'an expiry in the past',
      () => assertion({ exp: START / 1000 - 600 }),
      'invalid_grant',
      'expired authorization code',
    ],
    ['an expiry too far away', () => assertion({ exp: START / 1000 + 3600 }), 'invalid_grant', 'invalid assertion'],
    [
      'an unknown user',
      () => assertion({ sub: 'who@acme.example' }),
      'invalid_grant',
      "user hasn't approved this consumer",
    ],
    [
      'a user nobody approved',
      () => assertion({ sub: 'admin@acme.example' }),
      'invalid_grant',
      "user hasn't approved this consumer",
    ],
    ['an unknown issuer', () => assertion({ iss: 'nobody' }), 'invalid_client_id', 'client identifier invalid'],
  ];
  test.each(wrongs)('is refused a JWT with %s', async (_what, jwt, error, error_description) => {
    expect(await bearer(jwt())).toMatchObject({ status: 400, error, error_description });
  });

  test('cannot use a grant that does not exist', async () => {
    expect(await token({ grant_type: 'password' })).toMatchObject({
      error: 'unsupported_grant_type',
      error_description: 'grant type not supported',
    });
  });
});

describe('who somebody is', () => {
  test('is told by userinfo and by the identity URL, to a living token', async () => {
    const said = await exchange(await codeNow());
    const headers = { Authorization: `Bearer ${said.access_token}` };
    const info = await here.call('GET', '/services/oauth2/userinfo', undefined, headers);
    expect(info.json).toMatchObject({
      user_id: here.rep,
      organization_id: org.id,
      preferred_username: 'rita.rep@acme.example',
    });
    const identity = await here.call('GET', `/id/${org.id}/${here.rep}`, undefined, headers);
    expect(identity.json).toMatchObject({ username: 'rita.rep@acme.example', display_name: 'Rita Rep' });
    expect((await here.call('GET', '/services/oauth2/userinfo', undefined, { Authorization: '' })).status).toBe(403);
  });

  test('is told by introspection', async () => {
    const said = await exchange(await codeNow());
    const ask = async () =>
      (
        await here.call(
          'POST',
          '/services/oauth2/introspect',
          `token=${said.access_token}&client_id=server&client_secret=hush`,
        )
      ).json;
    expect(await ask()).toMatchObject({ active: true, client_id: 'ext', username: 'rita.rep@acme.example' });
    org.grants.expireTokens();
    expect(await ask()).toEqual({ active: false });
  });
});
