import type { Fetch } from '../../../src/service/http.ts';

/** A fetch whose requests can be made to travel together, so that a test sees which of them wait for which. */
export interface Rounds {
  readonly fetch: Fetch;
  /** Does the work, answering requests only when nothing else is left to do: method and path of each, by round trip. */
  during(work: () => Promise<unknown>): Promise<readonly (readonly string[])[]>;
}

export function inRounds(fetch: Fetch): Rounds {
  let held: { readonly call: string; readonly go: () => void }[] | undefined;
  return {
    fetch: (url, init) => {
      const waiting = held;
      if (!waiting) return fetch(url, init);
      const call = `${init.method} ${new URL(url).pathname}`;
      return new Promise((resolve) => waiting.push({ call, go: () => resolve(fetch(url, init)) }));
    },
    async during(work) {
      const rounds: string[][] = [];
      let over = false;
      held = [];
      const digests = countDigests();
      const working = work().finally(() => {
        over = true;
      });
      while (!over) {
        await quiet(digests.underWay);
        const round: NonNullable<typeof held> = held.splice(0);
        if (round.length > 0) rounds.push(round.map(({ call }) => call).sort());
        for (const { go } of round) go();
      }
      held = undefined;
      digests.end();
      await working;
      return rounds;
    },
  };
}

/** Lets everything happen that waits for no request: what is in line in this thread, and digests, made in others. */
async function quiet(digests: () => number): Promise<void> {
  for (let turn = 0; turn < 100; turn = digests() > 0 ? 0 : turn + 1) await new Promise(setImmediate);
}

/** Other threads may be kept waiting for any time: so it is counted what they have under way. */
function countDigests(): { readonly underWay: () => number; end(): void } {
  const { subtle } = crypto;
  const digest = subtle.digest.bind(subtle);
  let underWay = 0;
  subtle.digest = (...said) => {
    underWay++;
    return digest(...said).finally(() => {
      underWay--;
    });
  };
  return { underWay: () => underWay, end: () => Reflect.deleteProperty(subtle, 'digest') };
}
