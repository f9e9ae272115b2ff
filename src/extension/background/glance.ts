/** For so many milliseconds an answer is good enough for whoever asks again. */
const MOMENT = 1_000;
/** The same for what says so when it changes: between two records nobody waits for it a second time. */
export const WHILE = 60_000;

/** What was asked for a moment ago is not asked for again: one click needs the same few things several times over. */
export interface Glance<T> {
  at(name: string): Promise<T>;
  /** It has changed. */
  forget(): void;
}

/**
 * @param ask asks anew; an answer that is an error is never kept
 * @param forMs how long an answer is kept
 */
export function createGlance<T>(ask: (name: string) => Promise<T>, now: () => number, forMs = MOMENT): Glance<T> {
  const seen = new Map<string, { readonly at: number; readonly answer: Promise<T> }>();
  return {
    at(name) {
      const known = seen.get(name);
      const age = known ? now() - known.at : Number.NaN;
      if (known && age >= 0 && age < forMs) return known.answer;
      const answer = ask(name);
      const entry = { at: now(), answer };
      seen.set(name, entry);
      answer.catch(() => seen.get(name) === entry && seen.delete(name));
      return answer;
    },
    forget: () => seen.clear(),
  };
}
