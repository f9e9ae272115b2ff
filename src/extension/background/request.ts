import { isRecordId, objectOf } from '../../salesforce/salesforce.ts';
import { MARKS_PER_MESSAGE, REASONS, type Request, type TabRequest } from '../messages.ts';
import type { PageRequest } from '../page-messages.ts';
import { isApiHost } from './host.ts';

type Message = Request | TabRequest | PageRequest;
type Fields = Readonly<Record<string, unknown>>;

type Valid<M extends Message> = { readonly [K in M['kind']]: (message: Fields) => boolean };

/** What a message of each kind must look like; a message that is none of these is refused unread. */
const RECORD: Valid<Request> = {
  seen: hasRecord,
  status: (message) => hasRecord(message) && typeof message.fresh === 'boolean',
  'opt-out': hasRecord,
  unsubscribe: (message) => hasRecord(message) && isListId(message.list),
  undo: (message) => hasRecord(message) && isActId(message.act),
  'opt-in': (message) => hasRecord(message) && hasReason(message) && hasLists(message),
  about: hasRecord,
  names: hasRecord,
  options: hasRecord,
  place: (message) => hasRecord(message) && isPlace(message),
  'sign-in': hasRecord,
};
const TAB: Valid<TabRequest> = {
  left: anyhow,
  list: anyhow,
  marks: ({ addresses }) =>
    Array.isArray(addresses) && addresses.length <= MARKS_PER_MESSAGE && addresses.every(isShort),
};
const PAGE: Valid<PageRequest> = {
  'session-changed': ({ host }) => typeof host === 'string' && isApiHost(host),
  'settings-changed': anyhow,
  overview: ({ tab, read }) => Number.isInteger(tab) && typeof read === 'boolean',
  account: anyhow,
  retry: ({ act }) => isActId(act),
  discard: ({ act }) => isActId(act),
  'open-panel': ({ tab }) => Number.isInteger(tab),
  'place-changed': ({ host }) => typeof host === 'string' && isApiHost(host),
};
const VALID: Valid<Message> = { ...RECORD, ...TAB, ...PAGE };

/** The message, known to be well formed, or undefined. */
export function parseMessage(message: unknown): Message | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  if (typeof kind !== 'string' || !Object.hasOwn(VALID, kind)) return undefined;
  return VALID[kind as keyof typeof VALID](message as Fields) ? (message as Message) : undefined;
}

function anyhow(): boolean {
  return true;
}

function hasRecord({ record, org }: Fields): boolean {
  if (org !== undefined && !(typeof org === 'string' && /^00D/.test(org) && isRecordId(org))) return false;
  return typeof record === 'string' && isRecordId(record) && objectOf(record) !== undefined;
}

/** A reason, and for the reason `other` some words. */
function hasReason({ reason, words }: Fields): boolean {
  if (typeof words !== 'string' || words.length > 500) return false;
  return REASONS.some((known) => known === reason) && (reason !== 'other' || words.trim() !== '');
}

function hasLists({ lists }: Fields): boolean {
  return Array.isArray(lists) && lists.length <= 500 && lists.every(isListId);
}

function isShort(address: unknown): boolean {
  return typeof address === 'string' && address.length <= 100;
}

function isActId(act: unknown): boolean {
  return typeof act === 'string' && /^[\w-]{1,64}$/.test(act);
}

function isListId(list: unknown): boolean {
  return typeof list === 'string' && /^\d{1,15}$/.test(list);
}

/** What is beside these fields is not kept (placed.ts). */
function isPlace({ place }: Fields): boolean {
  const { at, hidden } = Object(place) as Fields;
  const { x, y, dx, dy } = Object(at) as Fields;
  const corner = /^(left|right) (top|bottom)$/.test(`${x} ${y}`);
  const near = [dx, dy].every((far) => Number.isInteger(far) && Number(far) >= 0);
  return typeof hidden === 'boolean' && (at === null || (corner && near));
}

/** Whether only the extension's own pages may say this. */
export function isFromPage(message: Message): message is PageRequest {
  return Object.hasOwn(PAGE, message.kind);
}

/** Whether this is about the tab, whatever it shows. */
export function isAboutTab(message: Message): message is TabRequest {
  return Object.hasOwn(TAB, message.kind);
}
