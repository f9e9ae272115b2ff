import { isRecordId, objectOf } from '../../salesforce/salesforce.ts';
import { MARKS_PER_MESSAGE, REASONS, type Request, type TabRequest } from '../messages.ts';
import { anyhow, type Fields, isActId, type Valid, wellFormed } from './form.ts';

type Message = Request | TabRequest;

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
const VALID: Valid<Message> = { ...RECORD, ...TAB };

/** What a content script says, known to be well formed, or undefined. */
export function parseMessage(message: unknown): Message | undefined {
  return wellFormed(VALID, message);
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

/** Whether this is about the tab, whatever it shows. */
export function isAboutTab(message: Message): message is TabRequest {
  return Object.hasOwn(TAB, message.kind);
}
