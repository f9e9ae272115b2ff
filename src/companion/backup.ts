import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { backup, DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { verifyAudit } from './audit.ts';
import { clearLeftBehind } from './left-behind.ts';
import { MIGRATIONS } from './migrations.ts';
import { orStoreError, primaryCode, StoreError } from './store-trouble.ts';

/** A copy of the store that was opened again and looked at. */
export interface Backup {
  readonly file: string;
  readonly bytes: number;
  /** Rows of the audit, whose chain is whole. */
  readonly auditRows: number;
}

/** The key in a store's `meta` by which a run knows that it goes on from a copy. */
export const COPY = 'is-copy';

/** All pages in one step: a step that a writer comes between begins again from the start. */
const ALL_PAGES = 2 ** 30;

/**
 * Copies the store as it is at one moment, also while a run goes on: a reader of a store in WAL mode waits for no writer
 * and keeps none waiting. The copy is checked before it gets its name, and only its user may read it: it holds people's
 * addresses and the key of the erasures.
 * @throws StoreError for a store that is not there, a file that is, and a copy that is not whole
 */
export async function backupStore(path: string, file: string): Promise<Backup> {
  if (!existsSync(path)) throw new StoreError(`store: there is no ${path} yet. Nothing was copied.`);
  if (existsSync(file)) throw new StoreError(`${file} is there already. Name a file that is not.`);
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  clearLeftBehind(path);
  const source = new DatabaseSync(path);
  try {
    await backup(source, draft, { rate: ALL_PAGES });
    chmodSync(draft, 0o600);
    const auditRows = checked(draft);
    renameSync(draft, file);
    return { file, bytes: statSync(file).size, auditRows };
  } catch (error) {
    rmSync(draft, { force: true });
    if (error instanceof StoreError) throw error;
    if (isAboutSource(error)) throw orStoreError(error, path);
    const words = error instanceof Error ? error.message : String(error);
    throw new StoreError(`${file} could not be written: ${words}. Check that its folder is there and may be written.`);
  } finally {
    source.close();
  }
}

/** A damaged file, or one that is no database: SQLite finds that in what it copies. */
function isAboutSource(error: unknown): boolean {
  return [11, 26].includes(primaryCode(error) ?? 0);
}

/** Opens the copy and marks it as one; gives the number of rows of its audit. */
function checked(file: string): number {
  const db = new DatabaseSync(file);
  try {
    // A copy is one file: the mode of the store would leave others beside it.
    db.exec('PRAGMA journal_mode = DELETE');
    const damage = db.prepare('PRAGMA integrity_check').get();
    if (damage?.integrity_check !== 'ok')
      throw new StoreError(`The copy is not whole: ${String(damage?.integrity_check)}. The store may be damaged.`);
    const version = Number(db.prepare('PRAGMA user_version').get()?.user_version);
    if (version > 0) db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, 'true')").run(COPY);
    if (version !== MIGRATIONS.length) return 0;
    function* iterate(sql: string, ...values: SQLInputValue[]): Generator<Record<string, unknown>> {
      yield* db.prepare(sql).iterate(...values) as Iterable<Record<string, unknown>>;
    }
    const { rows, brokenAt } = verifyAudit({ iterate });
    if (brokenAt !== null)
      throw new StoreError(`The audit of the store is broken at row ${brokenAt}. See optbridge audit verify.`);
    return rows;
  } finally {
    db.close();
  }
}
