import type { Report } from '../../companion/report.ts';
import { counted, span } from './plain.ts';

/**
 * How many people are out on one side only after a run, and how long the oldest opt-out has waited that has not crossed;
 * names nobody. A rehearsal, and a run that did not read both sides, know of nothing new.
 */
export function waitingLines({ dryRun, reading, differences, finishedAt }: Report): string[] {
  if (dryRun || (reading === null && differences.oldestOptOut === null)) return [];
  const { open, oldestOptOut } = differences;
  const waits = oldestOptOut
    ? `The oldest opt-out that has not crossed has waited for ${span(Date.parse(finishedAt) - Date.parse(oldestOptOut.since))}.`
    : 'No opt-out waits to cross.';
  if (open === 0) return [waits];
  return [`${counted(open, 'person is', 'people are')} out on one side only (optbridge differences). ${waits}`];
}
