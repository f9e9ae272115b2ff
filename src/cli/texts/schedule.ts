import { unnamed } from '../../companion/forget.ts';
import type { Report } from '../../companion/report.ts';
import type { ScheduleEvent } from '../../companion/schedule.ts';
import type { Standing } from '../../companion/settled-night.ts';
import type { UnattendedSettings } from '../../companion/unattended-settings.ts';
import { generalLines, HEADLINE } from '../texts.ts';
import { CONFIG_OPTION, HELP_OPTION } from './help.ts';
import { waitingLines } from './waiting.ts';

export const SCHEDULE_USAGE = `optbridge schedule: run every night by itself

Usage
  optbridge schedule                 keep running, and settle both sides at
                                     every scheduled time
  optbridge schedule --due [--json]  run once if a run is due, for cron, timers
                                     and the like
  optbridge schedule --print KIND    print what another scheduler needs, paths
                                     filled in

The settings schedule.cron and schedule.timeZone say when (20:00 in Los Angeles
unless given). With nightly.enabled false nothing runs.

A run is due when none has been finished since the last scheduled time. So a
night that was missed while the machine was off is caught up at the next start,
once; a run that failed, was stopped or was killed is not finished, nor is an
apply that left somebody for the next run. Where it keeps running, a night that
failed is tried every hour, six times in all.

SIGTERM, Ctrl-C or a terminal that is closed: the batch in hand is finished,
then it stops. A second signal stops at once; the next run then does the rest.
Under nohup a closed terminal stops nothing.

Options
  ${CONFIG_OPTION}
  --due          run once now if a run is due; otherwise say so
  --print KIND   systemd, cron, windows or github-actions
  --json         with --due: print exactly one JSON object on stdout
  ${HELP_OPTION}

Exit codes
  without --due: 0 stopped as asked, or nightly.enabled is false;
  2 wrong usage or configuration
  with --due: 0 nothing was due; otherwise those of optbridge sync

Examples
  optbridge schedule --print cron
  optbridge schedule --print systemd --config /etc/optbridge/optbridge.json
`;

export const STOPPING = 'Stopping; a batch in hand is finished first. A second signal stops at once.';
/** npm ends its own shell at SIGTERM, and this process would go on, unseen. */
export const THROUGH_NPM = (pid: number) =>
  `Started through npm, which does not hand SIGTERM on. To stop this: Ctrl-C, or kill ${pid}.`;
/** Said at the start: whoever starts it looks now, and nobody does at 20:00. */
export const STORE_UNUSABLE = (words: string, remedy: string | null) =>
  `! store: ${words} ${remedy ?? ''} Until then every night fails.`;
export const DISABLED = 'nightly.enabled is false: nothing runs. Set it to true to run every night.';
export const TOGETHER = 'optbridge schedule: use either --due or --print, not both.';
export const JSON_ALONE = 'optbridge schedule: --json goes with --due only.';
export const NO_KIND = (given: string, kinds: readonly string[]) =>
  `optbridge schedule: --print ${given} is not known. Use one of: ${kinds.join(', ')}.`;
export const OUTSIDE = (what: string, path: string) =>
  `optbridge schedule: ${what} (${path}) lies outside this folder. For github-actions, run this in the root of the repository that holds it.`;

/** A moment as a log has it. */
export function logTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A scheduled time in the zone that it was meant in, such as `Sun 22 Nov 2026, 20:00 America/Los_Angeles`. */
export function zoned(ms: number, timeZone: string): string {
  const words = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(ms);
  const part = (type: string) => words.find((word) => word.type === type)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}, ${part('hour')}:${part('minute')} ${timeZone}`;
}

export function eventLine(event: ScheduleEvent, { timeZone }: UnattendedSettings['schedule']): string {
  switch (event.kind) {
    case 'waiting':
      return `The next run is on ${zoned(event.next, timeZone)} (${logTime(event.next)}).`;
    case 'again':
      return `The run was not finished. It is tried again on ${zoned(event.next, timeZone)} (${logTime(event.next)}).`;
    case 'missed':
      return `No run was finished since ${zoned(event.at, timeZone)}: catching up now.`;
    case 'due':
      return `A run is due since ${zoned(event.at, timeZone)}.`;
    case 'settled':
      return `Run ${event.run} was finished since ${zoned(event.at, timeZone)}: nothing to do.`;
    case 'passed':
      return `${zoned(event.at, timeZone)} passed while the run was going on; it is not run again.`;
    case 'ended':
      return 'The schedule ends.';
  }
}

/** Why `--due` does nothing. */
export function notDue(standing: Exclude<Standing, { kind: 'due' }>, timeZone: string, next: number | null): string {
  const why =
    standing.kind === 'settled'
      ? `run ${standing.run} was finished since ${zoned(standing.at, timeZone)}`
      : 'no scheduled time has come yet';
  return `Nothing is due: ${why}.${next === null ? '' : ` The next run is on ${zoned(next, timeZone)}.`}`;
}

/** A run's end in log lines. Logs are kept long and read by many: they say nobody's address. */
export function endLines(report: Report): string[] {
  const { counts, calls } = report;
  return [
    ...report.warnings.map((warning) => `! ${warning}`),
    ...(report.refusal ? [report.refusal.message] : []),
    ...generalLines(report),
    `${HEADLINE[report.outcome]}: ${counts.optOuts} to opt out, ${counts.optIns} to opt in, ${counts.done} done, ${counts.failed} failed; ${counts.people} people, ${calls.salesforce} calls to Salesforce, ${calls.activecampaign} to ActiveCampaign. Run ${report.run}.`,
    ...waitingLines(report),
  ].map((line) => unnamed(line, '(an address)'));
}
