/** Something that comes piece by piece and was begun before anybody takes it. */
export interface Begun<T> {
  readonly pieces: AsyncIterable<T>;
  /** Begins nothing more. Resolves when nothing of it is under way. */
  end(): Promise<void>;
}

/** Begins at once: what the first piece waits for is on its way before that piece is asked for. */
export function begun<T>(source: AsyncIterable<T>): Begun<T> {
  const pieces = source[Symbol.asyncIterator]();
  const first = pieces.next();
  // Whoever takes the pieces meets it.
  first.catch(() => undefined);
  const end = async () => {
    await first.catch(() => undefined);
    await pieces.return?.().catch(() => undefined);
  };
  const all = async function* () {
    try {
      for (let step = await first; !step.done; step = await pieces.next()) yield step.value;
    } finally {
      await end();
    }
  };
  return { pieces: all(), end };
}
