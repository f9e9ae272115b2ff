/** Lets requests through one at a time and not too close together. */
export interface Pace {
  /** Waits for its turn, then does the task; the next begins when it has settled. */
  take<T>(task: () => Promise<T>): Promise<T>;
  /** Nothing begins for so many milliseconds from now: the service asked for quiet. */
  hold(ms: number): void;
  /** The service counts no more this second: nothing begins until the oldest that it counted is a second old. */
  spent(): void;
}

/** The span in which ActiveCampaign counts. */
const SECOND = 1000;

/**
 * ActiveCampaign allows 5 requests a second for a whole account, all keys and integrations together (facts section 10).
 * Starts lie at least 1/requestsPerSecond apart, measured from start to start.
 */
export function createPace(options: {
  readonly requestsPerSecond: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}): Pace {
  const { requestsPerSecond, now, sleep } = options;
  let free = Number.NEGATIVE_INFINITY;
  /** When the latest tasks were done: surely after the service had counted them. */
  let done: number[] = [];
  let last: Promise<unknown> = Promise.resolve();

  async function turn<T>(task: () => Promise<T>): Promise<T> {
    for (let wait = free - now(); wait > 0; wait = free - now()) await sleep(wait);
    free = now() + SECOND / requestsPerSecond;
    return task().finally(() => {
      done = [...done.filter((at) => now() - at < SECOND), now()];
    });
  }

  return {
    take(task) {
      const mine = last.then(() => turn(task));
      last = mine.catch(() => undefined);
      return mine;
    },
    hold(ms) {
      free = Math.max(free, now() + ms);
    },
    spent() {
      const oldest = done.find((at) => now() - at < SECOND) ?? now();
      free = Math.max(free, oldest + SECOND);
    },
  };
}
