/** Why a run would rather not. */
export type RefusalKind =
  | 'sign-in'
  | 'field-hidden'
  | 'field-read-only'
  | 'lists'
  | 'changed'
  | 'emptied'
  | 'opt-out-cap'
  | 'opt-in-cap'
  | 'plan-moved';

/** A prerequisite is missing or a limit is exceeded: nothing was written, and the message names the remedy. */
export class Refused extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
