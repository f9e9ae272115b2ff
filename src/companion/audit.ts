import { createHash } from 'node:crypto';
import type { ReasonCode } from '../consent/rules.ts';
import type { Change, Store } from './store.ts';

/** Why a change was made, in data: what the services said about the person before. */
export type Evidence = Readonly<Record<string, unknown>>;

/** One applied change, who asked for it and why. */
export interface AuditEntry {
  readonly run: string;
  /** ISO instant by the clock of the service that was changed. */
  readonly at: string;
  readonly address: string;
  readonly change: Change;
  readonly reason: ReasonCode;
  readonly evidence: Evidence;
}

/** The hash before the first row. */
export const GENESIS = '0'.repeat(64);

/** The columns that the hash covers, in order. */
const COVERED = [
  'change',
  'run',
  'at',
  'address',
  'side',
  'target',
  'field',
  'was',
  'now',
  'reason',
  'evidence',
  'previous',
] as const;

function hashOf(row: Readonly<Record<(typeof COVERED)[number], string>>): string {
  return createHash('sha256')
    .update(JSON.stringify(COVERED.map((column) => row[column])))
    .digest('hex');
}

/**
 * Writes down one applied change, chained to the row before. The same change of the same run is written once, however
 * often it is told (a run that was killed and went on). Call it inside the transaction that remembers the person.
 */
export function appendAudit(store: Store, entry: AuditEntry): void {
  const { change } = entry;
  const id = `${entry.run}/${entry.address}/${change.side}/${change.target}`;
  if (store.get('SELECT 1 FROM audit WHERE change = ?', id)) return;
  const last = store.get('SELECT hash FROM audit ORDER BY seq DESC LIMIT 1');
  const row = {
    change: id,
    run: entry.run,
    at: entry.at,
    address: entry.address,
    side: change.side,
    target: change.target,
    field: change.field,
    was: change.was,
    now: change.now,
    reason: entry.reason,
    evidence: JSON.stringify(entry.evidence),
    previous: last ? String(last.hash) : GENESIS,
  };
  store.run(
    `INSERT INTO audit (${COVERED.join(', ')}, hash) VALUES (${COVERED.map(() => '?').join(', ')}, ?)`,
    ...COVERED.map((column) => row[column]),
    hashOf(row),
  );
}

/** Checks the whole chain. Gives the number of rows, and the first row that does not fit, if any. */
export function verifyAudit(store: Pick<Store, 'iterate'>): { rows: number; brokenAt: number | null } {
  let previous = GENESIS;
  let rows = 0;
  for (const row of store.iterate('SELECT * FROM audit ORDER BY seq')) {
    rows += 1;
    const texts = Object.fromEntries(COVERED.map((column) => [column, String(row[column])])) as Record<
      (typeof COVERED)[number],
      string
    >;
    if (texts.previous !== previous || hashOf(texts) !== row.hash) return { rows, brokenAt: Number(row.seq) };
    previous = String(row.hash);
  }
  return { rows, brokenAt: null };
}
