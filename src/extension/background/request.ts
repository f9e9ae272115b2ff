import { isRecordId, objectOf } from '../../salesforce/salesforce.ts';
import type { Request } from '../messages.ts';
import type { PageRequest } from '../page-messages.ts';
import { isApiHost } from './host.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a message of each kind must look like; a message that is none of these is refused unread. */
const VALID: { readonly [K in Request['kind'] | PageRequest['kind']]: (message: Fields) => boolean } = {
  seen: hasRecord,
  status: (message) => hasRecord(message) && typeof message.fresh === 'boolean',
  'opt-out': hasRecord,
  'sign-in': hasRecord,
  'session-changed': (message) => typeof message.host === 'string' && isApiHost(message.host),
  'settings-changed': () => true,
};

/** The message, known to be well formed, or undefined. */
export function parseMessage(message: unknown): Request | PageRequest | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return undefined;
  const { kind } = message;
  if (typeof kind !== 'string' || !Object.hasOwn(VALID, kind)) return undefined;
  return VALID[kind as keyof typeof VALID](message as Fields) ? (message as Request | PageRequest) : undefined;
}

function hasRecord({ record }: Fields): boolean {
  return typeof record === 'string' && isRecordId(record) && objectOf(record) !== undefined;
}

/** Whether only the extension's own pages may say this. */
export function isFromPage(message: Request | PageRequest): message is PageRequest {
  return message.kind === 'session-changed' || message.kind === 'settings-changed';
}
