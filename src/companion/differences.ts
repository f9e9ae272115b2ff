import type { Decision } from '../consent/decide.ts';
import { type DifferenceCause, differenceOf } from '../consent/differences.ts';
import type { Policy } from '../consent/facts.ts';
import type { ReasonCode } from '../consent/rules.ts';
import type { DecisionOutcome } from './plan.ts';
import type { Reading } from './reading.ts';
import type { Store } from './store.ts';

/** Somebody who is out on one side only, or may be. */
export interface Difference {
  readonly person: string;
  readonly cause: DifferenceCause;
  /** `in`: the person subscribed again and the box is not cleared yet. */
  readonly direction: 'out' | 'in';
  /** What the run wanted to do, where it wanted something. */
  readonly reason: ReasonCode | null;
  /** Why it did not get there. */
  readonly words: string | null;
  readonly records: readonly string[];
  readonly contact: string | null;
  /** Since when it has been so, by the services' clocks; ISO. */
  readonly since: string;
  readonly lastSeen: string;
  /** When somebody said that it may stay so; ISO. */
  readonly accepted: string | null;
  /** Which user of a machine that was; null where an earlier version wrote it down. */
  readonly acceptedBy: string | null;
}

/** The differences in numbers. `optbridge status`, the report and alerts use it. */
export interface DifferenceSummary {
  /** Not accepted. */
  readonly open: number;
  readonly accepted: number;
  /** Of the open ones. */
  readonly byCause: Readonly<Partial<Record<DifferenceCause, number>>>;
  /**
   * The oldest opt-out that a run should have carried over and has not (`failed` or `unknown`). What a rule leaves
   * alone is not counted: it may stay so for ever.
   */
  readonly oldestOptOut: { readonly person: string; readonly since: string } | null;
}

const UNFINISHED: Partial<Record<DecisionOutcome, string>> = {
  failed: 'the change could not be confirmed',
  'not-tried': 'the run ended before it came to this person',
  held: 'held: more people than the opt-in cap allows',
  refused: 'refused: more people than the opt-out cap allows',
  planned: 'planned, and not written',
};

/**
 * Everybody who may differ after the writes: whose decision is not done, and who is out in ActiveCampaign, has a live
 * record, and got no decision. Somebody whose opt-in was decided was read again, and is settled.
 */
const CANDIDATES = `
  SELECT address, reason, direction, outcome, words FROM reading.decided
  WHERE coalesce(outcome, '') <> 'done' AND coalesce(reason, '') <> 'agreed'
    AND NOT (direction = 'in' AND coalesce(outcome, '') = 'nothing')
  UNION ALL
  SELECT DISTINCT address, NULL, 'none', 'nothing', NULL FROM reading.contacts c
  WHERE matters = 1 AND EXISTS (SELECT 1 FROM live WHERE live.address = c.address)
    AND address NOT IN (SELECT address FROM reading.decided)`;

/**
 * Writes down who differs, once a run has finished with everybody it could finish with. Somebody who differed before
 * keeps the time since when; it begins anew when a rule's leaving alone turns into a failure or the other way round.
 * @param whole whether everybody was read; otherwise somebody who was not read stays as they were
 * @param at the services' clock, for somebody about whom no clock was seen
 */
export function rememberDifferences(
  store: Store,
  reading: Reading,
  policy: Policy,
  run: { readonly id: string; readonly whole: boolean; readonly at: number },
): void {
  store.transaction(() => {
    for (const row of store.iterate(CANDIDATES)) {
      const address = String(row.address);
      const facts = reading.facts(address);
      const outcome = row.outcome as DecisionOutcome | null;
      const unfinished = outcome !== null && (row.direction !== 'none' || outcome === 'failed');
      const stuck = unfinished ? UNFINISHED[outcome] : undefined;
      const cause = stuck === undefined ? differenceOf(facts, store.agreement(address), policy) : 'failed';
      if (cause === null) continue;
      const times = reading.times(address);
      const at = Math.max(times.salesforce ?? 0, times.activecampaign ?? 0) || run.at;
      store.run(
        UPSERT,
        address,
        cause,
        row.direction === 'in' ? 'in' : 'out',
        row.reason === null ? null : String(row.reason),
        row.words === null ? (stuck ?? facts.unknown ?? null) : String(row.words),
        JSON.stringify(facts.records.map((record) => record.id)),
        facts.contact?.id ?? null,
        at,
        at,
        run.id,
      );
    }
    store.run(`DELETE FROM differences WHERE run <> ? ${run.whole ? '' : `AND ${WAS_READ}`}`, run.id);
  });
}

