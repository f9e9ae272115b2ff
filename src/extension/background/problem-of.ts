import { ServiceFailure } from '../../service/failure.ts';
import type { Problem } from '../messages.ts';
import { NotConfigured, OwnFailure } from './problem.ts';

/** A problem with the wait that the service asked for, in seconds. */
export interface Problematic extends Omit<Problem, 'retryAt'> {
  readonly retryAfter?: number | undefined;
}

/** What went wrong, in the service's own words where it has some. An error of our own making carries none to the page. */
export function problemOf(cause: unknown): Problematic {
  if (cause instanceof OwnFailure) {
    const { service, kind, words: of } = cause.detail;
    return { service, kind, words: '', own: cause.own, of };
  }
  if (cause instanceof ServiceFailure) {
    const { service, kind, words, code, status, retryAfter } = cause.detail;
    const said = code !== undefined || status !== undefined;
    return {
      service,
      kind,
      // What our clients say of an answer that they cannot use is for a log, not for the reader.
      words: said && kind !== 'malformed' ? words.replace(/^HTTP (\d+) and (a web page|nothing else)/, 'HTTP $1') : '',
      retryAfter,
      ...(code && { code }),
      ...(!said && kind === 'rejected' && { own: 'odd' }),
    };
  }
  if (cause instanceof NotConfigured) {
    const { service, kind, own, of } = cause;
    return { service, kind, words: '', ...(own && { own }), ...(of && { of }) };
  }
  return { service: 'optbridge', kind: 'malformed', words: '', own: 'error' };
}
