import { seededRandom } from '../../../src/sandbox/random.ts';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { createSalesforce, type SalesforceSandbox } from '../../../src/sandbox/salesforce/salesforce.ts';

export const HOST = 'https://acme.my.salesforce.com';
export const BASE = '/services/data/v66.0';
export const START = Date.parse('2026-11-21T20:00:00Z');

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when there is none. */
  readonly json: unknown;
}

/** An empty org at a moment that only the test moves, and a signed-in way to call it. */
export interface World {
  readonly sandbox: SalesforceSandbox;
  readonly org: Org;
  /** A rep, whose token `call` carries. */
  readonly rep: string;
  now: number;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  query(soql: string, headers?: Record<string, string>): Promise<Reply>;
}

export function world(): World {
  const time = { now: START };
  const sandbox = createSalesforce({ clock: () => time.now, random: seededRandom(7) });
  const { org } = sandbox;
  const rep = org.addUser({ username: 'rita.rep@acme.example', firstName: 'Rita', lastName: 'Rep' });
  // Tests move the clock by days; those about expiry set their own lifetime.
  org.grants.tokenLifetime = Number.POSITIVE_INFINITY;
  const token = org.grants.openSession(rep);

  const call: World['call'] = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await sandbox.fetch(
      new Request(HOST + (path.startsWith('/') ? path : `${BASE}/${path}`), {
        method,
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', ...headers },
        redirect: 'manual',
        ...(text === undefined ? {} : { body: text }),
      }),
    );
    const said = await response.text();
    const isJson = response.headers.get('Content-Type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      headers: response.headers,
      text: said,
      json: isJson ? JSON.parse(said) : undefined,
    };
  };
  return {
    sandbox,
    org,
    rep,
    get now() {
      return time.now;
    },
    set now(at) {
      time.now = at;
    },
    call,
    query: (soql, headers) => call('GET', `query?q=${encodeURIComponent(soql)}`, undefined, headers),
  };
}

/** A contact of an org. */
export function contact(org: Org, name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return org.insert('Contact', { LastName: name, Email: `${name.toLowerCase()}@example.com`, ...fields });
}

/** A lead of an org. */
export function lead(org: Org, name: string, fields: Readonly<Record<string, unknown>> = {}): string {
  return org.insert('Lead', { LastName: name, Company: 'Acme', Email: `${name.toLowerCase()}@example.com`, ...fields });
}
