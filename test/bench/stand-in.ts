import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Answer, type Asked, createServices } from './services.ts';

/** Both services for the bench over http, in a process of its own that is started with `fork`. */

export type Told = { readonly kind: 'ready'; readonly port: number } | ({ readonly kind: 'calls' } & Asked);
export type Order =
  | { readonly kind: 'world'; readonly people: number; readonly apart: boolean }
  | { readonly kind: 'change' }
  | { readonly kind: 'calls' };

const services = createServices(Date.now);

/** What is large is packed where the companion takes it so, as Cloudflare in front of the real API does. */
const LARGE = 10_000;

function send(response: ServerResponse, { status, headers, text }: Answer): void {
  const bytes = Buffer.from(text, 'latin1');
  const packed = bytes.length >= LARGE && /\bgzip\b/.test(`${response.req.headers['accept-encoding']}`);
  const body = packed ? gzipSync(bytes, { level: 1 }) : bytes;
  response.writeHead(status, {
    'content-length': body.length,
    ...(packed ? { 'content-encoding': 'gzip' } : {}),
    ...headers,
  });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

const server = createServer(async (request, response) => {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    send(response, services.answer(request.method ?? 'GET', url, await bodyOf(request)));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});

process.on('message', (order: Order) => {
  if (order.kind === 'world') services.begin(order.people, order.apart);
  if (order.kind === 'change') services.change();
  if (order.kind === 'calls') process.send?.({ kind: 'calls', ...services.asked() } satisfies Told);
});
// Nobody is left to ask.
process.on('disconnect', () => process.exit());
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ kind: 'ready', port: typeof address === 'object' && address ? address.port : 0 } satisfies Told);
});
