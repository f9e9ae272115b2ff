import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ServiceFailure } from '../../src/service/failure.ts';
import { exchange, type Fetch, retryAfterOf } from '../../src/service/http.ts';

const outgoing = {
  method: 'GET',
  url: 'https://acme.example.com/api/3/contacts?email=a%40b.c',
  headers: { 'Api-Token': 'k3y' },
};

function send(fetch: Fetch, timeoutMs = 60_000) {
  return exchange({ service: 'activecampaign', fetch, timeoutMs }, outgoing);
}

async function failureOf(sent: Promise<unknown>): Promise<ServiceFailure> {
  const outcome = await sent.catch((error: unknown) => error);
  if (!(outcome instanceof ServiceFailure)) throw new Error(`no failure but ${outcome}`);
  return outcome;
}

describe('one request', () => {
  test("brings the whole reply with the service's own time", async () => {
    const reply = await send(async () => new Response('{}', { headers: { Date: 'Sat, 21 Nov 2026 20:00:00 GMT' } }));
    expect(reply).toMatchObject({ status: 200, text: '{}', at: Date.parse('2026-11-21T20:00:00Z') });
  });

  test('has no time when the service gives none', async () => {
    expect((await send(async () => new Response('{}'))).at).toBeUndefined();
  });

  test('is unreachable when nothing comes within the time, though fetch minds no signal', async () => {
    const failure = await failureOf(send(() => new Promise(() => {}), 5));
    expect(failure.detail).toMatchObject({
      kind: 'unreachable',
      call: 'GET /api/3/contacts',
      words: 'no answer within 0.005 seconds',
    });
  });

  test('is unreachable when the body never ends', async () => {
    const endless = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode('{"a":')) });
    expect((await failureOf(send(async () => new Response(endless), 5))).kind).toBe('unreachable');
  });

  test('tells the abandoned fetch to stop', async () => {
    let signal: AbortSignal | null | undefined;
    await failureOf(
      send((_, init) => {
        signal = init.signal;
        return new Promise(() => {});
      }, 5),
    );
    expect(signal?.aborted).toBe(true);
  });

  test('is unreachable with the reason that the platform gives', async () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const failure = await failureOf(
      send(async () => Promise.reject(new TypeError('fetch failed', { cause: refused }))),
    );
    expect(failure.detail).toMatchObject({ kind: 'unreachable', words: 'no connection: ECONNREFUSED' });
  });

  test('does not quote an error that quotes a header', async () => {
    const failure = await failureOf(send(async () => Promise.reject(new TypeError('"k3y" is no header value'))));
    expect(failure.message).not.toContain('k3y');
  });

  test('does not follow a redirect, which would carry the key to another host', async () => {
    const asked: (string | undefined)[] = [];
    const failure = await failureOf(
      send(async (_, init) => {
        asked.push(init.redirect);
        return new Response(null, { status: 302, headers: { Location: 'https://elsewhere.example.com' } });
      }),
    );
    expect(asked).toEqual(['manual']);
    expect(failure.kind).toBe('rejected');
  });
});

test('the fetch that was given is called on its own, as a browser demands', async () => {
  let owner: unknown = 'not called';
  const reply = await send(async function (this: unknown) {
    owner = this;
    return new Response('{}');
  });
  expect(reply.status).toBe(200);
  expect(owner).toBeUndefined();
});

describe('over a real socket', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Sends to a server on loopback that does this with each connection. */
  async function sendTo(serve: (socket: Socket) => void, timeoutMs: number): Promise<unknown> {
    const sockets: Socket[] = [];
    const listening = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.once('data', () => serve(socket));
    });
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const address = listening.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const wire = { service: 'salesforce', fetch, timeoutMs } as const;
    return exchange(wire, { ...outgoing, url: `http://127.0.0.1:${port}/x` }).finally(() => {
      for (const socket of sockets) socket.destroy();
    });
  }

  test('a server that takes the request and says nothing is unreachable after the time', async () => {
    expect((await failureOf(sendTo(() => {}, 50))).detail.words).toBe('no answer within 0.05 seconds');
  });

  test('a server that stops in the middle of the body is unreachable after the time', async () => {
    const serve = (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":');
    expect((await failureOf(sendTo(serve, 50))).kind).toBe('unreachable');
  });

  test('a connection that breaks in the middle of the body is unreachable', async () => {
    const serve = (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":', () => socket.destroy());
    };
    expect((await failureOf(sendTo(serve, 60_000))).detail).toMatchObject({
      kind: 'unreachable',
      words: expect.stringContaining('no connection'),
    });
  });

  test('a port where nobody listens is unreachable', async () => {
    const wire = { service: 'salesforce', fetch, timeoutMs: 60_000 } as const;
    const failure = await failureOf(exchange(wire, { ...outgoing, url: 'http://127.0.0.1:1/x' }));
    expect(failure.kind).toBe('unreachable');
  });
});

test('Retry-After is read as seconds and as a date', async () => {
  const reply = (headers: Record<string, string>) => send(async () => new Response('', { status: 429, headers }));
  expect(retryAfterOf(await reply({ 'Retry-After': '3' }))).toBe(3);
  expect(retryAfterOf(await reply({}))).toBeUndefined();
  expect(retryAfterOf(await reply({ 'Retry-After': 'soon' }))).toBeUndefined();
  const dates = { Date: 'Sat, 21 Nov 2026 20:00:00 GMT', 'Retry-After': 'Sat, 21 Nov 2026 20:00:09 GMT' };
  expect(retryAfterOf(await reply(dates))).toBe(9);
});
