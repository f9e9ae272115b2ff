import type { Decision } from '../consent/decide.ts';
import type { ReasonCode } from '../consent/rules.ts';
import type { DecisionOutcome } from './plan.ts';
import type { Report, ReportedDecision } from './report.ts';
import type { Store } from './store.ts';
import { changesOf } from './work.ts';

/** A run's report as it is kept: the decisions have a table of their own. */
export type Summary = Omit<Report, 'decisions'>;

/** A run that was started. Without a summary it is still going on, or was cut off. */
export interface StartedRun {
  readonly run: string;
  readonly startedAt: string;
  readonly summary: Summary | null;
}

/** One decision of one run. */
export interface KeptDecision extends ReportedDecision {
  readonly run: string;
}

/** Keeps what a run decided and what became of it, but for `agreed`, which says that there was nothing to do. */
export function keepDecisions(store: Store, run: string): void {
  store.run(
    `INSERT OR REPLACE INTO decisions (run, address, reason, outcome, words, decision)
     SELECT ?, address, reason, coalesce(outcome, 'nothing'), words, decision FROM reading.decided
     WHERE reason IS NOT NULL AND reason <> 'agreed'`,
    run,
  );
}

/** A clock that is set right by less than this leaves the runs before it as they are. */
const AHEAD = 3_600_000;

/** The last moment (ISO) at which a run can have begun; one of a later time was dated by a clock that was ahead. */
export function datedBy(now: number): string {
  return new Date(now + AHEAD).toISOString();
}

/** The last runs, the newest first; up to `until` (ISO) if that is given. */
export function runs(store: Store, limit: number, until = '9999'): StartedRun[] {
  return store
    .all('SELECT * FROM runs WHERE started_at <= ? ORDER BY started_at DESC, id DESC LIMIT ?', until, limit)
    .map(runIn);
}

/**
 * The last runs for people to read, the newest first. Nobody knows when those really were that a clock dated ahead: they
 * stand last.
 */
export function runsInOrder(store: Store, limit: number, now: number): StartedRun[] {
  const until = datedBy(now);
  const ahead = runs(store, limit).filter(({ startedAt }) => startedAt > until);
  return [...runs(store, limit - ahead.length, until), ...ahead];
}

export function runById(store: Store, id: string): StartedRun | undefined {
  const row = store.get('SELECT * FROM runs WHERE id = ?', id);
  return row && runIn(row);
}

function runIn(row: Record<string, unknown>): StartedRun {
  return {
    run: String(row.id),
    startedAt: String(row.started_at),
    summary: row.summary === null ? null : (JSON.parse(String(row.summary)) as Summary),
  };
}

/** What a run decided, by reason and address. `field` is the opt-out field of the configuration. */
export function* decisionsOf(store: Store, run: string, field: string): Generator<KeptDecision> {
  for (const row of store.iterate('SELECT * FROM decisions WHERE run = ? ORDER BY reason, address', run))
    yield decisionIn(row, field);
}

/** What a run decided for one reason: those for whom it was not done first, then by address. */
export function decisionsFor(
  store: Store,
  run: string,
  reason: ReasonCode,
  field: string,
  limit: number,
): KeptDecision[] {
  return store
    .all(
      `SELECT * FROM decisions WHERE run = ? AND reason = ?
       ORDER BY outcome IN ('done', 'nothing'), outcome <> 'failed', address LIMIT ?`,
      run,
      reason,
      limit,
    )
    .map((row) => decisionIn(row, field));
}

/** What was decided about one person, the oldest first. */
export function decisionsAbout(store: Store, address: string, field: string): KeptDecision[] {
  return store
    .all(
      `SELECT d.* FROM decisions d LEFT JOIN runs r ON r.id = d.run WHERE d.address = ? ORDER BY r.started_at, d.run`,
      address,
    )
    .map((row) => decisionIn(row, field));
}

function decisionIn(row: Record<string, unknown>, field: string): KeptDecision {
  const decision = JSON.parse(String(row.decision)) as Decision;
  return {
    run: String(row.run),
    person: String(row.address),
    records: decision.records,
    contact: decision.contact,
    reason: row.reason as ReasonCode,
    conflict: decision.conflict,
    outcome: row.outcome as DecisionOutcome,
    changes: changesOf(decision, field),
    words: row.words === null ? null : String(row.words),
  };
}
