import { type Area, type Entry, PREFIX } from './status-cache.ts';

const [YES, NO] = [() => true, () => false];

/**
 * Forgets the older half of the other readings, and keeps this one; all others, where it needs that. Where even that does not go, none of its key is kept:
 * what was read before may say that somebody is subscribed who has been opted out since. Never rejects.
 */
export async function makeRoom(area: Area, entry: { readonly [key: string]: Entry }): Promise<void> {
  const keys = Object.keys(entry);
  try {
    const [latest = Number.POSITIVE_INFINITY] = Object.values(entry).map(({ at }) => at);
    const others = Object.entries((await area.get(null)) as { [key: string]: Entry })
      .filter(([key]) => key.startsWith(PREFIX) && !keys.includes(key))
      // What is later than the latest is of a clock that was put back.
      .map(([key, { at }]) => ({ key, at: at > latest ? 0 : at }))
      .sort((a, b) => a.at - b.at);
    for (const share of [2, 1]) {
      await area.remove(others.slice(0, Math.ceil(others.length / share)).map(({ key }) => key));
      if (await area.set(entry).then(YES, NO)) return;
    }
  } catch {
    // Nothing could be looked at, or forgotten.
  }
  await area.remove(keys).catch(NO);
}
