import { isRecordId, objectOf } from '../../salesforce/salesforce.ts';
import { REASONS, type Request, type TabRequest } from '../messages.ts';
import type { PageRequest } from '../page-messages.ts';
import { isApiHost } from './host.ts';

type Message = Request | TabRequest | PageRequest;
type Fields = Readonly<Record<string, unknown>>;

/** What a message of each kind must look like; a message that is none of these is refused unread. */
const VALID: { readonly [K in Message['kind']]: (message: Fields) => boolean } = {
  seen: hasRecord,
  status: (message) => hasRecord(message) && typeof message.fresh === 'boolean',
  'opt-out': hasRecord,
  unsubscribe: (message) => hasRecord(message) && isListId(message.list),
  undo: (message) => hasRecord(message) && isActId(message.act),
  'opt-in': (message) => hasRecord(message) && hasReason(message) && hasLists(message),
  about: hasRecord,
  names: hasRecord,
  options: hasRecord,
  'sign-in': hasRecord,
  left: () => true,
  'session-changed': (message) => typeof message.host === 'string' && isApiHost(message.host),
  'settings-changed': () => true,
  overview: (message) => isTab(message.tab) && typeof message.read === 'boolean',
  account: () => true,
  retry: (message) => isActId(message.act),
  'open-panel': (message) => isTab(message.tab),
};

const FROM_PAGES: readonly string[] = [
  'session-changed',
  'settings-changed',
  'overview',
  'account',
  'retry',
  'open-panel',
] satisfies PageRequest['kind'][];

/** The message, known to be well formed, or undefined. */
export function parseMessage(message: unknown): Message | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  if (typeof kind !== 'string' || !Object.hasOwn(VALID, kind)) return undefined;
  return VALID[kind as keyof typeof VALID](message as Fields) ? (message as Message) : undefined;
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

function isActId(act: unknown): boolean {
  return typeof act === 'string' && /^[\w-]{1,64}$/.test(act);
}

function isTab(tab: unknown): boolean {
  return Number.isInteger(tab);
}

function isListId(list: unknown): boolean {
  return typeof list === 'string' && /^\d{1,15}$/.test(list);
}

/** Whether only the extension's own pages may say this. */
export function isFromPage(message: Message): message is PageRequest {
  return FROM_PAGES.includes(message.kind);
}

/** Whether this is about the tab, whatever it shows. */
export function isAboutTab(message: Message): message is TabRequest {
  return message.kind === 'left';
}
