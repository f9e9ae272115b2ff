import { ServiceFailure } from '../service/failure.ts';
import { callOf, exchange, type Fetch, parsed, type Reply } from '../service/http.ts';

/** One request to the org: a path from its root, `/services/…`. */
export interface Outbound {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The way to one org, with nothing of sign-in: whoever sends puts the token on. */
export interface Line {
  readonly url: string;
  readonly refusalOf: RefusalOf;
  send(outbound: Outbound): Promise<Reply>;
}

export interface LineOptions {
  readonly url: string;
  readonly fetch: Fetch;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
  readonly refusalOf: RefusalOf;
}

/** The failure that a reply with an error status stands for: refusal.ts, which a worker loads when one comes. */
export type RefusalOf = (call: string, reply: Reply) => ServiceFailure;

export function createLine(options: LineOptions): Line {
  const { url, fetch, timeoutMs, refusalOf } = options;
  const wire = { service: 'salesforce', fetch, timeoutMs } as const;
  const secrets = new Set<string>();
  return {
    url,
    refusalOf,
    async send({ method, path, headers = {}, body }) {
      const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      const json = body === undefined ? {} : { 'content-type': 'application/json' };
      const reply = await exchange(wire, {
        method,
        url: url + path,
        headers: { accept: 'application/json', ...json, ...given },
        ...(body === undefined ? {} : { body }),
      });
      for (const secret of secretsIn(given, body)) secrets.add(secret);
      return reply.status < 300 ? reply : { ...reply, text: without(secrets, reply.text) };
    },
  };
}

/** Parameters of a token request that are no secret. */
const OPEN = new Set(['grant_type', 'client_id', 'redirect_uri', 'format']);

/** What a request carries that no failure may quote: the token, and a grant's secrets. */
function secretsIn(headers: Readonly<Record<string, string>>, body: string | undefined): string[] {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  const form = headers['content-type'] === 'application/x-www-form-urlencoded' ? (body ?? '') : '';
  const grant = [...new URLSearchParams(form)].filter(([name]) => !OPEN.has(name)).map(([, value]) => value);
  return [...(token === undefined ? [] : [token]), ...grant].filter((secret) => secret.length >= 8);
}

/** An error's text without the secrets, should the service or something before it have quoted them. */
function without(secrets: ReadonlySet<string>, text: string): string {
  let clean = text;
  for (const secret of secrets)
    for (const form of [secret, encodeURIComponent(secret), String(new URLSearchParams([['', secret]])).slice(1)])
      clean = clean.replaceAll(form, '…');
  return clean;
}

/** The JSON of a good reply, undefined for an empty one (204). Throws the failure that any other reply stands for. */
export function answerOf(line: Line, outbound: Outbound, reply: Reply): unknown {
  const call = callOf({ method: outbound.method, url: line.url + outbound.path });
  if (reply.status >= 300) throw line.refusalOf(call, reply);
  if (reply.status === 204) return undefined;
  const json = parsed(reply.text);
  if (json === undefined)
    throw malformed(call, reply.text === '' ? 'an empty reply' : 'a reply that is cut or no JSON');
  return json;
}

export function malformed(call: string, words: string): ServiceFailure {
  return new ServiceFailure({ service: 'salesforce', kind: 'malformed', call, words });
}
