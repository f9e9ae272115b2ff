import type { Session, SessionStore } from '../background/session.ts';
import { changing, reading, result } from '../database.ts';

/** Sign-ins in this extension's IndexedDB. */
export const sessionStore: SessionStore = {
  get: (host) => reading('sessions', (store) => result<Session | undefined>(store.get(host))),
  put: async (session) => {
    await changing('sessions', (store) => result(store.put(session)));
  },
  replace: (old, session) =>
    changing('sessions', async (store) => {
      const kept = await result<Session | undefined>(store.get(old.host));
      if (kept?.accessToken !== old.accessToken) return false;
      await result(store.put(session));
      return true;
    }),
  delete: async (host) => {
    await changing('sessions', (store) => result(store.delete(host)));
  },
};

/** Hosts of the orgs that somebody is signed in to. */
export async function signedInHosts(): Promise<string[]> {
  const keys = await reading('sessions', (store) => result(store.getAllKeys()));
  return keys.filter((key) => typeof key === 'string');
}
