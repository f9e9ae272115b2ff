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
  'unsubscribed-from-all': 'Unsubscribed from all lists: box set, where there is a record',
  'hard-bounce': 'Mail bounced hard: box set, where there is a record',
  'salesforce-opt-out': 'Opted out in Salesforce: unsubscribed in ActiveCampaign',
  'same-address': 'Another record with the same address was opted out',
  'durable-opt-out': 'Opted out before: opted out again',
  'subscribed-again': 'Subscribed again: box cleared',
  'cleared-in-salesforce': 'Cleared in Salesforce by hand: left alone',
  'bounce-reactivated': 'Bounced, and active again in ActiveCampaign: left alone',
  unknown: 'Could not be read whole: left alone',
  agreed: 'Out already, on each side that has them',
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
