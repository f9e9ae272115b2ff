import { type FailureKind, ServiceFailure } from '../service/failure.ts';
import { gist } from '../service/gist.ts';
import { isObject, parsed, type Reply, retryAfterOf } from '../service/http.ts';

/** The failure that a reply with an error status stands for (shapes: facts/activecampaign.md section 10). */
export function refusalOf(call: string, reply: Reply): ServiceFailure {
  const { words, code } = sayingOf(parsed(reply.text));
  const retryAfter = retryAfterOf(reply);
  return new ServiceFailure({
    service: 'activecampaign',
    kind: kindOf(call, reply.status, words ?? ''),
    call,
    words: words ?? gist(reply),
    status: reply.status,
    ...(code === undefined ? {} : { code }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

/**
 * A missing or wrong key is said to get 403, not 401, and so does a key without a right; only on `/users/me`, which
 * every key may read, is a 403 sure to mean the key (facts section 1). 402 is an account that is suspended or unpaid.
 */
function kindOf(call: string, status: number, words: string): FailureKind {
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'unreachable';
  if (status === 401 || (status === 403 && call.endsWith('/users/me'))) return 'unauthorised';
  if (status === 404 || /^No result found/i.test(words)) return 'not-found';
  if (status === 402 || status === 403) return 'forbidden';
  return 'rejected';
}

function sayingOf(body: unknown): { words?: string; code?: string } {
  if (!isObject(body)) return {};
  const errors = Array.isArray(body.errors) ? body.errors.filter(isObject) : [];
  const code = errors.map((error) => error.code).find((value) => typeof value === 'string' && value !== '');
  const words = [
    body.message,
    typeof body.errors === 'string' ? body.errors : undefined,
    ...(Array.isArray(body.errors) ? body.errors.map(sentenceOf) : []),
    ...(Array.isArray(body.failureReasons) ? body.failureReasons.map(sentenceOf) : []),
    body.error,
  ].filter((value) => typeof value === 'string' && value.trim() !== '');
  return {
    ...(words.length > 0 ? { words: words.join('; ').slice(0, 500) } : {}),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** `Missing attribute: why (/data/attributes/x)` out of one of the errors. */
function sentenceOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!isObject(error)) return '';
  const source = isObject(error.source) ? error.source : {};
  const place = [source.pointer, source.parameter, source.value].find((value) => typeof value === 'string');
  const told = [error.title, error.detail, error.failureReason, error.message]
    .filter((value) => typeof value === 'string' && value !== '')
    .join(': ');
  return typeof place === 'string' ? `${told} (${place})` : told;
}
