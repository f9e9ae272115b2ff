/** Key sets as seen on live accounts (facts/activecampaign.md and its samples); order does not matter. */

const words = (text: string) => text.split(/\s+/).filter(Boolean).sort();

/** The 46 keys of 2026, as a list reply shows them. */
export const CONTACT = words(`
  accountContacts adate anonymized best_send_hour bounced_date bounced_hard bounced_soft cdate created_by
  created_timestamp created_utc_timestamp deleted deleted_at edate email email_domain email_local firstName gravatar
  hash id ip lastName last_click_date last_mpp_open_date last_open_date links mpp_tracking organization orgid orgname
  phone rating_tstamp scoreValues segmentio_id sentcnt sms_consent sms_consent_updated_at socialdata_lastcheck ua udate
  updated_by updated_timestamp updated_utc_timestamp whatsapp_id whatsapp_username`);

export const CONTACT_LINKS = words(`
  bounceLogs contactAutomations contactData contactGoals contactLists contactLogs contactTags contactDeals deals
  fieldValues geoIps notes organization plusAppend trackingLogs scoreValues accountContacts automationEntryCounts`);

export const CONTACT_DETAIL = words('contactAutomations contactLists deals fieldValues geoIps accountContacts contact');

export const NEW_CONTACT = words('email phone firstName lastName cdate udate orgid orgname links id organization');

export const MEMBERSHIP = words(`
  automation autosyncLog campaign channel contact created_by created_timestamp first_name form id ip4Sub ip4Unsub
  ip4_last last_name links list message responder sdate seriesid sourceid status sync udate unsubreason
  unsubscribeAutomation updated_by updated_timestamp`);

export const NEW_MEMBERSHIP = words(`
  status list contact sdate udate unsubreason campaign message first_name last_name sourceid unsubscribeAutomation
  links id`);

export const CONTACT_TAG = words(
  'cdate contact created_by created_timestamp id links tag updated_by updated_timestamp',
);

export const TAG = words(`
  cdate created_by created_timestamp deleted description id links subscriber_count tag tagType updated_by
  updated_timestamp`);

export const USER = words(
  'email firstName id lang lastName links localZoneid mfaEnabled phone roles signature username',
);

export const WEBHOOK = words('cdate deactivated_date events id links listid name sources state url');

export const BOUNCE = words(`
  tstamp bounceid subscriberid campaignid messageid codeid email error source created_timestamp updated_timestamp
  created_by updated_by links id bounce contact campaign message code`);

export const PAGE_INPUT = words(
  'segmentid formid listid tagid limit offset search sort seriesid waitid status forceQuery cacheid',
);

/** Whether every value of a row is what readers get: a string or null, but for links and lists. */
export function scalarsAreText(row: Record<string, unknown> | undefined): boolean {
  return Object.values(row ?? {}).every(
    (value) => value === null || typeof value === 'string' || (typeof value === 'object' && value !== null),
  );
}
