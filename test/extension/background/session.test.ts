import { describe, expect, test } from 'vitest';
import { createSessions, type Session, sessionOf } from '../../../src/extension/background/session.ts';
import { fromPage } from '../../../src/extension/signin/from-page.ts';
import type { Token } from '../../../src/salesforce/token.ts';
import { memoryLock } from './memory.ts';
import { failure } from './outbox.world.ts';

const HOST = 'acme.my.salesforce.com';
const SESSION: Session = { host: HOST, clientId: 'client', accessToken: 'access-1', refreshToken: 'refresh-1' };

const token = (accessToken: string, refreshToken?: string, instanceUrl = `https://${HOST}`): Token => ({
  accessToken,
  ...(refreshToken !== undefined && { refreshToken }),
  instanceUrl,
  organization: undefined,
  user: undefined,
});

/** Sessions whose refresh and silent sign-in do what the test says, and a log of what happened in which order. */
function signedIn(
  refresh: (refreshToken: string) => Promise<Token>,
  silent: () => Promise<Token | undefined> = async () => undefined,
  first: Session = SESSION,
) {
  const log: string[] = [];
  let kept: Session | undefined = first;
  const sessions = createSessions({
    store: {
      get: async () => kept,
      replace: async (old, session) => {
        // Nothing is durable at once.
        await new Promise((resolve) => setImmediate(resolve));
        if (kept?.accessToken !== old.accessToken) return false;
        log.push(`kept ${session.refreshToken}`);
        kept = session;
        return true;
      },
      delete: async () => {
        log.push('deleted');
        kept = undefined;
      },
    },
    refresh: (_, refreshToken) => {
      log.push(`refresh ${refreshToken}`);
      return refresh(refreshToken);
    },
    revoke: async ({ refreshToken }) => void log.push(`revoked ${refreshToken}`),
    authorizeSilently: () => {
      log.push('silent');
      return silent();
    },
    lock: memoryLock(),
  });
  const signOut = () => {
    kept = undefined;
  };
  return { sessions, log, kept: () => kept, signOut };
}

describe('a refused access token', () => {
  test('is renewed by the refresh token, and the new refresh token is kept before anybody gets the new access token', async () => {
    const { sessions, log } = signedIn(async () => token('access-2', 'refresh-2'));
    const renewed = sessions.renewed(HOST, 'access-1').then((session) => log.push(`used ${session.accessToken}`));
    await renewed;
    expect(log).toEqual(['refresh refresh-1', 'kept refresh-2', 'used access-2']);
  });

  test('is renewed once, however many calls were refused with it', async () => {
    const { sessions, log } = signedIn(async () => token('access-2', 'refresh-2'));
    const all = await Promise.all([1, 2, 3, 4].map(() => sessions.renewed(HOST, 'access-1')));
    expect(all.map(({ accessToken }) => accessToken)).toEqual(Array(4).fill('access-2'));
    expect(log.filter((line) => line.startsWith('refresh'))).toHaveLength(1);
  });

  test('keeps the refresh token where the org does not rotate', async () => {
    const { sessions, kept } = signedIn(async () => token('access-2'));
    await sessions.renewed(HOST, 'access-1');
    expect(kept()).toEqual({ ...SESSION, accessToken: 'access-2' });
  });

  test('whose refresh is refused gets one silent sign-in', async () => {
    const { sessions, log } = signedIn(
      async () => Promise.reject(failure('salesforce', 'unauthorised')),
      async () => token('access-3', 'refresh-3'),
    );
    expect(await sessions.renewed(HOST, 'access-1')).toMatchObject({ accessToken: 'access-3' });
    expect(log).toEqual(['refresh refresh-1', 'silent', 'kept refresh-3']);
  });

  test('ends the sign-in when the silent one does not go either', async () => {
    const { sessions, log } = signedIn(async () => Promise.reject(failure('salesforce', 'unauthorised')));
    await expect(sessions.renewed(HOST, 'access-1')).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(log).toEqual(['refresh refresh-1', 'silent', 'deleted']);
    await expect(sessions.current(HOST)).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(sessions.renewed(HOST, 'access-1')).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(log.filter((line) => line === 'silent')).toHaveLength(1);
  });

  test.each(['unreachable', 'rate-limited', 'malformed'] as const)(
    'whose refresh is %s keeps the sign-in for the next time',
    async (kind) => {
      const { sessions, log, kept } = signedIn(async () => Promise.reject(failure('salesforce', kind)));
      await expect(sessions.renewed(HOST, 'access-1')).rejects.toMatchObject({ kind });
      expect(log).toEqual(['refresh refresh-1']);
      expect(kept()).toEqual(SESSION);
    },
  );
});

