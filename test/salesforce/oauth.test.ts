import { beforeEach, describe, expect, test } from 'vitest';
import { challengeOf, codeOf, createOAuth, type OAuth, revoke, secretOf } from '../../src/salesforce/oauth.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { ServiceFailure } from '../../src/service/failure.ts';
import { standstill } from '../service/standstill.ts';
import { failureOf } from './world.ts';

const { url, extensionClientId: clientId, extensionRedirectUri: redirectUri, repUsername } = CREDENTIALS.salesforce;
const verifier = secretOf(Uint8Array.from({ length: 32 }, (_, n) => n * 7));

let sandbox: Sandbox;
let oauth: OAuth;
let rita: string;
beforeEach(() => {
  sandbox = createSandbox({ people: 0 });
  oauth = createOAuth({ url, clientId, redirectUri, fetch: sandbox.fetch, ...standstill() });
  rita = sandbox.org.userNamed(repUsername) ?? '';
});

async function code(): Promise<string> {
  const challenge = await challengeOf(verifier);
  return sandbox.org.grants.issueCode({ user: rita, clientId, redirectUri, scope: 'api refresh_token', challenge });
}

test('the challenge of a verifier is the one of RFC 7636', async () => {
  expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
  expect(verifier).toMatch(/^[\w-]{43}$/);
});

test('the user is sent to the org with all that the flow needs, and no secret', () => {
  const address = new URL(oauth.authorizeUrl({ state: 'st4te', challenge: 'ch4llenge' }));
  expect(address.origin + address.pathname).toBe(`${url}/services/oauth2/authorize`);
  expect(Object.fromEntries(address.searchParams)).toEqual({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'api refresh_token',
    state: 'st4te',
    code_challenge: 'ch4llenge',
    code_challenge_method: 'S256',
  });
  const silent = new URL(oauth.authorizeUrl({ state: 's', challenge: 'c', silent: true }));
  expect(silent.searchParams.get('prompt')).toBe('none');
});

test('a code becomes a token for this user of this org', async () => {
  const token = await oauth.exchange(await code(), verifier);
  expect(token).toMatchObject({ organization: sandbox.org.id, user: rita });
  expect(sandbox.org.grants.session(token.accessToken)?.user).toBe(rita);
  expect(token.refreshToken).toBeTruthy();
});

test('a code is refused with another verifier, and when it comes a second time', async () => {
  expect((await failureOf(oauth.exchange(await code(), 'x'.repeat(43)))).kind).not.toBe('unreachable');
  const used = await code();
  await oauth.exchange(used, verifier);
  const failure = await failureOf(oauth.exchange(used, verifier));
  expect(failure.detail).toMatchObject({ kind: 'unauthorised', code: 'invalid_grant' });
});

describe('a refresh', () => {
  test('gives a new refresh token, and the old one is used up', async () => {
    const { refreshToken = '' } = await oauth.exchange(await code(), verifier);
    const renewed = await oauth.refresh(refreshToken);
    expect(renewed.refreshToken).not.toBe(refreshToken);
    const failure = await failureOf(oauth.refresh(refreshToken));
    expect(failure.detail).toMatchObject({ kind: 'unauthorised', words: 'expired access/refresh token' });
  });

  test('keeps the refresh token where there is no rotation', async () => {
    sandbox.org.grants.rotation = false;
    const { refreshToken = '' } = await oauth.exchange(await code(), verifier);
    expect((await oauth.refresh(refreshToken)).refreshToken).toBeUndefined();
  });

  test('whose answer is lost is not sent again, which would end the whole grant', async () => {
    const { refreshToken = '' } = await oauth.exchange(await code(), verifier);
    sandbox.faults.add({ service: 'salesforce', path: /token/, times: 1, kind: 'drop', when: 'after' });
    const sent = () => sandbox.requests.of('salesforce').length;
    const before = sent();
    expect((await failureOf(oauth.refresh(refreshToken))).kind).toBe('unreachable');
    expect(sent() - before).toBe(1);
  });
});

test('a revoked grant is over', async () => {
  const { refreshToken = '', accessToken } = await oauth.exchange(await code(), verifier);
  await revoke({ url, fetch: sandbox.fetch, timeoutMs: 60_000 }, refreshToken);
  expect(sandbox.org.grants.session(accessToken)).toBeUndefined();
  expect((await failureOf(oauth.refresh(refreshToken))).kind).toBe('unauthorised');
});

describe('the address that the flow ends at', () => {
  const failing = (redirected: string): ServiceFailure => {
    try {
      codeOf(redirected, 'st4te');
    } catch (error) {
      if (error instanceof ServiceFailure) return error;
    }
    throw new Error('it was taken');
  };

  test('brings the code', () => {
    expect(codeOf(`${redirectUri}?code=c0de%3D%3D&state=st4te`, 'st4te')).toBe('c0de==');
  });

  test('of another sign-in is not taken', () => {
    expect(failing(`${redirectUri}?code=c0de&state=other`).detail.words).toBe('the answer is to another sign-in');
    expect(failing(`${redirectUri}?code=c0de`).kind).toBe('rejected');
  });

  test('tells that the user or the org said no', () => {
    const denied = `${redirectUri}?error=access_denied&error_description=end-user%20denied%20authorization&state=st4te`;
    expect(failing(denied).detail).toMatchObject({
      kind: 'unauthorised',
      code: 'access_denied',
      words: 'end-user denied authorization',
    });
  });
});
