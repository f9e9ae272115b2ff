import { DatabaseSync } from 'node:sqlite';
import type { AcContact } from '../activecampaign/activecampaign.ts';
import { addressOf } from '../consent/facts.ts';
import { acStanding } from '../consent/standing.ts';
import { OBJECTS } from '../salesforce/salesforce.ts';
import { factOf, unknownOf } from './known.ts';
import type { Services } from './person.ts';
import { idOf } from './query.ts';
import { lookAtRights, type RightsLookedAt, readOnlyObjects, refusedForRights } from './rights.ts';

/** Why a run does not see somebody, or not whole, or sees them and may not write. */
export type CoverageCause =
  | 'no-address-in-salesforce'
  | 'no-address-in-activecampaign'
  | 'no-tag'
  | 'no-contact'
  | 'no-record'
  | 'converted'
  | 'hidden-lists'
  | 'not-whole'
  | 'read-only-object'
  | 'read-only-record'
  | 'refused-for-rights';

/** What is being done, for who waits. */
export type CoverageStep = 'salesforce' | 'activecampaign' | 'rights';

/** How many people are concerned, how many of them are opted out where they are, and a few of them. */
export interface CoverageGap {
  readonly cause: CoverageCause;
  readonly count: number;
  readonly optedOut: number;
  /** Addresses, or ids where there is no address. */
  readonly examples: readonly string[];
}

export interface Coverage {
  readonly salesforceRecords: number;
  readonly activecampaignContacts: number;
  /**
   * People with an address, a live record and a contact with a tag that qualifies, none of whose records is known to be
   * closed to this user: all is settled for them.
   */
  readonly covered: number;
  /** Every cause, also where nobody is concerned. */
  readonly gaps: readonly CoverageGap[];
  /** How far it was looked whether records may be edited. */
  readonly rights: RightsLookedAt;
}

const EXAMPLES = 5;

const SCHEMA = `
  -- 'barred': read and not edited, since the 'object' or the 'record' is closed.
  CREATE TABLE records (
    address TEXT NOT NULL, id TEXT NOT NULL, live INTEGER NOT NULL, out INTEGER NOT NULL, barred TEXT
  );
  CREATE TABLE refused (address TEXT NOT NULL PRIMARY KEY);
  CREATE TABLE contacts (
    address TEXT NOT NULL, id TEXT NOT NULL, qualified INTEGER NOT NULL, out INTEGER NOT NULL,
    hidden INTEGER NOT NULL, whole INTEGER NOT NULL
  );`;
const INDEXES = 'CREATE INDEX r ON records (address, live); CREATE INDEX c ON contacts (address)';

const barredBy = (what: 'object' | 'record') =>
  `SELECT address AS who, max(out) AS out FROM records WHERE address <> '' AND live = 1 AND barred = '${what}' GROUP BY address`;

/** Whom each cause concerns: a name, and whether they are out there. */
const CAUSES: readonly (readonly [CoverageCause, string])[] = [
  ['no-address-in-salesforce', "SELECT id AS who, out FROM records WHERE address = '' AND live = 1"],
  ['no-address-in-activecampaign', "SELECT id AS who, out FROM contacts WHERE address = ''"],
  [
    'no-tag',
    `SELECT address AS who, max(out) AS out FROM contacts WHERE address <> '' AND qualified = 0 AND whole = 1
     AND EXISTS (SELECT 1 FROM records r WHERE r.address = contacts.address AND live = 1) GROUP BY address`,
  ],
  [
    'no-contact',
    `SELECT address AS who, max(out) AS out FROM records WHERE address <> '' AND live = 1
     AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.address = records.address) GROUP BY address`,
  ],
  [
    'no-record',
    `SELECT address AS who, max(out) AS out FROM contacts WHERE address <> ''
     AND NOT EXISTS (SELECT 1 FROM records r WHERE r.address = contacts.address) GROUP BY address`,
  ],
  [
    'converted',
    `SELECT address AS who, max(out) AS out FROM records WHERE address <> '' AND live = 0
     AND NOT EXISTS (SELECT 1 FROM records r WHERE r.address = records.address AND r.live = 1) GROUP BY address`,
  ],
  ['hidden-lists', "SELECT address AS who, out FROM contacts WHERE address <> '' AND hidden = 1"],
  ['not-whole', "SELECT address AS who, out FROM contacts WHERE address <> '' AND whole = 0"],
  ['read-only-object', barredBy('object')],
  ['read-only-record', barredBy('record')],
  [
    'refused-for-rights',
    `SELECT address AS who, max(out) AS out FROM records WHERE live = 1
     AND EXISTS (SELECT 1 FROM refused f WHERE f.address = records.address) GROUP BY address`,
  ],
];

