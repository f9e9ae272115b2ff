import { createHash } from 'node:crypto';
import type { DifferenceCause } from '../../consent/differences.ts';
import type { ReasonCode } from '../../consent/rules.ts';
import { optOutsWent } from '../alerts.ts';
import { fewestCalls } from '../fewest-calls.ts';
import { ENDED_EARLY, howRead } from '../how-read.ts';
import type { StartedRun, Summary } from '../ledger.ts';
import type { DecisionOutcome } from '../plan.ts';
import { remedyFor, sameFailures } from '../remedies.ts';
import type { ReportedDecision } from '../report.ts';
import { byBulk } from '../written.ts';
import { BARS, chart } from './chart.ts';
import { Html, html } from './html.ts';
import { contactLink, type Places, recordLink } from './links.ts';
import { grouped } from './numbers.ts';
import { STYLE } from './style.ts';
import { CAUSES, DECISION_OUTCOMES, NOT_DONE, OUTCOMES, REASONS } from './words.ts';

/** The people about whom a run decided the same, as many as a page can hold. */
export interface Group {
  readonly reason: ReasonCode;
  readonly count: number;
  /** What became of them, in numbers. */
  readonly outcomes: Readonly<Partial<Record<DecisionOutcome, number>>>;
  /** Those for whom it was not done come first. */
  readonly people: readonly ReportedDecision[];
}

/** All that a page shows. */
export interface PageContents {
  readonly summary: Summary;
  readonly groups: readonly Group[];
  /** The last runs, this one included, the oldest first. */
  readonly history: readonly StartedRun[];
  readonly places: Places;
  /** The newest row of the audit: kept here it shows whether rows were taken off the end. */
  readonly audit: { readonly rows: number; readonly hash: string };
}

/** Longer groups are folded up. */
const UNFOLDED = 25;

/**
 * The report of one run as one HTML file that needs nothing else: no script, no font, no picture, nothing from
 * anywhere. Pure: the same contents give the same page.
 */
export function reportPage(contents: PageContents): string {
  const { summary, groups, history, places, audit } = contents;
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const title = `OptBridge, ${moment(summary.startedAt)}: ${OUTCOMES[summary.outcome]}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="OptBridge">
<title>${title}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header>
<p>OptBridge · ${moment(summary.startedAt)} · run <code>${summary.run}</code>${summary.plan ? html`, which was to carry out the plan of dry run <code>${summary.plan}</code>` : null}</p>
<h1>${headline(summary)}</h1>
</header>
<main>
${outcomeBox(summary)}
${wasRead(summary) ? tiles(summary) : html`<section><p>${ENDED_EARLY}</p></section>`}
${chartSection(history, summary.run)}
${failureSection(summary)}
${wasRead(summary) ? decisionSection(groups, places) : null}
${differenceSection(summary)}
${warningSection(summary)}
</main>
<footer>
<p>${callsIn(summary)}${wasRead(summary) ? ` Salesforce shows ${grouped(summary.counts.salesforceRecords)} records with an address, ActiveCampaign ${grouped(summary.counts.activecampaignContacts)} contacts.` : null}${summary.reading ? ` ${howRead(summary.reading)}` : ''} ${byBulk(summary.written).join(' ')}</p>
${nothingWaits(summary)}<p>The audit has ${grouped(audit.rows)} ${audit.rows === 1 ? 'row' : 'rows'}; the last hash is <code>${audit.hash}</code>.</p>
<p>All about one person: <code>optbridge show ADDRESS</code>. This page has personal data in it: keep it as you keep those.</p>
</footer>
</body>
</html>
`.text;
}

/** Whether the run came to know both sides; before that its counts are of nobody. Old reports do not say: they are taken to. */
function wasRead({ reading }: Summary): boolean {
  return reading !== null;
}

/** Calls used, against the fewest that could have read and written the same. */
function callsIn(summary: Summary): string {
  const { calls } = summary;
  const fewest = fewestCalls(summary);
  return `${grouped(calls.salesforce)} calls to Salesforce and ${grouped(calls.activecampaign)} to ActiveCampaign in ${took(summary)}. What was read and written takes ${grouped(fewest.salesforce)} and ${grouped(fewest.activecampaign)} at the least; the others are sign-in, checks and reading back.`;
}

