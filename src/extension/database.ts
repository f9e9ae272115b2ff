import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Act } from './background/act.ts';
import type { Session } from './background/session.ts';

/**
 * The extension's own IndexedDB: out of reach of every content script in every browser, unlike `storage.local`
 * (facts/extension.md), so keys and tokens live here.
 */
interface Schema extends DBSchema {
  /** What the options page saved, by setting name. */
  settings: { key: string; value: string };
  /** Sign-ins by the org's API host. */
  sessions: { key: string; value: Session };
  /** The outbox; `open` is 1 until the act is done and then absent, which keeps the index short. */
  acts: { key: string; value: Act & { readonly open?: 1 }; indexes: { open: number } };
}

export type Database = IDBPDatabase<Schema>;

let opened: Promise<Database> | undefined;

/** The database, opened once per worker or page and again when the browser closed it. */
export function database(): Promise<Database> {
  opened ??= openDB<Schema>('optbridge', 1, {
    upgrade: (db) => {
      db.createObjectStore('settings');
      db.createObjectStore('sessions', { keyPath: 'host' });
      db.createObjectStore('acts', { keyPath: 'id' }).createIndex('open', 'open');
    },
    blocking: () => void forget(),
    terminated: () => {
      opened = undefined;
    },
  }).catch((cause: unknown) => {
    opened = undefined;
    throw cause;
  });
  return opened;
}

/** A newer version of the extension wants to change the schema: let go of this connection. */
async function forget(): Promise<void> {
  const old = opened;
  opened = undefined;
  (await old)?.close();
}
