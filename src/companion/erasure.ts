import { hash } from 'node:crypto';
import type { Agreement } from '../consent/agreement.ts';
import type { Policy } from '../consent/facts.ts';
import { acMail } from '../consent/standing.ts';
import { auditRows, eraseDetails } from './audit.ts';
import type { Config } from './config.ts';
import { contactsKnown, whoIn } from './contacts.ts';
import { demandFull } from './continuity.ts';
import type { Summary } from './ledger.ts';
import { takeLock } from './lock.ts';
import { forgetPeopleCount } from './people-count.ts';
import type { Reading } from './reading.ts';
import { rewritePages } from './report-page/file.ts';
import { Store, type VanishedRecord } from './store.ts';
import { ABOUT, TABLES_ABOUT } from './tables-about.ts';

/** What an erasure took away, and what it left. */
export interface Erasure {
  readonly person: string;
  /** Whether the store knew anything about the person. */
  readonly known: boolean;
  /** When a person of whom nothing is known any more was erased before; null for anybody else. ISO. */
  readonly erasedAt: string | null;
  /** Rows of the audit that do not say any more whom they were about. */
  readonly auditRows: number;
  /** The person was out, or on the way: that is kept, as a keyed hash of the address. */
  readonly suppressed: boolean;
  /** Pages of runs that were written again without the person. */
  readonly pages: number;
  /** Other addresses under which the store knows the same records: they are people of their own, and may be the same. */
  readonly also: readonly string[];
}

/** The address as it stays behind: nobody can tell it from the hash without the key, which never leaves the store. */
export function keyedHash(store: Store, address: string): string {
  return keyedBy(store)(address);
}

/** HMAC-SHA256 (RFC 2104) with the store's key, for many addresses: Node's own leaves an object behind for each. */
function keyedBy(store: Store): (address: string) => string {
  const key = Buffer.alloc(64);
  key.write(String(store.meta<string>('erasure-key')), 'hex');
  const inner = key.map((byte) => byte ^ 0x36);
  const outer = key.map((byte) => byte ^ 0x5c);
  return (address) => {
    const digest = hash('sha256', Buffer.concat([inner, Buffer.from(address)]), 'buffer');
    return hash('sha256', Buffer.concat([outer, digest]));
  };
}

/** Whether nothing is kept of a person but that they are out. */
export function isSuppressed(store: Store, address: string): boolean {
  return store.get('SELECT 1 FROM suppressions WHERE hash = ?', keyedHash(store, address)) !== undefined;
}

function suppressedHashes(store: Store): ReadonlySet<unknown> {
  return new Set(store.all('SELECT hash FROM suppressions').map((row) => row.hash));
}

/** When somebody with this address was last erased (ISO), and by which user of this machine; null when never. */
export function lastErasure(store: Store, address: string): { readonly at: string; readonly by: string | null } | null {
  const row = store.get(
    'SELECT a.at, e.by FROM erasures e JOIN audit a USING (seq) WHERE e.subject = ? ORDER BY seq DESC LIMIT 1',
    keyedHash(store, address),
  );
  return row ? { at: String(row.at), by: row.by === null ? null : String(row.by) } : null;
}

/** Nothing is newer than no time at all: a contact that was imported again is no consent. */
const OUT_SINCE_EVER: Agreement = {
  kind: 'out',
  cause: 'opt-out',
  records: [],
  contact: null,
  fingerprint: null,
  lists: [],
  at: { salesforce: null, activecampaign: null },
};

/** The box was cleared by a run after the record was read: its row is as old as that reading. */
const CLEARED_SINCE = `
  SELECT 1 FROM audit a JOIN audit_details d USING (seq)
  WHERE d.address = r.address AND d.target = r.id AND d.now = 'false' AND unixepoch(a.at) * 1000 >= r.modified_at`;

