import { ServiceFailure, type ServiceName } from '../../service/failure.ts';
import type { Problem } from '../messages.ts';

/** A problem with the wait that the service asked for, in seconds. */
export interface Problematic extends Omit<Problem, 'retryAt'> {
  readonly retryAfter?: number | undefined;
}

/** Something is missing that an admin or the rep has to give: a setting, or access to the service's host. */
export class NotConfigured extends Error {
  readonly service: ServiceName;
  readonly kind: Problem['kind'];

  constructor(service: ServiceName, words: string, kind: 'not-configured' | 'withdrawn' = 'not-configured') {
    super(words);
    this.service = service;
    this.kind = kind;
    this.name = 'NotConfigured';
  }
}

/** What went wrong, in the service's own words. An error of our own making carries no words to the page. */
export function problemOf(cause: unknown): Problematic {
  if (cause instanceof ServiceFailure)
    return {
      service: cause.detail.service,
      kind: cause.kind,
      words: cause.detail.words,
      retryAfter: cause.detail.retryAfter,
      ...(cause.detail.code && { code: cause.detail.code }),
    };
  if (cause instanceof NotConfigured) return { service: cause.service, kind: cause.kind, words: cause.message };
  return { service: 'optbridge', kind: 'malformed', words: 'OptBridge met an error of its own' };
}
