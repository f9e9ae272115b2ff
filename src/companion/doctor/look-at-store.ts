import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { verifyAudit } from '../audit.ts';
import { type Comparison, NEVER } from '../compare-readings.ts';
import type { Identity } from '../identity.ts';
import { MIGRATIONS } from '../migrations.ts';
import { openReadOnly, sizeOf } from '../read-only.ts';
import type { FileFacts, LastRun, StoreContents, StoreFacts } from './store.ts';

/** Looks at the store's file and not into it. Never rejects, and writes nothing. */
export function lookAtFile(path: string): FileFacts {
  const folder = dirname(path);
  const bytes = sizeOf(path);
  const file = bytes === undefined ? undefined : { writable: isWritable(path), shared: isShared(path), bytes };
  const there = isFolder(folder);
  return {
    path,
    folder: isFolder(path) ? 'itself' : !there ? 'missing' : isWritable(folder) ? 'writable' : 'read-only',
    file,
    free: there ? freeIn(folder) : undefined,
  };
}

/** Looks at the store's file and into it. Never rejects, and writes nothing. */
export function lookAtStore(path: string): StoreFacts {
  const facts = lookAtFile(path);
  if (facts.file === undefined || facts.folder === 'itself')
    return { ...facts, unreadable: undefined, contents: undefined };
  try {
    return { ...facts, unreadable: undefined, contents: readContents(path) };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { ...facts, unreadable: words, contents: undefined };
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Windows keeps rights in lists of its own, which `stat` does not tell. */
export function isShared(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}

function freeIn(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function readContents(path: string): StoreContents {
  const db = openReadOnly(path);
  try {
    const get = (sql: string) => db.prepare(sql).get() as Record<string, unknown> | undefined;
    const schema = Number(get('PRAGMA user_version')?.user_version ?? 0);
    const damage = db
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(Object.values(row)[0]))
      .filter((line) => line !== 'ok');
    const unknown = {
      audit: undefined,
      identity: undefined,
      lastRun: undefined,
      fullAt: undefined,
      comparison: undefined,
    };
    // A store of a newer OptBridge may have other tables, and one that no run has finished making has none.
    if (schema === 0 || schema > MIGRATIONS.length) return { schema, damage, ...unknown };
    function* iterate(sql: string, ...values: SQLInputValue[]): Generator<Record<string, unknown>> {
      yield* db.prepare(sql).iterate(...values) as Iterable<Record<string, unknown>>;
    }
    const meta = (key: string): unknown => {
      const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(key);
      return row && JSON.parse(String(row.value));
    };
    const full = meta('salesforce-full') as { readonly at: number } | undefined;
    const run = get('SELECT id, started_at, finished_at, outcome FROM runs ORDER BY started_at DESC, id DESC LIMIT 1');
    return {
      schema,
      damage,
      // An older schema is brought up to date by the next run; until then its audit is not looked at.
      audit: schema === MIGRATIONS.length ? verifyAudit({ iterate }) : undefined,
      identity: meta('identity') as Identity | undefined,
      lastRun: run && lastRunOf(run),
      fullAt: full?.at,
      comparison: (meta('cheaper-reading') as Comparison | undefined) ?? NEVER,
    };
  } finally {
    db.close();
  }
}

function lastRunOf(row: Record<string, unknown>): LastRun {
  const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    id: String(row.id),
    startedAt: String(row.started_at),
    finishedAt: textOrNull(row.finished_at),
    outcome: textOrNull(row.outcome),
  };
}
