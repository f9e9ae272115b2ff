import type { Resolved } from '../../companion/resolve.ts';
import { LOOK_OPTIONS } from './help.ts';
import { counted, wrapped } from './plain.ts';

export const RESOLVE_HELP = `optbridge resolve: settle somebody whom optbridge differences names

Usage
  optbridge resolve ADDRESS out [--json]
      Opts the person out on both sides now: every live record is set, every
      active membership is unsubscribed. The audit says 'resolved', and
      which user of this machine asked for it.
  optbridge resolve ADDRESS leave [--json]
      Lets the difference stay; it is not counted as open any more, unless its
      cause changes. Writes nothing to either service. Show says when it was
      asked for, and by which user of this machine.

Options
${LOOK_OPTIONS}

Examples
  optbridge resolve ann@example.com out
  optbridge resolve ben@example.com leave

Exit codes: 0 done, 1 it failed, 2 wrong usage, or nobody by that address in the
differences, 3 refused, 4 a run is going on
`;

export const WHICH_WAY = 'optbridge resolve: say whom and how: ADDRESS out, or ADDRESS leave.';
export const NO_STORE = (store: string) =>
  `optbridge resolve: there is no ${store} yet: no run has looked who differs. Begin with optbridge sync --dry-run.`;
export const NOT_THERE = (address: string) =>
  `optbridge resolve: ${address} is not among the differences of the last run. See optbridge differences.`;

export function resolvedText({ person, how, outcome, changes, words, run }: Resolved): string {
  if (how === 'leave') {
    const still = words === null ? [] : wrapped(words);
    return `${[`The difference of ${person} is accepted.`, 'Nothing was written to either service.', ...still].join('\n')}\n`;
  }
  if (outcome === 'failed')
    return `${wrapped(`${person} could not be opted out on both sides: ${words ?? 'the change could not be confirmed'}. The next run tries again.`).join('\n')}\n`;
  if (changes.length === 0) return `${person} is out on both sides already. Nothing was written; it is remembered.\n`;
  const made = `${person} is out on both sides: ${counted(changes.length, 'change', 'changes')}, in the audit as`;
  return `${[...wrapped(made), `${run}.`].join('\n')}\n`;
}
