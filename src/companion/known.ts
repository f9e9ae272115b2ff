import type { AcContact, AcMembership } from '../activecampaign/activecampaign.ts';
import type { Agreement } from '../consent/agreement.ts';
import type { ContactFact, Membership, PersonFacts } from '../consent/facts.ts';

/** What is known of a person, out of the rows of a reading. */

/** One person as read, with what was agreed. */
export interface Known {
  readonly facts: PersonFacts;
  readonly agreement: Agreement | null;
}

type Row = Record<string, unknown>;

/** Rows in the order of their addresses, taken an address at a time by somebody who goes along in the same order. */
export class Along {
  readonly #rows: Iterator<Row>;
  #next: IteratorResult<Row>;

  constructor(rows: Iterator<Row>) {
    this.#rows = rows;
    this.#next = rows.next();
  }

  /** The rows with this address, which is the next one that has any, or has none. */
  at(address: string): Row[] {
    const found: Row[] = [];
    while (!this.#next.done && this.#next.value.address === address) {
      found.push(this.#next.value);
      this.#next = this.#rows.next();
    }
    return found;
  }
}

/** Rows in the order of their addresses, those with one address together. */
export function* byAddress(rows: Iterable<Row>): Generator<readonly [Row, ...Row[]]> {
  let together: [Row, ...Row[]] | undefined;
  for (const row of rows) {
    if (together && together[0].address === row.address) together.push(row);
    else {
      if (together) yield together;
      together = [row];
    }
  }
  if (together) yield together;
}

/** The rows that have something in this column, one for each, in their order as text. */
export function eachOnce(rows: readonly Row[], column: 'id' | 'record'): readonly Row[] {
  const [first] = rows;
  if (rows.length === 1) return first && first[column] !== null ? rows : [];
  const found = new Map(rows.filter((row) => row[column] !== null).map((row) => [String(row[column]), row]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The facts of one person out of the rows about them, which are in the order of their ids. */
export function factsIn(
  address: string,
  contacts: readonly Row[],
  records: readonly Row[],
  vanished: readonly string[],
): PersonFacts {
  const only = contacts[0];
  const unknown =
    contacts.length > 1
      ? doubled(contacts.map((row) => String(row.id)))
      : records.some((row) => row.is_set === null)
        ? BOX_UNREAD
        : textOf(only?.unknown);
  return {
    address,
    ...(unknown === undefined ? {} : { unknown }),
    records: records.map((row) => ({
      id: String(row.record),
      set: row.is_set === 1,
      ...(row.modified_at === null ? {} : { modifiedAt: Number(row.modified_at) }),
    })),
    vanished,
    contact: only ? (JSON.parse(String(only.fact)) as ContactFact) : null,
  };
}

/** Why a person is unknown who has several contacts; an account may keep addresses apart that differ in case only. */
export function doubled(ids: readonly string[]): string {
  return `ActiveCampaign has ${ids.length} contacts with this address: ${ids.join(', ')}`;
}

/** Why a person is unknown when a record came without its box. */
export const BOX_UNREAD = 'Salesforce did not give the opt-out field of every record';

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/** Why a contact is not wholly known. */
export function unknownOf(contact: AcContact): string | null {
  if (contact.memberships === undefined) return 'ActiveCampaign did not give all of the contact’s list memberships';
  if (contact.tags === undefined) return 'ActiveCampaign did not give all of the contact’s tags';
  return null;
}

/** What the rules need of a contact. A row whose own channel is `sms` does not count, whatever its list. */
export function factOf(contact: AcContact): ContactFact {
  const rows = contact.memberships ?? [];
  const memberships = (rows.some(isSms) ? rows.filter((row) => !isSms(row)) : rows).map(
    ({ id, list, status, subscribedAt, unsubscribedAt, sourceid }): Membership => {
      const known = { id, list, status, subscribedAt, unsubscribedAt };
      return sourceid === null ? known : { ...known, source: sourceid };
    },
  );
  return { id: contact.id, bouncedHard: contact.bouncedHard, memberships, tags: [...(contact.tags ?? [])] };
}

function isSms({ channel }: AcMembership): boolean {
  return channel === 'sms';
}
