import { isRecordId, objectOf } from '../../salesforce/salesforce.ts';
import type { Request, TabRequest } from '../messages.ts';
import { anyhow, type Fields, type Valid, wellFormed } from './form.ts';

/** What this script answers by itself: what a record page asks for as it comes, and a click that says no. */
export type FirstRequest =
  | Extract<Request, { kind: 'seen' | 'status' | 'about' | 'opt-out' | 'unsubscribe' }>
  | Extract<TabRequest, { kind: 'left' | 'list' | 'person' }>;

/** What a message of each kind must look like. */
const VALID: Valid<FirstRequest> = {
  seen: hasRecord,
  status: (message) => hasRecord(message) && typeof message.fresh === 'boolean',
  about: hasRecord,
  'opt-out': hasRecord,
  unsubscribe: (message) => hasRecord(message) && isListId(message.list),
  left: anyhow,
  list: anyhow,
  person: ({ account }) => typeof account === 'string' && /^001/.test(account) && isRecordId(account),
};

/** What a content script says, known to be well formed, or undefined: the rest is in panel-request.ts. */
export function parseFirst(message: unknown): FirstRequest | undefined {
  return wellFormed(VALID, message);
}

export function hasRecord({ record, org }: Fields): boolean {
  if (org !== undefined && !(typeof org === 'string' && /^00D/.test(org) && isRecordId(org))) return false;
  return typeof record === 'string' && isRecordId(record) && objectOf(record) !== undefined;
}

export function isListId(list: unknown): boolean {
  return typeof list === 'string' && /^\d{1,15}$/.test(list);
}
