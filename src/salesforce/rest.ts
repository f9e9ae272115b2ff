import type { Fetch } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { answerOf, createLine, type Line, malformed } from './line.ts';
import { createProtocol } from './protocol.ts';
import { createRecords, type Reach, type Records } from './records.ts';
import { isExpired } from './refusal.ts';
import type { Salesforce } from './salesforce.ts';
import { createVersion } from './version.ts';

export interface RestOptions extends Patience {
  /** The org's own origin, `https://<MyDomain>.my.salesforce.com`. */
  readonly url: string;
  /** Such as `67.0`; absent: the org is asked. */
  readonly version?: string;
  /** Keeps what the org said of its version; by default as long as this client lives. */
  readonly keepVersion?: (ask: () => Promise<string>) => Promise<string>;
  readonly fetch: Fetch;
  /** The access token to use; rejects when nobody is signed in. */
  readonly token: () => Promise<string>;
  /** Another token than the one that was refused as expired. Asked once per call at most. */
  readonly refused: (token: string) => Promise<string>;
  /** For one request, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

/**
 * The Salesforce adapter of the extension's service worker: fetch and nothing else (jsforce is 180 kB there, and hangs
 * on a refused connection: facts/salesforce.md sections 0 and 5).
 */
export function createRestRecords(options: RestOptions): Records {
  return createRecords(reachOf(options));
}

/** The same with all that the interface has. */
export function createRest(options: RestOptions): Salesforce {
  const reach = reachOf(options);
  const { line } = reach;
  return {
    ...createProtocol(reach),
    get calls() {
      return line.calls;
    },
    get serverTime() {
      return line.serverTime;
    },
  };
}

function reachOf(options: RestOptions): Reach & { readonly line: Line } {
  const { url, fetch, timeoutMs = 30_000, sleep, random } = options;
  const line = createLine({ url, fetch, timeoutMs });
  const given = options.version;
  const ask = given === undefined ? createVersion(line, { sleep, random }) : async () => given;
  const { keepVersion } = options;

  return {
    line,
    version: keepVersion ? () => keepVersion(ask) : ask,
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
