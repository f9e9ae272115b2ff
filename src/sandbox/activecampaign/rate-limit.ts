/** What a limited service says of a request: whether it may pass and how many may follow within the window. */
export interface Admission {
  readonly admitted: boolean;
  readonly remaining: number;
}

/**
 * So many requests within any span of time. `monotonic` gives milliseconds that only rise, and is not the world's clock:
 * a world standing still must not stop its callers for good.
 */
export class RateLimit {
  readonly #span: number;
  readonly #monotonic: () => number;
  #admitted: number[] = [];

  constructor(spanMilliseconds: number, monotonic: () => number) {
    this.#span = spanMilliseconds;
    this.#monotonic = monotonic;
  }

  /** Counts one request against `limit`; a refused one does not count. */
  admit(limit: number): Admission {
    const now = this.#monotonic();
    this.#admitted = this.#admitted.filter((at) => now - at < this.#span);
    const admitted = this.#admitted.length < limit;
    if (admitted) this.#admitted.push(now);
    return { admitted, remaining: Math.max(limit - this.#admitted.length, 0) };
  }
}
