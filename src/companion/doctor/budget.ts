import { QUERY_PAGE } from '../../salesforce/salesforce.ts';
import type { RecordCounts } from './fields.ts';
import { type Answer, answered, type Finding, isSpent } from './finding.ts';

export interface BudgetFacts {
  /** As the org said last; undefined where it did not say. */
  readonly dailyCalls: { readonly used: number; readonly max: number } | undefined;
  readonly counts: readonly Answer<RecordCounts>[];
  /** What was asked of the API, to see whether the org has stopped answering. */
  readonly answers: readonly Answer<unknown>[];
}

/** Sign-in, descriptions, what vanished, and a few writes. */
const BESIDES = 30;

/** Whether the org's API calls of the day suffice for a run. */
export function budgetFindings(facts: BudgetFacts): Finding[] {
  const place = { group: 'salesforce', check: 'API calls left today' } as const;
  const spent = facts.answers.some((answer) => 'trouble' in answer && isSpent(answer.trouble));
  const wait = 'Wait until the calls of the last 24 hours are forgotten, stop what uses them up, or buy more.';
  if (spent)
    return [{ ...place, status: 'problem', words: 'None: the org answers no API call any more.', remedy: wait }];
  if (facts.dailyCalls === undefined)
    return [{ ...place, status: 'unknown', words: 'The org did not say.', remedy: null }];
  const { used, max } = facts.dailyCalls;
  const left = Math.max(0, max - used);
  const rows = facts.counts.reduce((sum, counts) => sum + (answered(counts)?.withAddress ?? 0), 0);
  const needed = Math.ceil(rows / QUERY_PAGE) + BESIDES;
  const words = `${left.toLocaleString('en')} of ${max.toLocaleString('en')}; a night without many changes needs about ${needed.toLocaleString('en')}.`;
  if (left < needed) return [{ ...place, status: 'problem', words, remedy: wait }];
  if (left < max / 10) return [{ ...place, status: 'warning', words, remedy: wait }];
  return [{ ...place, status: 'ok', words, remedy: null }];
}
