import type { Known } from './status.ts';
import type { OpenRecord, StatusPorts } from './statuses.ts';

export const PREFIX = 'known ';
/** Bytes; `storage.session` holds 10 MB, and a reading is a few kB. */
const MOST = 2_000_000;

export interface Entry extends Known {
  /** When it was put here, in milliseconds. */
  readonly at: number;
}

/** As much of `storage.session` as readings need. */
export interface Area {
  get(keys: string | null): Promise<{ [key: string]: unknown }>;
  set(items: { [key: string]: unknown }): Promise<void>;
  remove(keys: string | string[]): Promise<void>;
  getBytesInUse(keys: null): Promise<number>;
  /** From Chrome 130 on. */
  getKeys?(): Promise<string[]>;
}

/**
 * Readings in `storage.session`: they outlive the worker, not the browser, are in memory only, and no content script
 * can read them. Writing never rejects. Whom nothing was kept of is known here, so that the first
 * sight of a record waits for no other process: this worker alone writes readings, and what an earlier one left is listed
 * as it starts.
 * @param makeRoom called when there are many, or there was no room: sees to it that this entry is there, or else none of
 *   its key; never rejects
 */
export function createStatusCache(
  area: Area,
  now: () => number,
  makeRoom: (area: Area, entry: { readonly [key: string]: Entry }) => Promise<void>,
): StatusPorts['cache'] {
  const keyOf = ({ host, record }: OpenRecord) => `${PREFIX}${host} ${record}`;
  const mayBe = new Set<string>();
  let listed = false;
  area
    .getKeys?.()
    .then((keys) => {
      for (const key of keys) mayBe.add(key);
      listed = true;
    })
    .catch(() => undefined);
  return {
    get: async (record) => {
      const key = keyOf(record);
      if (listed && !mayBe.has(key)) return undefined;
      return (await area.get(key))[key] as Entry | undefined;
    },
    set: async (record, known) => {
      const key = keyOf(record);
      mayBe.add(key);
      const entry = { [key]: { ...known, at: now() } };
      const held = area.set(entry).then(() => area.getBytesInUse(null));
      if ((await held.catch(() => Number.POSITIVE_INFINITY)) > MOST) await makeRoom(area, entry);
    },
    outdate: async (host = '') => {
      const all = Object.entries(await area.get(null)) as [string, Entry][];
      const readings = all.filter(([key]) => key.startsWith(PREFIX + host));
      await area.set(Object.fromEntries(readings.map(([key, entry]) => [key, { ...entry, outdated: true }])));
    },
  };
}
