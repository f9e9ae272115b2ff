/** What a caller can do about a failed call: sign in, ask an admin, go on without, wait, mend the data, try again. */
export type FailureKind =
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  | 'rejected'
  | 'unreachable'
  | 'malformed';

export type ServiceName = 'salesforce' | 'activecampaign';

/** Everything known about a failed call. Carries no header, no body sent, no secret. */
export interface FailureDetail {
  readonly service: ServiceName;
  readonly kind: FailureKind;
  /** Method and path, without host, query string or credentials. */
  readonly call: string;
  /** The service's own words, or what went wrong on the way. */
  readonly words: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The service's error code, such as `UNABLE_TO_LOCK_ROW` or `duplicate`. */
  readonly code?: string;
  /** Seconds the service asks to wait. */
  readonly retryAfter?: number;
}

/** A call to Salesforce or ActiveCampaign that did not do what was asked. */
export class ServiceFailure extends Error {
  readonly detail: FailureDetail;

  constructor(detail: FailureDetail) {
    super(`${detail.call}: ${detail.words}${detail.code ? ` (${detail.code})` : ''}`);
    this.name = 'ServiceFailure';
    this.detail = detail;
  }

  get kind(): FailureKind {
    return this.detail.kind;
  }

  /** ActiveCampaign's account is suspended or unpaid: no other key and no right would do (facts section 10). */
  get unpaid(): boolean {
    return this.detail.service === 'activecampaign' && this.detail.status === 402;
  }
}
