import type { Totals, Verdict } from '../consent/plan.ts';
import type { ReasonCode } from '../consent/rules.ts';
import type { DifferenceSummary } from './differences.ts';
import type { HowRead } from './how-read.ts';
import { type DecisionOutcome, decided, tallied, type Which } from './plan.ts';
import type { RefusalKind } from './refused.ts';
import type { Change, Store } from './store.ts';
import { changesOf } from './work.ts';
import type { Written } from './written.ts';

/** How a run ended, with the exit code of the command. */
export const EXIT_CODES = { done: 0, failed: 1, usage: 2, refused: 3, busy: 4, partly: 5, stopped: 6 } as const;
export type RunOutcome = keyof typeof EXIT_CODES;

/** One decision as other tools read it. */
export interface ReportedDecision {
  /** The email address in lower case. */
  readonly person: string;
  readonly records: readonly string[];
  readonly contact: string | null;
  readonly reason: ReasonCode;
  /** ActiveCampaign has a newer subscription, and the opt-out won. */
  readonly conflict: boolean;
  readonly outcome: DecisionOutcome;
  readonly changes: readonly Change[];
  readonly words: string | null;
}

export interface ReportedFailure {
  /** Null when it was not about one person. */
  readonly person: string | null;
  /** The service's own words where there were any. */
  readonly words: string;
}

/** The one JSON object of `sync --json`. Fields are added, never changed. */
export interface Report {
  readonly run: string;
  readonly outcome: RunOutcome;
  readonly exitCode: number;
  readonly dryRun: boolean;
  /** The dry run whose plan this one was to carry out, and nothing else; null for none. Absent in old reports. */
  readonly plan?: string | null;
  /** There was no store before: nothing was remembered, so nothing was cleared. */
  readonly newStore: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly counts: {
    readonly people: number;
    /** On both sides. */
    readonly both: number;
    readonly salesforceRecords: number;
    readonly activecampaignContacts: number;
    readonly optOuts: number;
    readonly optIns: number;
    readonly done: number;
    readonly failed: number;
    readonly held: number;
    readonly writes: number;
    /** People for whom something is to be written, or was. Absent in old reports. */
    readonly changed?: number;
    readonly byReason: Readonly<Partial<Record<ReasonCode, number>>>;
  };
  /** As many as were asked for: a first run may decide about hundreds of thousands. */
  readonly decisions: readonly ReportedDecision[];
  readonly failures: readonly ReportedFailure[];
  readonly refusal: { readonly kind: RefusalKind; readonly message: string } | null;
  /** Which reading of Salesforce it was, and why a full one; null when it did not come to its end. Absent in old reports. */
  readonly reading?: HowRead | null;
  readonly warnings: readonly string[];
  /** Who is out on one side only, as of the last run that read everybody. */
  readonly differences: DifferenceSummary;
  readonly calls: { readonly salesforce: number; readonly activecampaign: number };
  /** How many writes went which way, as the services answered them. */
  readonly written: Written;
  /** The run's page for people, where the settings name a folder; a dry run has none. */
  readonly page: string | null;
}

const NO_COUNTS: Report['counts'] = {
  people: 0,
  both: 0,
  salesforceRecords: 0,
  activecampaignContacts: 0,
  optOuts: 0,
  optIns: 0,
  done: 0,
  failed: 0,
  held: 0,
  writes: 0,
  changed: 0,
  byReason: {},
};

/** The same object for a command that ended before there was a run: every member that other tools rely on is there. */
export function noReport(outcome: RunOutcome, words: string) {
  return {
    run: null,
    outcome,
    exitCode: EXIT_CODES[outcome],
    counts: NO_COUNTS,
    decisions: [],
    failures: [{ person: null, words }],
    refusal: null,
    warnings: [],
    calls: { salesforce: 0, activecampaign: 0 },
  };
}

/** What the phases leave for the report. */
export interface Findings {
  readonly run: string;
  readonly dryRun: boolean;
  readonly plan: string | null;
  readonly newStore: boolean;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly totals: Totals;
  readonly salesforceRecords: number;
  readonly activecampaignContacts: number;
  readonly verdict: Verdict | null;
  readonly refusal: Report['refusal'];
  /** What ended the run before its end. */
  readonly error: string | null;
  /** Somebody asked the run to stop before its end. */
  readonly stopped: boolean;
  readonly reading: HowRead | null;
  readonly warnings: readonly string[];
  readonly differences: DifferenceSummary;
  readonly calls: Report['calls'];
  readonly written: Written;
  /** Applied changes: rows of the audit. */
  readonly writes: number;
}

/** Every decision that is reported, in the order of the addresses. */
export function* reported(store: Store, field: string, which: Which = 'all'): Generator<ReportedDecision> {
  for (const { decision, outcome, words } of decided(store, which)) {
    if (decision.reason === null) continue;
    yield {
      person: decision.address,
      records: decision.records,
      contact: decision.contact,
      reason: decision.reason,
      conflict: decision.conflict,
      outcome,
      changes: changesOf(decision, field),
      words,
    };
  }
}

/**
 * Puts the report of a run together; `store` still holds the decisions.
 * @param named name only so many people, of those for whom something is to be written; everybody unless given
 */
export function makeReport(findings: Findings, store: Store | null, field: string, named?: number): Report {
  const failures: ReportedFailure[] = findings.error === null ? [] : [{ person: null, words: findings.error }];
  for (const { person, words } of store ? reported(store, field, 'failed') : [])
    failures.push({ person, words: words ?? 'the change could not be confirmed' });
  const outcome = outcomeOf(findings, failures);
  const { totals } = findings;
  const { byReason, byOutcome, writing } = store ? tallied(store) : { byReason: {}, byOutcome: {}, writing: 0 };
  return {
    run: findings.run,
    outcome,
    exitCode: EXIT_CODES[outcome],
    dryRun: findings.dryRun,
    plan: findings.plan,
    newStore: findings.newStore,
    startedAt: findings.startedAt,
    finishedAt: findings.finishedAt,
    counts: {
      people: totals.people,
      both: totals.both,
      salesforceRecords: findings.salesforceRecords,
      activecampaignContacts: findings.activecampaignContacts,
      optOuts: totals.optOuts,
      optIns: totals.optIns,
      done: byOutcome.done ?? 0,
      failed: byOutcome.failed ?? 0,
      held: byOutcome.held ?? 0,
      writes: findings.writes,
      changed: writing,
      byReason,
    },
    decisions: store ? namedIn(store, field, named) : [],
    failures,
    refusal: findings.refusal,
    reading: findings.reading,
    warnings: findings.warnings,
    differences: findings.differences,
    calls: findings.calls,
    written: findings.written,
    page: null,
  };
}

function namedIn(store: Store, field: string, named: number | undefined): ReportedDecision[] {
  if (named === undefined) return [...reported(store, field)];
  const first: ReportedDecision[] = [];
  for (const decision of reported(store, field, 'writing')) {
    if (first.length >= named) break;
    first.push(decision);
  }
  return first;
}

function outcomeOf(findings: Findings, failures: readonly ReportedFailure[]): RunOutcome {
  if (findings.error !== null) return 'failed';
  if (findings.refusal) return 'refused';
  if (findings.stopped) return 'stopped';
  return failures.length > 0 ? 'partly' : 'done';
}
