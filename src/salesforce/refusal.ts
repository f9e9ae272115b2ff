import { type FailureKind, ServiceFailure } from '../service/failure.ts';
import { gist } from '../service/gist.ts';
import { isObject, parsed, type Reply, retryAfterOf } from '../service/http.ts';
import { BARRED, isExpired } from './expired.ts';

/**
 * The failure that a reply with an error status stands for: an array of `{message, errorCode, fields}`, OAuth's
 * `{error, error_description}`, a web page, a word or nothing (facts/salesforce.md section 2).
 */
export function refusalOf(call: string, reply: Reply): ServiceFailure {
  const body = parsed(reply.text);
  const first: unknown = Array.isArray(body) ? body[0] : body;
  const told = isObject(first) ? first : {};
  const code = [told.errorCode, told.statusCode, told.error].find((value) => typeof value === 'string');
  const said = (Array.isArray(body) ? body : [told])
    .filter(isObject)
    .map(messageOf)
    .filter((words) => words !== '');
  const retryAfter = retryAfterOf(reply);
  const words = said.length > 0 ? said.join('; ') : gist(reply);
  return new ServiceFailure({
    service: 'salesforce',
    kind: isExpired(reply) ? 'unauthorised' : kindOf(typeof code === 'string' ? code : '', words, reply.status),
    call,
    words,
    status: reply.status,
    ...(typeof code === 'string' ? { code } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/** The failure of one row of a collection, whose code is called `statusCode` and not `errorCode`. */
export function rowRefusalOf(call: string, errors: unknown): ServiceFailure {
  const all = Array.isArray(errors) ? errors.filter(isObject) : [];
  const code = all.map((error) => error.statusCode ?? error.errorCode).find((value) => typeof value === 'string');
  const words = all.map(messageOf).join('; ') || 'refused without a reason';
  return new ServiceFailure({
    service: 'salesforce',
    kind: kindOf(typeof code === 'string' ? code : '', words, 400),
    call,
    words,
    ...(typeof code === 'string' ? { code } : {}),
  });
}

function messageOf(error: Readonly<Record<string, unknown>>): string {
  const words = error.message ?? error.error_description ?? error.error;
  return typeof words === 'string' ? words.trim() : '';
}

/** By code first: other projects' fixtures disagree about the status that goes with a code (facts section 2). */
function kindOf(code: string, words: string, status: number): FailureKind {
  if (code === 'INVALID_SESSION_ID') return BARRED.test(words) ? 'forbidden' : 'unauthorised';
  if (/^(invalid_grant|invalid_client|invalid_client_id|unauthorized_client|inactive_\w+)$/.test(code))
    return 'unauthorised';
  if (code === 'REQUEST_LIMIT_EXCEEDED' || code === 'rate_limit_exceeded') return 'rate-limited';
  if (/^(API_(CURRENTLY_)?DISABLED|INSUFFICIENT_ACCESS|TXN_SECURITY_|OAUTH_)/.test(code)) return 'forbidden';
  if (/^(NOT_FOUND|ENTITY_IS_DELETED|INVALID_CROSS_REFERENCE_KEY)$/.test(code)) return 'not-found';
  if (/^(SERVER_UNAVAILABLE|UNKNOWN_EXCEPTION)$/.test(code)) return 'unreachable';
  if (status >= 500) return 'unreachable';
  if (status === 420 || status === 429) return 'rate-limited';
  // A 401 that a new token would mend is none of these (expired.ts).
  if (status === 401 || status === 403) return 'forbidden';
  return status === 404 && code === '' ? 'not-found' : 'rejected';
}
