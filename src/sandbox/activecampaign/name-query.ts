import { badOrder, invalidAttributes, unknownFilter } from './errors.ts';
import type { ExclusionRow } from './rows.ts';

/** What `filters[name][…]` may ask of a name (facts sections 3 and 5); both are in lower case. */
const OPERATORS: Readonly<Record<string, (name: string, wanted: string) => boolean>> = {
  eq: (name, wanted) => name === wanted,
  neq: (name, wanted) => name !== wanted,
  lt: (name, wanted) => name < wanted,
  lte: (name, wanted) => name <= wanted,
  gt: (name, wanted) => name > wanted,
  gte: (name, wanted) => name >= wanted,
  contains: (name, wanted) => name.includes(wanted),
  starts_with: (name, wanted) => name.startsWith(wanted),
};

/**
 * Rows by `filters[key]` (contains), `filters[key][operator]` and `orders[key]` (`asc`, `desc`; by `weight` they stay as
 * they are), where `key` is what the endpoint calls the name. Everything else is passed over in silence, as the service does.
 */
export function byName<Row extends { readonly name: string }>(
  rows: readonly Row[],
  query: URLSearchParams,
  key: string,
): readonly Row[] {
  const tests = [...query].flatMap(([filter, value]) => {
    const [, field, operator = 'contains'] = /^filters\[(\w+)\](?:\[(\w+)\])?$/.exec(filter) ?? [];
    const holds = field === key ? OPERATORS[operator] : undefined;
    return holds ? [(row: Row) => holds(row.name.toLowerCase(), value.toLowerCase())] : [];
  });
  const found = rows.filter((row) => tests.every((test) => test(row)));
  const order = query.get(`orders[${key}]`)?.toLowerCase();
  return order === 'asc' || order === 'desc' ? sorted(found, order === 'desc', (row) => row.name) : found;
}

/**
 * The exclusions that a request asks for.
 * @throws Refusal 422 that names every filter and order it does not know: no other endpoint minds (facts section 2)
 */
export function findExclusions(rows: readonly ExclusionRow[], query: URLSearchParams): readonly ExclusionRow[] {
  const asked = [...query].flatMap(([name, value]) => {
    const [, kind, field = ''] = /^(filters|orders)\[(\w+)\]/.exec(name) ?? [];
    return kind === undefined ? [] : [{ kind, field, value }];
  });
  const wrong = asked.flatMap(({ kind, field, value }) => {
    if (kind === 'filters') return field === 'matchPhrase' || field === 'lists' ? [] : [unknownFilter(field)];
    return /^(asc|desc)$/i.test(value) ? [] : [badOrder(field, value)];
  });
  if (wrong.length > 0) throw invalidAttributes(wrong);

  const wanted = (field: string) => query.get(`filters[${field}]`)?.toLowerCase();
  const [phrase, list] = [wanted('matchPhrase'), wanted('lists')];
  const found = rows.filter(
    ({ matchPhrase, lists }) =>
      (phrase === undefined || matchPhrase.toLowerCase().includes(phrase)) &&
      (list === undefined || lists.includes(list)),
  );
  const order = query.get('orders[matchPhrase]')?.toLowerCase();
  return order === undefined ? found : sorted(found, order === 'desc', (row) => row.matchPhrase);
}

function sorted<Row>(rows: readonly Row[], descending: boolean, nameOf: (row: Row) => string): Row[] {
  const inOrder = rows.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'));
  return descending ? inOrder.reverse() : inOrder;
}
