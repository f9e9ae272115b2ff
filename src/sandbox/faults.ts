/** The two emulated services. */
export type Service = 'salesforce' | 'activecampaign';

/** Which requests a fault meets. */
export interface FaultRoute {
  readonly service: Service;
  /** `GET`, `PATCH`, …; any unless given. */
  readonly method?: string;
  /** Looked for in path and query, such as `/api/3/contacts?limit=100`; any unless given. */
  readonly path?: RegExp;
  /** How many requests it meets before it is spent; all unless given. */
  readonly times?: number;
  /** How many fitting requests it lets pass first. */
  readonly skip?: number;
}

/**
 * What goes wrong. `when` says on which side of the service's work, `before` unless given: `after` means that the write
 * is done and only its answer is lost.
 * - `status` answers with this status, body (JSON unless a string) and headers.
 * - `delay` waits so many seconds of real time, then goes on.
 * - `hold` keeps the answer back until so many seconds of real time after the request came: the service's own time is in
 *   them, whatever `when` says.
 * - `drop` breaks the connection without an answer.
 * - `cut` sends the first half of the service's answer under its own status.
 * - `run` calls a function and goes on: for a test that changes the world between two requests.
 */
export type FaultKind =
  | {
      readonly kind: 'status';
      readonly when?: 'before' | 'after';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'delay' | 'hold'; readonly when?: 'before' | 'after'; readonly seconds: number }
  | { readonly kind: 'drop'; readonly when?: 'before' | 'after' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'run'; readonly when?: 'before' | 'after'; readonly run: () => void | Promise<void> };

export type Fault = FaultRoute & FaultKind;

/** A fault that was switched on. */
export interface FaultHandle {
  /** How many requests it met so far. */
  readonly hits: number;
  off(): void;
}

/** The connection breaks; whoever listens destroys the socket. */
export class Dropped extends Error {
  constructor() {
    super('the connection was dropped by a fault');
  }
}

/** One that is switched on, with its counters. */
class ActiveFault implements FaultHandle {
  readonly fault: Fault;
  hits = 0;
  #toSkip: number;
  #on = true;

  constructor(fault: Fault) {
    this.fault = fault;
    this.#toSkip = fault.skip ?? 0;
  }

  off(): void {
    this.#on = false;
  }

  /** Whether this request is met; counts it when it is. */
  meets(service: Service, method: string, path: string): boolean {
    const { fault } = this;
    if (!this.#on || this.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) return false;
    if (fault.service !== service || (fault.method ?? method).toUpperCase() !== method) return false;
    if (fault.path && path.search(fault.path) < 0) return false;
    if (this.#toSkip-- > 0) return false;
    this.hits++;
    return true;
  }
}

/** The faults of a sandbox. Several may meet one request: delays and runs go on to the next, the others end it. */
export class Faults {
  #active: ActiveFault[] = [];

  /** Switches a fault on. */
  add(fault: Fault): FaultHandle {
    const active = new ActiveFault(fault);
    this.#active.push(active);
    return active;
  }

  /** Switches all faults off. */
  clear(): void {
    for (const active of this.#active) active.off();
    this.#active = [];
  }

  /**
   * Carries a request to the service through the faults that meet it.
   * @throws Dropped when the connection shall break
   */
  async carry(service: Service, request: Request, serve: (request: Request) => Promise<Response>): Promise<Response> {
    const came = performance.now();
    const url = new URL(request.url);
    const met = this.#active
      .filter((active) => active.meets(service, request.method, url.pathname + url.search))
      .map(({ fault }) => fault);
    const isLate = (fault: Fault) => fault.kind === 'hold' || (fault.kind !== 'cut' && fault.when === 'after');
    const early = await apply(
      met.filter((fault) => !isLate(fault)),
      came,
    );
    if (early) return early;
    const answer = await serve(request);
    const late = await apply(met.filter(isLate), came);
    if (late) return late;
    return met.some(({ kind }) => kind === 'cut') ? cut(answer) : answer;
  }
}

/** @param came when the request did, on the clock of `performance` */
async function apply(faults: readonly Fault[], came: number): Promise<Response | undefined> {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref());
  for (const fault of faults) {
    if (fault.kind === 'delay') await wait(fault.seconds * 1000);
    if (fault.kind === 'hold') await wait(Math.max(0, came + fault.seconds * 1000 - performance.now()));
    if (fault.kind === 'run') await fault.run();
    if (fault.kind === 'drop') throw new Dropped();
    if (fault.kind === 'status') {
      const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
      const bodiless = fault.status === 204 || fault.status === 304;
      const headers = { 'Content-Type': 'application/json', ...fault.headers };
      return new Response(bodiless ? null : body, { status: fault.status, headers });
    }
  }
  return undefined;
}

async function cut(answer: Response): Promise<Response> {
  if (answer.body === null) return answer;
  const text = await answer.text();
  const headers = new Headers(answer.headers);
  headers.delete('Content-Length');
  return new Response(text.slice(0, Math.floor(text.length / 2)), { status: answer.status, headers });
}
