import { howRead } from '../../companion/how-read.ts';
import type { Summary } from '../../companion/ledger.ts';
import type { Status } from '../../companion/status.ts';
import { generalLines, HEADLINE } from '../texts.ts';
import { DIFFERENCE_WORDS } from './differences.ts';
import { LOOK_OPTIONS } from './help.ts';
import { counted, grouped, moment, span, wrapped } from './plain.ts';
import { lineWidth } from './width.ts';

export const STATUS_HELP = `optbridge status: how things stand, from the store alone; asks no service

Usage
  optbridge status [--json]

Says when the last run was and how it ended, when the next is due, how many
people are out, what is left open, how many people differ, and the age of the
oldest opt-out that should have crossed and has not.

Options
${LOOK_OPTIONS}

Exit codes: 0 whatever there is to say, 2 wrong usage or configuration
`;

/** What a run did, in one line. */
export function deedsOf({ counts }: Summary): string {
  return [
    counted(counts.optOuts, 'person to opt out', 'people to opt out'),
    `${grouped(counts.optIns)} to opt in`,
    `${counted(counts.writes, 'write', 'writes')} done`,
    ...(counts.failed > 0 ? [`${grouped(counts.failed)} failed`] : []),
    ...(counts.held > 0 ? [`${grouped(counts.held)} held`] : []),
  ].join(', ');
}

/**
 * The status in words.
 * @param next when the next run is due, where that is known; ISO
 * @param now this machine's clock
 */
export function statusText(status: Status & { readonly nextDue: string | null }, store: string, now: number): string {
  const { lastRun, lastDone, looked, people, openIntentions, differences, nextDue } = status;
  const ago = (iso: string) => `${moment(iso)}, ${span(now - Date.parse(iso))} ago`;
  const line = (name: string, text: string) => {
    const [first = '', ...rest] = wrapped(text, '', lineWidth() - 14);
    return [`${name.padEnd(14)}${first}`, ...rest.map((more) => `${' '.repeat(14)}${more}`)];
  };
  const lines: string[] = [];
  if (!lastRun) lines.push(...line('Last run', `none yet in ${store}`));
  else if (!lastRun.summary)
    lines.push(...line('Last run', `begun ${ago(lastRun.startedAt)}; still going on, or cut off (${lastRun.run})`));
  else {
    const { summary } = lastRun;
    lines.push(...line('Last run', `${HEADLINE[summary.outcome]}, ${ago(summary.finishedAt)} (${lastRun.run})`));
    // A run that did not read both sides has counted nobody.
    if (summary.reading !== null) lines.push(...line('', deedsOf(summary)));
    if (summary.reading) lines.push(...line('', howRead(summary.reading)));
    if (summary.refusal) lines.push(...line('', summary.refusal.message));
    lines.push(...generalLines(summary).flatMap((words) => line('', words)));
  }
  if (lastRun && lastRun.summary?.outcome !== 'done')
    lines.push(...line('Last good run', lastDone ? ago(lastDone.finishedAt) : 'none'));
  lines.push(
    ...line(
      'Next run',
      nextDue === null ? 'none: nightly.enabled is false' : `${moment(nextDue)}, by the schedule of the configuration`,
    ),
  );
  if (!looked)
    return `${[...lines, ...line('People', 'nobody knows who is out, or who differs, before a run has looked')].join('\n')}\n`;
  const quiet = people.quiet > 0 ? `; ${grouped(people.quiet)} cleared in Salesforce by hand and left alone` : '';
  lines.push(
    ...line(
      'People out',
      `${grouped(people.out)} on each side that has them, ${grouped(people.bounced)} by a bounce${quiet}`,
    ),
  );
  lines.push(
    ...line(
      'Left open',
      openIntentions === 0
        ? 'nothing'
        : `${counted(openIntentions, 'person', 'people')} whose writes were begun and not confirmed; the next run goes on`,
    ),
  );
  const accepted = differences.accepted > 0 ? ` (${grouped(differences.accepted)} more accepted)` : '';
  lines.push(...line('Differences', `${counted(differences.open, 'person', 'people')}${accepted}`));
  for (const [cause, count] of Object.entries(differences.byCause))
    lines.push(...line('', `${grouped(count)} ${cause}: ${DIFFERENCE_WORDS[cause] ?? ''}`));
  lines.push(
    ...line(
      'Oldest wait',
      differences.oldestOptOut
        ? `${span(now - Date.parse(differences.oldestOptOut.since))}: the opt-out of ${differences.oldestOptOut.person} has not crossed since ${moment(differences.oldestOptOut.since)}`
        : 'no opt-out waits to cross',
    ),
  );
  return `${lines.join('\n')}\n`;
}
