/** What a keeper keeps things in: `storage.session`, which outlives the worker, not the browser. */
export interface Shelf {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  /** Takes away everything whose key begins so. */
  clear(prefix: string): Promise<void>;
}

/** Answers that cost a request each and change rarely. A worker lives for seconds, and somebody waits for the page. */
export interface Keeper {
  /** The answer as kept, if it is younger than so many milliseconds; else asked for, by one asker at a time, and kept. */
  kept<T>(name: string, forMs: number, ask: () => Promise<T>): Promise<T>;
  forget(): Promise<void>;
}

const PREFIX = 'kept ';

interface Entry {
  readonly at: number;
  readonly value: unknown;
}

export function createKeeper({ shelf, now }: { readonly shelf: Shelf; now(): number }): Keeper {
  const asking = new Map<string, Promise<unknown>>();

  async function find<T>(key: string, forMs: number, ask: () => Promise<T>): Promise<T> {
    const entry = (await shelf.get(key)) as Entry | undefined;
    const age = entry ? now() - entry.at : Number.NaN;
    if (entry && age >= 0 && age < forMs) return entry.value as T;
    const at = now();
    const value = await ask();
    await shelf.set(key, { at, value } satisfies Entry);
    return value;
  }

  return {
    kept: <T>(name: string, forMs: number, ask: () => Promise<T>) => {
      const key = PREFIX + name;
      const running = asking.get(key) as Promise<T> | undefined;
      if (running) return running;
      const found = find(key, forMs, ask).finally(() => {
        if (asking.get(key) === found) asking.delete(key);
      });
      asking.set(key, found);
      return found;
    },
    forget: async () => {
      asking.clear();
      await shelf.clear(PREFIX);
    },
  };
}

/** A name for who asks with this secret, from which the secret cannot be had. */
export async function nameOf(secret: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
