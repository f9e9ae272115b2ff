import type { About } from '../../companion/about.ts';
import type { AuditRow } from '../../companion/audit.ts';
import { ENDED_EARLY } from '../../companion/how-read.ts';
import type { KeptDecision, StartedRun, Summary } from '../../companion/ledger.ts';
import { moveInWords } from '../../companion/moves.ts';
import type { MembershipNow, PersonNow } from '../../companion/person.ts';
import { lookForIt } from '../../companion/unreadable.ts';
import { viaInWords } from '../../companion/via-names.ts';
import { failureLines, generalLines, HEADLINE } from '../texts.ts';
import { DIFFERENCE_WORDS } from './differences.ts';
import { LOOK_OPTIONS } from './help.ts';
import { columns, counted, grouped, moment, span, wrapped } from './plain.ts';
import { deedsOf } from './status.ts';

export const SHOW_HELP = `optbridge show: why is she opted out?

Usage
  optbridge show ADDRESS [--offline] [--json]
  optbridge show RECORD [--offline] [--json]
  optbridge show RUN [--json]

About a person, by email address or by the id of a Contact or Lead: the answer
in one sentence, what both services say now, what is remembered, what the rules
decide, and every change that was made, the oldest first. About a run, by its
name: how it ended, whom it decided about, and what it changed.

Options
${LOOK_OPTIONS}
  --offline      ask no service; say what the store knows

Examples
  optbridge show ann@example.com
  optbridge show 003Qy0000004C9JIAU
  optbridge show 20261121T040000Z-4f2a --json

Exit codes: 0 shown, 1 a service could not be read (the rest is shown),
2 wrong usage or configuration, or no such record or run
`;

export const NOBODY = 'optbridge show: say whom: an email address, a record id or the name of a run.';
export const NO_RUN = (run: string) => `optbridge show: there is no run ${run} in the store. See optbridge runs.`;
export const NO_PERSON = (word: string) =>
  `optbridge show: "${word}" is no email address, no id of a Contact or Lead, and no name of a run.`;
export const MISCOPIED = (id: string) =>
  `optbridge show: "${id}" is no record id: its last three characters do not fit the others. Copy it again, or take the three off.`;
export const NO_RECORD = (id: string, offline: boolean) =>
  `optbridge show: ${offline ? 'the store knows no record' : 'Salesforce shows no record'} ${id}${offline ? '; ask again without --offline' : ''}.`;
export const NO_ADDRESS = (id: string) =>
  `optbridge show: record ${id} has no email address, so that no run concerns itself with it.`;

const STATUS: Readonly<Record<number, string>> = { 0: 'unconfirmed', 1: 'active', 2: 'unsubscribed', 3: 'bounced' };
const at = (ms: number | null | undefined) => (ms ? moment(new Date(ms).toISOString()) : '');

/** All about a person. */
export function aboutText(about: About): string {
  const { now, agreement, decision, difference, differs, intention, moves, decisions, audit } = about;
  const lines = [...wrapped(about.why), '(Days and times are in UTC.)'];
  if (now) lines.push('', ...salesforceLines(now), '', ...activecampaignLines(now, about.qualified === true));
  lines.push('', 'Remembered');
  if (agreement?.kind === 'out')
    lines.push(
      ...wrapped(
        `  ${outOn(agreement)}, ${agreement.cause === 'bounce' ? 'by a bounce' : 'by an opt-out'}; looked at ${at(agreement.at.salesforce ?? agreement.at.activecampaign)}`,
        '  ',
      ),
      `  records ${agreement.records.join(', ') || 'none'}; contact ${agreement.contact ?? 'none'}`,
    );
  else lines.push(agreement ? '  cleared in Salesforce by hand; left alone while nothing changes there' : '  nothing');
  for (const move of moves) lines.push(...wrapped(`  ${moveInWords(move)}`, '  '));
  if (intention)
    lines.push(...wrapped(`  writes of run ${intention.run} begun and not confirmed (${intention.reason})`, '  '));
  if (decision)
    lines.push(
      '',
      'What the rules say now',
      `  ${decision.reason ?? 'nothing to do'}${decision.conflict ? ' (ActiveCampaign has a newer subscription; the opt-out wins)' : ''}`,
      ...(decision.set.length > 0 ? [`  set the box on ${decision.set.join(', ')}`] : []),
      ...(decision.clear.length > 0 ? [`  clear the box on ${decision.clear.join(', ')}`] : []),
      ...(decision.unsubscribe.length > 0
        ? [`  unsubscribe from ${counted(decision.unsubscribe.length, 'list', 'lists')}`]
        : []),
    );
  const way = wayBack(about);
  if (way !== null) lines.push(...wrapped(`  ${way}`, '  '));
  if (differs === 'unknown')
    lines.push(...wrapped('  whether the two sides differ cannot be said: something could not be read', '  '));
  else if (differs) lines.push(...wrapped(`  the two sides differ: ${DIFFERENCE_WORDS[differs]} (${differs})`, '  '));
  if (difference) {
    const accepted =
      difference.accepted === null
        ? ''
        : `, accepted on ${moment(difference.accepted)}${difference.acceptedBy === null ? '' : ` by ${difference.acceptedBy}`}`;
    lines.push('', 'As the last run left it');
    lines.push(...wrapped(`  ${difference.cause} since ${moment(difference.since)}${accepted}`, '  '));
    if (difference.words) lines.push(...wrapped(`  ${difference.words}`, '  '));
  }
  lines.push('', ...decisionLines(decisions), '', ...auditLines(audit));
  return `${lines.join('\n')}\n`;
}

