/** A span of ids: above `after`, up to and with `upTo`. */
export interface Range {
  readonly after: string;
  readonly upTo: string;
}

/**
 * Cuts a span of ids into so many ranges, one beginning where the other ends. Where no id is missing, a range that holds
 * a whole number of pages costs none more: they are cut so where they are longer than a page.
 */
export function rangesOf({ after, upTo }: Range, count: number, page: number): Range[] {
  const begin = BigInt(after);
  const span = BigInt(upTo) - begin;
  const step = span / BigInt(count) < BigInt(page) ? 1n : BigInt(page);
  const cutAt = (n: number) => ((span * BigInt(n)) / BigInt(count) / step) * step;
  const cuts = Array.from({ length: count }, (_, n) => `${begin + cutAt(n)}`);
  return cuts.map((cut, n) => ({ after: cut, upTo: cuts[n + 1] ?? upTo }));
}

/**
 * Reads parts side by side, so many at once, each in its own order, and gives what they give as it comes. Each is at most
 * one step ahead of whoever takes it. The first failure ends all of them; nothing is under way any more when this ends.
 */
export async function* sideBySide<T>(parts: readonly (() => AsyncGenerator<T>)[], abreast: number): AsyncGenerator<T> {
  const waiting = parts.values();
  const steps = new Map<AsyncGenerator<T>, Promise<{ part: AsyncGenerator<T>; step: IteratorResult<T> }>>();
  const go = (part: AsyncGenerator<T> | undefined): void => {
    if (!part) return;
    const next = part.next().then((step) => ({ part, step }));
    next.catch(() => undefined);
    steps.set(part, next);
  };
  try {
    for (let n = 0; n < abreast; n++) go(waiting.next().value?.());
    while (steps.size > 0) {
      const { part, step } = await Promise.race(steps.values());
      steps.delete(part);
      go(step.done ? waiting.next().value?.() : part);
      if (!step.done) yield step.value;
    }
  } finally {
    await Promise.allSettled(steps.values());
    await Promise.allSettled([...steps.keys()].map((part) => part.return(undefined)));
  }
}