/** How the run ended, in a sentence. */
export function headline(summary: Summary): string {
  const { outcome, counts, differences, plan } = summary;
  const people = (count: number) => `${grouped(count)} ${count === 1 ? 'person' : 'people'}`;
  if (outcome === 'failed') return 'Failed: the run ended before its end. The next one goes on.';
  if (outcome === 'refused' && counts.held === 0) return 'Refused: nothing was written.';
  if (outcome === 'refused')
    return `Refused in part: ${people(counts.held)} held back; ${optOutsWent(counts, 'the opt-outs')}.`;
  if (outcome === 'stopped') return 'Stopped before its end. The next run does the rest.';
  const deeds =
    counts.optOuts + counts.optIns === 0
      ? 'everybody was settled already'
      : [
          ...(counts.optOuts > 0 ? [`${people(counts.optOuts)} opted out`] : []),
          ...(counts.optIns > 0 ? [`${people(counts.optIns)} opted in again`] : []),
        ].join(' and ');
  const others = (counts.changed ?? 0) - counts.done - counts.failed;
  if (outcome === 'done' && plan)
    return `Done: the plan was carried out for ${people(counts.done)}.${others > 0 ? ` ${people(others)} not in it: left for the next run.` : ''}`;
  if (outcome === 'partly') return `Done, but not for everybody: it failed for ${people(counts.failed)}.`;
  const waits = differences?.oldestOptOut ? ' An opt-out waits to cross.' : '';
  return `Done: ${deeds}.${waits}`;
}

function outcomeBox(summary: Summary): Html | null {
  const { outcome, refusal, failures } = summary;
  const words = refusal?.message ?? failures.find(({ person }) => person === null)?.words;
  if (words === undefined) return null;
  return html`<section class="outcome ${outcome === 'failed' ? 'bad' : 'warn'}" aria-label="What happened"><p>${words}</p>
${refusal ? null : html`<p>${remedyFor(words)}</p>`}</section>`;
}

function tiles({ counts, differences }: Summary): Html {
  const tile = (name: string, count: number, alarm = false) =>
    html`<div${alarm && count > 0 ? new Html(' class="alarm"') : null}><dt>${name}</dt><dd>${grouped(count)}</dd></div>\n`;
  return html`<section aria-label="In numbers"><dl class="tiles">
${tile('to opt out', counts.optOuts)}${tile('to opt in again', counts.optIns)}${tile('people done', counts.done)}${tile('writes', counts.writes)}${tile('failed', counts.failed, true)}${
  counts.held > 0 ? tile('held back', counts.held, true) : null
}${tile('out already', counts.byReason.agreed ?? 0)}${tile('people', counts.people)}${tile('on both sides', counts.both)}${tile('differ', differences?.open ?? 0)}</dl></section>`;
}

function chartSection(history: readonly StartedRun[], run: string): Html {
  const runs = history.slice(-BARS);
  const bars = runs.map(({ startedAt, summary }) => ({
    at: startedAt,
    optOuts: summary?.counts.optOuts ?? 0,
    optIns: summary?.counts.optIns ?? 0,
    trouble: summary === null ? 'cut off' : summary.outcome === 'done' ? null : OUTCOMES[summary.outcome].toLowerCase(),
  }));
  const key = (name: string, text: string) =>
    html`<li><svg viewBox="0 0 12 12" aria-hidden="true"><rect class="${name}" width="12" height="12" rx="2"/></svg>${text}</li>`;
  return html`<section aria-labelledby="runs"><h2 id="runs">The last ${bars.length === 1 ? 'run' : 'runs'}</h2>
${chart(bars)}
<ul class="key">${key('out', 'to opt out')}${key('in', 'to opt in again')}<li><svg viewBox="0 0 12 12" aria-hidden="true"><text class="mark" x="6" y="11" text-anchor="middle">!</text></svg>not done</li></ul>
<details><summary>The same as a table</summary><div class="scroll" tabindex="0" role="region" aria-label="The last runs as a table"><table>
<thead><tr><th scope="col">begun (UTC)</th><th scope="col">outcome</th><th scope="col" class="number">out</th><th scope="col" class="number">in</th><th scope="col" class="number">failed</th><th scope="col">run</th></tr></thead>
<tbody>
${runs
  .toReversed()
  .map(
    (one) =>
      html`<tr><td>${moment(one.startedAt).replace(' UTC', '')}</td><td>${one.summary ? OUTCOMES[one.summary.outcome] : 'cut off'}</td>${(['optOuts', 'optIns', 'failed'] as const).map((count) => html`<td class="number">${one.summary ? grouped(one.summary.counts[count]) : ''}</td>`)}<td><code>${one.run}</code>${one.run === run ? ' (this one)' : ''}</td></tr>\n`,
  )}</tbody></table></div></details></section>`;
}

function failureSection({ failures }: Summary): Html | null {
  const groups = sameFailures(failures);
  if (groups.length === 0) return null;
  return html`<section class="outcome bad" aria-labelledby="failures"><h2 id="failures">Failures</h2><ul class="plain">
${groups.slice(0, UNFOLDED * 4).map(({ words, remedy, people }) => {
  const [first = ''] = people;
  const one = people.length === 1;
  return html`<li><strong>${one ? first : `${grouped(people.length)} people`}</strong>: ${words}<span class="remedy">${remedy}</span>${one ? null : html`<span class="remedy">${named(people)}</span>`}</li>\n`;
})}</ul></section>`;
}

