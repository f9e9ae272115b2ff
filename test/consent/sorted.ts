import { progress } from '../long.ts';

const MOST_TOLD = 50;

interface KnownBy<F> {
  readonly name: string;
  readonly matches: (found: F) => boolean;
}

/**
 * Sorts what a search finds into what is on a list and what is not; of each kind the first is kept, so the shortest.
 * @param kindOf what two unknown ones have in common
 * @param story one of them in words
 */
export function sorting<F>(list: readonly KnownBy<F>[], kindOf: (found: F) => string, story: (found: F) => string) {
  const known = new Map<string, { times: number; shortest: string }>();
  const unknown = new Map<string, string>();
  return {
    meet(found: F): void {
      const entry = list.find(({ matches }) => matches(found));
      if (entry) {
        const met = known.get(entry.name) ?? { times: 0, shortest: story(found) };
        met.times += 1;
        known.set(entry.name, met);
        return;
      }
      const kind = kindOf(found);
      if (!unknown.has(kind)) unknown.set(kind, story(found));
    },
    /** Tells what was on the list; gives what was not, as much as somebody will read. */
    unknown(): string[] {
      for (const [name, { times, shortest }] of known) progress(`${times} x ${name}: ${shortest}`);
      return [...unknown.values()].slice(0, MOST_TOLD);
    },
  };
}
