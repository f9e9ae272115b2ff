import { changing, reading, result } from '../database.ts';
import { type Act, isDone, logOf, samePerson } from './act.ts';
import type { OutboxStore } from './book.ts';
import { LONGEST_KEPT, MOST_KEPT } from './keeping.ts';
import { meet } from './meeting.ts';
import { OPT_OUT } from './wish.ts';

/**
 * An act as it is kept: `open` is 1 until the act is done, and logged where that is wanted, and then absent, so that the
 * index of it stays short.
 */
type Kept = Act & { readonly open?: 1 };

const kept = (act: Act): Kept => (isDone(act) && !logOf(act) ? act : { ...act, open: 1 });

/** An act kept by an earlier version could only be an opt-out. */
function plain({ open: _, ...act }: Kept): Act {
  return { ...{ wish: OPT_OUT, ended: null, overtook: [] }, ...act };
}

const openOnes = (store: IDBObjectStore): Promise<Kept[]> => result<Kept[]>(store.index('open').getAll(1));

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
  // Asked for at once: a click waits for the end of the transaction.
  const counted = result(store.count());
  let spare = Number.NaN;
  for await (const cursor of byTime(store, 'next')) {
    if (Number.isNaN(spare)) spare = (await counted) - MOST_KEPT;
    const act: Kept = cursor.value;
    if (spare <= 0 && act.wantedAt > now - LONGEST_KEPT) return;
    if (act.open) continue;
    await result(cursor.delete());
    spare--;
  }
}

/**
 * What is open, as it was last read or written: this worker alone writes acts, and every status asks for it, which would
 * wait for the disk each time.
 */
let openNow: Promise<Map<string, Act>> | undefined;

/** Changes in one transaction; the answer and the acts that it wrote. */
async function write<T>(change: (store: IDBObjectStore) => Promise<readonly [T, readonly Act[]]>): Promise<T> {
  const written = changing('acts', change);
  // One that failed may have been done all the same.
  written.catch(() => {
    openNow = undefined;
  });
  const [answer, acts] = await written;
  const open = await openNow?.catch(() => undefined);
  for (const act of acts) kept(act).open ? open?.set(act.id, act) : open?.delete(act.id);
  return answer;
}

/** Acts in IndexedDB. */
export const outboxStore: OutboxStore = {
  open: async () => {
    openNow ??= reading('acts', openOnes).then((acts) => new Map(acts.map((act) => [act.id, plain(act)])));
    try {
      return [...(await openNow).values()].sort((a, b) => a.wantedAt - b.wantedAt);
    } catch (cause) {
      openNow = undefined;
      throw cause;
    }
  },

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

  add: (act) =>
    write(async (store) => {
      const open = (await openOnes(store)).map(plain).filter((other) => !isDone(other) && samePerson(other, act));
      const { standing, ended } = meet(open, act);
      const acts = [standing, ...ended];
      await Promise.all([...acts.map((each) => result(store.put(kept(each)))), forgetOld(store, act.wantedAt)]);
      return [standing, acts];
    }),

  change: (id, change) =>
    write(async (store) => {
      const act = await result<Kept | undefined>(store.get(id));
      if (!act) throw new Error(`no act ${id}`);
      const changed = change(plain(act));
      await result(store.put(kept(changed)));
      return [changed, [changed]];
    }),
};
