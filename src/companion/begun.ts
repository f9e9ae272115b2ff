/** Something that comes piece by piece and was begun before anybody takes it. */
export interface Begun<T> {
  readonly pieces: AsyncIterable<T>;
  /** Begins nothing more. Resolves when nothing of it is under way. */
  end(): Promise<void>;
}

/**
 * Begins at once, and goes on when the first piece is there: what the first two wait for is on its way before either is
 * asked for.
 */
export function begun<T>(source: AsyncIterable<T>): Begun<T> {
  const pieces = source[Symbol.asyncIterator]();
  const first = pieces.next();
  const second = first.then((step) => (step.done ? step : pieces.next()));
  // Whoever takes the pieces meets it.
  second.catch(() => undefined);
  const end = async () => {
    await second.catch(() => undefined);
    await pieces.return?.().catch(() => undefined);
  };
  const all = async function* () {
    try {
      const one = await first;
      if (one.done) return;
      yield one.value;
      for (let step = await second; !step.done; step = await pieces.next()) yield step.value;
    } finally {
      await end();
    }
  };
  return { pieces: all(), end };
}
