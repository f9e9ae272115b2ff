import { expect, test } from 'vitest';
import type { Session } from '../../../src/extension/background/session.ts';
import { type Reached, type SignInPorts, signIn } from '../../../src/extension/signin/sign-in.ts';
import type { Token } from '../../../src/salesforce/token.ts';
import { memoryLock } from '../background/memory.ts';

const HOST = 'acme.my.salesforce.com';
const TOKEN: Token = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  instanceUrl: `https://${HOST}`,
  organization: undefined,
  user: undefined,
};

/** A sign-in whose code is exchanged when the test says so, and what came of it. */
function desk(part: Partial<SignInPorts> = {}) {
  const log: string[] = [];
  const token = Promise.withResolvers<Token>();
  const control = new AbortController();
  const ports: SignInPorts = {
    clientId: async () => 'client',
    authorize: () => token.promise,
    store: { put: async ({ refreshToken }: Session) => void log.push(`kept ${refreshToken}`) },
    revoke: async ({ refreshToken }) => void log.push(`revoked ${refreshToken}`),
    lock: memoryLock(),
    tell: async (host) => {
      log.push(`told of ${host}`);
      return true;
    },
    ...part,
  };
  return { log, token, control, ports, reached: (host = HOST) => signIn(ports, host, null, control.signal) };
}

test('a sign-in is kept before anybody is told of it', async () => {
  const { log, token, reached } = desk();
  token.resolve(TOKEN);
  expect(await reached()).toEqual({ at: 'done', told: true });
  expect(log).toEqual(['kept refresh-1', `told of ${HOST}`]);
});

test('one that is started over while its code is exchanged leaves nothing behind: the next one may fail, and nobody is signed in then', async () => {
  const { log, token, control, reached } = desk();
  const reaching = reached();
  control.abort();
  token.resolve(TOKEN);
  expect(await reaching).toMatchObject({ at: 'unkept' });
  expect(log).toEqual(['revoked refresh-1']);
});

test('one that waits for a renewal to end may still be given up', async () => {
  const lock = memoryLock();
  const renewal = Promise.withResolvers<void>();
  const { log, token, control, reached } = desk({ lock });
  const renewing = lock(`optbridge-session-${HOST}`, () => renewal.promise);
  token.resolve(TOKEN);
  const reaching = reached();
  await new Promise((done) => setImmediate(done));
  control.abort();
  renewal.resolve();
  await renewing;
  expect(await reaching).toMatchObject({ at: 'unkept' });
  expect(log).toEqual(['revoked refresh-1']);
});

const FAILS: readonly (readonly [Reached['at'], string, Partial<SignInPorts>])[] = [
  ['no-org', 'evil.com', {}],
  ['unread', HOST, { clientId: () => Promise.reject(new Error('closed')) }],
  ['no-client', HOST, { clientId: async () => null }],
  ['refused', HOST, { authorize: () => Promise.reject(new Error('the sign-in window was closed')) }],
  ['refused', HOST, { authorize: async () => ({ ...TOKEN, instanceUrl: 'https://other.my.salesforce.com' }) }],
  [
    'unkept',
    HOST,
    { authorize: async () => TOKEN, store: { put: () => Promise.reject(new Error('the disk is full')) } },
  ],
];
test.each(FAILS)('%s is said, and nobody is told of a sign-in', async (at, host, part) => {
  const { log, reached } = desk(part);
  expect(await reached(host)).toMatchObject({ at });
  expect(log).toEqual(at === 'unkept' ? ['revoked refresh-1'] : []);
});
