import { MARKS_PER_MESSAGE, REASONS, type Request, type TabRequest } from '../messages.ts';
import { type Fields, isActId, type Valid, wellFormed } from './form.ts';
import { type FirstRequest, hasRecord, isListId } from './request.ts';

/** What is asked of the background by a page that shows its status already. */
export type PanelRequest = Exclude<Request, { kind: FirstRequest['kind'] }>;
/** What marks in a list ask for. */
type MarksRequest = Exclude<TabRequest, { kind: FirstRequest['kind'] }>;

/** What a message of each kind must look like; in the worker's second script, as what is asked there is. */
const VALID: Valid<PanelRequest | MarksRequest> = {
  names: hasRecord,
  options: hasRecord,
  'sign-in': hasRecord,
  place: (message) => hasRecord(message) && isPlace(message),
  undo: (message) => hasRecord(message) && isActId(message.act),
  'opt-in': (message) => hasRecord(message) && hasReason(message) && hasLists(message),
  marks: ({ addresses }) =>
    Array.isArray(addresses) && addresses.length <= MARKS_PER_MESSAGE && addresses.every(isShort),
};

/** What a content script says, known to be well formed, or undefined. */
export function parsePanel(message: unknown): PanelRequest | MarksRequest | undefined {
  return wellFormed(VALID, message);
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

/** What is beside these fields is not kept (placed.ts). */
function isPlace({ place }: Fields): boolean {
  const { at, hidden } = Object(place) as Fields;
  const { x, y, dx, dy } = Object(at) as Fields;
  const corner = /^(left|right) (top|bottom)$/.test(`${x} ${y}`);
  const near = [dx, dy].every((far) => Number.isInteger(far) && Number(far) >= 0);
  return typeof hidden === 'boolean' && (at === null || (corner && near));
}
