import { type Answer, answered, type Finding } from './finding.ts';

/**
 * Whether a lead assignment rule could hand a lead to somebody else when its box is written. None does: every write
 * carries `Sforce-Auto-Assign: FALSE` (facts/salesforce.md section 0), so that not being able to look is no matter.
 */
export function assignmentFindings(rules: Answer<readonly string[]>): Finding[] {
  const active = answered(rules);
  const seen =
    active === undefined
      ? `Not to be seen${'trouble' in rules ? ` (${rules.trouble.code ?? rules.trouble.words})` : ''}, which does no harm`
      : active.length === 0
        ? 'None is active'
        : `Active: ${active.join(', ')}`;
  const words = `${seen}. OptBridge sends Sforce-Auto-Assign: FALSE with every write, so that no lead changes its owner.`;
  return [{ group: 'salesforce', check: 'lead assignment rules', status: 'ok', words, remedy: null }];
}
