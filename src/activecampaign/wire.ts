import { isObject } from '../service/http.ts';
import type { AcContact, AcList, AcMembership } from './activecampaign.ts';

/**
 * ActiveCampaign's JSON as it comes: every scalar may be a string, a number, a boolean or null, depending on the
 * endpoint and on whether a row is new (facts/activecampaign.md sections 2 and 4).
 */
export type Item = Readonly<Record<string, unknown>>;

/** The items of a top-level array, undefined when the reply has none or something in it is no object. */
export function itemsOf(body: Item, name: string): readonly Item[] | undefined {
  const value = body[name];
  return Array.isArray(value) && value.every(isObject) ? value : undefined;
}

/** The same of what was asked for: none also where the reply leaves the array out and says that nothing matches (a total of 0). */
export function matchesIn(body: Item, name: string): readonly Item[] | undefined {
  return itemsOf(body, name) ?? (body[name] === undefined && totalOf(body) === 0 ? [] : undefined);
}

/** A scalar as text; empty for null, undefined and what is no scalar. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

/** Text, or null when there is none. */
function wordsOf(value: unknown): string | null {
  return textOf(value).trim() || null;
}

/** A reference to another object: null also for ActiveCampaign's `"0"`, which means none. */
function referenceOf(value: unknown): string | null {
  const id = wordsOf(value);
  return id === '0' ? null : id;
}

/** A whole number given as a number or a string of digits, undefined for all else. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value).trim();
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function flagOf(value: unknown): boolean {
  return value === true || value === 'true' || (countOf(value) ?? 0) > 0;
}

/** An id of digits as ActiveCampaign writes it, undefined for all else, and for what no number holds exactly. */
export function idOf(value: unknown): string | undefined {
  const text = textOf(value);
  return /^\d{1,15}$/.test(text) ? text : undefined;
}

/** Ids that a contact's own array lists, as in `"contactLists":["1","2"]`; undefined when it has no such array. */
export function idsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(textOf) : undefined;
}

/** How many rows match, from `meta.total`: a string on most endpoints, a number on some. */
export function totalOf(body: Item): number | undefined {
  return isObject(body.meta) ? countOf(body.meta.total) : undefined;
}

/**
 * An instant in milliseconds. Null for null, empty and zero dates, and for what cannot be read. A stamp without a zone
 * is US Central wall time, whatever its field's name says of UTC (facts section 2).
 */
export function instantOf(value: unknown): number | null {
  const text = textOf(value).trim();
  if (text === '' || text.startsWith('0000')) return null;
  if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) && text.includes(':')) return known(Date.parse(text.replace(' ', 'T')));
  const wall = known(Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? '' : 'T00:00:00'}Z`));
  if (wall === null) return null;
  const guess = wall - centralOffset(wall);
  return wall - centralOffset(guess);
}

function known(instant: number): number | null {
  return Number.isNaN(instant) ? null : instant;
}

let central: Intl.DateTimeFormat | undefined;

/** What Chicago's clocks are ahead of UTC at an instant, in milliseconds: -5 hours in summer, -6 in winter. */
function centralOffset(instant: number): number {
  // Made when it is needed: somebody waits while a worker starts.
  central ??= new Intl.DateTimeFormat('en-US', { timeZone: 'America/Chicago', timeZoneName: 'longOffset' });
  const name = central.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** A contactLists row; undefined when its id, list or status cannot be read. */
export function membershipOf(row: Item): AcMembership | undefined {
  const id = idOf(row.id);
  const list = idOf(row.list);
  const status = countOf(row.status);
  if (id === undefined || list === undefined || status === undefined) return undefined;
  return {
    id,
    list,
    status,
    subscribedAt: instantOf(row.sdate),
    unsubscribedAt: instantOf(row.udate),
    sourceid: wordsOf(row.sourceid),
    unsubscribeReason: wordsOf(row.unsubreason),
    campaign: referenceOf(row.campaign),
    form: referenceOf(row.form),
    unsubscribeAutomation: referenceOf(row.unsubscribeAutomation),
    channel: wordsOf(row.channel)?.toLowerCase() ?? null,
  };
}

/** A contact without what hangs on it; undefined when its id or its bounce counter cannot be read. */
export function contactOf(row: Item): Omit<AcContact, 'memberships' | 'tags'> | undefined {
  const id = idOf(row.id);
  const bouncedHard = countOf(textOf(row.bounced_hard).trim() || 0);
  if (id === undefined || bouncedHard === undefined) return undefined;
  return {
    id,
    email: textOf(row.email).trim(),
    firstName: textOf(row.firstName),
    lastName: textOf(row.lastName),
    bouncedHard,
    bouncedSoft: countOf(row.bounced_soft) ?? 0,
    bouncedAt: instantOf(row.bounced_date),
    gone: flagOf(row.deleted) || flagOf(row.anonymized),
  };
}

/** A list; undefined when its id cannot be read. */
export function listOf(row: Item): AcList | undefined {
  const id = idOf(row.id);
  if (id === undefined) return undefined;
  const active = countOf(row.active_subscribers);
  const list = { id, name: textOf(row.name), channel: wordsOf(row.channel)?.toLowerCase() ?? 'email' };
  return active === undefined ? list : { ...list, active };
}
