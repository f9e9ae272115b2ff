import { browser } from '../browser.ts';
import { type Entry, PREFIX } from './cache.ts';

/** Forgets the older half of the readings. */
export async function dropOldest(): Promise<void> {
  const all: { [key: string]: Entry } = await browser.storage.session.get(null);
  const entries = Object.entries(all).filter(([key]) => key.startsWith(PREFIX));
  const oldest = entries.sort(([, a], [, b]) => a.at - b.at).slice(0, entries.length / 2);
  await browser.storage.session.remove(oldest.map(([key]) => key));
}
