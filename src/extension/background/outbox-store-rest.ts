import { changing, reading, result } from '../database.ts';
import { type Act, isDone, samePerson } from './act.ts';
import type { OutboxStore } from './book.ts';
import { LONGEST_KEPT, MOST_KEPT } from './keeping.ts';
import { type Kept, kept, plain, write } from './outbox-store.ts';

/** Every act, by the time of its click. */
async function* byTime(store: IDBObjectStore, direction: IDBCursorDirection): AsyncGenerator<IDBCursorWithValue> {
  const request = store.index('wantedAt').openCursor(null, direction);
  for (let cursor = await result(request); cursor; cursor = await result(request)) {
    yield cursor;
    cursor.continue();
  }
}

/** Acts that are over are kept for undo and for the popup, no longer and no more of them than that takes. */
async function forgetOld(store: IDBObjectStore, now: number): Promise<void> {
  let spare = (await result(store.count())) - MOST_KEPT;
  for await (const cursor of byTime(store, 'next')) {
    const act: Kept = cursor.value;
    if (spare <= 0 && act.wantedAt > now - LONGEST_KEPT) return;
    if (act.open) continue;
    await result(cursor.delete());
    spare--;
  }
}

/** The rest of the store, for what sets about acts and looks back at them; in the worker's second script. */
export const restOfStore: Omit<OutboxStore, 'open' | 'add'> = {
  latest: (count) =>
    reading('acts', async (store) => {
      const acts: Act[] = [];
      if (count > 0)
        for await (const { value } of byTime(store, 'prev')) {
          if (isDone(plain(value)) && acts.push(plain(value)) === count) break;
        }
      return acts;
    }),

  get: async (id) => {
    const act = await reading('acts', (store) => result<Kept | undefined>(store.get(id)));
    return act && plain(act);
  },

  of: async (person) => {
    const acts = await reading('acts', async (store) => {
      const byRecord = result<Kept[]>(store.index('record').getAll(person.record));
      const byAddress = person.address ? result<Kept[]>(store.index('address').getAll(person.address)) : [];
      return new Map([...(await byRecord), ...(await byAddress)].map((act) => [act.id, plain(act)]));
    });
    return [...acts.values()].filter((act) => samePerson(act, person)).sort((a, b) => b.wantedAt - a.wantedAt);
  },

  change: (id, change) =>
    write(async (store) => {
      const act = await result<Kept | undefined>(store.get(id));
      if (!act) throw new Error(`no act ${id}`);
      const changed = change(plain(act));
      await result(store.put(kept(changed)));
      return [changed, [changed]];
    }),

  forget: (now) => changing('acts', (store) => forgetOld(store, now)),
};
