import type { Summary } from './ledger.ts';
import type { RefusalKind } from './refused.ts';
import { remedyFor, sameFailures } from './remedies.ts';
import type { Store } from './store.ts';

/** What is worth telling somebody who does not watch. */
export type AlertReason = 'failed' | 'refused' | 'partly' | 'odd-volume' | 'overdue' | 'test';

/** What a webhook gets. The text has counts in it, and nothing about a person. */
export interface Alert {
  readonly reasons: readonly AlertReason[];
  readonly text: string;
}

/** How many people one run opted out, and in. */
export interface Volume {
  readonly optOuts: number;
  readonly optIns: number;
}

/** What an alert is made from. */
export interface Night {
  readonly summary: Pick<Summary, 'run' | 'outcome' | 'counts' | 'failures' | 'refusal' | 'finishedAt'>;
  /** The runs before it, as many as `pastVolumes` gives. */
  readonly history: readonly Volume[];
  /** Since when the oldest opt-out that should have crossed has not; ISO, null when there is none. */
  readonly waitingSince: string | null;
}

/** So many runs say what is usual. */
const USUAL = 30;
/** Fewer say nothing: the first runs of an old org have much to do. */
const ENOUGH = 5;
/** Up to so many people are never odd. */
const NEVER_ODD = 25;
const TIMES_MEDIAN = 5;
const DAY = 86_400_000;
/** An opt-out has to be honoured within days; this leaves time to act. */
const OVERDUE = 2 * DAY;

/** What the runs before this one wanted to do, the latest first. Runs that were refused or cut say nothing. */
export function pastVolumes(store: Store, except: string): Volume[] {
  return store
    .all(
      `SELECT summary ->> '$.counts.optOuts' AS out, summary ->> '$.counts.optIns' AS "in" FROM runs
       WHERE outcome IN ('done', 'partly') AND id <> ? ORDER BY started_at DESC LIMIT ?`,
      except,
      USUAL,
    )
    .map((row) => ({ optOuts: Number(row.out), optIns: Number(row.in) }));
}

/**
 * The most people that one run changes in one direction without being odd: 25, or five times the median of the last 30
 * runs where that is more. Null as long as fewer than five runs say what is usual.
 */
export function oddAbove(counts: readonly number[]): number | null {
  if (counts.length < ENOUGH) return null;
  return Math.max(NEVER_ODD, TIMES_MEDIAN * median(counts));
}

/** What there is to tell about a run; null when all is well. */
export function alertAbout({ summary, history, waitingSince }: Night): Alert | null {
  const { run, outcome, counts, failures, refusal, finishedAt } = summary;
  const told: { reason: AlertReason; words: string }[] = [];
  if (outcome === 'failed')
    told.push({ reason: 'failed', words: `The run failed. ${generalRemedy(failures)}What was done is remembered.` });
  if (outcome === 'refused')
    told.push({ reason: 'refused', words: refusal ? refusalInWords(refusal.kind, counts) : 'The run was refused.' });
  if (outcome === 'partly')
    told.push({ reason: 'partly', words: `It failed for ${people(counts.failed)}. ${commonRemedy(failures)}` });
  const odd = [
    oddInWords(
      'to opt out',
      counts.optOuts,
      history.map(({ optOuts }) => optOuts),
    ),
    oddInWords(
      'to opt in again',
      counts.optIns,
      history.map(({ optIns }) => optIns),
    ),
  ].filter((words) => words !== null);
  if (odd.length > 0) told.push({ reason: 'odd-volume', words: odd.join(' ') });
  const waiting = waitingSince === null ? 0 : Date.parse(finishedAt) - Date.parse(waitingSince);
  if (waiting > OVERDUE)
    told.push({
      reason: 'overdue',
      words: `An opt-out has not reached the other side for ${Math.floor(waiting / DAY)} days.`,
    });
  if (told.length === 0) return null;
  const done = `Run ${run}: ${people(counts.optOuts)} to opt out, ${counts.optIns} to opt in again, ${counts.done} done, ${counts.failed} failed.`;
  return {
    reasons: told.map(({ reason }) => reason),
    text: ['OptBridge', ...told.map(({ words }) => words), done].join('\n'),
  };
}

/**
 * For a run that ended without a report: a store that cannot be used, or a fault in the program.
 * @param words what is wrong with the store, which names nobody; null for anything else
 */
export function broken(words: string | null): Alert {
  const why = words === null ? '. The log of the machine says why.' : `: ${words}`;
  return { reasons: ['failed'], text: `OptBridge\nThe run could not be begun or carried to its end${why}` };
}

/**
 * What somebody sends to see whether alerts arrive.
 * @param machine the name of this one, so that whoever gets it knows where it comes from
 */
export function testAlert(machine: string): Alert {
  return {
    reasons: ['test'],
    text: `OptBridge\nThis is a test of the alerts, asked for on ${machine}. Nothing has happened, and there is nothing to do.`,
  };
}

/** What to do, without a service's own words: those may name a person. */
function generalRemedy(failures: Summary['failures']): string {
  const general = failures.find(({ person }) => person === null);
  return general ? `${remedyFor(general.words)} ` : '';
}

/** What to do about what went wrong for the most people. */
function commonRemedy(failures: Summary['failures']): string {
  const [most] = sameFailures(failures);
  if (!most) return 'The next run tries again.';
  return most.people.length < failures.length ? `For ${people(most.people.length)}: ${most.remedy}` : most.remedy;
}

/** The kind only: a service's own words may name a person. */
function refusalInWords(kind: RefusalKind, counts: Summary['counts']): string {
  const nothing = 'Nothing was written.';
  switch (kind) {
    case 'opt-out-cap':
      return `Refused: ${people(counts.optOuts)} would be opted out, more than the cap allows. ${nothing} Look at them with sync --dry-run; if it is right, run sync once with --cap-opt-out ${counts.optOuts}.`;
    case 'opt-in-cap':
      return `Refused in part: ${people(counts.optIns)} would be opted in again, more than the cap allows. ${optOutsWent(counts, 'Opt-outs')}. If it is right, run sync once with --cap-opt-in ${counts.optIns}.`;
    case 'sign-in':
      return `Refused: a service does not accept the sign-in. ${nothing} Look at it with optbridge doctor.`;
    case 'changed':
      return `Refused: the org, an account, the field, the lists or the tags are not those of the run before. ${nothing} optbridge doctor says which; if it is meant, run sync once with --accept-change.`;
    case 'emptied':
      return `Refused: one side is suddenly empty. ${nothing} Check the rights of the API user.`;
    case 'plan-moved':
      return `Refused: the plan that was approved does not fit any more. ${nothing} Make a new one.`;
    default:
      return `Refused (${kind}): a prerequisite is missing. ${nothing} Look at it with optbridge doctor.`;
  }
}

/** Over the opt-in cap nobody is let in, and nothing else is held back; but a service may have refused it. */
export function optOutsWent({ failed }: Summary['counts'], what: 'Opt-outs' | 'the opt-outs'): string {
  return failed === 0 ? `${what} went` : `${what} went, but not for ${people(failed)}`;
}

function oddInWords(what: string, count: number, before: readonly number[]): string | null {
  const limit = oddAbove(before);
  if (limit === null || count <= limit) return null;
  return `Unusually many: ${people(count)} ${what}; usual is ${median(before)}.`;
}

function median(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** `1 person`, `3 people`. */
export function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