/** Where somebody was out when a run finished with them: nobody is out where they are not. */
function outOn({ records, contact }: Extract<About['agreement'], { kind: 'out' }>): string {
  if (records.length === 0)
    return contact === null ? 'out, with neither record nor contact' : 'out in ActiveCampaign, with no record';
  return contact === null ? 'out in Salesforce, with no contact' : 'out on both sides';
}

/** What would let somebody in again who is out on both sides; null for anybody else. */
function wayBack({ decision, agreement, now, qualified }: About): string | null {
  if (decision?.reason !== 'agreed' || agreement?.kind !== 'out' || !now) return null;
  const byHand = `clear the box on ${now.records.length === 1 ? 'the record' : `all ${now.records.length} records`}`;
  if (now.contact && now.contact.bouncedHard > 0)
    return `the box stays set as long as ActiveCampaign counts a hard bounce; where the address is good again, ${byHand}`;
  return now.contact && qualified
    ? 'if they subscribe again to a list themselves, the next run clears the box; no run subscribes anybody'
    : `no run clears it: the contact is ${now.contact ? 'not tagged as Salesforce’s' : 'not there'}. To take it back, ${byHand}`;
}

/** What could not be read, and what to do where nobody answered. */
function unreadLines({ side, words }: PersonNow['failures'][number]): string[] {
  const remedy = /no (?:connection|answer)\b/.test(words)
    ? [`${lookForIt(side)} With --offline this says what the store knows.`]
    : [];
  return [`could not be read: ${words}`, ...remedy].flatMap((line) => wrapped(`  ${line}`, '  '));
}

function salesforceLines(now: PersonNow): string[] {
  const failed = now.failures.find(({ side }) => side === 'salesforce');
  if (failed) return ['Salesforce, now', ...unreadLines(failed)];
  if (now.records.length === 0) return ['Salesforce, now', '  no live record with this address'];
  const told = new Set(now.boxHistory.map(({ record }) => record));
  const rows = now.records.map((record) => [
    `  ${record.id}`,
    record.object,
    record.set ? 'opted out' : 'not opted out',
    at(record.modifiedAt),
    record.name,
  ]);
  const history = now.boxHistory.map(
    (change) => `  ${moment(change.at)}  ${change.record}  ${change.now ? 'set' : 'cleared'} by ${change.by}`,
  );
  return [
    'Salesforce, now',
    ...columns(['  record', 'kind', 'Email Opt Out', 'last changed', 'name'], rows),
    ...now.records
      .filter(({ id, set, changedBy }) => set && changedBy !== '' && !told.has(id))
      .flatMap(({ id, changedBy }) =>
        wrapped(`  ${id} was last changed by ${changedBy}; field history does not tell who set the box`, '    '),
      ),
    ...(history.length > 0 ? ['  the box, as field history tells it:', ...history] : []),
  ];
}

function activecampaignLines(now: PersonNow, qualified: boolean): string[] {
  const failed = now.failures.find(({ side }) => side === 'activecampaign');
  if (failed) return ['ActiveCampaign, now', ...unreadLines(failed)];
  const { contact } = now;
  if (!contact) return ['ActiveCampaign, now', '  no contact with this address'];
  const rows = contact.memberships.map((row) => [
    `  ${row.listName ?? `list ${row.list} (hidden)`}`,
    STATUS[row.status] ?? `status ${row.status}`,
    at(row.subscribedAt),
    at(row.unsubscribedAt),
    row.inScope ? '' : 'does not count',
  ]);
  const bounced =
    contact.bouncedHard > 0
      ? `; bounced hard ${counted(contact.bouncedHard, 'time', 'times')}, last on ${at(contact.bouncedAt).slice(0, 10)}${now.bounce === null ? '' : `: “${now.bounce}”`}`
      : '';
  return [
    'ActiveCampaign, now',
    ...wrapped(`  contact ${contact.id}${bounced}`, '  '),
    ...wrapped(
      `  ${qualified ? 'belongs to Salesforce' : 'has no tag that qualifies'}; tags: ${(contact.tags ?? []).join(', ') || 'none'}`,
      '  ',
    ),
    ...(rows.length > 0 ? columns(['  list', 'status', 'subscribed', 'unsubscribed', ''], rows) : ['  on no list']),
    ...contact.memberships.flatMap(howLines),
  ];
}

