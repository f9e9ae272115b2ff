import { ServiceFailure } from '../service/failure.ts';
import { callOf, exchange, type Fetch, isObject, parsed, type Reply, retryAfterOf, taken } from '../service/http.ts';
import { persist } from '../service/retry.ts';
import { createPace } from './pace.ts';
import type { Item } from './wire.ts';

export interface ConnectionOptions {
  /** Origin of the account's API, as `accountOrigin` gives it. */
  readonly url: string;
  /** The API key of one of the account's users. Never shown in a failure. */
  readonly key: string;
  readonly fetch: Fetch;
  /** Default 4: the account's 5 are shared with every other integration. */
  readonly requestsPerSecond?: number;
  /** Requests under way at once; default 1. More keep the pace where replies are slower than it. */
  readonly abreast?: number;
  /** Requests that may begin together after a pause; default 1. For somebody who waits for a few of them. */
  readonly burst?: number;
  /** For one request, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of any steady clock: used for pacing only. */
  readonly now: () => number;
  /** A number from 0 up to 1: jitter of the pauses between tries. */
  readonly random: () => number;
}

/** What a `Retry-After` may hold up at most: a call after that asks anew. */
const LONGEST_QUIET_SECONDS = 60;

/** Paced, retried requests to one account, read as JSON. */
export interface Connection {
  readonly calls: number;
  readonly serverTime: number | undefined;
  /** How many requests must be under way at once to keep the pace up, should replies take twice the slowest so far. */
  readonly needed: number;
  /**
   * Sends a request, again as the retry policy allows. `read` takes out what was asked for; when that is not there it
   * returns undefined and the reply counts as malformed, or throws a failure of its own.
   */
  ask<T extends object>(request: Request, read: (body: Item, at: number | undefined) => T | undefined): Promise<T>;
}

interface Request {
  readonly method?: 'GET' | 'POST';
  /** Below `/api/3`. */
  readonly path: string;
  /** A parameter with several values is repeated. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: unknown;
  /** Whose it is, who lets all others go first; counts it. */
  readonly behind?: { calls: number };
}

/** @param refusalOf the failure that a reply with an error status stands for: refusal.ts, which a worker loads when one comes */
export function createConnection(
  options: ConnectionOptions,
  refusalOf: (call: string, reply: Reply) => ServiceFailure,
): Connection {
  const { requestsPerSecond = 4, abreast = 1, burst = 1, timeoutMs = 30_000, sleep, now, random } = options;
  const base = `${options.url}/api/3`;
  const key = options.key.trim();
  const wire = { service: 'activecampaign', fetch: options.fetch, timeoutMs } as const;
  const pace = createPace({ requestsPerSecond, abreast, burst, now, sleep });
  let calls = 0;
  let serverTime: number | undefined;
  let slowest = 0;

  /** One request in its turn. A reply that says the account's second is used up quiets all that wait behind it. */
  function send(method: string, url: string, body: string | undefined, behind: Request['behind']): Promise<Reply> {
    return pace.take(async () => {
      calls++;
      if (behind) behind.calls++;
      const headers = {
        'Api-Token': key,
        Accept: 'application/json',
        // Cloudflare in front of the API blocks an empty one (facts section 1); browsers put their own.
        'User-Agent': 'OptBridge',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      };
      const begun = now();
      const reply = await exchange(wire, { method, url, headers, ...(body === undefined ? {} : { body }) });
      slowest = Math.max(slowest, now() - begun);
      serverTime = reply.at ?? serverTime;
      if (reply.status === 429) pace.hold(Math.min(retryAfterOf(reply) ?? 1, LONGEST_QUIET_SECONDS) * 1000);
      else if (reply.headers.get('ratelimit-remaining') === '0') pace.spent();
      return reply;
    }, !!behind);
  }

  return {
    get calls() {
      return calls;
    },
    get serverTime() {
      return serverTime;
    },
    get needed() {
      return Math.ceil((2 * slowest * requestsPerSecond) / 1000) + 1;
    },
    ask(request, read) {
      const { method = 'GET', path, query } = request;
      const url = `${base}${path}${query ? `?${new URLSearchParams(pairsOf(query))}` : ''}`;
      const call = callOf({ method, url });
      const body = request.body === undefined ? undefined : JSON.stringify(request.body);
      return persist(method === 'GET', { sleep, random }, async () => {
        const reply = await send(method, url, body, request.behind);
        if (reply.status >= 300) throw without(key, refusalOf(call, reply));
        const text = taken(reply);
        const json = parsed(text);
        if (!isObject(json)) throw malformed(call, text === '' ? 'an empty reply' : 'a reply that is cut or no JSON');
        const found = read(json, reply.at);
        if (found === undefined) throw malformed(call, 'the reply lacks what was asked for');
        return found;
      });
    },
  };
}

function pairsOf(query: Readonly<Record<string, string | readonly string[]>>): string[][] {
  return Object.entries(query).flatMap(([name, values]) => [values].flat().map((value) => [name, value]));
}

export function malformed(call: string, words: string): ServiceFailure {
  return new ServiceFailure({ service: 'activecampaign', kind: 'malformed', call, words });
}

/** The same failure without the key, should the service have quoted it. */
function without(key: string, failure: ServiceFailure): ServiceFailure {
  const { words } = failure.detail;
  return words.includes(key) ? new ServiceFailure({ ...failure.detail, words: words.replaceAll(key, '…') }) : failure;
}
