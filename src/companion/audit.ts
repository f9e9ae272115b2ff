import { createHash } from 'node:crypto';
import type { AuditReason, Change, Store } from './store.ts';

/** Why a change was made, in data: what the services said about the person before. */
export type Evidence = Readonly<Record<string, unknown>>;

/** One applied change, who asked for it and why. */
export interface AuditEntry {
  readonly run: string;
  /** ISO instant by the clock of the service that was changed. */
  readonly at: string;
  readonly address: string;
  readonly change: Change;
  readonly reason: AuditReason;
  readonly evidence: Evidence;
}

/** An entry as it stands in the audit. */
export interface AuditRow extends AuditEntry {
  readonly seq: number;
}

/** The hash before the first row. */
export const GENESIS = '0'.repeat(64);

/** What an entry says of a person: the commitment covers it, in this order. */
const DETAILS = ['salt', 'change', 'address', 'target', 'field', 'was', 'now', 'evidence'] as const;

/** What a row of the chain says: its hash covers it, in this order. */
const CHAIN = ['run', 'at', 'side', 'reason', 'commitment', 'previous'] as const;

/** What the hash of a row of the first schema covers, which had no commitment. */
const FIRST = [
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

type Texts = Readonly<Record<string, unknown>>;

function sha256(values: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}

function over(row: Texts, columns: readonly string[]): string {
  return sha256(columns.map((column) => String(row[column])));
}

/**
 * Writes down one applied change, chained to the row before. The same change of the same run is written once, however
 * often it is told (a run that was killed and went on). Call it inside the transaction that remembers the person.
 * @returns whether it was not there before
 */
export function appendAudit(store: Store, entry: AuditEntry): boolean {
  const { change } = entry;
  const id = `${entry.run}/${entry.address}/${change.side}/${change.target}`;
  if (store.get('SELECT 1 FROM audit_details WHERE change = ?', id)) return false;
  const details: Record<(typeof DETAILS)[number], string> = {
    salt: String(store.get('SELECT lower(hex(randomblob(16))) AS salt')?.salt),
    change: id,
    address: entry.address,
    target: change.target,
    field: change.field,
    was: change.was,
    now: change.now,
    evidence: JSON.stringify(entry.evidence),
  };
  const seq = appendToChain(store, {
    run: entry.run,
    at: entry.at,
    side: change.side,
    reason: entry.reason,
    commitment: over(details, DETAILS),
  });
  store.run(
    `INSERT INTO audit_details (seq, ${DETAILS.join(', ')}) VALUES (?, ${DETAILS.map(() => '?').join(', ')})`,
    seq,
    ...DETAILS.map((column) => details[column]),
  );
  return true;
}

/**
 * Takes the details of some rows away and writes down in the chain that it was done. Call it inside a transaction.
 * @param by.subject whom it is about, as a keyed hash; empty when it is about nobody in particular
 * @param by.user the user of this machine who asked for it; null where nobody did
 * @returns the number of rows
 */
export function eraseDetails(
  store: Store,
  seqs: readonly number[],
  by: {
    readonly run: string;
    readonly at: string;
    readonly reason: 'erased' | 'retention';
    readonly subject: string;
    readonly user: string | null;
  },
): number {
  const inOrder = [...seqs].sort((a, b) => a - b);
  const { run, at, reason, subject, user } = by;
  const commitment = sha256(erasing(subject, inOrder, user));
  const seq = appendToChain(store, { run, at, side: 'store', reason, commitment });
  store.run('INSERT INTO erasures (seq, subject, by) VALUES (?, ?, ?)', seq, subject, user);
  for (const gone of inOrder) {
    store.run('INSERT INTO erased (seq, by) VALUES (?, ?)', gone, seq);
    store.run('DELETE FROM audit_details WHERE seq = ?', gone);
  }
  return inOrder.length;
}

/** What the commitment of an erasure covers: who asked for it, where that was written down. */
function erasing(subject: unknown, seqs: readonly number[], user: unknown): unknown[] {
  return user === null ? [subject, seqs] : [subject, seqs, user];
}

function appendToChain(
  store: Store,
  link: Readonly<Record<Exclude<(typeof CHAIN)[number], 'previous'>, string>>,
): number {
  const last = store.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  const row = { ...link, previous: last ? String(last.hash) : GENESIS };
  const seq = Number(last?.seq ?? 0) + 1;
  store.run(
    `INSERT INTO audit (seq, ${CHAIN.join(', ')}, hash) VALUES (?, ${CHAIN.map(() => '?').join(', ')}, ?)`,
    seq,
    ...CHAIN.map((column) => row[column]),
    over(row, CHAIN),
  );
  return seq;
}

/** The rows of the chain with their details, or with the erasure that took them away. */
const WHOLE = `
  SELECT a.*, d.seq AS details, d.salt, d.change, d.address, d.target, d.field, d.was, d.now, d.evidence,
    e.by, s.seq AS erasure, s.subject, s.by AS user
  FROM audit a LEFT JOIN audit_details d ON d.seq = a.seq LEFT JOIN erased e ON e.seq = a.seq
    LEFT JOIN erasures s ON s.seq = coalesce(e.by, a.seq)
  ORDER BY a.seq`;

/**
 * Checks the whole chain: every row follows the one before, says what its hash says, and has the details that it was
 * written with, unless a row of the chain says that they were erased.
 * @returns the number of rows looked at, and the first that does not fit, if any
 */
export function verifyAudit(store: Pick<Store, 'iterate'>): { rows: number; brokenAt: number | null } {
  let previous = GENESIS;
  let rows = 0;
  for (const row of store.iterate(WHOLE)) {
    rows += 1;
    const linked = row.previous === previous && Number(row.seq) === rows;
    if (!linked || !(row.commitment === '' ? fitsTheFirst(row) : fits(row, store)))
      return { rows, brokenAt: Number(row.seq) };
    previous = String(row.hash);
  }
  return { rows, brokenAt: null };
}

/** A row of the first schema. Once its details are erased, only its place in the chain can be checked. */
function fitsTheFirst(row: Texts): boolean {
  return row.details === null ? wasErased(row) : over(row, FIRST) === row.hash;
}

function fits(row: Texts, store: Pick<Store, 'iterate'>): boolean {
  if (over(row, CHAIN) !== row.hash) return false;
  if (row.reason === 'erased' || row.reason === 'retention') {
    const seqs = [...store.iterate('SELECT seq FROM erased WHERE by = ? ORDER BY seq', Number(row.seq))];
    const erased = seqs.map(({ seq }) => Number(seq));
    return row.by === null && sha256(erasing(row.subject, erased, row.user)) === row.commitment;
  }
  return row.details === null ? wasErased(row) : over(row, DETAILS) === row.commitment;
}

/** An erasure came later, and is itself a row that will be checked. */
function wasErased(row: Texts): boolean {
  return typeof row.by === 'number' && row.by > Number(row.seq) && row.erasure === row.by;
}

/** The newest row. Written down elsewhere, it shows whether rows were taken off the end. */
export function auditHead(store: Store): { rows: number; hash: string } {
  const last = store.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1');
  return { rows: Number(last?.seq ?? 0), hash: String(last?.hash ?? GENESIS) };
}

/** When the newest change was made (ISO) that `retention.audit` took out of the audit; null for none. */
export function forgottenUntil(store: Store): string | null {
  // An erasure about nobody in particular is retention's.
  const row = store.get(
    `SELECT at FROM audit WHERE seq =
       (SELECT max(e.seq) FROM erasures s JOIN erased e ON e.by = s.seq WHERE s.subject = '')`,
  );
  return row ? String(row.at) : null;
}

/** Everything the audit says, or all about one person or one run, the oldest first. What was erased is not there. */
export function* auditRows(store: Store, of: { readonly address?: string; readonly run?: string } = {}) {
  const conditions = [
    'address IS NOT NULL',
    ...(of.address === undefined ? [] : ['address = ?']),
    ...(of.run === undefined ? [] : ['run = ?']),
  ];
  const sql = `SELECT * FROM audit_entries WHERE ${conditions.join(' AND ')} ORDER BY seq`;
  for (const row of store.iterate(sql, ...[of.address, of.run].filter((value) => value !== undefined)))
    yield auditRowIn(row);
}

function auditRowIn(row: Record<string, unknown>): AuditRow {
  return {
    seq: Number(row.seq),
    run: String(row.run),
    at: String(row.at),
    address: String(row.address),
    change: {
      side: row.side === 'salesforce' ? 'salesforce' : 'activecampaign',
      target: String(row.target),
      field: String(row.field),
      was: String(row.was),
      now: String(row.now),
    },
    reason: row.reason as AuditReason,
    evidence: JSON.parse(String(row.evidence)) as Evidence,
  };
}
