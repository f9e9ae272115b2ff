import { type AuditRow, auditRows } from './audit.ts';
import { contactsKnown } from './contacts.ts';
import { isSuppressed, lastErasure, naming } from './erasure.ts';
import type { Summary } from './ledger.ts';
import type { Store } from './store.ts';
import { ABOUT, TABLES_ABOUT } from './tables-about.ts';

const COLUMNS = ['seq', 'at', 'run', 'person', 'side', 'target', 'field', 'was', 'now', 'reason', 'evidence'] as const;

/** The audit as a table for spreadsheets, a line at a time (RFC 4180). */
export function* auditCsv(store: Store, address?: string): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const { seq, at, run, address: person, change, reason, evidence } of rows(store, address)) {
    const { side, target, field, was, now } = change;
    const values = [seq, at, run, person, side, target, field, was, now, reason, JSON.stringify(evidence)];
    yield `${values.map((value) => cell(String(value))).join(',')}\r\n`;
  }
}

/** The audit as one JSON object, a piece at a time. */
export function* auditJson(store: Store, address?: string): Generator<string> {
  yield '{"audit":[';
  let first = true;
  for (const { address: person, change, ...row } of rows(store, address)) {
    yield `${first ? '' : ','}${JSON.stringify({ ...row, person, ...change })}`;
    first = false;
  }
  yield ']';
  if (address !== undefined) yield `,${JSON.stringify(elsewhere(store, address)).slice(1, -1)}`;
  yield '}\n';
}

function rows(store: Store, address: string | undefined): Generator<AuditRow> {
  return auditRows(store, address === undefined ? {} : { address });
}

/** A spreadsheet takes a cell that begins so for a formula; an apostrophe in front keeps it a text. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Whatever else the store holds about one person, table by table as it stands: what a data-subject request asks for. With
 * it the ids of their contacts in ActiveCampaign, what reports of runs say of them by name, and when and by whom they were erased.
 */
function elsewhere(store: Store, address: string): Readonly<Record<string, unknown>> {
  const tables = ABOUT.map((table) => [
    table,
    store.all(`SELECT * FROM ${table} WHERE ${TABLES_ABOUT[table]}`, address).map(unpacked),
  ]);
  const erasure = lastErasure(store, address);
  return {
    person: address,
    ...Object.fromEntries(tables),
    contacts: contactsKnown(store)(address),
    runs: namedIn(store, address),
    erasedAt: erasure?.at ?? null,
    erasedBy: erasure?.by ?? null,
    suppressed: isSuppressed(store, address),
  };
}

/** Runs whose reports name the person, with the words. */
function namedIn(store: Store, address: string): object[] {
  const pattern = naming([address]);
  const named = 'SELECT id, summary FROM runs WHERE instr(lower(summary), ?) > 0 ORDER BY id';
  return store.all(named, address).flatMap(({ id, summary }) => {
    const { warnings, failures } = JSON.parse(String(summary)) as Summary;
    const about = {
      warnings: warnings.filter((words) => words.search(pattern) >= 0),
      failures: failures.filter(({ person }) => person === address),
    };
    return about.warnings.length + about.failures.length > 0 ? [{ run: id, ...about }] : [];
  });
}

/** Columns that hold JSON as what they hold. */
function unpacked(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}
