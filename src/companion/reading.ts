import type { AcContact } from '../activecampaign/activecampaign.ts';
import type { ServiceTimes } from '../consent/agreement.ts';
import type { ContactFact, PersonFacts, Policy } from '../consent/facts.ts';
import { addressOf } from '../consent/facts.ts';
import { acMail, fingerprintOf } from '../consent/standing.ts';
import type { PersonObject } from '../salesforce/salesforce.ts';
import { whoIn } from './contacts.ts';
import { Along, byAddress, eachOnce, factOf, factsIn, type Known, unknownOf } from './known.ts';
import { type PeopleCount, peopleCounted } from './people-count.ts';
import { agreementIn, type Store } from './store.ts';

/** A live Salesforce record as read. */
export interface ReadRecord {
  readonly id: string;
  readonly object: PersonObject;
  readonly email: string;
  /** Null when Salesforce did not give the opt-out field. */
  readonly set: boolean | null;
  readonly modifiedAt: number | null;
}

/** A record that left its address: to go into another one, or, while it is set, for none or before it was deleted. */
export interface Leaving {
  readonly id: string;
  /** The address with which it went, that of others; null where it has none. */
  readonly address: string | null;
  /** The record that it was merged or converted into; null where it has no address any more. */
  readonly heir: string | null;
}

const SCHEMA = `
  CREATE TABLE reading.contacts (
    id INTEGER PRIMARY KEY, address TEXT NOT NULL, fact TEXT, unknown TEXT, at INTEGER, matters INTEGER NOT NULL,
    who INTEGER NOT NULL, fingerprint TEXT
  ) STRICT;
  CREATE TABLE reading.compared (
    id INTEGER PRIMARY KEY, address TEXT NOT NULL, fact TEXT, unknown TEXT, at INTEGER, matters INTEGER NOT NULL,
    who INTEGER NOT NULL, fingerprint TEXT
  ) STRICT;
  CREATE TABLE reading.unsubscribed (id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE reading.missing (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE reading.decided (
    seq INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, reason TEXT, direction TEXT NOT NULL, decision TEXT NOT NULL,
    outcome TEXT, words TEXT
  ) STRICT;
  CREATE TABLE reading.records (
    id TEXT PRIMARY KEY, object TEXT NOT NULL, address TEXT NOT NULL, is_set INTEGER, modified_at INTEGER,
    who INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE reading.gone (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE reading.leaving (id TEXT PRIMARY KEY, address TEXT, heir TEXT) STRICT, WITHOUT ROWID;
`;

/** Where the live records are once a reading is finished: what this run read, or what the store remembers with it. */
const LIVE = {
  read: 'CREATE TEMP VIEW live AS SELECT id, object, address, is_set, modified_at, who FROM reading.records',
  remembered: 'CREATE TEMP VIEW live AS SELECT id, object, address, is_set, modified_at, who FROM main.records',
};

const BY_ADDRESS = 'CREATE INDEX IF NOT EXISTS reading.contacts_by_address ON contacts (address)';
const INDEXES = `
  ${BY_ADDRESS};
  CREATE INDEX reading.contacts_that_matter ON contacts (address) WHERE matters = 1;
`;

/** All about the people of interest: a row for each contact with each record. Most people have one of either. */
const PEOPLE = `
  SELECT p.address, c.id, c.fact, c.unknown, r.id AS record, r.is_set, r.modified_at, a.kind, a.cause, a.records,
    a.contact, a.fingerprint, a.at_salesforce, a.at_activecampaign, s.lists
  FROM reading.people p
  LEFT JOIN reading.contacts c ON c.address = p.address
  LEFT JOIN live r ON r.address = p.address
  LEFT JOIN agreements a ON a.address = p.address LEFT JOIN scopes s ON s.id = a.scope
  ORDER BY p.address`;

/** Where contacts go: what is decided about, or a second reading that the first is held against. */
export type ContactTable = 'contacts' | 'compared';

/**
 * Both sides as read by one run, in a database of its own that SQLite keeps in a temporary file and that is gone with
 * the connection: memory stays small however many people there are, and a dry run leaves nothing behind. A nightly run
 * enters what it read of Salesforce in the store's own `records` (records.ts) before it looks at anybody.
 */
