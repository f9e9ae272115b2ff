import { ServiceFailure, type ServiceName } from '../service/failure.ts';
import { callOf, type Fetch } from '../service/http.ts';

/** A service that has not answered yet may well be none. */
const FIRST_SECONDS = 15;
/** One that has may have to count a million records. */
const LATER_SECONDS = { salesforce: 60, activecampaign: 25 } as const;
/** In milliseconds. Not none at all: who waits for a clock would ask it without end. */
const SHORT = 20;

/** How requests to one service are sent, and how it is waited before another. */
export interface Way {
  readonly fetch: Fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

/** How much patience there is on the way to a service. */
export type Manner = (service: ServiceName, way: Way) => Way;

/** The clients' own: what nobody waits for is tried again for minutes. */
export const patient: Manner = (_, way) => way;

/**
 * For a command that somebody waits for. A night asks patiently and again; here a service that let one request go
 * unanswered is asked nothing more: every further question fails at once, in the same words.
 */
export const impatient: Manner = (service, way) => limited(service, way, LATER_SECONDS[service]);

/** For a long reading: whether the service is there at all is found out soon, and later one slow answer does not end it. */
export const impatientAtFirst: Manner = (service, way) => limited(service, way, null);

/** @param later seconds for an answer once there has been one; null: as long as the client waits */
function limited(service: ServiceName, { fetch, sleep }: Way, later: number | null): Way {
  let seconds: number | null = FIRST_SECONDS;
  let silent = false;
  return {
    fetch: async (url, init) => {
      if (seconds === null) return fetch(url, init);
      const call = callOf({ method: init.method ?? 'GET', url });
      const words = `no answer within ${seconds} seconds`;
      const unanswered = () => new ServiceFailure({ service, kind: 'unreachable', call, words });
      if (silent) throw unanswered();
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), seconds * 1000);
      const signal = init.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
      try {
        const { status, type, headers, text } = await fetch(url, { ...init, signal });
        const whole = await text();
        seconds = later;
        return { status, type, headers, text: async () => whole };
      } catch (error) {
        silent ||= signal.aborted;
        throw signal.aborted ? unanswered() : error;
      } finally {
        clearTimeout(timer);
      }
    },
    // There is nothing to wait for.
    sleep: (ms) => sleep(silent ? Math.min(ms, SHORT) : ms),
  };
}
