import type { Org } from '../org.ts';
import type { Wire } from '../soql/wire.ts';

/** The reply of `/services/oauth2/userinfo`. */
export function userinfoWire(org: Org, userId: string, origin: string): Wire {
  const user = org.get('User', userId);
  return {
    sub: `${origin}/id/${org.id}/${userId}`,
    user_id: userId,
    organization_id: org.id,
    preferred_username: user?.Username,
    nickname: user?.FirstName,
    name: user?.Name,
    email: user?.Email,
    email_verified: true,
    given_name: user?.FirstName,
    family_name: user?.LastName,
    zoneinfo: user?.TimeZoneSidKey,
    photos: {},
    profile: `${origin}/${userId}`,
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: -28_800_000,
    urls: urlsOf(org, origin),
  };
}

/** The reply of the identity URL, `/id/<org>/<user>`. */
export function identityWire(org: Org, userId: string, origin: string): Wire {
  const user = org.get('User', userId);
  return {
    id: `${origin}/id/${org.id}/${userId}`,
    asserted_user: true,
    user_id: userId,
    organization_id: org.id,
    username: user?.Username,
    nick_name: user?.FirstName,
    display_name: user?.Name,
    email: user?.Email,
    email_verified: true,
    first_name: user?.FirstName,
    last_name: user?.LastName,
    timezone: user?.TimeZoneSidKey,
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: -28_800_000,
    urls: urlsOf(org, origin),
  };
}

function urlsOf(org: Org, origin: string): Wire {
  const data = `${origin}/services/data/v{version}`;
  return {
    rest: `${data}/`,
    sobjects: `${data}/sobjects/`,
    query: `${data}/query/`,
    custom_domain: origin,
    profile: `${origin}/{userId}`,
    organization: org.id,
  };
}
