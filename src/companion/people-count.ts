import type { Store } from './store.ts';

/**
 * How many people the store knows on either side, and on both. To count them all takes long where there are a million, so
 * what was counted is kept, and whoever changes is counted before and after.
 */
export interface PeopleCount {
  readonly people: number;
  readonly both: number;
}

const KEY = 'people-counted';

/** As it was counted the last time, or counted now. */
export function peopleCounted(store: Store): PeopleCount {
  const known = store.meta<PeopleCount>(KEY);
  if (known) return known;
  const counted = countPeople(store);
  store.setMeta(KEY, counted);
  return counted;
}

/** Counts everybody, by the numbers that stand for addresses. */
export function countPeople(store: Store): PeopleCount {
  const one = store.get(`
    SELECT count(*) AS records, sum(EXISTS (SELECT 1 FROM main.contacts c WHERE c.who = r.who)) AS both
    FROM (SELECT DISTINCT who FROM main.records) r`);
  const contacts = Number(store.get('SELECT count(DISTINCT who) AS n FROM main.contacts')?.n);
  const both = Number(one?.both ?? 0);
  return { people: Number(one?.records) + contacts - both, both };
}

/** Everybody is going to be entered anew: they are counted when it is done. */
export function forgetPeopleCount(store: Store): void {
  store.run('DELETE FROM meta WHERE key = ?', KEY);
}

/**
 * Does a change, in the caller's transaction, and keeps the count.
 * @param touched a query for the numbers of all whose record or contact may come, go or become somebody else's
 */
export function countingPeople(store: Store, touched: string, change: () => void): void {
  const before = store.meta<PeopleCount>(KEY);
  if (!before) {
    change();
    return;
  }
  store.db.exec(`
    CREATE TABLE IF NOT EXISTS reading.touched (who INTEGER PRIMARY KEY) STRICT;
    DELETE FROM reading.touched; INSERT OR IGNORE INTO reading.touched SELECT who FROM (${touched}) WHERE who IS NOT NULL`);
  const were = touchedCount(store);
  change();
  const are = touchedCount(store);
  const now = { people: before.people + are.people - were.people, both: before.both + are.both - were.both };
  store.setMeta(KEY, now satisfies PeopleCount);
}

function touchedCount(store: Store): PeopleCount {
  const row = store.get(`
    SELECT count(*) FILTER (WHERE record OR contact) AS people, count(*) FILTER (WHERE record AND contact) AS both FROM (
      SELECT EXISTS (SELECT 1 FROM main.records r WHERE r.who = t.who) AS record,
        EXISTS (SELECT 1 FROM main.contacts c WHERE c.who = t.who) AS contact
      FROM reading.touched t)`);
  return { people: Number(row?.people), both: Number(row?.both) };
}
