import type { Request, TabRequest } from '../messages.ts';

type Asked = (Request | TabRequest)['kind'];

/** How many requests may come at once, and how many a second in the long run. */
interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** One document asking: a record seen, its status, its panel. Nobody turns two pages a second for a minute. */
const READS: Rate = { burst: 120, perSecond: 4 };
/** One document saying no. */
const OUTS: Rate = { burst: 30, perSecond: 1 };
/** The whole browser letting mail through again: each takes a reason or an undo, and comes with nobody's hundreds. */
const LETS_IN: Rate = { burst: 12, perSecond: 0.1 };
/** Documents that are remembered; a full bucket says as much as none. */
const MOST = 500;

/** Who speaks, as far as it is counted. */
export interface Speaker {
  readonly tabId: number;
  readonly documentId: string | undefined;
}

/**
 * Tells whether a request is one too many: a document that was taken over, or an error of our own, must not use up the
 * services' limits. Counts in memory: a flood keeps the worker alive, and without one there is nothing to remember.
 */
export function createFlood(now: () => number): (speaker: Speaker, kind: Asked) => boolean {
  const buckets = new Map<string, { left: number; at: number }>();

  return ({ tabId, documentId }, kind) => {
    const [name, rate] = rateOf(kind);
    const key = rate === LETS_IN ? name : `${name} ${documentId ?? tabId}`;
    const { left, at } = buckets.get(key) ?? { left: rate.burst, at: now() };
    // A clock that was put back refills nothing and takes nothing away.
    const refilled = Math.min(rate.burst, left + (Math.max(0, now() - at) / 1_000) * rate.perSecond);
    buckets.delete(key);
    buckets.set(key, { left: Math.max(0, refilled - 1), at: now() });
    for (const oldest of buckets.keys()) if (buckets.size > MOST && oldest !== 'in') buckets.delete(oldest);
    return refilled < 1;
  };
}

function rateOf(kind: Asked): readonly [string, Rate] {
  if (kind === 'undo' || kind === 'opt-in') return ['in', LETS_IN];
  return kind === 'opt-out' || kind === 'unsubscribe' ? ['out', OUTS] : ['read', READS];
}
