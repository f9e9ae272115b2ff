import type { PersonObject } from '../salesforce/salesforce.ts';

/** Why Salesforce would not describe an object, as far as the failure tells. */
interface Refusal {
  readonly code: string | null;
  readonly words: string;
}

/**
 * What to do where Salesforce does not describe an object, the same for a run and for `doctor`. Most often the user may
 * not see it; a session that may not use the API at all, an org without it and a redirect are no matter of rights on an
 * object (facts/salesforce.md sections 2 and 6).
 */
export function remedyForUnseen(object: PersonObject, { code, words }: Refusal): string {
  if (code === 'INVALID_SESSION_ID')
    return 'Give the External Client App the OAuth scope api and, where API Access Control is on, let it pass.';
  if (/^(API_|TXN_SECURITY_)/.test(code ?? ''))
    return 'Let the API user use the API: its permission API Enabled, the edition of the org, and its security policies.';
  if (/answered with a redirect/.test(words))
    return 'Check salesforce.url. It is the address of the org, https://<MyDomain>.my.salesforce.com.';
  return `Give the API user read and edit access to ${object}s (object permissions), for example by a permission set.`;
}
