import { people } from '../companion/alerts.ts';
import { fewestCalls } from '../companion/fewest-calls.ts';
import { ENDED_EARLY, howRead } from '../companion/how-read.ts';
import { remedyFor, sameFailures } from '../companion/remedies.ts';
import type { Report, RunOutcome } from '../companion/report.ts';
import type { Happening } from '../companion/sync.ts';
import { byBulk } from '../companion/written.ts';
import { grouped, wrapped } from './texts/plain.ts';
import { waitingLines } from './texts/waiting.ts';

/** Every text of the `optbridge` command that is not worded where the problem is found. */

export const OPTION_FIRST = (option: string) =>
  `optbridge: "${option}" stands before the command. Say the command first: optbridge COMMAND ${option} …. See optbridge --help.`;
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
export const NOT_PRINTED = (code: string) =>
  `optbridge: not all could be printed (${code}). Free some room where the output goes.`;
export const NO_HISTORY = (problem: string) => `Whether this was an odd run could not be looked up: ${problem}`;
export const NOT_TOLD = (problem: string) => `The alert could not be given: ${problem}`;
export const CRASHED = (words: string) => `optbridge: something unexpected went wrong: ${words}`;

const SIDE = { activecampaign: 'ActiveCampaign', salesforce: 'Salesforce' } as const;

/** A line of progress. */
export function progressLine(happening: Happening): string {
  switch (happening.kind) {
    case 'checking':
      return 'Checking sign-ins, rights, fields and lists';
    case 'reading': {
      const of = happening.of === undefined ? '' : ` of ${grouped(happening.of)}`;
      return `Reading ${SIDE[happening.side]}: ${grouped(happening.done)}${of}`;
    }
    case 'planned':
      return `Decided about ${grouped(happening.totals.people)} people: ${grouped(happening.totals.optOuts)} to opt out, ${grouped(happening.totals.optIns)} to opt in`;
    case 'handing':
      return happening.side === 'salesforce'
        ? `Bulk job in Salesforce: ${grouped(happening.done)} of ${grouped(happening.of)} records`
        : `Bulk import into ActiveCampaign: ${grouped(happening.done)} of ${grouped(happening.of)} contacts handed in`;
    case 'writing':
      return `Writing: ${grouped(happening.done)} of ${grouped(happening.of)} people`;
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
  agreed: 'out already, on each side that has them',
  'cleared-in-salesforce': 'cleared in Salesforce by hand: left alone',
  'durable-opt-out': 'opted out before: opted out again',
  'hard-bounce': 'hard bounce: box set where there is a record',
  'unsubscribed-from-all': 'left all lists: box set where there is a record',
};

/** How many changes a summary names; `--json` has them all. */
export const SHOWN = 10;
/** How many people for whom the same failed. */
const NAMED = 5;

const NEXT = 'To do this: the same without --dry-run, or optbridge apply with a plan (--save).';

/** What a run did, for people. */
export function summary(report: Report): string {
  const { counts, calls } = report;
  const fewest = fewestCalls(report);
  const lines = [
    `${HEADLINE[report.outcome]}${report.dryRun ? ' (dry run: nothing was written)' : ''}`,
    ...report.warnings.flatMap((warning) => wrapped(`! ${warning}`, '  ')),
    ...(report.refusal ? wrapped(report.refusal.message) : []),
    ...generalLines(report).flatMap((words) => wrapped(words)),
    '',
    ...(report.reading === null
      ? wrapped(ENDED_EARLY)
      : [
          ...wrapped(
            `${grouped(counts.people)} people: ${grouped(counts.salesforceRecords)} Salesforce records with an address, ${grouped(counts.activecampaignContacts)} ActiveCampaign contacts, ${grouped(counts.both)} people on both sides`,
          ),
          ...Object.entries(counts.byReason).flatMap(([reason, count]) =>
            wrapped(
              `  ${grouped(count).padStart(7)}  ${reason.padEnd(21)} ${REASON_TEXT[reason] ?? ''}`,
              ' '.repeat(11),
            ),
          ),
          ...changeLines(report),
        ]),
    ...failureLines(report).flatMap((line) => wrapped(line, '    ')),
    '',
    ...[
      ...waitingLines(report),
      ...(report.reading ? [howRead(report.reading)] : []),
      ...byBulk(report.written),
      `API calls: ${grouped(calls.salesforce)} to Salesforce, ${grouped(calls.activecampaign)} to ActiveCampaign (${grouped(fewest.salesforce)} and ${grouped(fewest.activecampaign)} at the least).`,
    ].flatMap((words) => wrapped(words)),
    `Run ${report.run}`,
    ...(report.page === null ? [] : [`Report: ${report.page}`]),
    ...(report.dryRun && (counts.changed ?? 0) > 0 && report.outcome === 'done' ? ['', NEXT] : []),
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
  const more = changed > named.length ? [`  … and ${grouped(changed - named.length)} more; ${all}`] : [];
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
