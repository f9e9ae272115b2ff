import { changing, reading, result } from '../database.ts';
import { type Act, isDone, samePerson } from './act.ts';
import type { OutboxStore } from './outbox.ts';

/** An act as it is kept: `open` is 1 until the act is done and then absent, so that the index of it stays short. */
type Kept = Act & { readonly open?: 1 };

const kept = (act: Act): Kept => (isDone(act) ? act : { ...act, open: 1 });

function plain({ open: _, ...act }: Kept): Act {
  return act;
}

const openOnes = (store: IDBObjectStore): Promise<Kept[]> => result<Kept[]>(store.index('open').getAll(1));

/** Acts in IndexedDB. Finished acts stay: undo and audit are made from what they say was before. */
export const outboxStore: OutboxStore = {
  open: async () => {
    const acts = await reading('acts', openOnes);
    return acts.map(plain).sort((a, b) => a.wantedAt - b.wantedAt);
  },

  get: async (id) => {
    const act = await reading('acts', (store) => result<Kept | undefined>(store.get(id)));
    return act && plain(act);
  },

  add: (act, again) =>
    changing('acts', async (store) => {
      const same = (await openOnes(store)).find((other) => samePerson(other, act));
      const standing = same ? again(plain(same)) : act;
      await result(store.put(kept(standing)));
      return standing;
    }),

  change: (id, change) =>
    changing('acts', async (store) => {
      const act = await result<Kept | undefined>(store.get(id));
      if (!act) throw new Error(`no act ${id}`);
      const changed = change(plain(act));
      await result(store.put(kept(changed)));
      return changed;
    }),
};
