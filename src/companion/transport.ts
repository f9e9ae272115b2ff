import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { Fetch } from '../service/http.ts';
import type { Wanted } from '../service/wanted.ts';
import { lean } from './lean.ts';

/**
 * The part of `fetch` that the clients need, over Node's own http: for a reply of 400 kB it takes a third of the
 * processor's time, because no streams of the web stand between the socket and the text (docs/benchmarks.md).
 *
 * As with the clients' `redirect: 'manual'` no redirect is followed, there are no cookies and there is no cache. A
 * connection that cannot be made or breaks rejects with the reason as `cause`, as fetch has it.
 *
 * @param wantedOf what is read of the JSON from an address, if not all of it: a text may come with no more than that
 */
export function createTransport(
  environment: Readonly<Record<string, string | undefined>>,
  wantedOf: (url: string) => Wanted | undefined = () => undefined,
): Fetch {
  // Where Node is told to use the environment's proxy it does so for fetch, and for the agents that are given it.
  const proxy = environment.NODE_USE_ENV_PROXY === '1' ? { proxyEnv: { ...environment } } : {};
  const agents = {
    http: new HttpAgent({ keepAlive: true, ...proxy }),
    https: new HttpsAgent({ keepAlive: true, ...proxy }),
  };

  return (url, { method = 'GET', headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const fail = (cause: unknown) => reject(new TypeError('no connection', { cause }));
      const received = (message: IncomingMessage) => {
        const parts: Buffer[] = [];
        message.on('data', (part: Buffer) => parts.push(part));
        message.on('error', fail);
        message.on('end', () => {
          try {
            resolve(replyOf(message, bytesOf(message, parts), method === 'GET' ? wantedOf(url) : undefined));
          } catch (error) {
            fail(error);
          }
        });
      };
      const secure = new URL(url).protocol === 'https:';
      const send = secure ? requestHttps : requestHttp;
      const request = send(
        url,
        {
          method,
          agent: secure ? agents.https : agents.http,
          headers: { 'accept-encoding': 'gzip', ...Object.fromEntries(new Headers(headers)) },
          ...(signal ? { signal } : {}),
        },
        received,
      );
      request.on('error', fail);
      request.end(typeof body === 'string' ? body : undefined);
    });
}

/** A page of 100 contacts is unpacked in one piece, where Node by itself would make 26 of it and put them together. */
const IN_ONE = { chunkSize: 512 * 1024 };
const SMALL = 4096;
const NOTHING = Buffer.alloc(0);

/** The whole reply. Unpacking 400 kB takes less time than receiving them unpacked would. */
function bytesOf(message: IncomingMessage, parts: readonly Buffer[]): Buffer {
  const sent = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  const unpacked = () => gunzipSync(sent, sent.length > SMALL ? IN_ONE : {});
  return message.headers['content-encoding'] === 'gzip' ? unpacked() : sent;
}

/** The text is given once, and not held on to. */
function replyOf(message: IncomingMessage, bytes: Buffer, wanted: Wanted | undefined): Awaited<ReturnType<Fetch>> {
  const { statusCode: status = 0 } = message;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers))
    for (const one of [value ?? []].flat()) headers.append(name, one);
  let left = bytes;
  const text = async () => {
    const come = left;
    left = NOTHING;
    // Of a refusal everything may be told.
    const words = (wanted && status < 300 ? lean(come, wanted) : undefined) ?? new TextDecoder().decode(come);
    // V8 gives it back only when it looks through all of its heap. What is smaller may be a part of what others have, too.
    if (come.buffer instanceof ArrayBuffer && come.buffer.byteLength >= IN_ONE.chunkSize) come.buffer.transfer(0);
    return words;
  };
  return { status, type: 'default', headers, text };
}