/** Signs that somebody is out, or that an opt-out is on its way. */
const OUT = `
  SELECT 1 FROM agreements WHERE address = ?1
  UNION SELECT 1 FROM differences WHERE address = ?1 AND direction = 'out'
  UNION SELECT 1 FROM intentions WHERE address = ?1
  UNION SELECT 1 FROM vanished WHERE address = ?1 AND settled = 0
  UNION SELECT 1 FROM moves WHERE address = ?1 AND settled = 0
  UNION SELECT 1 FROM records r WHERE address = ?1 AND is_set IS NOT 0 AND NOT EXISTS (${CLEARED_SINCE})`;

/**
 * Takes a person out of the store and out of the pages of runs, for good: what the audit says of them, what was decided,
 * remembered and left open. The chain of the audit stays whole, and says that it was done. An opt-out is kept as a keyed
 * hash of the address, so that it holds if the person comes back.
 * @param at this machine's clock
 * @param by the user of this machine who asks for it, for the audit
 * @throws BusyError
 */
export function erasePerson(config: Config, person: string, at: number, by: string): Erasure {
  const release = takeLock(config.store);
  try {
    const store = new Store(config.store);
    try {
      // What is deleted is overwritten, here and in the free pages that earlier runs left.
      store.db.exec('PRAGMA secure_delete = ON');
      const words = [person, ...recordsOf(store, person)];
      const also = otherAddresses(store, person, words.slice(1));
      const erased = store.transaction(() => eraseRows(store, { person, words, at: new Date(at).toISOString(), by }));
      store.db.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
      return { person, ...erased, pages: rewritePages(store, config, words), also };
    } finally {
      store.close();
    }
  } finally {
    release();
  }
}

/** Ids of the person's records, wherever the store names them. */
function recordsOf(store: Store, person: string): string[] {
  const rows = store.all(
    `SELECT target AS id FROM audit_details WHERE address = ?1
     UNION SELECT value FROM agreements, json_each(records) WHERE address = ?1
     UNION SELECT value FROM differences, json_each(records) WHERE address = ?1
     UNION SELECT value FROM decisions, json_each(decision, '$.records') WHERE address = ?1
     UNION SELECT record FROM vanished WHERE address = ?1`,
    person,
  );
  // Ids of ActiveCampaign are short numbers, which stand for anything elsewhere.
  return rows.map((row) => String(row.id)).filter((id) => /^(003|00Q)\w{15}$/.test(id));
}

function eraseRows(
  store: Store,
  asked: { readonly person: string; readonly words: readonly string[]; readonly at: string; readonly by: string },
): Omit<Erasure, 'person' | 'pages' | 'also'> {
  const { person, words, at, by } = asked;
  const seqs = [...auditRows(store, { address: person })].map(({ seq }) => seq);
  const suppressed = store.get(OUT, person) !== undefined;
  const summaries = scrubSummaries(store, words);
  const rows = ABOUT.map((table) =>
    Number(store.get(`SELECT count(*) AS n FROM ${table} WHERE ${TABLES_ABOUT[table]}`, person)?.n),
  );
  const contact = contactsKnown(store)(person).length > 0;
  const known = contact || seqs.length + summaries > 0 || rows.some((count) => count > 0);
  if (!known) return { known, erasedAt: lastErasure(store, person)?.at ?? null, auditRows: 0, suppressed };
  // What is taken out is missing there: whoever is in Salesforce or ActiveCampaign still has to be read again.
  if (contact || store.get('SELECT 1 FROM records WHERE address = ?', person)) demandFull(store, 'erased');
  store.run('DELETE FROM contacts WHERE who = ?', whoIn(store)(person));
  forgetPeopleCount(store);
  const run = `erase-${at.replace(/[-:]|\.\d+/g, '')}`;
  leaveOnTheWay(store, person, run);
  for (const table of ABOUT) store.run(`DELETE FROM ${table} WHERE ${TABLES_ABOUT[table]}`, person);
  const subject = keyedHash(store, person);
  if (suppressed) store.run('INSERT OR REPLACE INTO suppressions (hash, at) VALUES (?, ?)', subject, at);
  eraseDetails(store, seqs, { run, at, reason: 'erased', subject, user: by });
  return { known, erasedAt: null, auditRows: seqs.length, suppressed };
}

/**
 * An opt-out that is on its way to another address stays on its way: whoever is there is out from now on, and nothing
 * says any more from where that came.
 */
