/**
 * Something the org refuses, in Salesforce's own words (facts/salesforce.md section 2). `status` is the HTTP status of
 * a call that fails as a whole; in a collection or a Bulk job only code, message and fields are shown.
 */
export class SalesforceError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[];

  constructor(status: number, code: string, message: string, fields: readonly string[] = []) {
    super(message);
    this.name = 'SalesforceError';
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** Nothing at this address, or nothing this user may see. */
export const notFound = (): SalesforceError =>
  new SalesforceError(404, 'NOT_FOUND', 'The requested resource does not exist');

export const entityIsDeleted = (): SalesforceError =>
  new SalesforceError(404, 'ENTITY_IS_DELETED', 'entity is deleted');

export const malformedId = (type: string, id: string): SalesforceError =>
  new SalesforceError(400, 'MALFORMED_ID', `${type} ID: id value of incorrect type: ${id}`, ['Id']);

export const lockedRow = (id: string): SalesforceError =>
  new SalesforceError(
    400,
    'UNABLE_TO_LOCK_ROW',
    `unable to obtain exclusive access to this record or 1 records: ${id}`,
  );

export const convertedLead = (): SalesforceError =>
  new SalesforceError(400, 'CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');

export const insufficientAccess = (): SalesforceError =>
  new SalesforceError(403, 'INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');

/** A field that the user may not write, or nobody may. */
export const notWritable = (fields: readonly string[]): SalesforceError =>
  new SalesforceError(
    400,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and ` +
      'verify that it is read/write for your profile or permission set.',
    fields,
  );

/** A write that names a field which does not exist, or not for this user. */
export const noSuchColumn = (type: string, field: string): SalesforceError =>
  new SalesforceError(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${type}`);

export const sessionExpired = (): SalesforceError =>
  new SalesforceError(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

/** A token without the `api` scope: no refresh can mend this. */
export const sessionNotForApi = (): SalesforceError =>
  new SalesforceError(401, 'INVALID_SESSION_ID', 'This session is not valid for use with the REST API');

export const limitExceeded = (): SalesforceError =>
  new SalesforceError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');

/** Words and code as in kevinohara80/nforce#74. */
export const unsupportedMediaType = (label: string): SalesforceError =>
  new SalesforceError(415, 'UNSUPPORTED_MEDIA_TYPE', `MediaType of '${label}' is not supported by this resource`);

/** Words and code as in omniphx/forrest#191. HEAD goes wherever GET does. */
export const methodNotAllowed = (method: string, allowed: readonly string[]): SalesforceError =>
  new SalesforceError(
    405,
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${method}' not allowed. Allowed are ${allowed.flatMap((m) => (m === 'GET' ? ['HEAD', m] : [m])).join(',')}`,
  );

export const malformedJson = (words: string): SalesforceError => new SalesforceError(400, 'JSON_PARSER_ERROR', words);

/** What the code would say if it were not foreseen: the sandbox's own bug shows as Salesforce's 500. */
export function asSalesforceError(error: unknown): SalesforceError {
  if (error instanceof SalesforceError) return error;
  const words = error instanceof Error ? error.message : String(error);
  return new SalesforceError(500, 'UNKNOWN_EXCEPTION', `An unexpected error occurred: ${words}`);
}