/** The first of them by name. */
function named(people: readonly string[]): string {
  const more = people.length - UNFOLDED;
  return `${people.slice(0, UNFOLDED).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

function decisionSection(groups: readonly Group[], places: Places): Html {
  const body =
    groups.length === 0
      ? html`<p>Nobody had to be changed, and nobody is left to look at.</p>`
      : groups.map((group) => groupOf(group, places));
  return html`<section aria-labelledby="decisions"><h2 id="decisions">Whom it was about</h2>${body}</section>`;
}

function groupOf(group: Group, places: Places): Html {
  const { reason, count, people } = group;
  const more = count - people.length;
  return html`
<details class="group"${people.length <= UNFOLDED ? new Html(' open') : null}><summary><span class="count">${grouped(count)}</span><h3>${heading(group)}</h3></summary>
<p class="code"><code>${reason}</code></p>
<ul class="people">
${people.map((one) => personOf(one, places))}</ul>${more > 0 ? html`<p>and ${grouped(more)} more; <code>optbridge show RUN --json</code> names everybody</p>` : null}</details>`;
}

/** Says that it was done only where it was. */
function heading({ reason, outcomes }: Group): string {
  const { why, deed } = REASONS[reason];
  const undone = (Object.entries(outcomes) as [DecisionOutcome, number][]).filter(([outcome]) => !QUIET.has(outcome));
  const [first] = undone;
  if (first === undefined) return `${why}: ${deed}`;
  if (outcomes.done) return `${why}: ${deed}, but not ${grouped(undone.reduce((sum, [, n]) => sum + n, 0))} of them`;
  return `${why}: ${(undone.length === 1 && NOT_DONE[first[0]]) || 'not done'}`;
}

const QUIET: ReadonlySet<DecisionOutcome> = new Set(['done', 'nothing']);

function personOf({ person, outcome, conflict, records, contact, words }: ReportedDecision, places: Places): Html {
  const badge = QUIET.has(outcome)
    ? null
    : html`<span class="badge${outcome === 'failed' ? ' alarm' : ''}">${DECISION_OUTCOMES[outcome]}</span>`;
  return html`<li><span class="who">${person}</span>${badge}<span class="links">${records.map(
    (id) => html`<a href="${recordLink(places, id)}" rel="noreferrer">Salesforce <code>${id}</code></a> `,
  )}${contact === null ? null : html`<a href="${contactLink(places, contact)}" rel="noreferrer">ActiveCampaign <code>${contact}</code></a>`}</span>${
    words === null ? null : html`<span class="words">${words}</span>`
  }${contact !== null && records.length === 0 ? html`<span class="words">No record in Salesforce has this address.</span>` : null}${conflict && html`<span class="words">ActiveCampaign has a newer subscription; the opt-out won. To clear it, clear the box on ${records.length === 1 ? 'the record' : `all ${records.length} records`}.</span>`}</li>\n`;
}

function differenceSection({ differences, finishedAt }: Summary): Html | null {
  if (!differences) return null;
  const { oldestOptOut, byCause, accepted } = differences;
  if (differences.open === 0 && oldestOptOut === null) return null;
  const rows = Object.entries(byCause) as [DifferenceCause, number][];
  const waits =
    oldestOptOut === null
      ? html`<p>No opt-out waits to cross.</p>`
      : html`<p><strong>The opt-out of ${oldestOptOut.person} has not crossed since ${moment(oldestOptOut.since)}</strong> (${days(Date.parse(finishedAt) - Date.parse(oldestOptOut.since))}).</p>`;
  return html`<section class="outcome${oldestOptOut ? ' bad' : ''}" aria-labelledby="differences"><h2 id="differences">Out on one side only</h2>${waits}
<ul class="plain">
${rows.map(([cause, count]) => html`<li><strong>${grouped(count)}</strong> ${CAUSES[cause]} <code>${cause}</code></li>\n`)}</ul>
<p><code>optbridge differences</code> names them${accepted > 0 ? `; ${grouped(accepted)} more ${accepted === 1 ? 'was' : 'were'} accepted` : ''}.</p></section>`;
}

/** Nobody differs: that too is said, of a run that knows. */
function nothingWaits(summary: Summary): Html | null {
  const { differences } = summary;
  if (!wasRead(summary) || !differences || differences.open > 0 || differences.oldestOptOut !== null) return null;
  return html`<p>Nobody is out on one side only; no opt-out waits to cross.</p>\n`;
}

function warningSection({ warnings }: Summary): Html | null {
  if (warnings.length === 0) return null;
  return html`<section class="outcome warn" aria-labelledby="warnings"><h2 id="warnings">To know</h2><ul class="plain">
${warnings.map((warning) => html`<li>${warning}</li>\n`)}</ul></section>`;
}

function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function days(ms: number): string {
  const count = Math.max(0, Math.floor(ms / 86_400_000));
  return count === 0 ? 'less than a day' : `${count} ${count === 1 ? 'day' : 'days'}`;
}

function took({ startedAt, finishedAt }: Summary): string {
  const seconds = Math.max(0, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000));
  if (seconds === 1) return '1 second';
  return seconds < 120 ? `${seconds} seconds` : `${grouped(Math.round(seconds / 60))} minutes`;
}
