import { addressOf, isBoxed, objectOf, personOf, recordId, type World } from './people.ts';

/** Salesforce's answers about the bench's world, as text: REST pages of 2,000 rows and CSV pages of Bulk 2.0. */

const LONG_AGO = Date.UTC(2026, 2, 4, 15, 6, 7);
const stampOf = (world: World, person: number): string =>
  new Date(world.changedAt.get(person) ?? LONG_AGO).toISOString().slice(0, 19);
const FIELD = 'HasOptedOutOfEmail';
type Kind = 'Contact' | 'Lead';

/** How many people come before the one at a place among an object's records: seven in ten are contacts, two leads. */
export function personAt(kind: Kind, place: number): number {
  // Last digits 0 to 6 are contacts, 7 and 8 leads; person 0 does not exist.
  const [first, each] = kind === 'Contact' ? [0, 7] : [7, 2];
  const shifted = kind === 'Contact' ? place + 1 : place;
  return Math.floor(shifted / each) * 10 + first + (shifted % each);
}

export function countOf(world: World, kind: Kind): number {
  let low = 0;
  let high = world.people;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (personAt(kind, middle) <= world.people) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function countOfBoxed(world: World, kind: Kind): number {
  let boxed = 0;
  for (let person = 1; person <= world.people; person++)
    if (objectOf(person) === kind && isBoxed(world, person)) boxed += 1;
  return boxed;
}

function row(world: World, kind: Kind, person: number): string {
  const id = recordId(person);
  return `{"attributes":{"type":"${kind}","url":"/services/data/v67.0/sobjects/${kind}/${id}"},"Id":"${id}","Email":"${addressOf(person)}","${FIELD}":${isBoxed(world, person)},"SystemModstamp":"${stampOf(world, person)}.000+0000"}`;
}

/** Rows from a place on, as `query` answers. */
export function restPage(world: World, kind: Kind, from: number): string {
  const total = countOf(world, kind);
  const end = Math.min(total, from + 2000);
  const rows: string[] = [];
  for (let place = from; place < end; place++) rows.push(row(world, kind, personAt(kind, place)));
  const next = end < total ? `,"nextRecordsUrl":"/services/data/v67.0/query/01g000000000001-${kind}-${end}"` : '';
  return `{"totalSize":${total},"done":${end >= total}${next},"records":[${rows.join()}]}`;
}

/** The rows of people named by id. */
export function restRows(world: World, kind: Kind, ids: readonly string[]): string {
  const people = ids.map(personOf).filter((person) => objectOf(person) === kind);
  const rows = people.map((person) => row(world, kind, person));
  return `{"totalSize":${rows.length},"done":true,"records":[${rows.join()}]}`;
}

export function emptyRows(): string {
  return '{"totalSize":0,"done":true,"records":[]}';
}

/** A CSV page with its header, and the place at which the next begins. */
export function csvPage(
  world: World,
  kind: Kind,
  from: number,
  size: number,
): { text: string; rows: number; next: number | null } {
  const total = countOf(world, kind);
  const end = Math.min(total, from + size);
  let text = `"Id","Email","${FIELD}","SystemModstamp"\n`;
  for (let place = from; place < end; place++) {
    const person = personAt(kind, place);
    text += `"${recordId(person)}","${addressOf(person)}","${isBoxed(world, person)}","${stampOf(world, person)}.000Z"\n`;
  }
  return { text, rows: end - from, next: end < total ? end : null };
}
