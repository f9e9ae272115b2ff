import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Agreement, Cause } from '../consent/agreement.ts';
import type { Stamps } from '../consent/interrupted.ts';
import type { NextAgreement, ReasonCode } from '../consent/rules.ts';
import { clearLeftBehind } from './left-behind.ts';
import { MIGRATIONS } from './migrations.ts';
import { orStoreError, StoreError } from './store-trouble.ts';

/** One write to one service: a record's box, or a membership's status. */
export interface Change {
  readonly side: 'salesforce' | 'activecampaign';
  /** Record id, or membership id. */
  readonly target: string;
  /** The opt-out field, or `list:<id>`. */
  readonly field: string;
  readonly was: string;
  readonly now: string;
}

/** A rule's code, or `resolved`: somebody asked for it by `optbridge resolve`. */
export type AuditReason = ReasonCode | 'resolved';

/** What a run is about to do for a person; durable before the first call. */
export interface Intention {
  readonly address: string;
  readonly run: string;
  readonly reason: AuditReason;
  readonly next: NextAgreement;
  /** The AC contact's fingerprint before the writes. */
  readonly fingerprint: string | null;
  readonly changes: readonly Change[];
  /** Of all records of the person, before the first write of a run that was to clear boxes; null where none was. */
  readonly stamps: Stamps | null;
  /** Id of the AC contact, null when there was none, or when an older version wrote it down. */
  readonly contact: string | null;
}

/** A record that vanished while set, for one person it counts for. */
export interface VanishedRecord {
  readonly record: string;
  readonly address: string;
  readonly how: 'deleted' | 'merged' | 'converted';
  /** `SystemModstamp` in milliseconds. */
  readonly stamp: number;
}

/**
 * What OptBridge remembers between runs: `node:sqlite`, WAL, synchronous FULL. One connection; every method runs at
 * once. A rehearsal (a dry run) works on a copy of its own that is gone with it: it holds no lock that a real run could
 * wait for, and a file that is not there is not made. `reading` is a temporary database for what one run reads.
 * Somebody who only looks sees the file as it is at one moment, whatever a run does to it meanwhile, and cannot write.
 * Throws a StoreError when the file cannot be used.
 */
export class Store {
  readonly db: DatabaseSync;
  /** There was no store before: nothing is remembered, so nothing will be cleared. */
  readonly isNew: boolean;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, options: { readonly rehearsal?: boolean; readonly look?: boolean } = {}) {
    this.isNew = path === ':memory:' || !existsSync(path);
    clearLeftBehind(path);
    try {
      const looked = options.look && !this.isNew ? openForLooking(path) : undefined;
      if (looked) {
        this.db = looked;
        return;
      }
      const apart = options.rehearsal || options.look;
      if (this.isNew && path !== ':memory:' && !apart) makePrivate(path);
      this.db = new DatabaseSync(apart ? '' : path);
      if (apart && !this.isNew) copyFrom(path, this.db);
      this.db.exec(`
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;
        ATTACH '' AS reading;
        PRAGMA reading.page_size = 16384;
        PRAGMA reading.journal_mode = MEMORY; PRAGMA reading.synchronous = OFF;
      `);
      this.#migrate(path);
    } catch (error) {
      throw orStoreError(error, path);
    }
  }

  #migrate(path: string): void {
    const version = Number(this.get('PRAGMA user_version')?.user_version ?? 0);
    if (version > MIGRATIONS.length)
      throw new StoreError(
        `${path} was written by a newer OptBridge (schema ${version}, this one knows ${MIGRATIONS.length}). Update OptBridge, or point "store" to another file.`,
      );
    for (const [index, step] of MIGRATIONS.entries()) {
      if (index < version) continue;
      this.transaction(() => this.db.exec(`${step}; PRAGMA user_version = ${index + 1};`));
    }
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }

  get(sql: string, ...values: SQLInputValue[]): Record<string, unknown> | undefined {
    return this.#statement(sql).get(...values) as Record<string, unknown> | undefined;
  }

  all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#statement(sql).all(...values) as Record<string, unknown>[];
  }

  /** Rows one at a time, from a statement of its own so that others may run in between. */
  *iterate(sql: string, ...values: SQLInputValue[]): Generator<Record<string, unknown>> {
    yield* this.db.prepare(sql).iterate(...values) as Iterable<Record<string, unknown>>;
  }

  /** All of it or nothing. */
  transaction<T>(work: () => T): T {
    return this.#within('BEGIN IMMEDIATE', work);
  }

  /** The same for what goes into the reading alone: the store itself is not locked. */
  besides<T>(work: () => T): T {
    return this.#within('BEGIN', work);
  }

  #within<T>(begin: string, work: () => T): T {
    this.db.exec(begin);
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk, or one that cannot be read, has rolled it back already.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.db.close();
  }

  meta<T>(key: string): T | undefined {
    const row = this.get('SELECT value FROM meta WHERE key = ?', key);
    return row ? (JSON.parse(String(row.value)) as T) : undefined;
  }

  setMeta(key: string, value: unknown): void {
    this.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, JSON.stringify(value));
  }

  agreement(address: string): Agreement | null {
    const row = this.get(
      'SELECT a.*, s.lists FROM agreements a LEFT JOIN scopes s ON s.id = a.scope WHERE address = ?',
      address,
    );
    return row ? agreementIn(row) : null;
  }

  setAgreement(address: string, agreement: Agreement | null, run: string): void {
    if (agreement === null) {
      this.run('DELETE FROM agreements WHERE address = ?', address);
      return;
    }
    const out = agreement.kind === 'out' ? agreement : null;
    this.run(
      'INSERT OR REPLACE INTO agreements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      address,
      agreement.kind,
      out?.cause ?? null,
      out ? JSON.stringify(out.records) : null,
      out?.contact ?? null,
      agreement.fingerprint,
      out ? this.#scope(out.lists) : null,
      out?.at.salesforce ?? null,
      out?.at.activecampaign ?? null,
      run,
    );
  }

  #scope(lists: readonly string[]): number {
    const text = JSON.stringify(lists);
    const known = this.get('SELECT id FROM scopes WHERE lists = ?', text);
    if (known) return Number(known.id);
    this.run('INSERT INTO scopes (lists) VALUES (?)', text);
    return this.#scope(lists);
  }

  /**
   * Takes in a record that vanished. Read twice it counts once: a deletion by its stamp (a record undeleted, set and
   * deleted again counts again), a conversion by its id, because a lead cannot be unconverted but may still be touched.
   */
  addVanished(row: VanishedRecord): void {
    this.run(
      `INSERT INTO vanished (record, address, how, stamp) VALUES (?, ?, ?, ?)
       ON CONFLICT (record, address) DO UPDATE SET stamp = excluded.stamp, how = excluded.how, settled = 0
       WHERE excluded.how <> 'converted' AND excluded.stamp <> vanished.stamp`,
      row.record,
      row.address,
      row.how,
      row.stamp,
    );
  }

  /** Ids of what vanished, or came here from another address, and that no finished run has counted for this person. */
  vanished(address: string): string[] {
    return this.all(
      `SELECT record FROM vanished WHERE address = ?1 AND settled = 0
       UNION SELECT id FROM moves WHERE address = ?1 AND settled = 0 ORDER BY record`,
      address,
    ).map((row) => String(row.record));
  }

  settleVanished(address: string): void {
    this.run('UPDATE vanished SET settled = 1 WHERE address = ? AND settled = 0', address);
    this.run('UPDATE moves SET settled = 1 WHERE address = ? AND settled = 0', address);
  }

  intention(address: string): Intention | undefined {
    const row = this.get('SELECT * FROM intentions WHERE address = ?', address);
    return row ? intentionOf(row) : undefined;
  }

  intentions(): Intention[] {
    return this.all('SELECT * FROM intentions ORDER BY address').map(intentionOf);
  }

  setIntention(intention: Intention): void {
    this.run(
      'INSERT OR REPLACE INTO intentions VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      intention.address,
      intention.run,
      intention.reason,
      JSON.stringify(intention.next),
      intention.fingerprint,
      JSON.stringify(intention.changes),
      intention.stamps && JSON.stringify(intention.stamps),
      intention.contact,
    );
  }

  closeIntention(address: string): void {
    this.run('DELETE FROM intentions WHERE address = ?', address);
  }
}

