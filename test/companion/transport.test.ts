import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport } from '../../src/companion/transport.ts';

/** What the clients ask of fetch, asked of the command's own transport on a real socket. */

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}
const transport = createTransport({});

describe('a request', () => {
  it('carries method, headers and body, and brings back status, headers and text', async () => {
    const url = await serving(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      const { 'api-token': token, 'content-length': length } = request.headers;
      response.writeHead(201, { Date: 'Sun, 01 Nov 2026 04:00:00 GMT', 'X-Asked': `${request.method} ${request.url}` });
      response.end(`${token} ${length} ${body}`);
    });
    const reply = await transport(`${url}a?b=1`, { method: 'POST', headers: { 'Api-Token': 'k' }, body: '{"ä":1}' });
    expect([reply.status, reply.headers.get('x-asked'), await reply.text()]).toEqual([
      201,
      'POST /a?b=1',
      'k 8 {"ä":1}',
    ]);
    expect(reply.headers.get('date')).toBe('Sun, 01 Nov 2026 04:00:00 GMT');
  });

  it('goes over the connection of the one before', async () => {
    const ports = new Set<number | undefined>();
    const url = await serving((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    for (let n = 0; n < 3; n++) await (await transport(url, {})).text();
    expect(ports.size).toBe(1);
  });

  it('is not redirected: a header such as a key would go along', async () => {
    let asked = 0;
    const url = await serving((_, response) => {
      asked += 1;
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect((await transport(url, {})).status).toBe(302);
    expect(asked).toBe(1);
  });
});

describe('a reply', () => {
  it('may be compressed, and is read as it was', async () => {
    const text = '{"name":"Łukasz"}'.repeat(10_000);
    const url = await serving((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(text));
    });
    expect(await (await transport(url, {})).text()).toBe(text);
  });

  it('may come in pieces that cut a letter', async () => {
    const bytes = Buffer.from('"Łukasz"');
    const url = await serving((_, response) => {
      response.write(bytes.subarray(0, 2), () => response.end(bytes.subarray(2)));
    });
    expect(await (await transport(url, {})).text()).toBe('"Łukasz"');
  });

  it('comes with what is wanted of its JSON, and whole where it is a refusal, no JSON, or not asked for so', async () => {
    const body = '{"a":{"b":1,"c":2},"d":3}';
    const url = await serving((request, response) => {
      response.writeHead(request.url === '/refused' ? 403 : 200, { 'Content-Encoding': 'gzip' });
      response.end(gzipSync(request.url === '/page' ? '<html>' : body));
    });
    const lean = createTransport({}, (address) => (address.endsWith('/else') ? undefined : { a: { c: true } }));
    const textOf = async (path: string, init = {}) => (await lean(`${url}${path}`, init)).text();
    expect(await textOf('')).toBe('{"a":{"c":2}}');
    expect(await textOf('', { method: 'POST' })).toBe(body);
    expect(await textOf('refused')).toBe(body);
    expect(await textOf('else')).toBe(body);
    expect(await textOf('page')).toBe('<html>');
  });

  it('that breaks off is a failure, compressed or not', async () => {
    const broken: readonly [string, RequestListener][] = [
      [
        'plain',
        (_, response) => {
          response.writeHead(200, { 'Content-Length': 1000 });
          response.write('{"half":', () => response.destroy());
        },
      ],
      [
        'compressed',
        (_, response) => {
          response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('{"half":'.repeat(100)).subarray(0, 20));
        },
      ],
    ];
    for (const [what, listener] of broken) {
      const url = await serving(listener);
      await expect(transport(url, {}), what).rejects.toMatchObject({ cause: expect.any(Error) });
      server?.close();
    }
  });
});

describe('no reply', () => {
  it('is a failure with the reason', async () => {
    await expect(transport('http://127.0.0.1:9/', {})).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await expect(transport('http://127.0.0.1/', { headers: { 'Api-Token': 'a\nb' } })).rejects.toBeInstanceOf(
      TypeError,
    );
  });

  it('that is waited for no longer leaves no connection behind', async () => {
    const abort = new AbortController();
    const gone = Promise.withResolvers<void>();
    const url = await serving((request) => {
      request.on('close', () => gone.resolve());
      abort.abort();
    });
    await expect(transport(url, { signal: abort.signal })).rejects.toBeInstanceOf(TypeError);
    await gone.promise;
  });
});
