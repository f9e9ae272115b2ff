import { Hono } from 'hono';
import type { App } from './oauth/grants.ts';
import { oauthRoutes } from './oauth/token-routes.ts';
import { Org } from './org.ts';
import { collectionRoutes } from './rest/collection-routes.ts';
import { dataApi } from './rest/dataapi.ts';
import { type Paging, queryRoutes } from './rest/query-routes.ts';
import { recordRoutes } from './rest/record-routes.ts';

export interface SalesforceOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** 0 to 1, seeded. */
  readonly random: () => number;
  /** The origin that clients see; the request's own unless said. */
  readonly origin?: (request: Request) => string;
  /** Name of the company. */
  readonly name?: string;
  /** Apps registered from the start; more by `org.grants.register`. */
  readonly apps?: readonly App[];
}

/** An emulated Salesforce: its state, and what speaks for it over HTTP. */
export interface SalesforceSandbox {
  readonly org: Org;
  /** Web origins that an admin put on the CORS list. */
  readonly corsAllowed: Set<string>;
  /** How many rows a page of a query holds at most. */
  readonly paging: Paging;
  fetch(request: Request): Promise<Response>;
}

/** Node's servers take `//services/data` for a path; a URL would take it for a host. The sf CLI sends such. */
function collapsed(request: Request): Request {
  const url = new URL(request.url);
  if (!url.pathname.startsWith('//')) return request;
  url.pathname = url.pathname.replace(/^\/+/, '/');
  return new Request(url, request);
}

/** Makes an empty org (one administrator) and its API. */
export function createSalesforce(options: SalesforceOptions): SalesforceSandbox {
  const org = new Org(options);
  for (const app of options.apps ?? []) org.grants.register(app);
  const origin = options.origin ?? ((request: Request) => new URL(request.url).origin);
  const corsAllowed = new Set<string>();
  const paging: Paging = { maxRows: 2000 };
  const app = new Hono();
  app.route('/', oauthRoutes(org, { random: options.random, origin }));
  app.mount(
    '/',
    dataApi(org, corsAllowed, [queryRoutes(org, paging), recordRoutes(org, origin), collectionRoutes(org)]).fetch,
  );
  return {
    org,
    corsAllowed,
    paging,
    async fetch(request) {
      const response = await app.fetch(collapsed(request));
      response.headers.set('Date', new Date(org.clock()).toUTCString());
      return response;
    },
  };
}
