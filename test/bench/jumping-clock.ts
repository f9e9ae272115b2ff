const TURNS = 8;

/** A clock that jumps to whatever is waited for next, once nothing else is to be done. */
export class JumpingClock {
  #now: number;
  readonly #waiting: { readonly at: number; readonly go: () => void }[] = [];

  /** @param begin what it shows first (ms) */
  constructor(begin = 0) {
    this.#now = begin;
  }

  now = (): number => this.#now;
  sleep = (ms: number): Promise<void> =>
    new Promise((go) => {
      this.#waiting.push({ at: this.#now + ms, go });
    });

  /** It gets later while nothing is under way. */
  advance(ms: number): void {
    this.#now += ms;
  }

  /** Jumps on until the work is done. */
  async until<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => undefined);
    while (!done) {
      // jsforce takes several turns to hand a reply on.
      for (let turn = 0; turn < TURNS; turn++) await new Promise(setImmediate);
      const next = this.#waiting.toSorted((a, b) => a.at - b.at)[0];
      if (done || !next) continue;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.go();
    }
    return settled;
  }
}
