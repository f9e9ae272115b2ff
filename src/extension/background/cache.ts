import { browser } from '../browser.ts';
import type { Shelf } from './keeper.ts';
import { PREFIX } from './status-cache.ts';

/** The rest of `storage.session`, for what is kept beside the readings. */
export const shelf: Shelf = {
  get: async (key) => (await browser.storage.session.get(key))[key],
  set: (key, value) => browser.storage.session.set({ [key]: value }),
  clear: (prefix) => drop((key) => key.startsWith(prefix)),
};

/** Forgets what was read of this org: nobody is signed in to it any more. */
export async function forgetReadings(host: string): Promise<void> {
  await drop(
    (key) => key.startsWith(`${PREFIX}${host} `) || key === `marks ${host}` || key.startsWith(`person ${host} `),
  );
}

async function drop(isOld: (key: string) => boolean): Promise<void> {
  const keys = Object.keys(await browser.storage.session.get(null));
  await browser.storage.session.remove(keys.filter(isOld));
}
