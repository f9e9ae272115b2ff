import { createSessions } from '../../background/session.ts';
import { authorizeSilently, refreshToken, revokeSession } from '../../signin/login.ts';
import { sessionStore } from '../../signin/session-store.ts';
import { type OrgSetup, orgSetup } from './org.ts';

const sessions = createSessions({
  store: sessionStore,
  refresh: refreshToken,
  revoke: revokeSession,
  authorizeSilently,
  // The same lock as the worker's: a refresh token is spent once.
  lock: async (name, work) => await navigator.locks.request(name, work),
});

/** The org at an API host by this browser's own sign-in to it. */
export function orgHere(host: string): OrgSetup {
  return orgSetup(host, {
    sessions,
    fetch: (url, init) => fetch(url, init),
    sleep: (ms) => new Promise((wake) => setTimeout(wake, ms)),
    random: () => Math.random(),
  });
}
