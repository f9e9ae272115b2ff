import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Dropped, type Service } from './faults.ts';
import { makeCertificate } from './tls.ts';

/** Where to listen; a port that is not given is any free one. */
export interface ListenOptions {
  /** Plain http on loopback, a port for each service. Yes unless said otherwise. */
  readonly http?: boolean | { readonly salesforcePort?: number; readonly activecampaignPort?: number };
  /** One port for all host names, by `Host`. No unless said otherwise. */
  readonly https?: boolean | { readonly port?: number };
}

/** A sandbox that listens. */
export interface Running {
  /** `http://127.0.0.1:…`; empty when not listening over http. */
  readonly salesforceUrl: string;
  readonly activecampaignUrl: string;
  readonly https?: {
    readonly port: number;
    /** For Chromium's `--ignore-certificate-errors-spki-list`. */
    readonly spki: string;
    readonly certPem: string;
  };
  /** Breaks every connection and frees the ports. */
  close(): Promise<void>;
}

/**
 * Milliseconds for which an idle connection stays open. Salesforce breaks one that was idle for a minute (WSO2 Synapse's
 * `ConnectionTimeoutConfiguration` was made for that); Cloudflare, in front of ActiveCampaign, keeps one for 400 seconds
 * (developers.cloudflare.com, "Connection limits"). All hosts share a server here, so the shorter holds for both.
 */
const IDLE = 60_000;

/** Bytes of a request's head that the server reads, so that the services can refuse one that is too long in their own way. */
const OPTIONS = { maxHeaderSize: 65_536 };

/** Which service a request is for, by its host name; on a bare `localhost`, by its path. */
export function serviceOf(url: URL): Service {
  if (/\.(api-us1|activehosted)\.com$/.test(url.hostname)) return 'activecampaign';
  if (/\.(salesforce|force)\.com$/.test(url.hostname)) return 'salesforce';
  return url.pathname.startsWith('/api/3') ? 'activecampaign' : 'salesforce';
}

/** Listens on loopback and hands every request to `carry`. */
export async function listen(
  carry: (service: Service, request: Request) => Promise<Response>,
  options: ListenOptions = {},
): Promise<Running> {
  const servers: Server[] = [];
  const open = async (server: Server, port = 0): Promise<number> => {
    servers.push(server);
    server.keepAliveTimeout = IDLE;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the sandbox has no port');
    return address.port;
  };
  const close = async () => {
    await Promise.all(
      servers.map((server) => {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        server.closeAllConnections();
        return closed;
      }),
    );
  };

  try {
    const { http = true, https = false } = options;
    const urls = { salesforceUrl: '', activecampaignUrl: '' };
    if (http) {
      const ports = http === true ? {} : http;
      const salesforce = await open(
        createServer(
          OPTIONS,
          listener(carry, () => 'salesforce'),
        ),
        ports.salesforcePort,
      );
      const ac = await open(
        createServer(
          OPTIONS,
          listener(carry, () => 'activecampaign'),
        ),
        ports.activecampaignPort,
      );
      urls.salesforceUrl = `http://127.0.0.1:${salesforce}`;
      urls.activecampaignUrl = `http://127.0.0.1:${ac}`;
    }
    if (!https) return { ...urls, close };
    const { certPem, keyPem, spki } = await makeCertificate();
    const secure = createSecureServer({ ...OPTIONS, cert: certPem, key: keyPem }, listener(carry, serviceOf));
    const port = await open(secure, https === true ? undefined : https.port);
    return { ...urls, https: { port, spki, certPem }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Node's view of `carry`: a drop destroys the socket. */
function listener(
  carry: (service: Service, request: Request) => Promise<Response>,
  choose: (url: URL) => Service,
): ReturnType<typeof getRequestListener> {
  return getRequestListener(
    async (request, { incoming }) => {
      try {
        if (!request.headers.has('user-agent')) request.headers.set('user-agent', '');
        return await carry(choose(new URL(request.url)), request);
      } catch (error) {
        if (!(error instanceof Dropped)) throw error;
        incoming.socket?.destroy();
        return RESPONSE_ALREADY_SENT;
      }
    },
    { overrideGlobalObjects: false },
  );
}
