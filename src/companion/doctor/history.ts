import type { PersonObject } from '../../salesforce/salesforce.ts';
import { type Answer, type Finding, findingIn } from './finding.ts';

const finding = findingIn('salesforce');

const WITHOUT =
  'Without it nobody can tell that a box was set anew by hand after the person subscribed again: a run clears such a box.';
const TRACK = 'Setup: the object, Fields & Relationships, Set History Tracking, tick the field.';

/**
 * Whether Salesforce keeps a history of the opt-out field (facts/salesforce.md section 1, "Field history"). A row tells
 * that it does; that there is none tells little.
 * @param seen whether there is a row, of each object
 */
export function historyFindings(
  field: string,
  seen: readonly { object: PersonObject; answer: Answer<boolean> }[],
): Finding[] {
  return seen.map(({ object, answer }) => {
    const check = `history of ${object}.${field}`;
    if ('value' in answer && answer.value) return finding(check, 'ok', 'Kept: a change of the field is recorded.');
    if ('value' in answer)
      return finding(
        check,
        'unknown',
        `No change is recorded: it is not kept, or nobody changed the field. ${WITHOUT}`,
        TRACK,
      );
    if ('trouble' in answer && answer.trouble.kind === 'forbidden')
      return finding(
        check,
        'warning',
        'This user may not read it, so that no box is ever cleared for somebody who subscribed again.',
        `Give the API user read access to ${object}History and the field.`,
      );
    if ('trouble' in answer && ['rejected', 'not-found'].includes(answer.trouble.kind))
      return finding(check, 'unknown', `None is kept for ${object}s. ${WITHOUT}`, TRACK);
    return finding(check, 'unknown', 'Not looked at.');
  });
}
