import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { ServiceFailure } from '../service/failure.ts';
import { isLoopback } from '../service/origin.ts';
import type { Patience } from '../service/retry.ts';
import type { Line } from './line.ts';
import { requestToken, type Token } from './token.ts';

/** How the companion signs in (facts/salesforce.md section 4). Node only. */
export type Auth =
  /** The app's Run As user. */
  | { readonly kind: 'client-credentials'; readonly clientId: string; readonly clientSecret: string }
  /** A pre-authorised user, by a key pair whose certificate the app holds. */
  | { readonly kind: 'jwt'; readonly clientId: string; readonly username: string; readonly privateKey: string }
  /** A token from elsewhere. It cannot be renewed. */
  | { readonly kind: 'access-token'; readonly accessToken: string };

/** Salesforce takes assertions that expire within 5 minutes; 3 leave room for a clock that is off. */
const ASSERTION_SECONDS = 180;

/**
 * Something that signs in anew each time it is called. Throws an Error at once when the private key cannot be read.
 */
export function createSignIn(
  line: Line,
  auth: Auth,
  options: Patience & { readonly now: () => number },
): () => Promise<Token> {
  if (auth.kind === 'access-token') {
    const token = { accessToken: auth.accessToken, instanceUrl: undefined, organization: undefined, user: undefined };
    return async () => token;
  }
  if (auth.kind === 'client-credentials') {
    const grant = { grant_type: 'client_credentials', client_id: auth.clientId, client_secret: auth.clientSecret };
    return () => requestToken(line, options, grant, true);
  }
  const key = privateKeyOf(auth.privateKey);
  let audiences = audiencesOf(line.url);
  return async () => {
    for (const [index, audience] of audiences.entries()) {
      try {
        const issued = Math.floor(options.now() / 1000);
        const assertion = await new SignJWT()
          .setProtectedHeader({ alg: 'RS256' })
          .setIssuer(auth.clientId)
          .setSubject(auth.username)
          .setAudience(audience)
          .setExpirationTime(issued + ASSERTION_SECONDS)
          .sign(key);
        const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
        const token = await requestToken(line, options, grant, true);
        audiences = [audience];
        return token;
      } catch (error) {
        const other = index + 1 < audiences.length && error instanceof ServiceFailure;
        if (!other || error.detail.code !== 'invalid_grant') throw error;
      }
    }
    throw new Error('no audience to sign in with');
  };
}

/**
 * What the assertion may be meant for, in the order of trying: the login host, then the org itself. Which one an org
 * takes is not certain (facts section 4), and a wrong one is refused with `invalid_grant`.
 */
function audiencesOf(url: string): readonly string[] {
  const { hostname } = new URL(url);
  if (isLoopback(hostname) || !hostname.endsWith('.my.salesforce.com')) return [url];
  const sandbox = hostname.endsWith('.sandbox.my.salesforce.com');
  return [sandbox ? 'https://test.salesforce.com' : 'https://login.salesforce.com', url];
}

function privateKeyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    // Salesforce takes assertions that are signed so, and no others.
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Said below.
  }
  throw new Error('salesforce.auth: the private key cannot be read. Give an RSA key in PEM form without a password.');
}