/**
 * Reads everybody on both sides, as a run does and beyond, and says whom a run does not see or may not write. Keeps what
 * it reads in a temporary database that is gone with the connection; the store is only looked into. Rejects with a
 * `ServiceFailure`.
 */
export async function readCoverage(
  services: Services,
  progress: (step: CoverageStep, done: number) => void,
): Promise<Coverage> {
  const db = new DatabaseSync('');
  try {
    db.exec(SCHEMA);
    const activecampaignContacts = await readContacts(services, db, (done) => progress('activecampaign', done));
    const salesforceRecords = await readRecords(services, db, (done) => progress('salesforce', done));
    db.exec(INDEXES);
    const looked = await lookAtRights(services.salesforce, db, (done) => progress('rights', done));
    const earlier = refusedForRights(services.config.store);
    const refuse = db.prepare('INSERT INTO refused VALUES (?)');
    for (const address of earlier.addresses) refuse.run(address);
    const covered = db
      .prepare(
        `SELECT count(DISTINCT address) AS n FROM contacts WHERE address <> '' AND qualified = 1 AND whole = 1
         AND EXISTS (SELECT 1 FROM records r WHERE r.address = contacts.address AND live = 1)
         AND NOT EXISTS (SELECT 1 FROM records r WHERE r.address = contacts.address AND live = 1 AND barred IS NOT NULL)
         AND NOT EXISTS (SELECT 1 FROM refused f WHERE f.address = contacts.address)`,
      )
      .get();
    return {
      salesforceRecords,
      activecampaignContacts,
      covered: Number(covered?.n),
      gaps: CAUSES.map(([cause, sql]) => gapOf(db, cause, sql)),
      rights: { ...looked, store: earlier.failure },
    };
  } finally {
    db.close();
  }
}

function gapOf(db: DatabaseSync, cause: CoverageCause, sql: string): CoverageGap {
  const numbers = db.prepare(`SELECT count(*) AS n, coalesce(sum(out), 0) AS out FROM (${sql})`).get();
  // Those who are out come first: they are the ones to look at.
  const examples = db.prepare(`SELECT who FROM (${sql}) ORDER BY out DESC, who LIMIT ${EXAMPLES}`).all();
  return {
    cause,
    count: Number(numbers?.n),
    optedOut: Number(numbers?.out),
    examples: examples.map((row) => String(row.who)),
  };
}

async function readRecords(
  { config, salesforce }: Services,
  db: DatabaseSync,
  progress: (done: number) => void,
): Promise<number> {
  const field = config.salesforce.optOutField;
  const closed = await readOnlyObjects(salesforce, field);
  const insert = db.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?)');
  let live = 0;
  let seen = 0;
  for (const object of OBJECTS) {
    const converted = object === 'Lead' ? ', IsConverted' : '';
    for await (const page of salesforce.query(`SELECT Id, Email, ${field}${converted} FROM ${object}`)) {
      db.exec('BEGIN');
      for (const row of page) {
        const isLive = row.IsConverted !== true;
        const address = typeof row.Email === 'string' ? addressOf(row.Email) : '';
        const barred = closed.has(object) ? 'object' : null;
        insert.run(address, idOf(row), isLive ? 1 : 0, row[field] === true ? 1 : 0, barred);
        if (isLive) live += 1;
      }
      db.exec('COMMIT');
      seen += page.length;
      progress(seen);
    }
  }
  return live;
}

async function readContacts(
  { config, activecampaign }: Services,
  db: DatabaseSync,
  progress: (done: number) => void,
): Promise<number> {
  const all = await activecampaign.lists();
  const shown = new Set(all.map(({ id }) => id));
  const email = new Set(all.filter(({ channel }) => channel !== 'sms').map(({ id }) => id));
  const { lists, qualifyingTags } = config.activecampaign;
  const policy = { lists: lists === 'all' ? email : new Set(lists), qualifyingTags };
  const insert = db.prepare('INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?)');
  const rowOf = (contact: AcContact) => {
    const { qualified, out } = acStanding(factOf(contact), policy);
    const hidden = (contact.memberships ?? []).some(({ list }) => !shown.has(list));
    return [qualified, out, hidden, unknownOf(contact) === null].map((value) => (value ? 1 : 0));
  };
  let seen = 0;
  for await (const { contacts } of activecampaign.contacts()) {
    db.exec('BEGIN');
    for (const contact of contacts)
      if (!contact.gone) insert.run(addressOf(contact.email), contact.id, ...rowOf(contact));
    db.exec('COMMIT');
    seen += contacts.filter(({ gone }) => !gone).length;
    progress(seen);
  }
  return seen;
}
