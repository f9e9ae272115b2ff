import { join } from 'node:path';
import type { Comparison } from '../compare-readings.ts';
import { comparisonInWords } from '../how-read.ts';
import { changesOf, type Identity } from '../identity.ts';
import { MIGRATIONS } from '../migrations.ts';
import { counted, type Finding, findingIn } from './finding.ts';

/** The run that began last. */
export interface LastRun {
  readonly id: string;
  /** ISO instant. */
  readonly startedAt: string;
  /** Null while it goes on, or when it was cut off. */
  readonly finishedAt: string | null;
  readonly outcome: string | null;
}

/** What is in a store that could be opened. */
export interface StoreContents {
  /** Schema steps taken. */
  readonly schema: number;
  /** What `PRAGMA integrity_check` complains about; empty when nothing. */
  readonly damage: readonly string[];
  /** Undefined for another schema than the present one. */
  readonly audit: { readonly rows: number; readonly brokenAt: number | null } | undefined;
  /** Who and what the last run worked on. */
  readonly identity: Identity | undefined;
  readonly lastRun: LastRun | undefined;
  /** Start of the last reading of everybody in Salesforce, by its clock (ms). */
  readonly fullAt: number | undefined;
  /** How it stands with reading ActiveCampaign by list; undefined for another schema. */
  readonly comparison: Comparison | undefined;
}

/** The store's file, from outside. */
export interface FileFacts {
  readonly path: string;
  /** `itself`: the path of the store is that of a folder. */
  readonly folder: 'writable' | 'read-only' | 'missing' | 'itself';
  /** Undefined when there is no file yet. */
  readonly file:
    | {
        readonly writable: boolean;
        /** Users of this machine beside its owner may read or write it. */
        readonly shared: boolean;
        readonly bytes: number;
      }
    | undefined;
  /** Bytes that this user may still write; undefined where it cannot be found out. */
  readonly free: number | undefined;
}

export interface StoreFacts extends FileFacts {
  /** Why the file could not be read as a store. */
  readonly unreadable: string | undefined;
  readonly contents: StoreContents | undefined;
}

const finding = findingIn('store');
const DAY = 86_400_000;
const MEGABYTE = 1_000_000;
const BACKUP =
  'Put a backup in its place, or move the file away: a new store clears nothing, and loses who opted out where.';

/**
 * The file, what is in it, and whether it is about what the configuration says now.
 *
 * @param identity who and what a run would work on now; undefined when the services did not say.
 * @param now by this machine's clock, in milliseconds.
 */
export function storeFindings(facts: StoreFacts, identity: Identity | undefined, now: number): Finding[] {
  const { contents } = facts;
  return [
    fileFinding(facts),
    spaceFinding(facts),
    ...(facts.unreadable === undefined
      ? []
      : [finding('contents', 'problem', `Cannot be read as a store: ${facts.unreadable}.`, BACKUP)]),
    ...(contents === undefined ? [] : contentsFindings(contents, identity, now)),
  ];
}

/** Whether a run can make or write the store. */
export function fileFinding({
  path,
  folder,
  file,
  unreadable,
}: FileFacts & { readonly unreadable?: string | undefined }): Finding {
  const check = 'file';
  if (folder === 'itself')
    return finding(check, 'problem', `${path} is a folder.`, `Name a file in it: ${join(path, 'optbridge.sqlite')}.`);
  if (folder === 'missing')
    return finding(check, 'problem', `${path}: the folder is not there.`, 'Make the folder, or correct "store".');
  if (folder === 'read-only' || file?.writable === false)
    return finding(
      check,
      'problem',
      `${path} cannot be written by this user.`,
      'Give the user that runs OptBridge write access to the file and its folder: SQLite keeps files beside it.',
    );
  if (file === undefined)
    return finding(
      check,
      'ok',
      `${path} is not there yet; the first run makes it. Nothing is remembered so far, so that run clears nothing.`,
    );
  // Whose file it is that is no store is not for us to say.
  if (file.shared && unreadable === undefined)
    return finding(
      check,
      'warning',
      `${path}, ${sizeOf(file.bytes)}, writable; other users of this machine may read it, and it holds people’s addresses.`,
      `If that is not meant: chmod 600 ${path}*`,
    );
  return finding(check, 'ok', `${path}, ${sizeOf(file.bytes)}, writable.`);
}

