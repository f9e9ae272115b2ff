import { sameAgreement } from '../consent/agreement.ts';
import type { Decision } from '../consent/decide.ts';
import { directionOf } from '../consent/decide.ts';
import type { Policy } from '../consent/facts.ts';
import { afterInterruption, type Stamps } from '../consent/interrupted.ts';
import { decisions, noTotals, type Totals } from '../consent/plan.ts';
import type { ReasonCode } from '../consent/rules.ts';
import { settle } from '../consent/settle.ts';
import { decideAsAgreed } from './as-agreed.ts';
import type { Known } from './known.ts';
import type { Reading } from './reading.ts';
import { causeAfterInterruption } from './recover.ts';
import type { Store } from './store.ts';

/** What became of a decision. `nothing`: there was nothing to write. */
export type DecisionOutcome = 'done' | 'planned' | 'held' | 'refused' | 'failed' | 'not-tried' | 'nothing';

/** One decision of this run with what became of it. */
export interface Decided {
  readonly decision: Decision;
  readonly outcome: DecisionOutcome;
  /** Why it failed, in the service's own words where there were any. */
  readonly words: string | null;
}

/**
 * Decides about everybody and keeps the decisions beside the reading. The same reading gives the same plan. Where nothing
 * is to be written and nothing to be remembered, a decision has its outcome at once.
 * @param byUs records that a run which was cut off was to set, and that the API user was the last to change
 */
export function makePlan(store: Store, reading: Reading, policy: Policy, byUs: ReadonlySet<string>): Totals {
  const totals = noTotals();
  const interrupted = new Map(store.intentions().map(({ address, stamps }) => [address, stamps]));
  store.transaction(() => {
    decideAsAgreed(store, policy);
    for (const { decision: made, person } of decisions(unsure(reading.people(), interrupted), policy, totals)) {
      const open = interrupted.has(made.address);
      const decision = open ? causeAfterInterruption(made, store, reading, policy, byUs) : made;
      keep(store, decision, !open && isSettled(decision, person, policy) ? (person.facts.unknown ?? null) : undefined);
    }
    store.run('DELETE FROM intentions WHERE address NOT IN (SELECT address FROM reading.decided)');
  });
  return Object.assign(totals, reading.totals());
}

/** The same people, those for whom a run was cut off in the middle seen as after that. */
function* unsure(people: Iterable<Known>, interrupted: ReadonlyMap<string, Stamps | null>): Generator<Known> {
  for (const person of people) {
    const stamps = interrupted.get(person.facts.address);
    yield stamps ? { ...person, facts: afterInterruption(person.facts, stamps) } : person;
  }
}

/** Nothing to write, and what would be remembered is remembered already: `remember` would change nothing. */
function isSettled(decision: Decision, { facts, agreement }: Known, policy: Policy): boolean {
  if (directionOf(decision) !== 'none' || facts.vanished.length > 0) return false;
  const settled = settle(decision, agreement, facts, policy, { salesforce: null, activecampaign: null });
  return settled.reached && sameAgreement(settled.agreement, agreement);
}

/** @param words with which it is over at once; undefined when it is not */
function keep(store: Store, decision: Decision, words: string | null | undefined): void {
  store.run(
    'INSERT INTO reading.decided (address, reason, direction, decision, outcome, words) VALUES (?, ?, ?, ?, ?, ?)',
    decision.address,
    decision.reason,
    directionOf(decision),
    JSON.stringify(decision),
    words === undefined ? null : 'nothing',
    words ?? null,
  );
}

/** Decisions still to be dealt with, in the order of the addresses, a part at a time. */
export function* undealt(store: Store, direction: 'none' | 'out' | 'in', size: number): Generator<Decision[]> {
  for (let last = 0; ; ) {
    const rows = store.all(
      'SELECT seq, decision FROM reading.decided WHERE direction = ? AND outcome IS NULL AND seq > ? ORDER BY seq LIMIT ?',
      direction,
      last,
      size,
    );
    if (rows.length === 0) return;
    last = Number(rows.at(-1)?.seq);
    yield rows.map((row) => JSON.parse(String(row.decision)) as Decision);
  }
}

/** Another decision takes the place of the one that was planned, because the person was read again. */
export function redecide(store: Store, decision: Decision): void {
  store.run(
    'UPDATE reading.decided SET reason = ?, decision = ? WHERE address = ?',
    decision.reason,
    JSON.stringify(decision),
    decision.address,
  );
}

