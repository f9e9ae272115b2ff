import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook that takes alerts until it is closed. */
export interface Hook {
  readonly url: string;
  /** Method, path, type and body of each request. */
  readonly posted: readonly string[];
  close(): void;
}

export async function aHook(path: string, status = 200): Promise<Hook> {
  const posted: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      posted.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
      response.writeHead(status).end('ok');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    posted,
    close: () => void server.close(),
  };
}
