import type { ReportedFailure } from './report.ts';

/** What to do about a failure, found by its words; the same on the terminal, on the page of a run and in an alert. */

export const UNPAID = 'The account is suspended or unpaid: see to it in ActiveCampaign, where no key helps.';

/** An address at which something else than the API answers. */
const ELSEWHERE = 'answered with a redirect|no JSON';

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/\/api\/3\/.*(HTTP 402|payment required)/i, UNPAID],
  [/UNABLE_TO_LOCK_ROW/, 'Somebody else was changing the record. The next run tries again.'],
  [
    /VALIDATION_EXCEPTION|CUSTOM_VALIDATION/,
    'A validation rule in Salesforce refused the change. Mend the record, or exempt the API user from the rule.',
  ],
  [
    /CANNOT_INSERT_UPDATE|CANNOT_EXECUTE_FLOW/,
    'A flow or trigger of the record failed, and the change with it. Mend it, or let it pass over the API user.',
  ],
  [
    /INVALID_FIELD_FOR_INSERT_UPDATE/,
    'The API user may read the field and not edit it. Give it edit access (field-level security).',
  ],
  [
    /ENTITY_IS_LOCKED/,
    'The record is locked, as it is while it waits for an approval. The next run tries again; unlock it if it stays so.',
  ],
  [
    /REQUIRED_FIELD_MISSING|STRING_TOO_LONG|INVALID_EMAIL_ADDRESS|FIELD_INTEGRITY/,
    'Salesforce saves no change of the record as it is, for another field’s sake. Open the record, mend that field and save it.',
  ],
  [
    /INSUFFICIENT_ACCESS|NOT_FOUND_OR_ACCESS/,
    'The API user may not edit the record. Give it the right to (sharing, object permissions).',
  ],
  [
    /API_CURRENTLY_DISABLED|API_DISABLED_FOR_ORG/,
    'The org, or the API user, has no access to the API. Give its profile “API Enabled”, or see to the edition.',
  ],
  [/DUPLICATES_DETECTED/, 'A duplicate rule refused the change. Let the rule allow the API user to save.'],
  [/CONVERTED_LEAD/, 'The lead was converted while the run went on. The next run looks at its contact.'],
  [
    /ENTITY_IS_DELETED|INVALID_CROSS_REFERENCE|No Result found/i,
    'It was deleted while the run went on. Nothing to do.',
  ],
  [/REQUEST_LIMIT_EXCEEDED/, 'The org’s API calls of the day are used up. See what else uses them, or add some.'],
  [
    /INVALID_SESSION_ID|invalid_grant|invalid_client/,
    'The sign-in to Salesforce ended, or is not accepted any more. Look at it with optbridge doctor.',
  ],
  [
    /\/api\/3\/.*(HTTP 40[13]|Forbidden|(?:un|not )authori[sz]ed|permission)/i,
    'ActiveCampaign does not accept the key any more, or its user may not do this. Look at it with optbridge doctor.',
  ],
  [/HTTP 401/, 'The sign-in ended. Look at it with optbridge doctor.'],
  [
    new RegExp(`/api/3/.*(${ELSEWHERE})`),
    'ActiveCampaign’s API did not answer there. If it stays so, copy activecampaign.url again from Settings > Developer.',
  ],
  [
    new RegExp(`/services/.*(${ELSEWHERE})`),
    'Salesforce’s API did not answer there. If it stays so, set salesforce.url to the org’s My Domain address (https://….my.salesforce.com).',
  ],
  [
    /no connection: \w*(CERT|VERIFY_LEAF)/,
    'The certificate is not one that this machine trusts. Behind a proxy that looks into TLS, name its certificate in NODE_EXTRA_CA_CERTS.',
  ],
  [
    /\/api\/3\/.*(no connection|no answer within)/,
    'ActiveCampaign could not be reached. Look at the network and at activecampaign.url; the next run tries again.',
  ],
  [
    /\/services\/.*(no connection|no answer within)/,
    'Salesforce could not be reached. Look at the network and at salesforce.url; the next run tries again.',
  ],
  [
    /no connection|no answer within/,
    'The service could not be reached. Look at the network; the next run tries again.',
  ],
  [
    /HTTP 429|rate limit/i,
    'Too many requests at once. Lower activecampaign.requestsPerSecond, or see what else calls.',
  ],
  [
    /read back, the change was not there/,
    'Something put the old value back: look for a flow, trigger or automation that writes the same field.',
  ],
  [/HTTP 5\d\d/, 'The service had trouble of its own. The next run tries again.'],
];

/** What to do about a failure, by its words. Names nobody. */
export function remedyFor(words: string): string {
  return (
    REMEDIES.find(([sign]) => sign.test(words))?.[1] ??
    'The next run tries again. If it stays so, run optbridge show with the address.'
  );
}

/** People for whom the same went wrong. */
export interface SameFailure {
  /** The words of the first of them. */
  readonly words: string;
  readonly remedy: string;
  readonly people: readonly string[];
}

/** Numbers and ids of records tell people apart, not what went wrong. */
const IDS = /\b(?:[a-zA-Z0-9]{15}|[a-zA-Z0-9]{18})\b|\d+/g;

/** Failures about people, those that went wrong in the same way together, the largest group first. */
export function sameFailures(failures: readonly ReportedFailure[]): SameFailure[] {
  const groups = new Map<string, { words: string; remedy: string; people: string[] }>();
  for (const { person, words } of failures) {
    if (person === null) continue;
    const key = words.replace(IDS, '…');
    const group = groups.get(key);
    if (group) group.people.push(person);
    else groups.set(key, { words, remedy: remedyFor(words), people: [person] });
  }
  return [...groups.values()].sort((a, b) => b.people.length - a.people.length);
}
