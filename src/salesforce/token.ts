import { isObject } from '../service/http.ts';
import { type Patience, persist } from '../service/retry.ts';
import { answerOf, type Line, malformed, type Outbound } from './line.ts';
import { longId } from './salesforce.ts';

/** What `/services/oauth2/token` gives. There is no expiry: only a 401 tells (facts/salesforce.md section 4). */
export interface Token {
  readonly accessToken: string;
  /** With rotation a new one each time: the old one is used up. Absent where the grant gives none. */
  readonly refreshToken?: string;
  /** Where the org says its API is. Not used as an address: the token goes to the configured org only. */
  readonly instanceUrl: string | undefined;
  /** 18-character ids out of the `id` URL, where the reply has one. */
  readonly organization: string | undefined;
  readonly user: string | undefined;
}

/**
 * Asks for a token with the fields of one grant. Rejects with a ServiceFailure of kind `unauthorised` and OAuth's own
 * code, such as `invalid_grant`, when the grant is refused.
 *
 * @param repeatable whether the grant may be used again after a lost reply: a code and a rotating refresh token may not,
 * since Salesforce revokes the whole family when a used one comes back.
 */
export function requestToken(
  line: Line,
  patience: Patience,
  grant: Readonly<Record<string, string>>,
  repeatable: boolean,
): Promise<Token> {
  const outbound: Outbound = {
    method: 'POST',
    path: '/services/oauth2/token',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(grant).toString(),
  };
  return persist(repeatable, patience, async () => {
    const token = tokenOf(answerOf(line, outbound, await line.send(outbound)));
    if (!token) throw malformed(`POST ${outbound.path}`, 'a reply without a token');
    return token;
  });
}

function tokenOf(body: unknown): Token | undefined {
  if (!isObject(body) || typeof body.access_token !== 'string' || body.access_token === '') return undefined;
  const [, organization, user] = /\/id\/(\w{15,18})\/(\w{15,18})$/.exec(String(body.id)) ?? [];
  return {
    accessToken: body.access_token,
    ...(typeof body.refresh_token === 'string' ? { refreshToken: body.refresh_token } : {}),
    instanceUrl: typeof body.instance_url === 'string' ? body.instance_url : undefined,
    organization: organization && longId(organization),
    user: user && longId(user),
  };
}
