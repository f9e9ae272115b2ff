import type { Fetch } from '../service/http.ts';
import type { Patience } from '../service/retry.ts';
import { createCountedLine } from './counted-line.ts';
import { answerOf, type Line, malformed } from './line.ts';
import { createProtocol } from './protocol.ts';
import type { Reach } from './records.ts';
import type { Salesforce } from './salesforce.ts';
import { createVersion } from './version.ts';
import { type SignIn, withToken } from './with-token.ts';

const TIMEOUT_MS = 30_000;

export interface RestOptions extends SignIn, Patience {
  /** The org's own origin, `https://<MyDomain>.my.salesforce.com`. */
  readonly url: string;
  readonly fetch: Fetch;
  /** For one request, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/** The interface over fetch. The org is asked for its API version unless one is given. */
export function createRest(
  options: RestOptions & {
    /** Such as `67.0`; absent: the org is asked. */
    readonly version?: string;
  },
): Salesforce {
  const { url, fetch, timeoutMs = TIMEOUT_MS } = options;
  const line = createCountedLine({ url, fetch, timeoutMs });
  const given = options.version;
  const version = given === undefined ? createVersion(line, options) : async () => given;
  return {
    ...createProtocol(restReach(options, version, line)),
    get calls() {
      return line.calls;
    },
    get serverTime() {
      return line.serverTime;
    },
  };
}

/**
 * The way to the org from the extension's service worker: fetch and nothing else (jsforce is 180 kB there, and hangs on
 * a refused connection: facts/salesforce.md sections 0 and 5).
 */
export function restReach(options: SignIn & Patience, version: Reach['version'], line: Line): Reach {
  const { sleep, random } = options;
  return {
    version,
    sleep,
    random,
    ask(outbound, read) {
      return withToken(options, outbound.method === 'GET', async (token) => {
        const headers = { ...outbound.headers, Authorization: `Bearer ${token}` };
        const found = read(answerOf(line, outbound, await line.send({ ...outbound, headers })));
        if (found === undefined) {
          throw malformed(`${outbound.method} ${outbound.path.split('?')[0]}`, 'the reply lacks what was asked for');
        }
        return found;
      });
    },
  };
}
