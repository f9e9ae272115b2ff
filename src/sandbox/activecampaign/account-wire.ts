import { type Linker, linksOf, type Wire } from './contact-wire.ts';
import type { ListRow, TagRow, UserRow } from './rows.ts';
import { stamp, wallStamp } from './stamps.ts';

const USER_LINKS = [
  'lists',
  'userGroup',
  'dealGroupTotals',
  'dealGroupUsers',
  'configs',
  'dealConnection',
  'userConversationsPermission',
  'seatUser',
] as const;

/** The user whose key a request carries, with the keys of 2026. */
export function userWire(row: UserRow, linker: Linker): Wire {
  return {
    username: row.username,
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    phone: '',
    signature: '',
    lang: 'english',
    localZoneid: 'America/Chicago',
    mfaEnabled: '0',
    roles: [],
    links: linksOf(linker, `users/${row.id}`, USER_LINKS),
    id: row.id,
  };
}

/** A list with its counts, which are counted when asked. */
export function listWire(row: ListRow, linker: Linker): Wire {
  let active = 0;
  for (const membership of row.members.values()) if (membership.status === 1) active++;
  return {
    stringid: row.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    userid: '1',
    name: row.name,
    cdate: stamp(row.createdAt),
    p_use_tracking: '1',
    p_use_analytics_read: '0',
    p_use_analytics_link: '0',
    p_use_twitter: '0',
    p_use_facebook: '0',
    p_embed_image: '1',
    p_use_captcha: '1',
    send_last_broadcast: '0',
    private: '0',
    analytics_domains: null,
    analytics_source: '',
    analytics_ua: '',
    twitter_token: '',
    twitter_token_secret: '',
    facebook_session: null,
    carboncopy: null,
    subscription_notify: null,
    unsubscription_notify: null,
    require_name: '0',
    get_unsubscribe_reason: '0',
    to_name: 'Subscriber',
    optinoptout: '1',
    sender_name: '',
    sender_addr1: '',
    sender_addr2: '',
    sender_city: '',
    sender_state: '',
    sender_zip: '',
    sender_country: '',
    sender_phone: '',
    sender_url: 'https://acme.example.com',
    sender_reminder: 'You signed up on our website.',
    fulladdress: null,
    optinmessageid: '0',
    optoutconf: '0',
    deletestamp: null,
    udate: null,
    created_timestamp: wallStamp(row.createdAt),
    updated_timestamp: wallStamp(row.createdAt),
    created_by: null,
    updated_by: null,
    channel: row.channel,
    description: '',
    active_subscribers: String(active),
    non_deleted_subscribers: String(row.members.size),
    links: linksOf(linker, `lists/${row.id}`, ['contactGoalLists', 'user', 'addressLists']),
    id: row.id,
    user: '1',
  };
}

export function tagWire(row: TagRow, linker: Linker): Wire {
  return {
    tagType: 'contact',
    tag: row.name,
    description: row.description,
    subscriber_count: String(row.carriers),
    cdate: stamp(row.createdAt),
    created_timestamp: wallStamp(row.createdAt),
    updated_timestamp: wallStamp(row.createdAt),
    created_by: null,
    updated_by: null,
    deleted: '0',
    links: linksOf(linker, `tags/${row.id}`, ['contactGoalTags']),
    id: row.id,
  };
}
