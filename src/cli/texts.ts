import { people } from '../companion/alerts.ts';
import { fewestCalls } from '../companion/fewest-calls.ts';
import { ENDED_EARLY, howRead } from '../companion/how-read.ts';
import { remedyFor, sameFailures } from '../companion/remedies.ts';
import type { Report, RunOutcome } from '../companion/report.ts';
import type { Happening } from '../companion/sync.ts';
import { byBulk } from '../companion/written.ts';
import { waitingLines } from './texts/waiting.ts';

/** Every text of the `optbridge` command that is not worded where the problem is found. */

export const USAGE = `optbridge: one person, one answer to "may we email them?", in Salesforce and in ActiveCampaign

Usage
  optbridge sync --config FILE [options]    settle both sides once
  optbridge apply PLAN --config FILE        carry out a plan that sync --dry-run --save made, and nothing else
  optbridge schedule --config FILE          keep running and settle every night; or print it for cron and the like
  optbridge status --config FILE [--json]   how things stand: last run, who is out, what waits
  optbridge runs --config FILE [--json]     the last 30 runs
  optbridge differences --config FILE       who is out on one side only, since when, and why
  optbridge show ADDRESS|RECORD|RUN …       all about one person or one run: why is she opted out?
  optbridge resolve ADDRESS out|leave …     settle somebody who differs
  optbridge coverage --config FILE          whom a run does not see, and why
  optbridge audit verify|export|erase …     check the audit's chain, print it, take a person out
  optbridge store backup FILE …             copy the store, also while a run goes on
  optbridge doctor --config FILE            look at every prerequisite
  optbridge init [--config FILE]            ask, test the answers, write the configuration
  optbridge COMMAND --help                  all about one command
  optbridge --version                       which OptBridge this is

Options of sync
  --config FILE       the configuration file (JSON; the README shows one); for every command optbridge.json in this
                      folder unless given
  --dry-run           say what would be done; write nothing, anywhere
  --save FILE         with --dry-run: keep the plan in a file, to look at and to give to optbridge apply
  --full              read everybody; otherwise a night reads what has changed in Salesforce, and by list in
                      ActiveCampaign where that is cheaper and has proved itself; everybody the first time,
                      every seven days (schedule.fullEveryDays), and whenever the store may not know all
  --accept-change     go on although the org, account, API user, field, lists, scope or tags changed since the last run
  --cap-opt-out N     for this run: at most N people may be opted out ("N", "N%" or "none")
  --cap-opt-in N      for this run: at most N people may have their opt-out cleared
  --json              print exactly one JSON object on stdout; progress goes to stderr
  --help              print this

Exit codes
  0  done
  1  failed: a service could not be reached, or refused in the middle, or the disk is full; run it again
  2  the command or the configuration is wrong
  3  refused: a cap, a prerequisite, or a side that is suddenly empty; the message names the remedy
  4  another run is going on
  5  done, but for some people it failed; the next run tries again
  6  stopped by a signal after the batch in hand; the next run does the rest
`;

export const UNKNOWN_COMMAND = (name: string, near: string | undefined) =>
  `optbridge: "${name}" is no command. ${near ? `Did you mean "${near}"?` : 'See optbridge --help.'}`;
export const NO_CONFIG = (command: string, usual: string) =>
  `optbridge ${command}: --config FILE is missing, and there is no ${usual} in this folder. optbridge init makes one.`;
/** A command of two words, such as audit export, has the help of the first. */
const helpOf = (command: string) => `optbridge ${command.split(' ')[0]} --help`;
export const NO_OPTION = (command: string, option: string, near: string | undefined) =>
  `optbridge ${command}: "${option}" is no option. ${near ? `Did you mean "--${near}"?` : `See ${helpOf(command)}.`}`;
export const NO_VALUE = (command: string, option: string) =>
  `optbridge ${command}: ${option} needs a value after it. See ${helpOf(command)}.`;
export const VALUE_TOO_MANY = (command: string, option: string) =>
  `optbridge ${command}: ${option} takes no value. See ${helpOf(command)}.`;
export const TOO_MANY = (command: string, word: string) =>
  `optbridge ${command}: "${word}" is one word too many. See ${helpOf(command)}.`;
export const BUSY = (store: string) =>
  `Another run is using ${store}. Nothing was done. Wait until it has finished, or stop it.`;
export const CRASHED = (words: string) => `optbridge: something unexpected went wrong: ${words}`;

const SIDE = { activecampaign: 'ActiveCampaign', salesforce: 'Salesforce' } as const;

