import type { Service } from './faults.ts';

/** What is kept of a request: no header, no body. */
export interface LoggedRequest {
  readonly service: Service;
  readonly method: string;
  /** Path and query; values that are secret by name are replaced. */
  readonly path: string;
  /** Whether it may change something: everything but GET, and but a `/composite` whose parts are all GET. */
  readonly writes: boolean;
  /** Of the answer that was sent; null while there is none, and for good when the connection was dropped. */
  status: number | null;
  /** The world's time at arrival, in milliseconds. */
  readonly at: number;
}

const SECRET = /^(sid|code|assertion|token|.*_token|.*secret|api_key|code_verifier)$/i;

/** Every request that reached the sandbox, oldest first. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  #parts: LoggedRequest[] = [];

  get all(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** What came as a part of another request (`/composite`), oldest first; none of it is in `all`. */
  get parts(): readonly LoggedRequest[] {
    return this.#parts;
  }

  /** Requests to one service, of one method if given, whose path and query show `path` if given. */
  of(service: Service, method?: string, path: RegExp = /^/): readonly LoggedRequest[] {
    return this.#entries.filter(
      (entry) =>
        entry.service === service && (method === undefined || entry.method === method) && entry.path.search(path) >= 0,
    );
  }

  /** Forgets everything so far. */
  reset(): void {
    this.#entries = [];
    this.#parts = [];
  }

  /** Writes down an arrival; the caller fills in the status. */
  async arrived(service: Service, request: Request, at: number): Promise<LoggedRequest> {
    const entry = entryOf(service, request, at, await mayWrite(request));
    this.#entries.push(entry);
    return entry;
  }

  /** The same for a part of a request. */
  within(service: Service, request: Request, at: number): LoggedRequest {
    const entry = entryOf(service, request, at, request.method !== 'GET');
    this.#parts.push(entry);
    return entry;
  }
}

async function mayWrite(request: Request): Promise<boolean> {
  if (!/\/composite$/.test(request.url)) return request.method !== 'GET';
  return /"method":"(?!GET")/.test(await request.clone().text());
}

function entryOf(service: Service, request: Request, at: number, writes: boolean): LoggedRequest {
  const url = new URL(request.url);
  for (const name of [...url.searchParams.keys()]) if (SECRET.test(name)) url.searchParams.set(name, 'hidden');
  return { service, method: request.method, path: url.pathname + url.search, writes, status: null, at };
}
