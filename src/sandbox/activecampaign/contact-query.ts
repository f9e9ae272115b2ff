import type { Account } from './account.ts';
import type { ContactRow } from './rows.ts';
import { parseStamp } from './stamps.ts';

/** The page of a list reply, as asked: 20 rows unless told, never more than 100 (facts section 2). */
export interface Window {
  readonly limit: number;
  readonly offset: number;
}

/** Limit and offset of a request; a limit above 100 is cut down, nonsense is passed over. */
export function windowOf(query: URLSearchParams): Window {
  const number = (name: string) => {
    const text = query.get(name);
    return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  return { limit: Math.min(number('limit') || 20, 100), offset: number('offset') ?? 0 };
}

/** The contacts that a `GET /contacts` asks for: one page and the number of all that match. */
export function findContacts(account: Account, query: URLSearchParams): { page: ContactRow[]; total: number } {
  const { limit, offset } = windowOf(query);
  const tests = testsOf(query);
  const found = tests.reduce<readonly ContactRow[]>((rows, test) => rows.filter(test), candidates(account, query));
  const sorted = ordered(found, query);
  return { page: sorted(offset, offset + limit), total: totalOf(account, query, found) };
}

function totalOf(account: Account, query: URLSearchParams, found: readonly ContactRow[]): number {
  const spanless = new URLSearchParams([...query].filter(([name]) => name !== 'id_greater' && name !== 'id_less'));
  if (!account.switches.totalIgnoresIdSpan || spanless.size === query.size) return found.length;
  return findContacts(account, spanless).total;
}

/** A window of rows that are at hand one after another only: the further, the slower, as an offset is. */
export function sliceOf<T>(rows: Iterable<T>, { limit, offset }: Window): T[] {
  const page: T[] = [];
  let index = 0;
  for (const row of rows) {
    if (index >= offset + limit) break;
    if (index++ >= offset) page.push(row);
  }
  return page;
}

/** Narrows by what is indexed: ids, an exact address, the span of ids. */
function candidates(account: Account, query: URLSearchParams): readonly ContactRow[] {
  const ids = query.getAll('ids[]').concat(query.get('ids')?.split(',') ?? []);
  if (ids.length > 0) {
    const rows = new Set(ids.flatMap((id) => account.contact(id) ?? []));
    return [...rows].sort((a, b) => Number(a.id) - Number(b.id));
  }
  const email = query.get('email');
  if (email) {
    const { emailLookupIgnoresCase } = account.switches;
    return account.contactsByEmail(email).filter((row) => emailLookupIgnoresCase || row.email === email);
  }
  const all = account.contacts;
  const greater = wholeNumber(query.get('id_greater'));
  const less = wholeNumber(query.get('id_less'));
  if (greater === undefined && less === undefined) return all;
  return all.slice(
    greater === undefined ? 0 : firstAbove(all, greater),
    less === undefined ? all.length : firstAbove(all, less - 1),
  );
}

/** Filters that are documented for this endpoint; every other one is passed over in silence, as the service does. */
function testsOf(query: URLSearchParams): ((row: ContactRow) => boolean)[] {
  const tests: ((row: ContactRow) => boolean)[] = [];
  const add = (name: string, make: (value: string) => ((row: ContactRow) => boolean) | undefined) => {
    const value = query.get(name);
    const test = value === null || value === '' ? undefined : make(value);
    if (test) tests.push(test);
  };
  const status = wholeNumber(query.get('status'));
  const listed = query.get('listid');
  if (listed && listed !== '0') {
    tests.push((row) => {
      const membership = row.memberships.get(listed);
      return membership !== undefined && (status === undefined || membership.status === status);
    });
  } else if (status !== undefined) {
    tests.push((row) => [...row.memberships.values()].some((membership) => membership.status === status));
  }
  add('tagid', (tag) => (tag === '0' ? undefined : (row) => row.tags.has(tag)));
  add('email_like', (part) => (row) => contains(row.email, part));
  add('exclude', (id) => (row) => row.id !== id);
  add('phone', (start) => (row) => row.phone.startsWith(start));
  add('search', (part) => (row) => {
    const { firstName, lastName, organization, phone, email } = row;
    return [`${firstName} ${lastName}`, organization, phone, email].some((text) => contains(text, part));
  });
  const after = (pick: (row: ContactRow) => number) => (value: string) => {
    const bound = parseStamp(value);
    return bound === undefined ? undefined : (row: ContactRow) => seconds(pick(row)) >= seconds(bound);
  };
  const before = (pick: (row: ContactRow) => number) => (value: string) => {
    const bound = parseStamp(value);
    return bound === undefined ? undefined : (row: ContactRow) => seconds(pick(row)) < seconds(bound);
  };
  add(
    'filters[created_after]',
    after((row) => row.createdAt),
  );
  add(
    'filters[created_before]',
    before((row) => row.createdAt),
  );
  add(
    'filters[updated_after]',
    after((row) => row.updatedAt),
  );
  add(
    'filters[updated_before]',
    before((row) => row.updatedAt),
  );
  // Ids are tested again for rows that came by `ids[]` or `email`, where the span was not used to narrow.
  const greater = wholeNumber(query.get('id_greater'));
  const less = wholeNumber(query.get('id_less'));
  const narrowed = !query.has('ids[]') && !query.has('ids') && !query.get('email');
  if (greater !== undefined && !narrowed) tests.push((row) => Number(row.id) > greater);
  if (less !== undefined && !narrowed) tests.push((row) => Number(row.id) < less);
  return tests;
}

const SORT_KEYS: Readonly<Record<string, (row: ContactRow) => string | number>> = {
  id: (row) => Number(row.id),
  cdate: (row) => row.createdAt,
  email: (row) => row.email.toLowerCase(),
  first_name: (row) => row.firstName.toLowerCase(),
  last_name: (row) => row.lastName.toLowerCase(),
  name: (row) => `${row.firstName} ${row.lastName}`.toLowerCase(),
};

/**
 * The rows in the order asked, a slice at a time. Unasked, newest first, as a recorded reply shows (facts, sample of
 * 2021): a reader who pages by `id_greater` without asking for an order would lose people.
 */
function ordered(rows: readonly ContactRow[], query: URLSearchParams): (start: number, end: number) => ContactRow[] {
  const asked = [...query].find(([name]) => /^orders\[\w+\]$/.test(name) && name.slice(7, -1) in SORT_KEYS);
  const column = asked ? asked[0].slice(7, -1) : 'id';
  const descending = asked ? asked[1].toUpperCase() === 'DESC' : true;
  if (column === 'id') {
    // Rows come with ids rising: no sort, which counts when a hundred thousand are read page by page.
    if (!descending) return (start, end) => rows.slice(start, end);
    const size = rows.length;
    return (start, end) => rows.slice(Math.max(size - end, 0), Math.max(size - start, 0)).reverse();
  }
  const key = SORT_KEYS[column] ?? ((row: ContactRow) => Number(row.id));
  const sorted = rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)];
    const order = left < right ? -1 : left > right ? 1 : Number(a.id) - Number(b.id);
    return descending ? -order : order;
  });
  return (start, end) => sorted.slice(start, end);
}

/** Index of the first row whose id is above `id`, rows having rising ids. */
function firstAbove(rows: readonly ContactRow[], id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Number(rows[middle]?.id) > id) high = middle;
    else low = middle + 1;
  }
  return low;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function seconds(instant: number): number {
  return Math.floor(instant / 1000);
}
