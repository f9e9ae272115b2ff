import { browser } from './browser.ts';
import type { Place } from './messages.ts';

const keyOf = (host: string): string => `place ${host}`;

/**
 * How the rep left the pill in the org with this API host; undefined where nothing was said. In `storage.local`, which
 * is read faster than IndexedDB by a worker that just started: it is waited for before the overlay is put into a page.
 */
export async function placeOf(host: string): Promise<Place | undefined> {
  const found: { [key: string]: Place } = await browser.storage.local.get(keyOf(host));
  return found[keyOf(host)];
}

/** Keeps it. A page that calls this says `place-changed` to the background afterwards. */
export async function savePlace(host: string, place: Place): Promise<void> {
  if (place.at || place.hidden) await browser.storage.local.set({ [keyOf(host)]: place });
  else await browser.storage.local.remove(keyOf(host));
}
