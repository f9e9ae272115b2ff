import type { Fetch } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { createCountedLine } from './counted-line.ts';
import { isExpired } from './expired.ts';
import { answerOf, type Line, malformed } from './line.ts';
import { createProtocol } from './protocol.ts';
import type { Reach } from './records.ts';
import type { Salesforce } from './salesforce.ts';
import { createVersion } from './version.ts';

const TIMEOUT_MS = 30_000;

export interface RestOptions extends Patience {
  /** The org's own origin, `https://<MyDomain>.my.salesforce.com`. */
  readonly url: string;
  readonly fetch: Fetch;
  /** The access token to use; rejects when nobody is signed in. */
  readonly token: () => Promise<string>;
  /** Another token than the one that was refused as expired. Asked once per call at most. */
  readonly refused: (token: string) => Promise<string>;
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
export function restReach(
  options: Pick<RestOptions, 'token' | 'refused' | 'sleep' | 'random'>,
  version: Reach['version'],
  line: Line,
): Reach {
  const { sleep, random } = options;
  return {
    version,
    sleep,
    random,
    async ask(outbound, read) {
      let token = await options.token();
      let renewed = false;
      const send = () => line.send({ ...outbound, headers: { ...outbound.headers, Authorization: `Bearer ${token}` } });
      return persist(outbound.method === 'GET', { sleep, random }, async () => {
        let reply = await send();
        if (!renewed && isExpired(reply)) {
          renewed = true;
          token = await options.refused(token);
          reply = await send();
        }
        const found = read(answerOf(line, outbound, reply));
        if (found === undefined) {
          throw malformed(`${outbound.method} ${outbound.path.split('?')[0]}`, 'the reply lacks what was asked for');
        }
        return found;
      });
    },
  };
}
