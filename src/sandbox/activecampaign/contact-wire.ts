import { createHash } from 'node:crypto';
import type { BounceRow, ContactRow, ContactTagRow, FieldValueRow, MembershipRow } from './rows.ts';
import { stamp, wallStamp } from './stamps.ts';

/** A value as JSON shows it. */
export type Wire = { readonly [key: string]: unknown };

/** Where the links of a reply point to. */
export interface Linker {
  /** `https://acme.api-us1.com/api/3` */
  readonly base: string;
}

const CONTACT_LINKS = [
  'bounceLogs',
  'contactAutomations',
  'contactData',
  'contactGoals',
  'contactLists',
  'contactLogs',
  'contactTags',
  'contactDeals',
  'deals',
  'fieldValues',
  'geoIps',
  'notes',
  'organization',
  'plusAppend',
  'trackingLogs',
  'scoreValues',
  'accountContacts',
  'automationEntryCounts',
] as const;

const MEMBERSHIP_LINKS = [
  'automation',
  'list',
  'contact',
  'form',
  'autosyncLog',
  'campaign',
  'unsubscribeAutomation',
  'message',
] as const;

/** Links of a row to what belongs to it. */
export function linksOf(linker: Linker, path: string, names: readonly string[]): Record<string, string> {
  const links: Record<string, string> = {};
  for (const name of names) links[name] = `${linker.base}/${path}/${name}`;
  return links;
}

/**
 * Old rows show zero dates and empty strings where newer ones show null; both are met in one account (facts section 2).
 * Every third contact is an old row.
 */
function empties(contact: string): { date: string | null; time: string | null; text: string | null } {
  return Number(contact) % 3 === 0
    ? { date: '0000-00-00', time: '0000-00-00 00:00:00', text: '' }
    : { date: null, time: null, text: null };
}

/** A contact with all its keys of 2026 but the arrays, which differ from reply to reply. */
export function contactWire(row: ContactRow, linker: Linker): Wire {
  const empty = empties(row.id);
  const links = linksOf(linker, `contacts/${row.id}`, CONTACT_LINKS);
  links.contactAutomations += '?limit=2500&orders%5Blastdate%5D=DESC';
  return {
    cdate: stamp(row.createdAt),
    email: row.email,
    phone: row.phone,
    firstName: row.firstName,
    lastName: row.lastName,
    orgid: '0',
    orgname: row.organization,
    segmentio_id: '',
    bounced_hard: String(row.bouncedHard),
    bounced_soft: String(row.bouncedSoft),
    bounced_date: row.bouncedAt === null ? empty.date : wallStamp(row.bouncedAt).slice(0, 10),
    ip: '0',
    ua: empty.text,
    hash: createHash('md5').update(`contact ${row.id}`).digest('hex'),
    socialdata_lastcheck: empty.time,
    email_local: '',
    email_domain: row.email.slice(row.email.indexOf('@') + 1).toLowerCase(),
    sentcnt: '0',
    rating_tstamp: empty.date,
    gravatar: '0',
    deleted: row.deletedAt === null ? '0' : '1',
    anonymized: row.anonymized ? '1' : '0',
    adate: null,
    udate: stamp(row.updatedAt),
    edate: null,
    deleted_at: row.deletedAt === null ? empty.time : wallStamp(row.deletedAt),
    created_utc_timestamp: wallStamp(row.createdAt),
    updated_utc_timestamp: wallStamp(row.touchedAt),
    created_timestamp: wallStamp(row.createdAt),
    updated_timestamp: wallStamp(row.touchedAt),
    created_by: empty.text === null ? null : '0',
    updated_by: empty.text === null ? null : '0',
    mpp_tracking: '0',
    last_click_date: null,
    last_open_date: null,
    last_mpp_open_date: null,
    best_send_hour: '0',
    sms_consent: '0',
    sms_consent_updated_at: null,
    whatsapp_id: null,
    whatsapp_username: null,
    links,
    id: row.id,
    organization: null,
  };
}

