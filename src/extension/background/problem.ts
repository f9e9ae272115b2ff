import { type FailureKind, ServiceFailure, type ServiceName } from '../../service/failure.ts';
import type { Own } from '../messages.ts';

/** What is missing that an admin or the rep has to give. */
type Missing = 'not-configured' | 'withdrawn' | 'other-org' | 'other-account';

/** Something is missing that an admin or the rep has to give: a setting, a sign-in, or access to the service's host. */
export class NotConfigured extends Error {
  readonly service: ServiceName;
  readonly kind: Missing;
  readonly own: Own | undefined;
  /** What `own` is about. */
  readonly of: string | undefined;

  constructor(service: ServiceName, own?: Own, kind: Missing = 'not-configured', of?: string) {
    super(`${service}: ${own ?? kind}`);
    this.service = service;
    this.own = own;
    this.of = of;
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