/** A line of progress. */
export function progressLine(happening: Happening): string {
  switch (happening.kind) {
    case 'checking':
      return 'Checking sign-ins, rights, fields and lists';
    case 'reading': {
      const of = happening.of === undefined ? '' : ` of ${happening.of}`;
      return `Reading ${SIDE[happening.side]}: ${happening.done}${of}`;
    }
    case 'planned':
      return `Decided about ${happening.totals.people} people: ${happening.totals.optOuts} to opt out, ${happening.totals.optIns} to opt in`;
    case 'handing':
      return happening.side === 'salesforce'
        ? `Bulk job in Salesforce: ${happening.done} of ${happening.of} records`
        : `Bulk import into ActiveCampaign: ${happening.done} of ${happening.of} contacts handed in`;
    case 'writing':
      return `Writing: ${happening.done} of ${happening.of} people`;
  }
}

export const HEADLINE: Record<RunOutcome, string> = {
  done: 'Done',
  failed: 'Failed',
  usage: 'Wrong usage',
  refused: 'Refused',
  busy: 'Another run is going on',
  partly: 'Done, but not for everybody',
  stopped: 'Stopped as asked; the next run does the rest',
};

/** Short: a line has 80 columns. Whoever has no record in Salesforce has a reason all the same, and nothing to set. */
const REASON_TEXT: Record<string, string> = {
  unknown: 'could not be read whole: left alone',
  'bounce-reactivated': 'bounced, and active again: left alone',
  'subscribed-again': 'subscribed again: box cleared',
  'salesforce-opt-out': 'box set: unsubscribed in ActiveCampaign',
  'same-address': 'other records with the same address set',
  agreed: 'out on both sides already',
  'cleared-in-salesforce': 'cleared in Salesforce by hand: left alone',
  'durable-opt-out': 'opted out before: opted out again',
  'hard-bounce': 'hard bounce: box set, where there is a record',
  'unsubscribed-from-all': 'left all lists: box set, where there is a record',
};

/** How many changes a summary names; `--json` has them all. */
export const SHOWN = 10;
/** How many people for whom the same failed. */
const NAMED = 5;

/** What a run did, for people. */
export function summary(report: Report): string {
  const { counts, calls } = report;
  const fewest = fewestCalls(report);
  const lines = [
    `${HEADLINE[report.outcome]}${report.dryRun ? ' (dry run: nothing was written)' : ''}`,
    ...report.warnings.map((warning) => `! ${warning}`),
    ...(report.refusal ? [report.refusal.message] : []),
    ...generalLines(report),
    '',
    ...(report.reading === null
      ? [ENDED_EARLY]
      : [
          `${counts.people} people: ${counts.salesforceRecords} Salesforce records with an address, ${counts.activecampaignContacts} ActiveCampaign contacts, ${counts.both} people on both sides`,
          ...Object.entries(counts.byReason).map(
            ([reason, count]) => `  ${String(count).padStart(6)}  ${reason.padEnd(22)} ${REASON_TEXT[reason] ?? ''}`,
          ),
          ...changeLines(report),
        ]),
    ...failureLines(report),
    '',
    ...waitingLines(report),
    ...(report.reading ? [howRead(report.reading)] : []),
    ...byBulk(report.written),
    `API calls: ${calls.salesforce} to Salesforce, ${calls.activecampaign} to ActiveCampaign (${fewest.salesforce} and ${fewest.activecampaign} at the least). Run ${report.run}`,
    ...(report.page === null ? [] : [`Report: ${report.page}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function changeLines(report: Report): string[] {
  const writing = report.decisions.filter(({ changes }) => changes.length > 0);
  const named = writing.slice(0, SHOWN);
  const changed = report.counts.changed ?? writing.length;
  if (changed === 0) return ['', 'Nothing to write.'];
  const lines = named.map(
    ({ person, reason, outcome, conflict }) =>
      `  ${outcome.padEnd(9)} ${person}  ${reason}${conflict ? ' (conflict: the opt-out won)' : ''}`,
  );
  const all = report.dryRun ? '--json names everybody' : `optbridge show ${report.run} --json names everybody`;
  const more = changed > named.length ? [`  … and ${changed - named.length} more; ${all}`] : [];
  const none = report.outcome === 'refused' && report.counts.done === 0;
  const heading = report.dryRun ? 'Would change' : none ? 'Would have changed' : 'Changes';
  return ['', `${heading} (${people(changed)}):`, ...lines, ...more];
}

/** What ended a run, and what to do about it. */
export function generalLines({ failures }: Pick<Report, 'failures'>): string[] {
  return failures.filter(({ person }) => person === null).flatMap(({ words }) => [words, remedyFor(words)]);
}

/** What failed for people, with its remedy: the same of many once. */
export function failureLines({ failures }: Pick<Report, 'failures'>): string[] {
  const groups = sameFailures(failures);
  if (groups.length === 0) return [];
  return [
    '',
    'Failures:',
    ...groups.flatMap(({ words, remedy, people: whom }) => {
      const rest = whom.length > NAMED ? ` and ${whom.length - NAMED} more` : '';
      return [`  ${people(whom.length)}: ${words}`, `    ${remedy}`, `    ${whom.slice(0, NAMED).join(', ')}${rest}`];
    }),
  ];
}
