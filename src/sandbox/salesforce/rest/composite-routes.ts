import type { Hono } from 'hono';
import { malformedJson, SalesforceError } from '../errors.ts';
import type { Org } from '../org.ts';
import type { Wire } from '../soql/wire.ts';
import type { DataEnv, Inside, Part } from './dataapi.ts';
import { jsonBody } from './record-routes.ts';

interface Subrequest {
  readonly method: string;
  readonly url: string;
  readonly referenceId: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

interface Subreply {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Wire;
}

const halted = (message: string): Subreply => ({
  status: 400,
  body: [{ errorCode: 'PROCESSING_HALTED', message }],
  headers: {},
});

const limit = (message: string): SalesforceError => new SalesforceError(400, 'LIMIT_EXCEEDED', message);

/** The value at `id`, `records[0].Id` and the like; undefined where there is none. */
function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.entries(at).find(([name]) => name === step)?.[1];
  }
  return at;
}

/** Puts earlier replies in the place of `@{ref.path}`; throws the reference that leads nowhere. */
function resolved(value: unknown, replies: ReadonlyMap<string, Subreply>): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, replies));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolved(item, replies)]));
  }
  if (typeof value !== 'string') return value;
  return value.replace(/@\{(\w+)\.?([^}]*)\}/g, (_all, reference: string, path: string) => {
    const found = valueAt(replies.get(reference)?.body, path);
    if (found === undefined)
      throw new DeadReference(`Invalid reference specified. No value for ${reference}.${path} found in ${reference}`);
    return String(found);
  });
}

class DeadReference extends Error {}
class OneFailed extends Error {}

/** Carries a subrequest to whoever serves it; the sandbox puts its faults in between. */
export type CarryPart = (
  request: Request,
  serve: (request: Request) => Promise<Response>,
) => Response | Promise<Response>;

/** Lets the API answer a request from inside, as the same session. */
async function inner(
  { api, carry }: { readonly api: Hono<DataEnv>; readonly carry: CarryPart },
  inside: Inside,
  origin: string,
  request: Subrequest,
): Promise<Subreply> {
  const hasBody = request.body !== undefined && request.body !== null;
  const part = new Request(new URL(request.url, origin), {
    method: request.method,
    headers: { 'Content-Type': 'application/json', ...request.headers },
    ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
  });
  const reply = await carry(part, async (carried) => api.fetch(carried, { inside }));
  const location = reply.headers.get('location');
  return {
    status: reply.status,
    body: bodyOf(await reply.text()),
    headers: location === null ? {} : { Location: location },
  };
}

/** What is no JSON, since a fault made or cut it, comes as text. */
function bodyOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function subrequests(list: unknown, name: string): Subrequest[] {
  if (!Array.isArray(list)) throw malformedJson(`${name} must be an array at [line:1, column:1]`);
  if (list.length > 25) throw limit(`Limit of 25 reached for number of operations in ${name}`);
  return list.filter(isObject).map((item) => {
    const given = isObject(item.httpHeaders) ? Object.entries(item.httpHeaders) : [];
    const own = given.find(([header]) => /^(accept|authorization|content-type)$/i.test(header));
    // Subrequests inherit these three; to repeat one refuses the whole call (DOC:rest-api/requests-composite).
    if (own) throw malformedJson(`The header ${own[0]} is not allowed in a subrequest`);
    return {
      method: text(item.method),
      url: text(item.url),
      referenceId: text(item.referenceId),
      body: item.body ?? item.richInput,
      headers: Object.fromEntries(given.map(([header, value]) => [header, String(value)])),
    };
  });
}

/** Replies are told apart by these. That they are looked at is documented; the code and the words here are made up. */
function checkReferences(requests: readonly Subrequest[]): void {
  const seen = new Set<string>();
  for (const { referenceId } of requests) {
    if (!/^[a-z0-9]\w*$/i.test(referenceId) || seen.has(referenceId))
      throw new SalesforceError(
        400,
        'INVALID_INPUT',
        `The referenceId '${referenceId}' is not one, or not the only one`,
      );
    seen.add(referenceId);
  }
}

/** `/composite` (one call, one after the other, with references) and `/composite/batch` (each counts, independent). */
export function compositeRoutes(org: Org, carry: CarryPart): Part {
  return (api) => {
    const within = { api, carry };
    api.post('/services/data/:version/composite', async (c) => {
      const body = await jsonBody(c);
      const requests = subrequests(body.compositeRequest, 'compositeRequest');
      checkReferences(requests);
      const heavy = requests.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)\b/.test(url));
      if (heavy.length > 5)
        throw limit('Limit of 5 reached for number of query and collection operations in a composite request');
      const inside = { session: c.get('session'), counted: true };
      const replies = new Map<string, Subreply>();
      const one = async (request: Subrequest): Promise<Subreply> => {
        try {
          const url = String(resolved(request.url, replies));
          return await inner(within, inside, c.req.url, { ...request, url, body: resolved(request.body, replies) });
        } catch (error) {
          if (error instanceof DeadReference) return halted(error.message);
          throw error;
        }
      };
      const all = async () => {
        for (const request of requests) {
          const reply = await one(request);
          replies.set(request.referenceId, reply);
          if (body.allOrNone === true && reply.status >= 400) throw new OneFailed();
        }
      };
      const rolledBack = await org.transactionOf(all).then(
        () => false,
        (error: unknown) => {
          if (error instanceof OneFailed) return true;
          throw error;
        },
      );
      return c.json({
        compositeResponse: requests.map(({ referenceId }) => {
          const own = replies.get(referenceId);
          const lost = rolledBack && (own === undefined || own.status < 400);
          const reply =
            lost || own === undefined
              ? halted('The transaction was rolled back since another operation in the same transaction failed.')
              : own;
          return { body: reply.body, httpHeaders: reply.headers, httpStatusCode: reply.status, referenceId };
        }),
      });
    });

    api.post('/services/data/:version/composite/batch', async (c) => {
      const body = await jsonBody(c);
      const requests = subrequests(body.batchRequests, 'batchRequests');
      // The batch itself is free; each of its requests counts.
      org.apiLimit.used -= 1;
      const inside = { session: c.get('session'), counted: false };
      const results: { statusCode: number; result: unknown }[] = [];
      for (const request of requests) {
        const failed = results.some(({ statusCode }) => statusCode >= 400);
        if (failed && body.haltOnError === true) {
          const result = [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }];
          results.push({ statusCode: 412, result });
          continue;
        }
        const url = request.url.startsWith('/') ? request.url : `/services/data/${request.url}`;
        const reply = await inner(within, inside, c.req.url, { ...request, url });
        results.push({ statusCode: reply.status, result: reply.body });
      }
      return c.json({ hasErrors: results.some(({ statusCode }) => statusCode >= 400), results });
    });
  };
}
