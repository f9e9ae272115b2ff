import { type FailureKind, ServiceFailure, type ServiceName } from '../../service/failure.ts';
import type { Own, Problem } from '../messages.ts';

/** A problem with the wait that the service asked for, in seconds. */
export interface Problematic extends Omit<Problem, 'retryAt'> {
  readonly retryAfter?: number | undefined;
}

/** What is missing that an admin or the rep has to give. */
type Missing = 'not-configured' | 'withdrawn' | 'other-org' | 'other-account';

/** Something is missing that an admin or the rep has to give: a setting, a sign-in, or access to the service's host. */
export class NotConfigured extends Error {
  readonly service: ServiceName;
  readonly kind: Missing;
  readonly own: Own | undefined;

  constructor(service: ServiceName, own?: Own, kind: Missing = 'not-configured') {
    super(`${service}: ${own ?? kind}`);
    this.service = service;
    this.own = own;
    this.kind = kind;
    this.name = 'NotConfigured';
  }
}

/** A failure that the service did not put into words: OptBridge has a text for it (`Problem.own`). */
export class OwnFailure extends ServiceFailure {
  readonly own: Own;

  constructor(service: ServiceName, kind: FailureKind, own: Own, of = '') {
    super({ service, kind, call: own, words: of });
    this.own = own;
  }
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
    const { service, kind, own } = cause;
    return { service, kind, words: '', ...(own && { own }) };
  }
  return { service: 'optbridge', kind: 'malformed', words: '', own: 'error' };
}