/** An agreement as its row has it, with the lists of its scope. */
export function agreementIn(row: Record<string, unknown>): Agreement {
  const fingerprint = textOrNull(row.fingerprint);
  if (row.kind === 'quiet') return { kind: 'quiet', fingerprint };
  return {
    kind: 'out',
    cause: row.cause as Cause,
    records: JSON.parse(String(row.records)) as string[],
    contact: textOrNull(row.contact),
    fingerprint,
    lists: JSON.parse(String(row.lists ?? '[]')) as string[],
    at: { salesforce: numberOrNull(row.at_salesforce), activecampaign: numberOrNull(row.at_activecampaign) },
  };
}

function intentionOf(row: Record<string, unknown>): Intention {
  return {
    address: String(row.address),
    run: String(row.run),
    reason: row.reason as AuditReason,
    next: JSON.parse(String(row.next)) as NextAgreement,
    fingerprint: textOrNull(row.fingerprint),
    changes: JSON.parse(String(row.changes)) as Change[],
    stamps: row.stamps === null ? null : (JSON.parse(String(row.stamps)) as Stamps),
    contact: textOrNull(row.contact),
  };
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** It holds people's addresses: nobody else on the machine is to read it. SQLite gives the files beside it the same mode. */
function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // SQLite meets the same obstacle at once, and names it.
  }
}

/**
 * The file itself, held at one moment by a transaction that only reads: in WAL mode it keeps no run waiting. Undefined for
 * a file in another mode, such as a copy that was put back, and for one of another schema: those are to be copied.
 */
function openForLooking(path: string): DatabaseSync | undefined {
  const db = new DatabaseSync(path);
  try {
    db.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; BEGIN');
    const version = db.prepare('PRAGMA user_version').get()?.user_version;
    const mode = db.prepare('PRAGMA journal_mode').get()?.journal_mode;
    // What is read first fixes the moment.
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    if (version === MIGRATIONS.length && mode === 'wal') return db;
  } catch (error) {
    db.close();
    throw error;
  }
  db.close();
  return undefined;
}

/** Copies a store as it is at one moment into an empty database, whatever another process does to it meanwhile. */
function copyFrom(path: string, db: DatabaseSync): void {
  db.prepare('ATTACH ? AS source').run(path);
  db.exec('PRAGMA foreign_keys = OFF; BEGIN');
  const made = db
    .prepare("SELECT type, name, sql FROM source.sqlite_schema WHERE sql IS NOT NULL ORDER BY type <> 'table'")
    .all();
  for (const { type, name, sql } of made) {
    db.exec(String(sql));
    if (type === 'table') db.exec(`INSERT INTO main."${name}" SELECT * FROM source."${name}"`);
  }
  const version = db.prepare('PRAGMA source.user_version').get()?.user_version;
  db.exec(`PRAGMA user_version = ${Number(version)}; COMMIT; DETACH source`);
}
