/**
 * The extension's own IndexedDB: out of reach of every content script in every browser, unlike `storage.local`
 * (facts/extension.md), so keys and tokens live here.
 *
 * - `settings`: what the options page saved, by setting name.
 * - `sessions`: sign-ins by the org's API host.
 * - `acts`: the outbox; the index `open` holds the acts that are not done, `record` and `address` find a person's, and
 *   `wantedAt` puts them in the order of their clicks.
 */
export type StoreName = 'settings' | 'sessions' | 'acts';

let opened: Promise<IDBDatabase> | undefined;

/** The database, opened once per worker or page and again when the browser closed it. */
function database(): Promise<IDBDatabase> {
  opened ??= open().catch((cause: unknown) => {
    opened = undefined;
    throw cause;
  });
  return opened;
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('optbridge', 3);
  request.onupgradeneeded = ({ oldVersion }) => {
    if (oldVersion < 1) {
      request.result.createObjectStore('settings');
      request.result.createObjectStore('sessions', { keyPath: 'host' });
      request.result.createObjectStore('acts', { keyPath: 'id' }).createIndex('open', 'open');
    }
    const acts = request.transaction?.objectStore('acts');
    for (const index of oldVersion < 2 ? ['record', 'address', 'wantedAt'] : ['wantedAt'])
      acts?.createIndex(index, index);
  };
  const db = await result(request);
  db.onclose = () => {
    opened = undefined;
  };
  // A newer version of the extension wants to change the schema: let go of this connection.
  db.onversionchange = () => {
    db.close();
    opened = undefined;
  };
  return db;
}

/** What an IndexedDB request yields. */
export function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

/** Takes back what the transaction did; one that is over already has done nothing to take back. */
function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // A failed request has ended it.
  }
}

/** Reads in one transaction. */
export async function reading<T>(name: StoreName, read: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  return read((await database()).transaction(name).objectStore(name));
}

/**
 * Changes in one transaction; resolves when a power cut would not undo it any more. Only strict durability promises
 * that, for about a millisecond (facts/extension.md). `change` may wait for requests of its own store and nothing else:
 * the transaction ends by itself as soon as it has nothing to do.
 */
export async function changing<T>(name: StoreName, change: (store: IDBObjectStore) => Promise<T>): Promise<T> {
  const transaction = (await database()).transaction(name, 'readwrite', { durability: 'strict' });
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up'));
  });
  const work = change(transaction.objectStore(name)).catch((cause: unknown) => {
    abort(transaction);
    throw cause;
  });
  const [changed] = await Promise.all([work, done]);
  return changed;
}
