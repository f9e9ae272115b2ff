import type { DifferenceCause } from '../../consent/differences.ts';
import type { ReasonCode } from '../../consent/rules.ts';
import type { DecisionOutcome } from '../plan.ts';
import type { RunOutcome } from '../report.ts';

/** The texts of a report's page. */

export const OUTCOMES: Record<RunOutcome, string> = {
  done: 'Done',
  partly: 'Done, but not for everybody',
  refused: 'Refused',
  failed: 'Failed',
  stopped: 'Stopped before its end',
  busy: 'Another run was going on',
  usage: 'Wrong usage',
};

/** What a decision means, as a heading over the people it was made about. */
export const REASONS: Record<ReasonCode, string> = {
  'unsubscribed-from-all': 'Unsubscribed from all lists: Email Opt Out set',
  'hard-bounce': 'Mail bounced hard: Email Opt Out set',
  'salesforce-opt-out': 'Opted out in Salesforce: unsubscribed in ActiveCampaign',
  'same-address': 'Another record with the same address was opted out',
  'durable-opt-out': 'Opted out before: opted out again',
  'subscribed-again': 'Subscribed again: Email Opt Out cleared',
  'cleared-in-salesforce': 'Cleared in Salesforce by hand: left alone',
  'bounce-reactivated': 'Bounced, and active again in ActiveCampaign: left alone',
  unknown: 'Could not be read whole: left alone',
  agreed: 'Out on both sides already',
};

export const DECISION_OUTCOMES: Record<DecisionOutcome, string> = {
  done: 'done',
  nothing: 'nothing to write',
  planned: 'planned',
  held: 'held: over the opt-in cap',
  refused: 'refused: over the opt-out cap',
  failed: 'failed',
  'not-tried': 'not tried',
};

export const CAUSES: Record<DifferenceCause, string> = {
  'not-qualified': 'out in ActiveCampaign, without a tag that says that they belong to Salesforce',
  'cleared-in-salesforce': 'cleared in Salesforce by hand, and still out in ActiveCampaign',
  'bounce-reactivated': 'bounced, and active again in ActiveCampaign',
  unknown: 'could not be read whole',
  failed: 'a write failed, or was not tried',
};

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/UNABLE_TO_LOCK_ROW/, 'Somebody else was changing the record. The next run tries again.'],
  [
    /VALIDATION_EXCEPTION|CUSTOM_VALIDATION/,
    'A validation rule in Salesforce refused the change. Mend the record, or exempt the API user from the rule.',
  ],
  [
    /INSUFFICIENT_ACCESS|CANNOT_INSERT_UPDATE|NOT_FOUND_OR_ACCESS/,
    'The API user may not edit the record, or a trigger failed. Look at its rights and at the record’s automation.',
  ],
  [/DUPLICATES_DETECTED/, 'A duplicate rule refused the change. Let the rule allow the API user to save.'],
  [/CONVERTED_LEAD/, 'The lead was converted while the run went on. The next run looks at its contact.'],
  [
    /ENTITY_IS_DELETED|INVALID_CROSS_REFERENCE|No Result found/i,
    'It was deleted while the run went on. Nothing to do.',
  ],
  [/REQUEST_LIMIT_EXCEEDED/, 'The org’s API calls of the day are used up. See what else uses them, or add some.'],
  [/INVALID_SESSION_ID|invalid_grant|invalid_client|HTTP 401/, 'The sign-in ended. Look at it with optbridge doctor.'],
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

/** What to do about a failure, by its words. */
export function remedyFor(words: string): string {
  return (
    REMEDIES.find(([sign]) => sign.test(words))?.[1] ??
    'The next run tries again. If it stays so, run optbridge show with the address.'
  );
}
