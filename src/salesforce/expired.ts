import type { Reply } from '../service/http.ts';

/** What a 401 says that a new token does not mend: the token lacks a scope, or API Access Control bars it. */
export const BARRED = /This session is not valid for use with the REST API|Connected app is not attached to Agent/;

/**
 * Whether a reply says that the access token has expired, so that a new one may help. `/services/oauth2/userinfo` says
 * so in plain text with 403.
 */
export function isExpired(reply: Reply): boolean {
  if (reply.status === 403) return reply.text.trim() === 'Bad_OAuth_Token';
  return reply.status === 401 && !BARRED.test(reply.text);
}
