import { type Context, Hono } from 'hono';
import {
  asSalesforceError,
  limitExceeded,
  methodNotAllowed,
  notFound,
  sessionExpired,
  sessionNotForApi,
} from '../errors.ts';
import type { Session } from '../oauth/grants.ts';
import type { Org } from '../org.ts';

/** Versions the sandbox speaks; 66 is Spring '26. */
export const VERSIONS = Array.from({ length: 38 }, (_, i) => 31 + i);

/** Set when a composite request calls the API from inside: already signed in, already counted. */
export interface Inside {
  readonly session: Session;
  readonly counted: boolean;
}

export interface DataEnv {
  Bindings: { inside?: Inside };
  Variables: { session: Session; base: string; version: string };
}

/** Bytes of an address, and of address and headers together (facts/salesforce.md section 2). The pages are made up. */
const LONGEST_HEAD = 16_384;
const TOO_LONG = { 414: 'URI Too Long', 431: 'Request Header Fields Too Large' } as const;

/** What a part of the API adds to the common application. */
export type Part = (api: Hono<DataEnv>) => void;

const SEASONS = ['Spring', 'Summer', 'Winter'];

function versionList(): { label: string; url: string; version: string }[] {
  return VERSIONS.map((v) => {
    const since = v - 66 + 300;
    const season = SEASONS[since % 3] ?? '';
    const year = 26 + Math.floor(since / 3) - 100 + (season === 'Winter' ? 1 : 0);
    return {
      label: `${season} '${String((year + 100) % 100).padStart(2, '0')}`,
      url: `/services/data/v${v}.0`,
      version: `${v}.0`,
    };
  });
}

/** An origin of a web page that no admin put on the CORS list. Extensions are let in, as Salesforce lets them. */
function refusedOrigin(origin: string | undefined, allowed: ReadonlySet<string>): boolean {
  return origin !== undefined && /^https?:/.test(origin) && !allowed.has(origin);
}

/** How a request is refused whose head is too long; what is in a composite call has none. */
function tooLongFor(request: Request): keyof typeof TOO_LONG | undefined {
  const { pathname, search } = new URL(request.url);
  const address = pathname.length + search.length;
  if (address > LONGEST_HEAD) return 414;
  const headers = [...request.headers].reduce((sum, [name, value]) => sum + `${name}: ${value}\r\n`.length, 0);
  return address + headers > LONGEST_HEAD ? 431 : undefined;
}

/** The body of a refusal: an array of `{message, errorCode, fields?}`. */
export function errorReply(c: Context, error: unknown): Response {
  const { status, code, message, fields } = asSalesforceError(error);
  const body = [{ message, errorCode: code, ...(fields.length > 0 ? { fields } : {}) }];
  return Response.json(body, { status, headers: c.res.headers });
}

/**
 * `/services/data`: the list of versions is for everybody; the rest needs a living session with the `api` scope,
 * counts one call against the limit, and says so in `Sforce-Limit-Info` (facts/salesforce.md section 2).
 */
export function dataApi(
  org: Org,
  corsAllowed: ReadonlySet<string>,
  origin: (request: Request) => string,
  parts: readonly Part[],
): Hono<DataEnv> {
  const api = new Hono<DataEnv>({ strict: false });

  api.use(async (c, next) => {
    const origin = c.req.header('origin');
    if (refusedOrigin(origin, corsAllowed)) return c.text('', 403);
    if (origin !== undefined && corsAllowed.has(origin)) {
      c.header('Access-Control-Allow-Origin', origin);
      c.header('Access-Control-Expose-Headers', 'Sforce-Limit-Info,Sforce-Locator,Sforce-NumberOfRecords');
      if (c.req.method === 'OPTIONS') {
        c.header('Access-Control-Allow-Methods', 'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT');
        c.header('Access-Control-Allow-Headers', c.req.header('access-control-request-headers') ?? '*');
        return c.body(null, 200);
      }
    }
    await next();
  });

  api.get('/services/data', (c) => c.json(versionList()));

  api.use('/services/data/:version/*', async (c, next) => {
    const inside = c.env?.inside;
    const tooLong = inside === undefined ? tooLongFor(c.req.raw) : undefined;
    if (tooLong) return c.html(`<html><head><title>${TOO_LONG[tooLong]}</title></head></html>`, tooLong);
    const token = /^(?:Bearer|OAuth)\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const session = inside?.session ?? (token === undefined ? undefined : org.grants.session(token));
    if (session === undefined) throw sessionExpired();
    if (!/(^| )(api|full)( |$)/.test(session.scope)) throw sessionNotForApi();
    if (inside?.counted !== true) {
      if (org.apiLimit.used >= org.apiLimit.max) throw limitExceeded();
      org.apiLimit.used += 1;
    }
    c.header('Sforce-Limit-Info', `api-usage=${org.apiLimit.used}/${org.apiLimit.max}`);
    const number = /^v(\d+)\.0$/.exec(c.req.param('version'))?.[1];
    if (number === undefined || !VERSIONS.includes(Number(number))) throw notFound();
    c.set('session', session);
    c.set('version', `${number}.0`);
    c.set('base', `/services/data/v${number}.0`);
    await next();
  });

  api.get('/services/data/:version', (c) => {
    const base = c.get('base');
    const resources = ['sobjects', 'query', 'queryAll', 'composite', 'limits', 'jobs'];
    const identity = `${origin(c.req.raw)}/id/${org.id}/${c.get('session').user}`;
    return c.json({ ...Object.fromEntries(resources.map((r) => [r, `${base}/${r}`])), identity });
  });

  api.get('/services/data/:version/limits', (c) => {
    const { max, used } = org.apiLimit;
    const left = { Max: max, Remaining: Math.max(0, max - used) };
    return c.json({ DailyApiRequests: left, DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 } });
  });

  for (const part of parts) part(api);
  api.notFound((c) => {
    const allowed = methodsAt(api, new URL(c.req.url).pathname);
    return errorReply(c, allowed.length > 0 ? methodNotAllowed(c.req.method, allowed) : notFound());
  });
  api.onError((error, c) => errorReply(c, error));
  return api;
}

/** The methods that a path answers to; none for a path that is not there. */
function methodsAt(api: Hono<DataEnv>, path: string): readonly string[] {
  const answers = (method: string) =>
    api.router.match(method, path)[0].some(([[, route]]) => route.method === method && route.path !== '*');
  return ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'].filter(answers);
}

/** The object of a route, as this user may see it. */
export function visibleType(org: Org, session: Session, name: string): string {
  const type = org.types.find((t) => t.toLowerCase() === name.toLowerCase());
  if (type === undefined || org.access.object(session.user, type) === 'hidden') throw notFound();
  return type;
}
