import type { PageRequest } from '../page-messages.ts';
import { anyhow, isActId, type Valid, wellFormed } from './form.ts';
import { isApiHost } from './host.ts';

/** What a message of each kind must look like; in the worker's third script, as nobody waits for it. */
const VALID: Valid<PageRequest> = {
  'session-changed': ({ host }) => typeof host === 'string' && isApiHost(host),
  'sign-in-left': ({ address }) =>
    typeof address === 'string' && URL.canParse(address) && isApiHost(new URL(address).host),
  'settings-changed': anyhow,
  overview: ({ tab, read }) => Number.isInteger(tab) && typeof read === 'boolean',
  account: anyhow,
  retry: ({ act }) => isActId(act),
  discard: ({ act }) => isActId(act),
  'open-panel': ({ tab }) => Number.isInteger(tab),
  'place-changed': ({ host }) => typeof host === 'string' && isApiHost(host),
};

/** What a page of ours asks, known to be well formed, or undefined. */
export function parsePage(message: unknown): PageRequest | undefined {
  return wellFormed(VALID, message);
}