/** A membership as a reader sees it: every scalar a string or null. */
export function membershipWire(row: MembershipRow, contact: ContactRow, channel: string, linker: Linker): Wire {
  const empty = empties(row.contact);
  return {
    contact: row.contact,
    list: row.list,
    form: row.form,
    seriesid: '0',
    sdate: row.subscribedAt === null ? empty.time : stamp(row.subscribedAt),
    udate: row.unsubscribedAt === null ? empty.time : stamp(row.unsubscribedAt),
    status: String(row.status),
    responder: '1',
    sync: '0',
    unsubreason: row.unsubscribeReason,
    campaign: row.campaign,
    message: null,
    first_name: contact.firstName,
    last_name: contact.lastName,
    ip4Sub: '0',
    sourceid: String(row.sourceid),
    autosyncLog: null,
    ip4_last: '0',
    ip4Unsub: '0',
    created_timestamp: wallStamp(row.createdAt),
    updated_timestamp: wallStamp(row.createdAt),
    created_by: null,
    updated_by: null,
    unsubscribeAutomation: row.unsubscribeAutomation,
    channel,
    links: linksOf(linker, `contactLists/${row.id}`, MEMBERSHIP_LINKS),
    id: row.id,
    automation: null,
  };
}

/** The short row that answers the making of a membership: `status` and `sourceid` are numbers here (facts section 4). */
export function newMembershipWire(row: MembershipRow, contact: ContactRow, linker: Linker): Wire {
  return {
    status: row.status,
    list: row.list,
    contact: row.contact,
    sdate: row.subscribedAt === null ? null : stamp(row.subscribedAt),
    udate: row.unsubscribedAt === null ? null : stamp(row.unsubscribedAt),
    unsubreason: row.unsubscribeReason,
    campaign: row.campaign,
    message: null,
    first_name: contact.firstName,
    last_name: contact.lastName,
    sourceid: row.sourceid,
    unsubscribeAutomation: row.unsubscribeAutomation,
    links: linksOf(linker, `contactLists/${row.id}`, MEMBERSHIP_LINKS),
    id: row.id,
  };
}

export function contactTagWire(row: ContactTagRow, linker: Linker): Wire {
  return {
    contact: row.contact,
    tag: row.tag,
    cdate: stamp(row.createdAt),
    created_timestamp: wallStamp(row.createdAt),
    updated_timestamp: wallStamp(row.createdAt),
    created_by: null,
    updated_by: null,
    links: linksOf(linker, `contactTags/${row.id}`, ['tag', 'contact']),
    id: row.id,
  };
}

export function fieldValueWire(row: FieldValueRow, linker: Linker): Wire {
  return {
    contact: row.contact,
    field: row.field,
    value: row.value,
    cdate: stamp(row.createdAt),
    udate: stamp(row.createdAt),
    created_by: null,
    updated_by: null,
    links: linksOf(linker, `fieldValues/${row.id}`, ['owner', 'field']),
    id: row.id,
    owner: row.contact,
  };
}

export function bounceWire(row: BounceRow, linker: Linker): Wire {
  const code = row.hard ? '10' : '22';
  return {
    tstamp: stamp(row.at),
    bounceid: '1',
    subscriberid: row.contact,
    campaignid: row.campaign,
    messageid: row.campaign,
    codeid: code,
    email: row.email,
    error: `${row.code} ${row.reason}`,
    source: '',
    created_timestamp: wallStamp(row.at),
    updated_timestamp: wallStamp(row.at),
    created_by: null,
    updated_by: null,
    links: linksOf(linker, `bounceLogs/${row.id}`, ['bounce', 'contact', 'campaign', 'message', 'code']),
    id: row.id,
    bounce: '1',
    contact: row.contact,
    campaign: row.campaign,
    message: row.campaign,
    code,
  };
}
