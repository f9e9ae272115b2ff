import { Connection } from 'jsforce/lib/connection.js';
import { ServiceFailure } from '../service/failure.ts';
import { type Fetch, parsed, type Reply } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { type Auth, createSignIn } from './auth.ts';
import { createBulk } from './bulk.ts';
import { compositeUpdate } from './composite.ts';
import { createCountedLine, type DailyCalls } from './counted-line.ts';
import { isExpired } from './expired.ts';
import { malformed, type Outbound } from './line.ts';
import { createProtocol } from './protocol.ts';
import type { Reach } from './records.ts';
import type { Bulk, Salesforce } from './salesforce.ts';
import { createTogether } from './together.ts';
import type { Token } from './token.ts';
import { FetchTransport } from './transport.ts';
import { createVersion } from './version.ts';

/** The Salesforce adapter of the companion, with the jsforce connection itself for Bulk 2.0 and Metadata. */
export interface JsforceSalesforce extends Salesforce {
  /** A signed-in connection of the API version in use. Its requests are counted and time out like all others. */
  connection(): Promise<Connection>;
  /** The API version in use, such as `67.0`. Asked without signing in. */
  version(): Promise<string>;
  /** The org's API calls in the rolling day, as its latest reply said; undefined before the first that did. */
  readonly dailyCalls: DailyCalls | undefined;
  readonly bulk: Bulk;
}

/**
 * The companion's adapter on jsforce. jsforce keeps the session: it renews an expired token once for all calls that wait
 * for it. Requests travel over fetch, since jsforce's own transport sends reads up to five times, hides the `Date` header
 * and has no time limit on a reply's body (facts/salesforce.md section 5, facts/toolchain.md section 4).
 */
export function createJsforce(
  options: Patience & {
    /** The org's own origin, `https://<MyDomain>.my.salesforce.com`. */
    readonly url: string;
    readonly auth: Auth;
    /** Such as `67.0`; absent: the org is asked. */
    readonly version?: string;
    readonly fetch: Fetch;
    /** For one request, in milliseconds. Default 120,000: Salesforce lets a query run for two minutes. */
    readonly timeoutMs?: number;
    /** Milliseconds since the epoch: when the assertion of `jwt` expires. */
    readonly now: () => number;
  },
): JsforceSalesforce {
  const { url, auth, fetch, timeoutMs = 120_000, sleep, random } = options;
  const line = createCountedLine({ url, fetch, timeoutMs });
  const given = options.version;
  const version = given === undefined ? createVersion(line, { sleep, random }) : async () => given;
  const signIn = createSignIn(line, auth, options);
  /** Why the last renewal failed: jsforce keeps only an error's message. */
  let notRenewed: unknown;
  let signedIn: Promise<Connection> | undefined;
  let who: Token | undefined;

  async function connect(): Promise<Connection> {
    const [token, spoken] = await Promise.all([signIn(), version()]);
    who = token;
    const connection = new Connection({
      instanceUrl: url,
      version: spoken,
      accessToken: token.accessToken,
      callOptions: { client: 'optbridge' },
      refreshFn: (_, done) => {
        signIn().then(
          ({ accessToken }) => done(null, accessToken),
          (error: unknown) => {
            notRenewed = error;
            done(error instanceof Error ? error : new Error('sign-in failed'));
          },
        );
      },
    });
    connection._transport = new FetchTransport(line, { renewable: auth.kind !== 'access-token' });
    return connection;
  }

  function connection(): Promise<Connection> {
    signedIn ??= connect().catch((error: unknown) => {
      signedIn = undefined;
      throw error;
    });
    return signedIn;
  }

  const reach: Reach = {
    version,
    sleep,
    random,
    async ask<T extends object>(outbound: Outbound, read: (body: unknown) => T | undefined): Promise<T> {
      const { method, path, headers, body } = outbound;
      const call = `${method} ${path.split('?')[0]}`;
      const session = await connection();
      return persist(method === 'GET', { sleep, random }, async () => {
        const request = { method, url: path, headers: { ...headers }, ...(body === undefined ? {} : { body }) };
        const reply = await session.request(request).catch(failed);
        if (reply === '') throw malformed(call, 'an empty reply');
        // jsforce hands on as text what it cannot parse, and what is not labelled as it expects.
        const answer = typeof reply === 'string' ? parsed(reply) : reply;
        if (answer === undefined) throw malformed(call, 'a reply that is cut or no JSON');
        const found = read(answer);
        if (found === undefined) throw malformed(call, 'the reply lacks what was asked for');
        return found;
      });
    },
  };
  const protocol = createProtocol(reach, () => who);

  /** Our failures come through jsforce as they are, but for those of a renewal: of them it keeps the message only. */
  function failed(error: unknown): never {
    const cause = error instanceof ServiceFailure ? error : (notRenewed ?? error);
    notRenewed = undefined;
    throw cause;
  }

  /** A request past jsforce, which would turn CSV into objects by itself; a token that has expired is renewed once. */
  async function send(outbound: Outbound): Promise<Reply> {
    const signed = async () => {
      const { accessToken } = await connection();
      const headers = { ...outbound.headers, authorization: `Bearer ${accessToken}` };
      return { accessToken, reply: await line.send({ ...outbound, headers }) };
    };
    const { accessToken, reply } = await signed();
    if (auth.kind === 'access-token' || !isExpired(reply)) return reply;
    // Any call of jsforce's own makes it renew, unless another has done so meanwhile.
    if ((await connection()).accessToken === accessToken) await protocol.identity();
    return (await signed()).reply;
  }

  return {
    ...protocol,
    async identity() {
      await connection();
      // The reply with the token names both (facts/salesforce.md section 4); one that does not is asked for.
      const { organization, user } = who ?? {};
      return organization && user ? { organization, user } : protocol.identity();
    },
    update: compositeUpdate(reach),
    together: createTogether(reach),
    bulk: createBulk({ send, sleep, random, base: async () => `/services/data/v${await version()}` }),
    get calls() {
      return line.calls;
    },
    get serverTime() {
      return line.serverTime;
    },
    get dailyCalls() {
      return line.dailyCalls;
    },
    connection,
    version,
  };
}
