import type { SavedPlan } from '../../companion/saved-plan.ts';
import { HELP_OPTION } from './help.ts';

/** Texts of plans in files: `sync --dry-run --save` and `apply`. */

export const APPLY_USAGE = `optbridge apply: carry out a plan that somebody has looked at, and nothing else

Usage
  optbridge sync --dry-run --save PLAN  make a plan
  optbridge apply PLAN [--json]         carry it out

Both sides are read again first. If anything has changed for anybody in the
plan, or the plan is about another org, account, list or store, nothing is
written, and those people are named. Whoever needs something and is not in the
plan is left for the next run. The caps are those under which the plan was made.

Options
  --config FILE  the configuration with which the plan was made (optbridge.json
                 here, unless given)
  --json         print exactly one JSON object on stdout, as sync does
  ${HELP_OPTION}

Exit codes as of optbridge sync: 0 done, 2 no plan or a changed one, 3 refused
and nothing written, 5 done but for some people it failed
`;

export const NO_PLAN = 'optbridge apply: a plan is missing. See optbridge apply --help.';
export const SAVE_NEEDS_DRY_RUN =
  'optbridge sync: --save goes with --dry-run: it keeps a plan of what is not done yet. See optbridge sync --help.';
export const NOT_SAVED = 'No plan was saved, because there is none that could be carried out.';
export const CANNOT_READ = (file: string, why: string) =>
  `optbridge apply: ${file} cannot be read (${why}). Give the path of a plan; optbridge sync --dry-run --save makes one.`;
export const CANNOT_SAVE = (file: string, why: string) =>
  `${file}: the plan cannot be saved (${why}). Give a path that can be written.`;

/** @param words what follows `optbridge apply`, for a shell */
export const SAVED = (file: string, { optOuts, optIns }: SavedPlan, words: string) =>
  `The plan is in ${file}: ${optOuts} to opt out, ${optIns} to opt in. Look at it, and then: optbridge apply ${words}`;