/** By what a list was joined or left, and what the person typed. */
function howLines({ list, listName, status, via, unsubscribeReason }: MembershipNow): string[] {
  const reason = status === 2 ? unsubscribeReason : null;
  if (via === null && !reason) return [];
  const how = via === null ? '' : ` through ${viaInWords(via)}`;
  const deed = status === 1 ? 'joined' : 'left';
  return wrapped(`  ${listName ?? `list ${list}`} ${deed}${how}${reason ? `: “${reason}”` : ''}`, '    ');
}

function decisionLines(decisions: readonly KeptDecision[]): string[] {
  if (decisions.length === 0) return ['Decisions of past runs: none kept'];
  const rows = decisions.map((one) => [
    `  ${one.run}`,
    one.reason,
    one.outcome,
    [one.conflict ? 'conflict: the opt-out won' : '', one.words ?? ''].filter((text) => text).join('; '),
  ]);
  return ['Decisions of past runs', ...columns(['  run', 'reason', 'outcome', ''], rows)];
}

/** The rows of the audit, two lines each so that they fit. */
function auditLines(audit: readonly AuditRow[]): string[] {
  if (audit.length === 0) return ['Changes made: none on record'];
  return [
    'Changes made, the oldest first',
    ...audit.flatMap(({ at: when, change, reason, run }) => [
      `  ${moment(when)}  ${changed(change)}`,
      `      ${reason}, run ${run}`,
    ]),
  ];
}

function changed({ side, target, field, was, now }: AuditRow['change']): string {
  if (side === 'salesforce') return `box ${now === 'true' ? 'set' : 'cleared'} on ${target}`;
  const list = field.replace('list:', 'list ');
  const words = (status: string) => STATUS[Number(status)] ?? `status ${status}`;
  return `${list}: ${words(was)} -> ${words(now)}`;
}

function whoWasRead({ reading, counts }: Summary): string {
  if (reading === null) return ENDED_EARLY;
  return `${grouped(counts.people)} people: ${grouped(counts.salesforceRecords)} Salesforce records, ${grouped(counts.activecampaignContacts)} ActiveCampaign contacts.`;
}

/** Longer lists are for `--json`. */
const SHOWN = 100;

/** All about a run. */
export function runText(
  run: StartedRun | undefined,
  name: string,
  decisions: readonly KeptDecision[],
  audit: readonly AuditRow[],
): string {
  const summary = run?.summary;
  const lines = [`Run ${name}`];
  if (summary) {
    lines.push(
      `${HEADLINE[summary.outcome]}, after ${span(Date.parse(summary.finishedAt) - Date.parse(summary.startedAt))}${summary.reading === null ? '' : `: ${deedsOf(summary)}`}`,
      ...(summary.plan ? wrapped(`It was to carry out the plan of dry run ${summary.plan}, and nothing else.`) : []),
      ...summary.warnings.flatMap((warning) => wrapped(`! ${warning}`, '  ')),
      ...(summary.refusal ? wrapped(summary.refusal.message) : []),
      ...generalLines(summary).flatMap((words) => wrapped(words)),
      ...wrapped(
        `${whoWasRead(summary)} API calls: ${grouped(summary.calls.salesforce)} and ${grouped(summary.calls.activecampaign)}`,
      ),
      ...failureLines(summary).flatMap((line) => wrapped(line, '    ')),
    );
  } else lines.push(run ? `Begun ${moment(run.startedAt)}; still going on, or cut off` : 'Asked for by hand');
  const rows = decisions
    .slice(0, SHOWN)
    .map((one) => [
      `  ${one.person}`,
      one.reason,
      `${one.outcome}${one.conflict ? ' (conflict: the opt-out won)' : ''}`,
    ]);
  if (decisions.length > 0)
    lines.push('', `Decisions (${grouped(decisions.length)})`, ...columns(['  who', 'reason', 'outcome'], rows));
  if (decisions.length > SHOWN) lines.push(`  … and ${grouped(decisions.length - SHOWN)} more; --json names everybody`);
  lines.push('', `Changes made: ${grouped(audit.length)}`);
  const changes = audit.slice(0, SHOWN).map(({ address, change }) => [`  ${address}`, changed(change)]);
  if (changes.length > 0) lines.push(...columns(['  who', 'what'], changes));
  if (audit.length > SHOWN) lines.push(`  … and ${grouped(audit.length - SHOWN)} more; --json names all`);
  return `${lines.join('\n')}\n`;
}
