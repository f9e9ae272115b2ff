import { describe, expect, test } from 'vitest';
import { refusalOf, rowRefusalOf } from '../../src/salesforce/refusal.ts';
import { soqlString } from '../../src/salesforce/salesforce.ts';
import type { FailureKind } from '../../src/service/failure.ts';

/** As Salesforce answers (facts/salesforce.md section 2), with the status that others' fixtures have, where they disagree both. */
const CODES: readonly (readonly [string, number, FailureKind])[] = [
  ['REQUEST_LIMIT_EXCEEDED', 403, 'rate-limited'],
  ['API_CURRENTLY_DISABLED', 403, 'forbidden'],
  ['API_DISABLED_FOR_ORG', 403, 'forbidden'],
  ['API_DISABLED_FOR_ORG', 400, 'forbidden'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 400, 'forbidden'],
  ['INSUFFICIENT_ACCESS_OR_READONLY', 403, 'forbidden'],
  ['INVALID_FIELD_FOR_INSERT_UPDATE', 400, 'rejected'],
  ['INVALID_FIELD', 400, 'rejected'],
  ['INVALID_TYPE', 400, 'rejected'],
  ['NOT_FOUND', 404, 'not-found'],
  ['ENTITY_IS_DELETED', 404, 'not-found'],
  ['ENTITY_IS_DELETED', 400, 'not-found'],
  ['INVALID_CROSS_REFERENCE_KEY', 400, 'not-found'],
  ['MALFORMED_ID', 400, 'rejected'],
  ['UNABLE_TO_LOCK_ROW', 400, 'rejected'],
  ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 400, 'rejected'],
  ['CANNOT_UPDATE_CONVERTED_LEAD', 400, 'rejected'],
  ['ENTITY_IS_LOCKED', 400, 'rejected'],
  ['QUERY_TIMEOUT', 400, 'rejected'],
  ['SERVER_UNAVAILABLE', 503, 'unreachable'],
  ['UNKNOWN_EXCEPTION', 500, 'unreachable'],
  ['UNKNOWN_EXCEPTION', 400, 'unreachable'],
  ['TXN_SECURITY_METERING_ERROR', 403, 'forbidden'],
  ['TXN_SECURITY_NO_ACCESS', 400, 'forbidden'],
];

const reply = (status: number, body: unknown) => ({
  status,
  headers: new Headers(),
  text: typeof body === 'string' ? body : JSON.stringify(body),
  at: undefined,
});

describe('a refusal', () => {
  test.each(CODES)('%s with %i is %s', (errorCode, status, kind) => {
    const failure = refusalOf('GET /x', reply(status, [{ message: 'no', errorCode }]));
    expect(failure.detail).toMatchObject({ kind, code: errorCode, words: 'no', status });
  });

  test.each(CODES)('of a row, %s, is the same', (statusCode, _, kind) => {
    const failure = rowRefusalOf('PATCH /x', [{ statusCode, message: 'no', fields: [] }]);
    expect(failure.detail).toMatchObject({ kind, code: statusCode });
    expect(failure.detail.status).toBeUndefined();
  });

  test.each<[string, number, FailureKind]>([
    ['invalid_grant', 400, 'unauthorised'],
    ['invalid_client', 400, 'unauthorised'],
    ['invalid_client_id', 400, 'unauthorised'],
    ['inactive_user', 400, 'unauthorised'],
    ['rate_limit_exceeded', 400, 'rate-limited'],
    ['OAUTH_APP_BLOCKED', 400, 'forbidden'],
    ['redirect_uri_mismatch', 400, 'rejected'],
  ])('of a sign-in, %s, is %s %s', (error, status, kind) => {
    const failure = refusalOf('POST /x', reply(status, { error, error_description: 'no such thing' }));
    expect(failure.detail).toMatchObject({ kind, code: error, words: 'no such thing' });
  });

  test.each<[number, string, FailureKind]>([
    [420, '', 'rate-limited'],
    [429, '', 'rate-limited'],
    [502, '<html><title>Bad gateway</title></html>', 'unreachable'],
    [503, '<html><title>Maintenance</title></html>', 'unreachable'],
    [403, '<html></html>', 'forbidden'],
    [404, '', 'not-found'],
  ])('with %i and no code is told by that', (status, text, kind) => {
    expect(refusalOf('GET /x', reply(status, text)).kind).toBe(kind);
  });
});

test('a text in a query is that text, whatever is in it', () => {
  expect(soqlString("o'neil\\\n\r\t")).toBe("'o\\'neil\\\\\\n\\r\\t'");
});
