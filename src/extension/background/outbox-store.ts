import type { Database } from '../database.ts';
import { type Act, isDone, samePerson } from './act.ts';
import type { OutboxStore } from './outbox.ts';

/** Only strict durability is built for a power cut; it costs about a millisecond (facts/extension.md). */
const STRICT = { durability: 'strict' } as const;

type Kept = Act & { readonly open?: 1 };

const kept = (act: Act): Kept => (isDone(act) ? act : { ...act, open: 1 });

function plain({ open: _, ...act }: Kept): Act {
  return act;
}

/** Acts in IndexedDB. Finished acts stay: undo and audit are made from what they say was before. */
export function createOutboxStore(database: () => Promise<Database>): OutboxStore {
  return {
    open: async () => {
      const acts = await (await database()).getAllFromIndex('acts', 'open', 1);
      return acts.map(plain).sort((a, b) => a.wantedAt - b.wantedAt);
    },

    get: async (id) => {
      const act = await (await database()).get('acts', id);
      return act && plain(act);
    },

    add: async (act) => {
      const transaction = (await database()).transaction('acts', 'readwrite', STRICT);
      const open = await transaction.store.index('open').getAll(1);
      const same = open.find((other) => samePerson(other, act));
      if (!same) await transaction.store.add(kept(act));
      await transaction.done;
      return same ? plain(same) : act;
    },

    change: async (id, change) => {
      const transaction = (await database()).transaction('acts', 'readwrite', STRICT);
      const act = await transaction.store.get(id);
      if (!act) throw new Error(`no act ${id}`);
      const changed = change(plain(act));
      await transaction.store.put(kept(changed));
      await transaction.done;
      return changed;
    },
  };
}
