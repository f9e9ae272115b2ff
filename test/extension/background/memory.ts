import type { Act } from '../../../src/extension/background/act.ts';
import { isDone, logOf, samePerson } from '../../../src/extension/background/act.ts';
import type { OutboxStore } from '../../../src/extension/background/book.ts';
import type { Shelf } from '../../../src/extension/background/keeper.ts';
import { LONGEST_KEPT, MOST_KEPT } from '../../../src/extension/background/keeping.ts';
import { meet } from '../../../src/extension/background/meeting.ts';

/** An outbox store that lives as long as the test: what outlives a worker. Every value is copied, as IndexedDB does. */
export function memoryStore(acts: Map<string, Act> = new Map()): OutboxStore {
  const openOnes = () =>
    [...acts.values()].filter((act) => !isDone(act) || logOf(act)).sort((a, b) => a.wantedAt - b.wantedAt);
  const latestFirst = (some: Iterable<Act>) => [...some].sort((a, b) => b.wantedAt - a.wantedAt);
  const forgetOld = (now: number) => {
    for (const act of latestFirst(acts.values()).reverse())
      if (isDone(act) && !logOf(act) && (acts.size > MOST_KEPT || act.wantedAt <= now - LONGEST_KEPT))
        acts.delete(act.id);
  };
  return {
    open: async () => structuredClone(openOnes()),
    get: async (id) => structuredClone(acts.get(id)),
    latest: async (count) => structuredClone(latestFirst(acts.values()).filter(isDone).slice(0, count)),
    of: async (person) => structuredClone(latestFirst(acts.values()).filter((act) => samePerson(act, person))),
    add: async (act) => {
      const open = openOnes().filter((other) => !isDone(other) && samePerson(other, act));
      const { standing, ended } = structuredClone(meet(open, act));
      for (const each of [standing, ...ended]) acts.set(each.id, each);
      return structuredClone(standing);
    },
    change: async (id, change) => {
      const act = acts.get(id);
      if (!act) throw new Error(`no act ${id}`);
      const changed = change(structuredClone(act));
      acts.set(id, structuredClone(changed));
      return changed;
    },
    forget: async (now) => forgetOld(now),
  };
}

/** What outlives a worker and not the browser. Every value is copied, as `storage.session` does. */
export function memoryShelf(values: Map<string, unknown> = new Map()): Shelf {
  return {
    get: async (key) => structuredClone(values.get(key)),
    set: async (key, value) => void values.set(key, structuredClone(value)),
    clear: async (prefix) => {
      for (const key of [...values.keys()]) if (key.startsWith(prefix)) values.delete(key);
    },
  };
}

/** Locks of one browser, like `navigator.locks`: one holder at a time, in the order of asking. */
export function memoryLock(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work);
    tails.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