/** Another decision takes the place of one that was made, before anything is dealt with. */
export function replan(store: Store, decision: Decision): void {
  store.run(
    'UPDATE reading.decided SET reason = ?, direction = ?, decision = ?, outcome = NULL, words = NULL WHERE address = ?',
    decision.reason,
    directionOf(decision),
    JSON.stringify(decision),
    decision.address,
  );
}

/**
 * Notes in `reading.unsubscribed` whom the plan unsubscribes: ActiveCampaign will show them otherwise from now on. Gives how
 * many they are.
 */
export function noteUnsubscribes(store: Store): number {
  return store.besides(() => {
    store.run(
      `INSERT OR IGNORE INTO reading.unsubscribed SELECT CAST(decision ->> '$.contact' AS INTEGER) FROM reading.decided
       WHERE direction <> 'none' AND decision ->> '$.unsubscribe' <> '[]' AND decision ->> '$.contact' IS NOT NULL`,
    );
    return Number(store.get('SELECT count(*) AS n FROM reading.unsubscribed')?.n);
  });
}

/** Writes down what became of a decision. */
export function conclude(store: Store, address: string, outcome: DecisionOutcome, words: string | null = null): void {
  store.run('UPDATE reading.decided SET outcome = ?, words = ? WHERE address = ?', outcome, words, address);
}

/** Whatever has no outcome yet gets this one. */
export function concludeRest(store: Store, outcome: DecisionOutcome, direction?: 'in' | 'out' | 'none'): void {
  if (direction)
    store.run('UPDATE reading.decided SET outcome = ? WHERE outcome IS NULL AND direction = ?', outcome, direction);
  else
    store.run(
      "UPDATE reading.decided SET outcome = CASE direction WHEN 'none' THEN 'nothing' ELSE ? END WHERE outcome IS NULL",
      outcome,
    );
}

/** Decisions that are reported, with their outcomes, in the order of the addresses. */
export function* decided(store: Store, which: Which = 'all'): Generator<Decided> {
  yield* decidedWhere(store, WHICH[which]);
}

/**
 * Of whoever was agreed out by a bounce: who is active again, who is to be remembered so anew, and who has a record with the
 * box set that has changed since then (ms, Salesforce's clock).
 */
export function* decidedByBounce(store: Store, since: number): Generator<Decided> {
  yield* decidedWhere(store, BY_BOUNCE, since);
}

function* decidedWhere(store: Store, condition: string, ...values: number[]): Generator<Decided> {
  for (const row of store.iterate(
    `SELECT * FROM reading.decided WHERE reason IS NOT NULL ${condition} ORDER BY address`,
    ...values,
  ))
    yield {
      decision: JSON.parse(String(row.decision)) as Decision,
      outcome: (row.outcome ?? 'nothing') as DecisionOutcome,
      words: row.words === null ? null : String(row.words),
    };
}

/** Whoever was read again before a write may have nothing to be written any more. */
const WRITES = `direction <> 'none' AND (decision ->> '$.set' <> '[]' OR decision ->> '$.clear' <> '[]' OR decision ->> '$.unsubscribe' <> '[]')`;
const WHICH = {
  all: '',
  writing: `AND ${WRITES}`,
  failed: "AND outcome = 'failed'",
} as const;
const BY_BOUNCE = `
  AND (reason = 'bounce-reactivated' OR (outcome IS NULL AND decision ->> '$.next.out' = 'bounce') OR address IN (
    SELECT a.address FROM agreements a CROSS JOIN live r ON r.address = a.address
    WHERE a.cause = 'bounce' AND r.is_set = 1 AND r.modified_at > ?))
  AND EXISTS (SELECT 1 FROM agreements WHERE agreements.address = decided.address AND cause = 'bounce')`;

/** Everybody, those for whom something is to be written, or for whom it failed. */
export type Which = keyof typeof WHICH;

/** Decisions that are reported, in numbers. */
export interface Tallied {
  readonly byReason: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly byOutcome: Readonly<Partial<Record<DecisionOutcome, number>>>;
  /** People for whom something is to be written. */
  readonly writing: number;
}

export function tallied(store: Store): Tallied {
  const by = (what: string) =>
    store
      .all(
        `SELECT ${what} AS name, count(*) AS n FROM reading.decided WHERE reason IS NOT NULL GROUP BY 1 ORDER BY min(address)`,
      )
      .map((row) => [String(row.name), Number(row.n)]);
  const writing = store.get(`SELECT count(*) AS n FROM reading.decided WHERE reason IS NOT NULL AND ${WRITES}`);
  return {
    byReason: Object.fromEntries(by('reason')) as Tallied['byReason'],
    byOutcome: Object.fromEntries(by("coalesce(outcome, 'nothing')")) as Tallied['byOutcome'],
    writing: Number(writing?.n),
  };
}
