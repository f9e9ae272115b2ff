import { CONFIG_OPTION, RUN_CODES } from './help.ts';

export const SYNC_HELP = `optbridge sync: settle both sides once

Usage
  optbridge sync [options]

Reads Salesforce and ActiveCampaign, decides by the rules of the README, writes,
reads back, and remembers what both sides agreed on. It never subscribes
anybody. Before the first run look at what it would do: --dry-run.

Options
  ${CONFIG_OPTION}
  --dry-run      say what would be done; write nothing, anywhere
  --save PLAN    with --dry-run: keep the plan in a file, to look at and to give
                 to optbridge apply
  --full         read everybody; otherwise a run reads what has changed in
                 Salesforce, and by list in ActiveCampaign where that is cheaper
                 and has proved itself; everybody the first time, every seven
                 days (schedule.fullEveryDays), and whenever the store may not
                 know all
  --accept-change
                 go on although the org, account, API user, field, lists, scope
                 or tags changed since the last run
  --cap-opt-out N, --cap-opt-in N
                 for this run: at most N people may be opted out, or have their
                 opt-out cleared: a number (0 for nobody), "N%", or "none" for
                 no limit
  --json         print exactly one JSON object; progress goes to stderr
  --help         print this

Exit codes
${RUN_CODES}

Examples
  optbridge sync --dry-run                      what would happen
  optbridge sync --dry-run --save plan.json     the same, to be approved
  optbridge sync --cap-opt-out 500              a first run that wants more
                                                than the cap allows
`;
