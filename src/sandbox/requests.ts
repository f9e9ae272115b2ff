import type { Service } from './faults.ts';

/** What is kept of a request: no header, no body. */
export interface LoggedRequest {
  readonly service: Service;
  readonly method: string;
  /** Path and query; values that are secret by name are replaced. */
  readonly path: string;
  /** Of the answer that was sent; null while there is none, and for good when the connection was dropped. */
  status: number | null;
  /** The world's time at arrival, in milliseconds. */
  readonly at: number;
}

const SECRET = /^(sid|code|assertion|token|.*_token|.*secret|api_key|code_verifier)$/i;

/** Every request that reached the sandbox, oldest first. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  get all(): readonly LoggedRequest[] {
    return this.#entries;
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
  }

  /** Writes down an arrival; the caller fills in the status. */
  arrived(service: Service, request: Request, at: number): LoggedRequest {
    const url = new URL(request.url);
    for (const name of [...url.searchParams.keys()]) if (SECRET.test(name)) url.searchParams.set(name, 'hidden');
    const entry = { service, method: request.method, path: url.pathname + url.search, status: null, at };
    this.#entries.push(entry);
    return entry;
  }
}
