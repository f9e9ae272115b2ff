import { hash } from 'node:crypto';
import { countingPeople, forgetPeopleCount } from './people-count.ts';
import { noteContacts } from './readdressed.ts';
import type { Store } from './store.ts';

/**
 * Who is in ActiveCampaign, as the readings so far saw it: ids, and a number that stands for the address. It is enough to
 * know whom to ask for, and takes a tenth of the room that the addresses would.
 */

/**
 * The numbers that stand for addresses in this store. Two addresses may have the same: then somebody is read who need not
 * be. They are made with the store's key, so that nobody can tell from a number alone whether it is somebody's.
 */
export function whoIn(store: Store): (address: string) => number {
  // Cut to 48 bits, so that HMAC's second hash would add nothing.
  const key = String(store.meta<string>('erasure-key'));
  return (address) => Number.parseInt(hash('sha256', `${key} ${address}`).slice(0, 12), 16);
}

/** How many contacts are known. */
export function knownContacts(store: Store): number {
  return Number(store.get('SELECT count(*) AS n FROM main.contacts')?.n);
}

/** Everybody with a higher id is new. */
export function highestContact(store: Store): string {
  return String(store.get('SELECT max(id) AS id FROM main.contacts')?.id ?? 0);
}

/** Ids of the contacts that had an address when they were last seen. */
export function contactsKnown(store: Store): (address: string) => string[] {
  const who = whoIn(store);
  return (address) =>
    store.all('SELECT id FROM main.contacts WHERE who = ?', who(address)).map((row) => String(row.id));
}

/** Whoever was read and is known with another address, and, to enter some, whoever is not known. */
const OTHERWISE = {
  everybody: 'reading.contacts r CROSS JOIN main.contacts c ON c.id = r.id WHERE c.who <> r.who',
  some: 'reading.contacts r LEFT JOIN main.contacts c ON c.id = r.id WHERE c.who IS NOT r.who',
};
const TOUCHED = `
  SELECT who FROM reading.otherwise UNION ALL SELECT was FROM reading.otherwise
  UNION ALL SELECT c.who FROM reading.missing m CROSS JOIN main.contacts c ON c.id = CAST(m.id AS INTEGER)`;

/**
 * Enters who was read, in the caller's transaction. `everybody`: whoever was not read is not there any more. `some`: of
 * the others nothing is known.
 */
export function enterContacts(store: Store, kind: 'everybody' | 'some'): void {
  store.db.exec(`
    DROP TABLE IF EXISTS reading.otherwise;
    CREATE TABLE reading.otherwise AS SELECT r.id, r.who, c.who AS was FROM ${OTHERWISE[kind]}`);
  noteContacts(store, 'reading.otherwise', whoIn(store));
  if (kind === 'some') {
    countingPeople(store, TOUCHED, () => {
      store.run('DELETE FROM main.contacts WHERE id IN (SELECT CAST(id AS INTEGER) FROM reading.missing)');
      store.run('INSERT OR REPLACE INTO main.contacts SELECT id, who FROM reading.otherwise');
    });
    return;
  }
  forgetPeopleCount(store);
  // An index that grows in no order is written over and over; made at the end it is written once.
  store.db.exec('DROP INDEX main.contacts_by_who; DELETE FROM main.contacts');
  store.run('INSERT INTO main.contacts SELECT id, who FROM reading.contacts');
  store.db.exec('CREATE INDEX main.contacts_by_who ON contacts (who)');
}
