import { type FailureKind, ServiceFailure, type ServiceName } from './failure.ts';

/** The part of `fetch` that the clients use, so that a test, a worker or the command can give its own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Pick<Response, 'status' | 'type' | 'headers' | 'text'>>;

/** How requests to one service travel. */
export interface Wire {
  readonly service: ServiceName;
  readonly fetch: Fetch;
  /** From the first byte out to the last byte in, in milliseconds. */
  readonly timeoutMs: number;
}

export interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A whole reply of any status. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Empty once it was taken: see `taken`. */
  text: string;
  /** The `Date` header in milliseconds: the service's own clock. */
  readonly at: number | undefined;
}

/**
 * Sends one request and reads the whole reply. Rejects with an `unreachable` failure when there is no connection, when
 * it breaks on the way or when the time is up, also if the given fetch never settles.
 *
 * Redirects are not followed: fetch would carry a header such as `Api-Token` to whatever host is named. Cookies are
 * not sent and nothing comes from a cache.
 */
export async function exchange(wire: Wire, outgoing: Outgoing): Promise<Reply> {
  const abort = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(failed(wire, outgoing, 'unreachable', `no answer within ${wire.timeoutMs / 1000} seconds`));
      abort.abort();
    }, wire.timeoutMs);
  });
  try {
    return await Promise.race([receive(wire, outgoing, abort.signal), late]);
  } catch (error) {
    if (error instanceof ServiceFailure) throw error;
    throw failed(wire, outgoing, 'unreachable', reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

async function receive(wire: Wire, outgoing: Outgoing, signal: AbortSignal): Promise<Reply> {
  // Called on its own: as a method of `wire` the browser's fetch is an illegal invocation.
  const { fetch } = wire;
  const response = await fetch(outgoing.url, {
    method: outgoing.method,
    headers: { ...outgoing.headers },
    ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
    redirect: 'manual',
    credentials: 'omit',
    cache: 'no-store',
    signal,
  });
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    throw failed(wire, outgoing, 'rejected', 'answered with a redirect: check the address in the settings');
  }
  const date = Date.parse(response.headers.get('date') ?? '');
  const { status, headers } = response;
  // Not awaited here: that would hold on to the text, see `taken`.
  return response.text().then((text) => ({ status, headers, text, at: Number.isNaN(date) ? undefined : date }));
}

/** Method and path of a request, as failures name it: no host, no query string. */
export function callOf(outgoing: { readonly method: string; readonly url: string }): string {
  return `${outgoing.method} ${new URL(outgoing.url).pathname}`;
}

function failed(wire: Wire, outgoing: Outgoing, kind: FailureKind, words: string): ServiceFailure {
  return new ServiceFailure({ service: wire.service, kind, call: callOf(outgoing), words });
}

/**
 * Why a connection failed. Node puts it in `cause`; a browser never says. The error's own message is not used: for a
 * header that cannot be sent it quotes the header's value, which may be a secret.
 */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error)) return 'no connection';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return `no connection: ${code}`;
}

/**
 * Takes the text out of a reply. Every promise on its way holds on to a reply, and where several requests wait at once
 * these promises are old: V8 would keep each text of 400 kB until it looks through all of its heap.
 */
export function taken(reply: Reply): string {
  const { text } = reply;
  reply.text = '';
  return text;
}

/** The JSON of a text, or undefined when it is none (`undefined` is no JSON value, so the two cannot be confused). */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether this is a JSON object, and not an array or null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Seconds that `Retry-After` asks to wait, given as a number or as a date; undefined when it does not say. */
export function retryAfterOf(reply: Reply): number | undefined {
  const value = reply.headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = Number(value);
  if (value.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds);
  const until = Date.parse(value);
  if (Number.isNaN(until) || reply.at === undefined) return undefined;
  return Math.max(0, Math.ceil((until - reply.at) / 1000));
}
