/** Lets requests through not too many at a time and not too close together. */
export interface Pace {
  /**
   * Waits for its turn, then does the task; the next begins when there is room for it.
   * @param yields whether it lets others go first, also those that come later
   */
  take<T>(task: () => Promise<T>, yields?: boolean): Promise<T>;
  /** Nothing begins for so many milliseconds from now: the service asked for quiet. */
  hold(ms: number): void;
  /** The service counts no more this second: nothing begins until the oldest that it counted is a second old. */
  spent(): void;
}

/** The span in which ActiveCampaign counts. */
const SECOND = 1000;

/**
 * ActiveCampaign allows 5 requests a second for a whole account, all keys and integrations together (facts section 10).
 * Starts lie at least 1/requestsPerSecond apart, measured from start to start; `abreast` are under way at most. With a
 * `burst` of n, n may begin together, and the next when n have had their time: no span of n/requestsPerSecond seconds
 * ever has more than n starts.
 */
export function createPace(options: {
  readonly requestsPerSecond: number;
  /** Default 1: the next begins when the one before has settled. */
  readonly abreast?: number;
  /** Default 1. */
  readonly burst?: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}): Pace {
  const { requestsPerSecond, abreast = 1, burst = 1, now, sleep } = options;
  let quietUntil = Number.NEGATIVE_INFINITY;
  /** The latest starts, the oldest in front: at most `burst`. */
  let starts: number[] = [];
  /** When the latest tasks were done: surely after the service had counted them. */
  let done: number[] = [];
  /** Tasks under way, the one that began first in front: the next waits for them when there are enough. */
  const underWay = new Set<Promise<unknown>>();
  let begun: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** When the next may begin. */
  function free(): number {
    const [oldest] = starts;
    const full = oldest !== undefined && starts.length === burst;
    return Math.max(quietUntil, full ? oldest + (burst * SECOND) / requestsPerSecond : Number.NEGATIVE_INFINITY);
  }

  /** Waits until one may begin. */
  async function turn(): Promise<void> {
    while (underWay.size >= abreast) await Promise.race(underWay);
    for (let wait = free() - now(); wait > 0; wait = free() - now()) await sleep(wait);
    starts = [...starts, now()].slice(-burst);
  }

  return {
    async take(task, yields) {
      while (yields && waiting) await begun;
      waiting++;
      let running: ReturnType<typeof task> | undefined;
      const mine = begun.then(async () => {
        await turn().finally(() => waiting--);
        running = task().finally(() => {
          done = [...done.filter((at) => now() - at < SECOND), now()];
        });
        const settled = running.then(nothing, nothing);
        underWay.add(settled);
        settled.then(() => underWay.delete(settled));
      });
      begun = mine.catch(nothing);
      await mine;
      if (!running) throw new Error('a task that had its turn has begun');
      return running;
    },
    hold(ms) {
      quietUntil = Math.max(quietUntil, now() + ms);
    },
    spent() {
      const oldest = done.find((at) => now() - at < SECOND) ?? now();
      quietUntil = Math.max(quietUntil, oldest + SECOND);
    },
  };
}

const nothing = (): void => undefined;
