import { ServiceFailure } from '../service/failure.ts';
import type { Fetch } from '../service/http.ts';
import type { Patience } from '../service/retry.ts';
import { answerOf, createLine, type LineOptions, type Outbound } from './line.ts';
import { refusalOf } from './refusal.ts';
import { requestToken, type Token } from './token.ts';

/** Sign-in of a public client by authorization code with PKCE S256: no secret (facts/salesforce.md section 4). */
export interface OAuth {
  /** Where to send the user. `silent` asks for nothing: it ends in `?error=` unless the user is signed in already. */
  authorizeUrl(request: { readonly state: string; readonly challenge: string; readonly silent?: boolean }): string;
  /** The code for a token. A code works once. */
  exchange(code: string, verifier: string): Promise<Token>;
  /** A new access token. With rotation the reply's refresh token replaces the old one, which must not be used again. */
  refresh(refreshToken: string): Promise<Token>;
}

export function createOAuth(
  options: Patience & {
    /** The org's origin. */
    readonly url: string;
    /** Consumer key of the customer's own External Client App. */
    readonly clientId: string;
    /** Exactly as registered with the app. */
    readonly redirectUri: string;
    readonly fetch: Fetch;
    /** For one request, in milliseconds. Default 30,000. */
    readonly timeoutMs?: number;
  },
): OAuth {
  const { url, clientId, redirectUri, fetch, timeoutMs = 30_000 } = options;
  const line = createLine({ url, fetch, timeoutMs, refusalOf });
  return {
    authorizeUrl({ state, challenge, silent = false }) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: clientId,
        redirect_uri: redirectUri,
        scope: 'api refresh_token',
        state,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...(silent ? { prompt: 'none' } : {}),
      });
      return `${url}/services/oauth2/authorize?${query}`;
    },
    exchange(code, verifier) {
      const grant = { grant_type: 'authorization_code', code, client_id: clientId, redirect_uri: redirectUri };
      return requestToken(line, options, { ...grant, code_verifier: verifier }, false);
    },
    refresh(refreshToken) {
      const grant = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId };
      return requestToken(line, options, grant, false);
    },
  };
}

/** Ends the grant: access and refresh token die. */
export async function revoke(options: Omit<LineOptions, 'refusalOf'>, token: string): Promise<void> {
  const line = createLine({ ...options, refusalOf });
  const outbound: Outbound = {
    method: 'POST',
    path: '/services/oauth2/revoke',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ token }).toString(),
  };
  const reply = await line.send(outbound);
  if (reply.status >= 300) answerOf(line, outbound, reply);
}

/** A PKCE verifier or a state: 43 characters out of 32 random bytes. */
export function secretOf(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

/** The S256 challenge of a verifier (RFC 7636). */
export async function challengeOf(verifier: string): Promise<string> {
  return secretOf(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))));
}

/**
 * The code out of the URL that the flow ended at. Throws a ServiceFailure when the user or the org refused, or when the
 * state is not the one that was sent: the answer would be to somebody else's question.
 */
export function codeOf(redirected: string, state: string): string {
  const query = new URL(redirected).searchParams;
  const call = 'GET /services/oauth2/authorize';
  const error = query.get('error');
  if (query.get('state') !== state && error === null) {
    throw new ServiceFailure({
      service: 'salesforce',
      kind: 'rejected',
      call,
      words: 'the answer is to another sign-in',
    });
  }
  const code = query.get('code');
  if (error === null && code) return code;
  throw new ServiceFailure({
    service: 'salesforce',
    kind: 'unauthorised',
    call,
    words: query.get('error_description') ?? 'no code came back',
    ...(error === null ? {} : { code: error }),
  });
}