function leaveOnTheWay(store: Store, person: string, run: string): void {
  const onTheWay = store.all(
    "SELECT DISTINCT address FROM moves WHERE was = ?1 AND address <> ?1 AND how = 'carried' AND settled = 0",
    person,
  );
  for (const row of onTheWay) {
    const address = String(row.address);
    const known = store.agreement(address);
    if (known?.kind !== 'out' || known.cause !== 'opt-out') store.setAgreement(address, OUT_SINCE_EVER, run);
  }
}

function otherAddresses(store: Store, person: string, records: readonly string[]): string[] {
  const rows = store.all(
    `SELECT address FROM audit_details WHERE target IN (SELECT value FROM json_each(?2)) AND address <> ?1
     UNION SELECT a.address FROM agreements a, json_each(a.records) known
       WHERE known.value IN (SELECT value FROM json_each(?2)) AND a.address <> ?1
     UNION SELECT address FROM moves WHERE was = ?1
     UNION SELECT was FROM moves WHERE address = ?1`,
    person,
    JSON.stringify(records),
  );
  return rows.map((row) => String(row.address));
}

/** Where a text names one of these addresses or ids: not as the end of a longer one, nor as the beginning of one. */
export function naming(words: readonly string[]): RegExp {
  const literal = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return new RegExp(`(?<![\\w.+%-])(?:${literal})(?![\\w-]|\\.\\w)`, 'gi');
}

/** Takes the person out of what is kept of every run's report. Gives the number of runs. */
function scrubSummaries(store: Store, words: readonly string[]): number {
  const [person] = words;
  const pattern = naming(words);
  let changed = 0;
  for (const row of store.all('SELECT id, summary FROM runs WHERE summary IS NOT NULL')) {
    const before = String(row.summary);
    const summary = JSON.parse(before) as Summary;
    const failures = summary.failures.filter((failure) => failure.person !== person);
    const after = JSON.stringify({ ...summary, failures }, (_key, value: unknown) =>
      typeof value === 'string' ? value.replace(pattern, '(erased)') : value,
    );
    if (after === before) continue;
    store.run('UPDATE runs SET summary = ? WHERE id = ?', after, String(row.id));
    changed += 1;
  }
  return changed;
}

/** Records in the bin of people who were erased: that they are out is known, and who they are is not to be. */
export function withoutErased(store: Store, rows: readonly VanishedRecord[]): VanishedRecord[] {
  const suppressed = suppressedHashes(store);
  if (suppressed.size === 0) return [...rows];
  const keyed = keyedBy(store);
  return rows.filter(({ address }) => !suppressed.has(keyed(address)));
}

/**
 * Remembers again that people who were erased are out, if a live record has the address, or a contact that a list mails:
 * the rules then opt them out on both sides, whatever the record or the contact says that came in the meantime. Call it
 * once everybody is read and before anything is decided.
 * @returns what is to be said about it
 */
export function recallErased(store: Store, run: string, reading: Reading, policy: Policy): string[] {
  const suppressed = suppressedHashes(store);
  if (suppressed.size === 0) return [];
  const keyed = keyedBy(store);
  const back: string[] = [];
  for (const { address } of store.iterate('SELECT DISTINCT address FROM live'))
    if (suppressed.has(keyed(String(address)))) back.push(String(address));
  const inRecords = new Set(back);
  for (const { address } of store.iterate('SELECT DISTINCT address FROM reading.contacts WHERE matters = 0')) {
    const person = String(address);
    if (inRecords.has(person) || !suppressed.has(keyed(person))) continue;
    if (acMail(reading.facts(person).contact, policy).active.length > 0) back.push(person);
  }
  store.transaction(() => {
    for (const address of back) {
      if (!store.agreement(address)) store.setAgreement(address, OUT_SINCE_EVER, run);
      store.run('DELETE FROM suppressions WHERE hash = ?', keyed(address));
    }
  });
  if (back.length === 0) return [];
  return [
    back.length === 1
      ? 'One of the people who were erased is back; their opt-out holds.'
      : `${back.length} of the people who were erased are back; their opt-out holds.`,
  ];
}
