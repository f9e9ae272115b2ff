import { asSalesforceError, SalesforceError } from '../errors.ts';

/** The refusal of one row among many: there, an unknown id is a bad reference and not a missing resource. */
export function rowRefusal(error: unknown): SalesforceError {
  const refusal = asSalesforceError(error);
  if (refusal.code !== 'NOT_FOUND') return refusal;
  return new SalesforceError(400, 'INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
}
