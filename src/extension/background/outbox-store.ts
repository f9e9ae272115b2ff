import { changing, reading, result } from '../database.ts';
import { type Act, isDone, logOf, samePerson } from './act.ts';
import type { OutboxStore } from './book.ts';
import { meet } from './meeting.ts';
import { OPT_OUT } from './wish.ts';

/**
 * An act as it is kept: `open` is 1 until the act is done, and logged where that is wanted, and then absent, so that the
 * index of it stays short.
 */
export type Kept = Act & { readonly open?: 1 };

export const kept = (act: Act): Kept => (isDone(act) && !logOf(act) ? act : { ...act, open: 1 });

/** An act kept by an earlier version could only be an opt-out. */
export function plain({ open: _, ...act }: Kept): Act {
  return { ...{ wish: OPT_OUT, ended: null, overtook: [] }, ...act };
}

const openOnes = (store: IDBObjectStore): Promise<Kept[]> => result<Kept[]>(store.index('open').getAll(1));

/**
 * What is open, as it was last read or written: this worker alone writes acts, and every status asks for it, which would
 * wait for the disk each time.
 */
let openNow: Promise<Map<string, Act>> | undefined;

/** Changes in one transaction; the answer and the acts that it wrote. */
export async function write<T>(change: (store: IDBObjectStore) => Promise<readonly [T, readonly Act[]]>): Promise<T> {
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

/** What a page and a click need of the acts in this extension's IndexedDB; the rest is in outbox-store-rest.ts. */
export const outboxStore: Pick<OutboxStore, 'open' | 'add'> = {
  open: async () => {
    openNow ??= reading('acts', openOnes).then((acts) => new Map(acts.map((act) => [act.id, plain(act)])));
    try {
      return [...(await openNow).values()].sort((a, b) => a.wantedAt - b.wantedAt);
    } catch (cause) {
      openNow = undefined;
      throw cause;
    }
  },

  add: (act) =>
    write(async (store) => {
      const open = (await openOnes(store)).map(plain).filter((other) => !isDone(other) && samePerson(other, act));
      const { standing, ended } = meet(open, act);
      const acts = [standing, ...ended];
      await Promise.all(acts.map((each) => result(store.put(kept(each)))));
      return [standing, acts];
    }),
};
