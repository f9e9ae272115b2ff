import { Hono } from 'hono';
import { ingestJobs } from './bulk/ingest-jobs.ts';
import type { BulkSwitches } from './bulk/jobs.ts';
import { queryJobs } from './bulk/query-jobs.ts';
import { IdSource } from './ids.ts';
import { authorizeRoutes } from './oauth/authorize-routes.ts';
import type { App } from './oauth/grants.ts';
import { oauthRoutes } from './oauth/token-routes.ts';
import { Org } from './org.ts';
import { PageData } from './pages/page-data.ts';
import { type PageSwitches, pageRoutes } from './pages/page-routes.ts';
import { changeRoutes } from './rest/change-routes.ts';
import { collectionRoutes } from './rest/collection-routes.ts';
import { type CarryPart, compositeRoutes } from './rest/composite-routes.ts';
import { dataApi } from './rest/dataapi.ts';
import { type Paging, queryRoutes } from './rest/query-routes.ts';
import { recordRoutes } from './rest/record-routes.ts';
import { soapReply } from './setup/soap-routes.ts';
import { toolingRoutes } from './setup/tooling-routes.ts';

export interface SalesforceOptions {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** 0 to 1, seeded. */
  readonly random: () => number;
  /** The origin that clients see, in `instance_url` and the like; the request's own unless said. */
  readonly origin?: (request: Request) => string;
  /** Name of the company. */
  readonly name?: string;
  /** Apps registered from the start; more by `org.grants.register`. */
  readonly apps?: readonly App[];
  /** What stands between a composite request and its parts; nothing unless given. */
  readonly carryPart?: CarryPart;
}

/** An emulated Salesforce: its state, and what speaks for it over HTTP. */
export interface SalesforceSandbox {
  readonly org: Org;
  /** Id of the user who looks at the pages, and whom the Allow page proposes. The administrator unless changed. */
  viewer: string;
  /** Web origins that an admin put on the CORS list. */
  readonly corsAllowed: Set<string>;
  /** How many rows a page of a query holds at most. */
  readonly paging: Paging;
  readonly bulk: BulkSwitches;
  /** What the Lightning-like pages look like. */
  readonly pages: PageSwitches;
  fetch(request: Request): Promise<Response>;
}

/** The sf CLI asks for `//services/data`; Salesforce collapses the slashes. */
function collapsed(request: Request): Request {
  const url = new URL(request.url);
  if (!url.pathname.startsWith('//')) return request;
  url.pathname = url.pathname.replace(/^\/+/, '/');
  return new Request(url, request);
}

/** For clients that cannot send PATCH: a POST that says in its address which method it stands for. */
function asMeant(request: Request): Request {
  const method = request.method === 'POST' ? new URL(request.url).searchParams.get('_HttpMethod') : null;
  // From its address and not from the request itself: what comes over a socket is no request of the platform's own.
  return method === null ? request : new Request(new Request(request.url, request), { method: method.toUpperCase() });
}

/** `https://acme.lightning.force.com` -> `https://acme.my.salesforce.com`. */
function myDomain(url: URL): string {
  return `${url.protocol}//${url.host.replace('.lightning.force.', '.my.salesforce.')}`;
}

/** Makes an empty org (one administrator), its API and its pages. */
export function createSalesforce(options: SalesforceOptions): SalesforceSandbox {
  const org = new Org(options);
  for (const app of options.apps ?? []) org.grants.register(app);
  const origin = options.origin ?? ((request: Request) => myDomain(new URL(request.url)));
  const corsAllowed = new Set<string>();
  const paging: Paging = { maxRows: 2000 };
  const jobIds = new IdSource();
  const bulk: BulkSwitches = {
    maxRows: 250_000,
    pollsUntilDone: 1,
    failsAfter: Number.POSITIVE_INFINITY,
    stallsAfter: Number.POSITIVE_INFINITY,
  };

  const switches: PageSwitches = { app: 'standard', header: 'standard', shadow: 'synthetic', drawing: 0 };

  const sandbox: SalesforceSandbox = {
    org,
    viewer: org.admin,
    corsAllowed,
    paging,
    bulk,
    pages: switches,
    async fetch(request) {
      const response = await dispatch(asMeant(collapsed(request)));
      if (response.headers.get('Content-Type') === 'application/json') {
        response.headers.set('Content-Type', 'application/json;charset=UTF-8');
      }
      response.headers.set('Date', new Date(org.clock()).toUTCString());
      return response;
    },
  };
  const viewer = () => sandbox.viewer;
  const parts = [
    queryRoutes(org, paging),
    changeRoutes(org),
    recordRoutes(org, origin),
    collectionRoutes(org),
    compositeRoutes(org, options.carryPart ?? ((request, serve) => serve(request))),
    queryJobs(org, bulk, jobIds),
    ingestJobs(org, bulk, jobIds),
    toolingRoutes(org),
  ];
  const data = dataApi(org, corsAllowed, origin, parts);
  const pages = pageRoutes(new PageData(org, viewer), switches);
  const oauth = new Hono();
  oauth.route('/', authorizeRoutes(org, options.random, viewer));
  oauth.route('/', oauthRoutes(org, { random: options.random, origin }));

  const dispatch = (request: Request): Response | Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname.startsWith('/lightning') || url.pathname === '/aura') return pages.fetch(request);
    if (url.hostname.endsWith('.lightning.force.com')) {
      // The Lightning host has no API: it sends callers to My Domain, and browsers drop Authorization on the way.
      const to = url.pathname === '/' ? '/lightning/page/home' : `${myDomain(url)}${url.pathname}${url.search}`;
      return new Response(null, { status: 302, headers: { Location: to } });
    }
    if (url.pathname.startsWith('/services/data')) return data.fetch(request);
    if (url.pathname.startsWith('/services/Soap/m/')) return soapReply(org, request);
    return oauth.fetch(request);
  };
  return sandbox;
}
