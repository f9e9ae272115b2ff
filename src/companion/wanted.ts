import { whoIn } from './contacts.ts';
import { movedTo } from './moves.ts';
import { bothAddresses } from './readdressed.ts';
import type { ContactTable, Reading } from './reading.ts';
import type { Store } from './store.ts';

/** Whoever must be read in ActiveCampaign besides those who were: known contacts by their ids, others by their address. */
export interface Wanted {
  /** Ids of known contacts, rising. */
  readonly ids: readonly string[];
  /** Addresses of people of interest for whom no contact is known. */
  readonly unknown: readonly string[];
}

/**
 * The numbers of all people of interest (reading.ts): contacts that matter and set records have theirs. Addresses that
 * only an agreement, or what is open, knows come to them. And the ids of all who were read, or whom this run unsubscribes, in
 * a table that is small.
 */
const NUMBERS = (table: ContactTable) => `
  CREATE TABLE IF NOT EXISTS reading.wanted_numbers (who INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS reading.ids_read (id INTEGER PRIMARY KEY) STRICT;
  DELETE FROM reading.wanted_numbers; DELETE FROM reading.ids_read;
  INSERT INTO reading.ids_read SELECT id FROM reading.${table};
  INSERT OR IGNORE INTO reading.ids_read SELECT id FROM reading.unsubscribed;
  INSERT OR IGNORE INTO reading.wanted_numbers SELECT who FROM reading.${table} WHERE matters = 1;
  INSERT OR IGNORE INTO reading.wanted_numbers SELECT who FROM live WHERE is_set IS NOT 0 AND who IS NOT NULL;`;

/**
 * Who is of interest for what the store remembers, by address, and the ids of contacts that it remembers with them; from
 * the store as it is, or as it was when it was frozen.
 */
const REMEMBERED = {
  now: {
    addresses: `
      SELECT address FROM agreements
      UNION ALL SELECT address FROM vanished WHERE settled = 0
      UNION ALL SELECT address FROM moves WHERE settled = 0
      UNION ALL SELECT address FROM intentions`,
    contacts: `
      SELECT CAST(contact AS INTEGER) AS id FROM agreements WHERE contact IS NOT NULL
      UNION ALL SELECT CAST(id AS INTEGER) FROM moves WHERE side = 'activecampaign'
      UNION ALL SELECT CAST(id AS INTEGER) FROM readdressed WHERE side = 'activecampaign'`,
  },
  frozen: {
    addresses: 'SELECT address FROM reading.remembered WHERE address IS NOT NULL',
    contacts: 'SELECT id FROM reading.remembered WHERE id IS NOT NULL',
  },
} as const;

type When = keyof typeof REMEMBERED;

const HAS_SET =
  'EXISTS (SELECT 1 FROM live WHERE live.address = other.address AND is_set IS NOT 0 AND who IS NOT NULL)';
const OTHERS = (when: When) => `
  SELECT address FROM live WHERE is_set IS NOT 0 AND who IS NULL
  UNION SELECT address FROM (${REMEMBERED[when].addresses}) other WHERE NOT ${HAS_SET}`;

/** Of several people with one number, which is next to impossible, all are taken. */
const KNOWN = (when: When) => `
  SELECT c.id FROM reading.wanted_numbers w CROSS JOIN main.contacts c ON c.who = w.who
  WHERE NOT EXISTS (SELECT 1 FROM reading.ids_read r WHERE r.id = c.id)
  UNION SELECT id FROM (${REMEMBERED[when].contacts}) a WHERE NOT EXISTS (SELECT 1 FROM reading.ids_read r WHERE r.id = a.id)
  ORDER BY id`;

const UNKNOWN = `
  SELECT DISTINCT r.address FROM reading.wanted_numbers w CROSS JOIN live r ON r.who = w.who
  WHERE r.is_set IS NOT 0 AND NOT EXISTS (SELECT 1 FROM main.contacts c WHERE c.who = w.who)`;

/** What the store remembered at one moment, however it goes on. */
export interface Frozen {
  /** Where people have moved to, and both addresses of records that changed theirs. */
  readonly moved: readonly string[];
  readonly readdressed: readonly string[];
}

/**
 * Keeps who is of interest for what the store remembers now: what a run writes is remembered, too, and would bring along
 * whoever a reading did not find.
 */
export function freezeRemembered(store: Store): Frozen {
  return store.besides(() => {
    const { addresses, contacts } = REMEMBERED.now;
    store.db.exec(`
      CREATE TABLE reading.remembered (address TEXT, id INTEGER) STRICT;
      INSERT INTO reading.remembered SELECT address, NULL FROM (${addresses});
      INSERT INTO reading.remembered SELECT NULL, id FROM (${contacts});`);
    return { moved: movedTo(store), readdressed: bothAddresses(store) };
  });
}

/**
 * Who is wanted and was not read into `table`. Whoever is of interest and known in ActiveCampaign is looked for by the
 * number that stands for the address, all at once: asking for one after another took a tenth of a quiet night.
 * @param frozen what was remembered when it was frozen; absent: what is remembered now
 */
export function wantedBesides(store: Store, reading: Reading, table: ContactTable, frozen?: Frozen): Wanted {
  const who = whoIn(store);
  const when = frozen ? 'frozen' : 'now';
  const { moved, readdressed } = frozen ?? { moved: movedTo(store), readdressed: bothAddresses(store) };
  return store.besides(() => {
    store.db.exec(NUMBERS(table));
    const others = [...store.all(OTHERS(when)).map((row) => String(row.address)), ...moved];
    // Of those whose record has changed its address a contact that nobody knows is new, and read as such.
    for (const address of [...others, ...readdressed])
      store.run('INSERT OR IGNORE INTO reading.wanted_numbers VALUES (?)', who(address));
    const ids = store.all(KNOWN(when)).map((row) => String(row.id));
    const unknown = new Set(store.all(UNKNOWN).map((row) => String(row.address)));
    const isKnown = (address: string) =>
      store.get('SELECT 1 FROM main.contacts WHERE who = ?', who(address)) !== undefined;
    for (const address of others) if (!isKnown(address)) unknown.add(address);
    return { ids, unknown: reading.withoutContact([...unknown].sort()) };
  });
}
