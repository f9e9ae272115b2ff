/** What `optbridge --help` says, and what the help of every command has in common. A line has at most 80 columns. */

export const CONFIG_OPTION = '--config FILE  the configuration file (optbridge.json here, unless given)';
export const HELP_OPTION = '--help         print this';
/** The options of a command that prints what it finds. */
export const LOOK_OPTIONS = `  ${CONFIG_OPTION}
  --json         print exactly one JSON object
  ${HELP_OPTION}`;

/** The exit codes of a run. */
export const RUN_CODES = `  0  done
  1  failed: a service could not be reached, or refused in the middle, or the
     disk is full; what was done is remembered: run it again
  2  the command or the configuration is wrong
  3  refused: a cap, a prerequisite, or a side that is suddenly empty; the
     message names the remedy
  4  another run is going on
  5  done, but for some people it failed; the next run tries again
  6  stopped by a signal after the batch in hand; the next run does the rest`;

export const USAGE = `optbridge: one person, one answer to "may we email them?", in Salesforce and in
ActiveCampaign

Usage
  optbridge COMMAND [options]

Begin
  init         ask for what is needed, test the answers, write the configuration
  doctor       look at every prerequisite, and say what to do about each
  alert        send a test to those who are told of a night that went wrong

Settle both sides
  sync         once, now; with --dry-run only say what would be done
  apply        carry out a plan that somebody has looked at, and nothing else
  schedule     every night by itself; or print it for systemd, cron and the like

Look
  status       how things stand: last run, next run, who is out, what waits
  runs         the last 30 runs
  show         all about one person or one run: why is she opted out?
  differences  who is out on one side only, since when, and why
  coverage     whom a run does not see or may not write, and why

Decide and keep
  resolve      settle somebody who differs
  audit        check the audit's chain, print it, take a person out
  store        copy the store, also while a run goes on

Options
  ${CONFIG_OPTION}
  --json         print exactly one JSON object, for other programs
  --help, -h     print this; after a command: all about it, exit codes too
  --version      say which OptBridge this is

First steps
  optbridge init
  optbridge doctor
  optbridge sync --dry-run
  optbridge sync

Exit codes of sync, apply and schedule --due
${RUN_CODES}
`;
