import { createPublicKey } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Org } from '../org.ts';
import { OAuthError } from './grants.ts';

const LOGIN_HOSTS = ['https://login.salesforce.com', 'https://test.salesforce.com'];

/**
 * The user of a JWT bearer assertion: RS256 by the app's registered key, `iss` the consumer key, `sub` a username,
 * `aud` a login host or this org, `exp` at most five minutes away; the user must be approved beforehand.
 */
export async function jwtUser(
  org: Org,
  assertion: string,
  origin: string,
): Promise<{ user: string; clientId: string }> {
  let issuer: string | undefined;
  try {
    issuer = decodeJwt(assertion).iss;
  } catch {
    throw new OAuthError('invalid_grant', 'invalid assertion');
  }
  const app = org.grants.apps.get(issuer ?? '');
  if (app === undefined) throw new OAuthError('invalid_client_id', 'client identifier invalid');
  if (app.certificate === undefined) throw new OAuthError('invalid_grant', 'invalid assertion');
  const { sub, exp } = await verified(org, assertion, app.certificate, origin);
  const now = org.clock() / 1000;
  // Salesforce allows three minutes of skew on top of the five.
  if (exp === undefined || exp > now + 8 * 60) throw new OAuthError('invalid_grant', 'invalid assertion');
  const user = org.userNamed(String(sub ?? ''));
  if (user === undefined) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  const allowed =
    app.preauthorised === 'all' || app.preauthorised?.includes(user) || org.grants.isApproved(user, app.clientId);
  if (!allowed) throw new OAuthError('invalid_grant', "user hasn't approved this consumer");
  return { user, clientId: app.clientId };
}

async function verified(org: Org, assertion: string, key: string, origin: string) {
  try {
    const { payload } = await jwtVerify(assertion, createPublicKey(key), {
      algorithms: ['RS256'],
      audience: [...LOGIN_HOSTS, origin],
      currentDate: new Date(org.clock()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'aud') {
      throw new OAuthError('invalid_grant', 'Audience validation failed');
    }
    if (error instanceof errors.JWTExpired) throw new OAuthError('invalid_grant', 'expired authorization code');
    throw new OAuthError('invalid_grant', 'invalid assertion');
  }
}
