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

/** Why a decision was made, and what is said above the people for whom it was carried out. */
export const REASONS: Record<ReasonCode, { readonly why: string; readonly deed: string }> = {
  'unsubscribed-from-all': { why: 'Unsubscribed from all lists', deed: 'box set, where there is a record' },
  'hard-bounce': { why: 'Mail bounced hard', deed: 'box set, where there is a record' },
  'salesforce-opt-out': { why: 'Opted out in Salesforce', deed: 'unsubscribed in ActiveCampaign' },
  'same-address': { why: 'Another record with the same address was opted out', deed: 'box set' },
  'durable-opt-out': { why: 'Opted out before', deed: 'opted out again' },
  'subscribed-again': { why: 'Subscribed again', deed: 'box cleared' },
  'cleared-in-salesforce': { why: 'Cleared in Salesforce by hand', deed: 'left alone' },
  'bounce-reactivated': { why: 'Bounced, and active again in ActiveCampaign', deed: 'left alone' },
  unknown: { why: 'Could not be read whole', deed: 'left alone' },
  agreed: { why: 'Out already', deed: 'on each side that has them' },
};

/** In place of the deed, where it was done for nobody. */
export const NOT_DONE: Partial<Record<DecisionOutcome, string>> = {
  planned: 'planned',
  held: 'held back, over the opt-in cap',
  refused: 'held back, over the opt-out cap',
  failed: 'failed',
  'not-tried': 'not tried',
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