function spaceFinding({ free, file }: StoreFacts): Finding {
  const check = 'free disk';
  if (free === undefined) return finding(check, 'unknown', 'Could not be found out.');
  const words = `${sizeOf(free)}.`;
  const remedy = 'Free some disk space where the store is.';
  if (free < 10 * MEGABYTE) return finding(check, 'problem', words, remedy);
  if (free < Math.max(200 * MEGABYTE, 2 * (file?.bytes ?? 0))) return finding(check, 'warning', words, remedy);
  return finding(check, 'ok', words);
}

function contentsFindings(contents: StoreContents, identity: Identity | undefined, now: number): Finding[] {
  const { damage } = contents;
  return [
    schemaFinding(contents.schema),
    damage.length === 0
      ? finding('integrity', 'ok', 'SQLite finds the file whole.')
      : finding('integrity', 'problem', `SQLite finds the file damaged: ${damage[0]}.`, BACKUP),
    auditFinding(contents.audit),
    lastRunFinding(contents.lastRun, now),
    ...(contents.fullAt === undefined ? [] : [fullFinding(contents.fullAt)]),
    ...(contents.comparison === undefined ? [] : [comparisonFinding(contents.comparison)]),
    ...(contents.identity === undefined || identity === undefined ? [] : [sameFinding(contents.identity, identity)]),
  ];
}

function schemaFinding(schema: number): Finding {
  const known = MIGRATIONS.length;
  if (schema > known)
    return finding(
      'schema',
      'problem',
      `${schema}, of a newer OptBridge; this one knows ${known}.`,
      'Update OptBridge, or point "store" to another file.',
    );
  return finding('schema', 'ok', schema === known ? `${schema}.` : `${schema}; the next run brings it up to ${known}.`);
}

function auditFinding(audit: StoreContents['audit']): Finding {
  const check = 'audit';
  if (audit === undefined) return finding(check, 'unknown', 'Not looked at: the schema is another one.');
  if (audit.brokenAt === null)
    return finding(check, 'ok', `${counted(audit.rows, 'row')}, each with the hash of the one before.`);
  return finding(
    check,
    'problem',
    `The chain is broken at row ${audit.brokenAt}: it or the row before was changed or taken out.`,
    'Find out who wrote to the store, and compare it with a backup.',
  );
}

function lastRunFinding(run: LastRun | undefined, now: number): Finding {
  const check = 'last run';
  if (run === undefined) return finding(check, 'ok', 'None so far.');
  const began = `${run.id} began on ${run.startedAt.slice(0, 16).replace('T', ' at ')} UTC`;
  if (run.finishedAt === null)
    return finding(
      check,
      'warning',
      `${began} and goes on still, or was cut off.`,
      'If none is going on, run sync: it goes on where the last one was.',
    );
  const words = `${began} and ended with "${run.outcome ?? 'unknown'}".`;
  if (run.outcome !== 'done') return finding(check, 'warning', words, 'Run sync again, and look at what it says.');
  if (now - Date.parse(run.startedAt) > 2 * DAY)
    return finding(check, 'warning', `${words} That is more than two days ago.`, 'Look whether the schedule runs.');
  return finding(check, 'ok', words);
}

function fullFinding(fullAt: number): Finding {
  const on = new Date(fullAt).toISOString().slice(0, 16).replace('T', ' at ');
  return finding('reading everybody', 'ok', `Salesforce was last read whole on ${on} UTC.`);
}

function comparisonFinding(comparison: Comparison): Finding {
  const words = `ActiveCampaign: ${comparisonInWords(comparison)}.`;
  const remedy =
    'Nights read everybody, which is safe and slower. The next full run compares again; sync --full does it now.';
  return comparison.state === 'differed'
    ? finding('reading by list', 'warning', words, remedy)
    : finding('reading by list', 'ok', words);
}

/** A run refuses to go on with another org, user, account, field, scope or set of tags. */
function sameFinding(before: Identity, now: Identity): Finding {
  const changes = changesOf(before, now);
  if (changes.length === 0) return finding('same as last time', 'ok', 'Org, account, users, field, lists and tags.');
  return finding(
    'same as last time',
    'problem',
    `Since the last run: ${changes.join('; ')}.`,
    'If this is meant, run sync once with --accept-change.',
  );
}

function sizeOf(bytes: number): string {
  if (bytes < MEGABYTE) return `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`;
  if (bytes < 1000 * MEGABYTE) return `${Math.round(bytes / MEGABYTE)} MB`;
  return `${(bytes / (1000 * MEGABYTE)).toLocaleString('en', { maximumFractionDigits: 1 })} GB`;
}