describe('somebody who signs out while the sign-in is being renewed stays signed out', () => {
  test.each([
    ['by the refresh token', false],
    ['in silence', true],
  ])('%s: what comes of it is kept nowhere, and ended at Salesforce', async (_, inSilence) => {
    const answer = Promise.withResolvers<Token>();
    const asked = Promise.withResolvers<void>();
    const ask = () => {
      asked.resolve();
      return answer.promise;
    };
    const { sessions, log, kept, signOut } = signedIn(
      inSilence ? () => Promise.reject(failure('salesforce', 'unauthorised')) : ask,
      ask,
    );
    const renewed = sessions.renewed(HOST, 'access-1');
    await asked.promise;
    signOut();
    answer.resolve(token('access-2', 'refresh-2'));
    await expect(renewed).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(kept()).toBeUndefined();
    expect(log.at(-1)).toBe('revoked refresh-2');
  });
});

describe('a token is kept only for the org that was asked', () => {
  test.each([
    ['another org', 'https://other.my.salesforce.com'],
    ['no encryption', 'http://acme.my.salesforce.com'],
    ['another port', 'https://acme.my.salesforce.com:8443'],
    ['another site', 'https://evil.com'],
    ['nonsense', 'acme'],
  ])('not for %s', (_, instanceUrl) => {
    expect(() => sessionOf(HOST, 'client', token('a', 'r', instanceUrl))).toThrow(/^other_instance/);
  });

  test('not for a host that is no My Domain', () => {
    expect(() => sessionOf('evil.com', 'client', token('a', 'r', 'https://evil.com'))).toThrow(
      /^other_instance: .*evil\.com/,
    );
  });

  test('with or without a path behind the instance', () => {
    expect(sessionOf(HOST, 'client', token('a', 'r', `https://${HOST}/`))).toEqual({
      host: HOST,
      clientId: 'client',
      accessToken: 'a',
      refreshToken: 'r',
    });
  });

  test('says which org and whose it is, and keeps saying so when a renewal does not', () => {
    const first = sessionOf(HOST, 'client', { ...token('a', 'r'), organization: '00D1', user: '0051' });
    expect(first).toMatchObject({ organization: '00D1', user: '0051' });
    expect(sessionOf(HOST, 'client', token('b', 'r'), first)).toMatchObject({ organization: '00D1', user: '0051' });
  });

  test('knows by it when the page’s cookies name another org: they are of more hosts than this one, and err from then on', () => {
    const organization = '00D000000000001EAA';
    const session = sessionOf(HOST, 'client', { ...token('a', 'r'), organization });
    expect(fromPage(session, '00D000000000001')).toEqual(session);
    expect(fromPage(session, null)).toEqual(session);
    const errs = fromPage(session, '00D000000000002');
    expect(errs).toEqual({ ...session, cookiesErr: true });
    expect(sessionOf(HOST, 'client', token('b', 'r'), errs)).toMatchObject({ organization, cookiesErr: true });
  });

  test('in silence too', async () => {
    const { sessions, kept } = signedIn(
      () => Promise.reject(failure('salesforce', 'rejected')),
      async () => token('access-2'),
      { ...SESSION, cookiesErr: true },
    );
    await sessions.renewed(HOST, 'access-1');
    expect(kept()).toMatchObject({ accessToken: 'access-2', cookiesErr: true });
  });
});
