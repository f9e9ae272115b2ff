import { PassThrough } from 'node:stream';
import type { HttpRequest, HttpResponse } from 'jsforce';
import { Transport } from 'jsforce/lib/transport.js';
// From its own file: what the package's index exports under this name is undefined.
import { StreamPromise } from 'jsforce/lib/util/promise.js';
import { callOf } from '../service/http.ts';
import { isExpired } from './expired.ts';
import type { Line } from './line.ts';
import { refusalOf } from './refusal.ts';

/**
 * Carries jsforce's requests over one of our lines. A reply with an error status rejects here, with a ServiceFailure;
 * jsforce sees the good ones, and the 401 that makes it renew its token.
 *
 * jsforce would renew and send again for as long as it gets 401: here a request is given back to it as expired once.
 */
export class FetchTransport extends Transport {
  readonly #line: Line;
  readonly #renewable: boolean;
  readonly #expired = new WeakSet<HttpRequest>();

  constructor(line: Line, options: { readonly renewable: boolean }) {
    super();
    this.#line = line;
    this.#renewable = options.renewable;
  }

  override httpRequest(request: HttpRequest): StreamPromise<HttpResponse> {
    return StreamPromise.create(() => ({ stream: new PassThrough(), promise: this.#carry(request) }));
  }

  async #carry(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, body } = request;
    const { pathname, search } = new URL(url);
    // The length is fetch's to count.
    const { 'content-length': _, ...headers } = request.headers ?? {};
    const sent = { method, path: pathname + search, headers, ...(typeof body === 'string' ? { body } : {}) };
    const reply = await this.#line.send(sent);
    const received = { headers: Object.fromEntries(reply.headers), body: reply.text };
    if (this.#renewable && isExpired(reply) && !this.#expired.has(request)) {
      this.#expired.add(request);
      return { ...received, statusCode: 401 };
    }
    if (reply.status >= 300) throw refusalOf(callOf({ method, url }), reply);
    return { ...received, statusCode: reply.status };
  }
}
