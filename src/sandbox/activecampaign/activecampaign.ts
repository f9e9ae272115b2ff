import { Hono } from 'hono';
import type { Clock } from '../clock.ts';
import { CREDENTIALS } from '../credentials.ts';
import type { Random } from '../random.ts';
import { Account } from './account.ts';
import { accountRoutes, type KnownUser } from './account-routes.ts';
import { contactRoutes } from './contact-routes.ts';
import { badKey, noSuchPath, Refusal, tooManyRequests, turnedAway } from './errors.ts';
import { importRoutes } from './import-routes.ts';
import { Imports } from './imports.ts';
import { membershipRoutes } from './membership-routes.ts';
import { RateLimit } from './rate-limit.ts';
import { type ActiveCampaignSwitches, DEFAULT_SWITCHES } from './switches.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { type Deliver, Webhooks } from './webhooks.ts';

/** Headers that a recorded reply carries; the allowed ones leave out `Api-Token`, so that a page may not call (facts section 1). */
const COMMON_HEADERS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Content-Type, origin, x-requested-with',
  'Access-Control-Allow-Methods': 'POST, GET',
  'Cache-Control': 'no-store, no-cache, must-revalidate',
  Expires: 'Thu, 19 Nov 1981 08:52:00 GMT',
  Pragma: 'no-cache',
  'X-Content-Type-Options': 'nosniff',
  'X-Envoy-Upstream-Service-Time': '132',
  'Cf-Cache-Status': 'DYNAMIC',
  'Expect-Ct': 'max-age=604800, report-uri="https://report-uri.cloudflare.com/cdn-cgi/beacon/expect-ct"',
  Server: 'cloudflare',
} as const;

export interface ActiveCampaignOptions {
  readonly clock: Clock;
  readonly switches?: Partial<ActiveCampaignSwitches>;
  /** What the links of replies begin with; the account's https address unless given. */
  readonly origin?: string;
  readonly random: Random;
  /** How webhooks leave; without it none does. */
  readonly deliver?: Deliver;
  /** Milliseconds that only rise, by which requests are limited; real ones unless given. */
  readonly monotonic?: () => number;
}

/** The emulated ActiveCampaign: its state, and the API over it as one fetch function. */
export interface EmulatedActiveCampaign {
  readonly account: Account;
  readonly imports: Imports;
  readonly webhooks: Webhooks;
  readonly switches: ActiveCampaignSwitches;
  fetch(request: Request): Promise<Response>;
}

/** Makes an account with one user and nothing else in it, and its API under `/api/3`. */
export function createActiveCampaign(options: ActiveCampaignOptions): EmulatedActiveCampaign {
  const switches: ActiveCampaignSwitches = { ...DEFAULT_SWITCHES, ...options.switches };
  const account = new Account(options.clock, switches);
  account.addUser({
    username: 'admin',
    email: 'ida.admin@acme.example.com',
    firstName: 'Ida',
    lastName: 'Admin',
    key: CREDENTIALS.activecampaign.key,
  });
  const imports = new Imports(account, options.random);
  const webhooks = new Webhooks(account, options.deliver);
  const monotonic = options.monotonic ?? (() => performance.now());
  const limit = new RateLimit(1000, monotonic);
  const linker = { base: `${options.origin ?? CREDENTIALS.activecampaign.url}/api/3` };

  let requests = 0;
  const app = new Hono<KnownUser>();
  app.use(async (c, next) => {
    // Who calls in this process may leave it to an adapter to add one; whoever listens says that there was none.
    if (switches.blocksEmptyUserAgent && c.req.header('User-Agent') === '') return turnedAway();
    for (const [name, value] of Object.entries(COMMON_HEADERS)) c.header(name, value);
    requests += 1;
    c.header('X-Request-Id', `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}`);
    c.header('Cf-Ray', `${requests.toString(16).padStart(16, '0')}-TXL`);
    c.header('Cf-Request-Id', requests.toString(16).padStart(32, '0'));
    if (c.req.method === 'OPTIONS') return c.body(null, 200);
    const key = c.req.header('Api-Token');
    const user = [...account.users.values()].find((candidate) => candidate.key === key);
    if (!user) throw badKey(switches.badKey);
    if (switches.rateLimit !== 'off') {
      const { admitted, remaining } = limit.admit(switches.rateLimit);
      c.header('RateLimit-Limit', String(switches.rateLimit));
      c.header('RateLimit-Remaining', String(remaining));
      if (!admitted) throw tooManyRequests();
    }
    imports.runDue();
    c.set('user', user);
    return next();
  });
  app.route('/api/3', accountRoutes(account, linker));
  app.route('/api/3', contactRoutes(account, linker));
  app.route('/api/3', membershipRoutes(account, linker));
  app.route('/api/3', importRoutes(imports, monotonic));
  app.route('/api/3', webhookRoutes(webhooks));
  app.notFound(() => {
    throw noSuchPath();
  });
  app.onError((error, c) => {
    if (!(error instanceof Refusal)) throw error;
    for (const [name, value] of Object.entries(error.headers)) c.header(name, value);
    return new Response(JSON.stringify(error.body), {
      status: error.status,
      headers: { ...Object.fromEntries(c.res.headers), 'Content-Type': 'application/json' },
    });
  });
  return { account, imports, webhooks, switches, fetch: async (request) => app.fetch(request) };
}
