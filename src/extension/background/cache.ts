import { browser } from '../browser.ts';
import type { Shelf } from './keeper.ts';
import type { Known } from './status.ts';
import type { OpenRecord, StatusPorts } from './statuses.ts';

export const PREFIX = 'known ';
/** Bytes; `storage.session` holds 10 MB, and a reading is a few kB. */
const MOST = 2_000_000;

export interface Entry extends Known {
  /** When it was put here, in milliseconds. */
  readonly at: number;
}

const keyOf = ({ host, record }: OpenRecord) => `${PREFIX}${host} ${record}`;

/**
 * Readings in `storage.session`: they outlive the worker, not the browser, are in memory only, and no content script
 * can read them.
 * @param makeRoom called when there are many
 */
export function createStatusCache(makeRoom: () => Promise<void>): StatusPorts['cache'] {
  return {
    get: async (record) => {
      const key = keyOf(record);
      const found: { [key: string]: Entry } = await browser.storage.session.get(key);
      return found[key];
    },
    set: async (record, known) => {
      const entry: Entry = { ...known, at: Date.now() };
      await browser.storage.session.set({ [keyOf(record)]: entry });
      if ((await browser.storage.session.getBytesInUse(null)) > MOST) await makeRoom();
    },
  };
}

/** The rest of `storage.session`, for what is kept beside the readings. */
export const shelf: Shelf = {
  get: async (key) => (await browser.storage.session.get(key))[key],
  set: (key, value) => browser.storage.session.set({ [key]: value }),
  clear: (prefix) => drop((key) => key.startsWith(prefix)),
};

/** Forgets what was read of this org: nobody is signed in to it any more. */
export async function forgetReadings(host: string): Promise<void> {
  await drop((key) => key.startsWith(`${PREFIX}${host} `) || key === `marks ${host}`);
}

async function drop(isOld: (key: string) => boolean): Promise<void> {
  const keys = Object.keys(await browser.storage.session.get(null));
  await browser.storage.session.remove(keys.filter(isOld));
}