const UPSERT = `
  INSERT INTO differences (address, cause, direction, reason, words, records, contact, first_seen, last_seen, run)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (address) DO UPDATE SET
    first_seen = CASE WHEN (cause IN ('failed', 'unknown')) = (excluded.cause IN ('failed', 'unknown'))
      THEN first_seen ELSE excluded.first_seen END,
    accepted = CASE WHEN cause = excluded.cause THEN accepted END,
    accepted_by = CASE WHEN cause = excluded.cause THEN accepted_by END,
    cause = excluded.cause, direction = excluded.direction, reason = excluded.reason, words = excluded.words,
    records = excluded.records, contact = excluded.contact, last_seen = excluded.last_seen, run = excluded.run`;

const WAS_READ = `(address IN (SELECT address FROM reading.contacts) OR EXISTS (SELECT 1 FROM live WHERE live.address = differences.address)
  OR address IN (SELECT address FROM reading.decided))`;

/** Whether any run has read both sides: before that nobody is known to differ, nor not to. */
export function hasLooked(store: Store): boolean {
  return (
    store.get("SELECT 1 FROM runs WHERE summary -> '$.reading' <> 'null' OR outcome IN ('done', 'partly')") !==
    undefined
  );
}

/** Everybody who differs, the oldest first. */
export function* differences(store: Store): Generator<Difference> {
  for (const row of store.iterate('SELECT * FROM differences ORDER BY first_seen, address')) yield differenceIn(row);
}

export function differenceAbout(store: Store, address: string): Difference | undefined {
  const row = store.get('SELECT * FROM differences WHERE address = ?', address);
  return row && differenceIn(row);
}

function differenceIn(row: Record<string, unknown>): Difference {
  const textOrNull = (value: unknown) => (value === null ? null : String(value));
  return {
    person: String(row.address),
    cause: row.cause as DifferenceCause,
    direction: row.direction === 'in' ? 'in' : 'out',
    reason: textOrNull(row.reason) as Decision['reason'],
    words: textOrNull(row.words),
    records: JSON.parse(String(row.records)) as string[],
    contact: textOrNull(row.contact),
    since: new Date(Number(row.first_seen)).toISOString(),
    lastSeen: new Date(Number(row.last_seen)).toISOString(),
    accepted: textOrNull(row.accepted),
    acceptedBy: textOrNull(row.accepted_by),
  };
}

export function differenceSummary(store: Store): DifferenceSummary {
  const counts = store.all(
    'SELECT cause, accepted IS NOT NULL AS accepted, count(*) AS n FROM differences GROUP BY 1, 2 ORDER BY 1',
  );
  const open = counts.filter((row) => row.accepted === 0);
  const sum = (rows: typeof counts) => rows.reduce((total, row) => total + Number(row.n), 0);
  const oldest = store.get(
    `SELECT address, first_seen FROM differences WHERE accepted IS NULL AND direction = 'out'
     AND cause IN ('failed', 'unknown') ORDER BY first_seen, address LIMIT 1`,
  );
  return {
    open: sum(open),
    accepted: sum(counts) - sum(open),
    byCause: Object.fromEntries(open.map((row) => [row.cause as DifferenceCause, Number(row.n)])),
    oldestOptOut: oldest
      ? { person: String(oldest.address), since: new Date(Number(oldest.first_seen)).toISOString() }
      : null,
  };
}
