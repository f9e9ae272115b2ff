import type { SessionStore } from '../background/session.ts';
import type { Database } from '../database.ts';

/** Sign-ins in this extension's IndexedDB. */
export function sessionStore(database: () => Promise<Database>): SessionStore {
  const change = async () => (await database()).transaction('sessions', 'readwrite', { durability: 'strict' });
  return {
    get: async (host) => (await database()).get('sessions', host),
    put: async (session) => {
      const transaction = await change();
      await transaction.store.put(session);
      await transaction.done;
    },
    delete: async (host) => {
      const transaction = await change();
      await transaction.store.delete(host);
      await transaction.done;
    },
  };
}