export class Reading {
  readonly #store: Store;
  readonly #policy: Policy;
  readonly #who: (address: string) => number;
  #lastPageAt: number | null = null;
  contacts = 0;
  /** Live records that came in this run. */
  records = 0;
  /** Salesforce's clock when its first page came: what was changed by hand after that may not have been seen. */
  salesforceAt: number | null = null;
  /** Field history was asked, and could not be read. */
  historyUnread = false;

  constructor(store: Store, policy: Policy, live: keyof typeof LIVE = 'read') {
    this.#store = store;
    this.#policy = policy;
    this.#who = whoIn(store);
    store.db.exec(SCHEMA + LIVE[live]);
  }

  /** ActiveCampaign is going to be read anew, everybody once. */
  forgetContacts(): void {
    this.#store.db.exec(
      'DROP INDEX IF EXISTS reading.contacts_by_address; DELETE FROM reading.contacts; DELETE FROM reading.missing',
    );
    this.contacts = 0;
  }

  /**
   * Takes in a page of contacts. Somebody without an address, deleted or anonymised is passed over. Of one that comes more
   * than once the later word counts.
   */
  addContacts(contacts: readonly AcContact[], at: number | undefined, into: ContactTable = 'contacts'): void {
    if (into === 'contacts') this.#lastPageAt = at ?? this.#lastPageAt;
    // Put together once: whoever looks for the statement would have to read it anew each time.
    const insert = `INSERT OR REPLACE INTO reading.${into} VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    this.#store.besides(() => {
      for (const contact of contacts) {
        const address = addressOf(contact.email);
        if (address === '' || contact.gone) {
          if (into === 'contacts') this.addMissing([contact.id]);
          continue;
        }
        const unknown = unknownOf(contact);
        const fact = factOf(contact);
        const out = !isMailed(fact, this.#policy) && acMail(fact, this.#policy).out;
        this.#store.run(
          insert,
          contact.id,
          address,
          JSON.stringify(fact),
          unknown,
          at ?? null,
          unknown !== null || out ? 1 : 0,
          this.#who(address),
          out && unknown === null ? fingerprintOf(fact, this.#policy) : null,
        );
        if (into === 'contacts') this.contacts += 1;
      }
    });
  }

  /** Whoever was not read was not there at that time (ms): the pages came in no order. */
  readNobodyElseAt(at: number): void {
    this.#lastPageAt = at;
  }

  /** Takes in ids of contacts that are not there any more, or have no address. */
  addMissing(ids: readonly string[]): void {
    for (const id of ids) this.#store.run('INSERT OR IGNORE INTO reading.missing VALUES (?)', id);
  }

  /** Which of these addresses no contact has that was read. */
  withoutContact(addresses: readonly string[]): string[] {
    if (addresses.length === 0) return [];
    this.#store.db.exec(BY_ADDRESS);
    const read = (address: string) => this.#store.get('SELECT 1 FROM reading.contacts WHERE address = ?', address);
    return addresses.filter((address) => read(address) === undefined);
  }

  /** Takes in a page of live records. Of one that comes twice the later word counts. */
  addRecords(records: readonly ReadRecord[]): void {
    this.#store.besides(() => {
      for (const record of records) {
        const address = addressOf(record.email);
        if (address === '') continue;
        this.#store.run(
          'INSERT OR REPLACE INTO reading.records (id, object, address, is_set, modified_at, who) VALUES (?, ?, ?, ?, ?, ?)',
          record.id,
          record.object,
          address,
          record.set === null ? null : Number(record.set),
          record.modifiedAt,
          this.#who(address),
        );
        this.records += 1;
      }
    });
  }

  /** Takes in ids of records that are not live any more, or have no address; not of those that were read live. */
  addGone(ids: readonly string[]): void {
    this.#store.besides(() => {
      for (const id of ids)
        this.#store.run(
          'INSERT OR IGNORE INTO reading.gone SELECT ?1 WHERE NOT EXISTS (SELECT 1 FROM reading.records WHERE id = ?1)',
          id,
        );
    });
  }

  /** Takes in records that left their address. */
  addLeaving(rows: readonly Leaving[]): void {
    this.#store.besides(() => {
      for (const { id, address, heir } of rows)
        this.#store.run('INSERT OR REPLACE INTO reading.leaving VALUES (?, ?, ?)', id, address, heir);
    });
  }

  /** Salesforce is going to be read anew. */
  forgetRecords(): void {
    this.#store.besides(() => {
      this.#store.run('DELETE FROM reading.records');
      this.#store.run('DELETE FROM reading.gone');
      this.#store.run('DELETE FROM reading.leaving');
    });
    this.records = 0;
    this.salesforceAt = null;
  }

  /** Call once everything is read. */
  finish(): void {
    this.#store.db.exec(INDEXES);
  }

  /** The address of a live record, by its id. */
  addressOfRecord(id: string): string | undefined {
    const row = this.#store.get('SELECT address FROM live WHERE id = ?', id);
    return row ? String(row.address) : undefined;
  }

  /** What a record went into while it was clear; null where it did not. */
  heirOf(id: string): string | null {
    const heir = this.#store.get('SELECT heir FROM reading.leaving WHERE id = ?', id)?.heir;
    return typeof heir === 'string' ? heir : null;
  }

  /** Everybody about whom there may be something to decide; for all others the rules end in "nothing". */
  *addresses(table: ContactTable = 'contacts'): Generator<string> {
    for (const row of this.#store.iterate(`${ofInterest(table)} ORDER BY address`)) yield String(row.address);
  }

  /**
   * The same people, but for those who are decided about already, with all that is known about each, in the order of the
   * addresses. What is read in one go along the indexes takes a small part of the time that looking up one after another does.
   */
  *people(): Generator<Known> {
    this.#store.db.exec(`
      CREATE TABLE IF NOT EXISTS reading.people (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
      DELETE FROM reading.people;
      INSERT INTO reading.people
        SELECT address FROM (${ofInterest('contacts')} UNION SELECT address FROM readdressed)
        WHERE address NOT IN (SELECT address FROM reading.decided) ORDER BY address;`);
    const vanished = new Along(
      this.#store.iterate(`
        SELECT address, record FROM vanished WHERE settled = 0
        UNION SELECT address, id FROM moves WHERE settled = 0 ORDER BY address, record`),
    );
    for (const rows of byAddress(this.#store.iterate(PEOPLE))) {
      const [first] = rows;
      const address = String(first.address);
      yield {
        facts: factsIn(
          address,
          eachOnce(rows, 'id'),
          eachOnce(rows, 'record'),
          vanished.at(address).map(({ record }) => String(record)),
        ),
        agreement: first.kind === null ? null : agreementIn(first),
      };
    }
  }

  /** How many people there are, and how many of them on both sides, as far as the store knows them. */
  totals(): PeopleCount {
    return peopleCounted(this.#store);
  }

  /** Everything known about one person. */
  facts(address: string): PersonFacts {
    const contacts = this.#store.all(
      'SELECT * FROM reading.contacts WHERE address = ? ORDER BY CAST(id AS TEXT)',
      address,
    );
    const records = this.#store.all(
      'SELECT id AS record, is_set, modified_at FROM live WHERE address = ? ORDER BY id',
      address,
    );
    return factsIn(address, contacts, records, this.#store.vanished(address));
  }

  /**
   * By each service's own clock, when the person was read. Somebody without a contact had none until the last page: new
   * contacts come last.
   */
  times(address: string): ServiceTimes {
    const at = this.#store.get('SELECT max(at) AS at FROM reading.contacts WHERE address = ?', address)?.at;
    return { salesforce: this.salesforceAt, activecampaign: typeof at === 'number' ? at : this.#lastPageAt };
  }
}

/** Most people are, so that they cannot be out. */
function isMailed({ memberships }: ContactFact, { lists }: Policy): boolean {
  return memberships.some(({ list, status }) => status === 1 && lists.has(list));
}

const ofInterest = (table: ContactTable) => `
  SELECT address FROM reading.${table} WHERE matters = 1
  UNION SELECT address FROM live WHERE is_set IS NOT 0
  UNION SELECT address FROM agreements
  UNION SELECT address FROM vanished WHERE settled = 0
  UNION SELECT address FROM moves WHERE settled = 0
  UNION SELECT address FROM intentions`;
