import { isObject } from '../service/http.ts';
import { fieldIn } from './field-name.ts';
import { malformed } from './line.ts';
import {
  liveCondition,
  OBJECTS,
  objectOf,
  type PersonObject,
  type Row,
  type Salesforce,
  soqlString,
} from './salesforce.ts';

/** A Contact or Lead as the overlay shows it. */
export interface PersonRecord {
  /** 18-character id. */
  readonly id: string;
  readonly object: PersonObject;
  readonly name: string;
  /** As stored; empty for a record without one. */
  readonly email: string;
  /** The account's name or the lead's company. */
  readonly company: string | null;
  readonly optedOut: boolean;
  /** When anybody changed anything of it last, as Salesforce writes it. */
  readonly changedAt: string | null;
  /** A converted lead: read-only, and not live. */
  readonly converted: boolean;
  /** The contact that a converted lead became. */
  readonly convertedTo: string | null;
}

/** One record by its id; undefined when there is none, or none that the user may see. */
export async function readRecord(
  salesforce: Pick<Salesforce, 'query'>,
  id: string,
  field: string,
): Promise<PersonRecord | undefined> {
  const object = objectOf(id);
  if (!object) return undefined;
  const [record] = await read(salesforce, object, field, `Id = ${soqlString(id)}`);
  return record;
}

/** The records with an address, as far as the user may see any. */
export interface RecordsOf {
  readonly records: readonly PersonRecord[];
  /** What the user may not see at all: whether any of these has the address is not known. */
  readonly unseen: readonly PersonObject[];
}

/**
 * Every live record with this address, contacts first, by two queries. Rejects where the user may see neither contacts nor leads.
 *
 * @param known the record that is looked at: it is asked for by its id as well, because it is not sure that a comparison of
 * addresses passes over case and blanks everywhere (facts/salesforce.md section 2).
 */
export async function readRecordsOf(
  salesforce: Pick<Salesforce, 'query'>,
  address: string,
  field: string,
  known = '',
): Promise<RecordsOf> {
  const wanted = comparable(address);
  if (wanted === '') return { records: [], unseen: [] };
  const { found, unseen } = await fromEach((object) => {
    const by = `Email = ${soqlString(wanted)}`;
    const which = objectOf(known) === object ? `(${by} OR Id = ${soqlString(known)})` : by;
    return read(salesforce, object, field, which + liveCondition(object));
  });
  return { records: found.flat().filter((record) => comparable(record.email) === wanted), unseen };
}

/**
 * What is found of either object. One that the user may not see at all is refused with `INVALID_TYPE` (facts/salesforce.md
 * section 2), and is left out like a record that sharing hides; rejects where that holds for both, and for any other reason.
 */
export async function fromEach<T>(
  ask: (object: PersonObject) => Promise<T>,
): Promise<{ readonly found: readonly T[]; readonly unseen: readonly PersonObject[] }> {
  const unseen: PersonObject[] = [];
  const found = await Promise.all(
    OBJECTS.map((object) =>
      ask(object).catch((cause) => {
        if (cause?.detail?.code !== 'INVALID_TYPE' || unseen.push(object) > 1) throw cause;
      }),
    ),
  );
  return { found: found.filter((answer) => answer !== undefined), unseen };
}

/** What says who it is: the first is wanted, the second is what cannot be done without. */
const OWN: Readonly<Record<PersonObject, readonly [string, string]>> = {
  Contact: [', Account.Name', ''],
  Lead: [', IsConverted, Company, ConvertedContactId', ', IsConverted'],
};

/**
 * Records of one object that meet a condition. Where the user may not see the account or the company, they come without.
 *
 * @param field API name of the opt-out field. Where the user may not see it, Salesforce refuses with `INVALID_FIELD`.
 */
async function read(
  salesforce: Pick<Salesforce, 'query'>,
  object: PersonObject,
  field: string,
  condition: string,
): Promise<readonly PersonRecord[]> {
  if (!/^[A-Za-z]\w*$/.test(field)) throw new Error(`${field} is not the API name of a field.`);
  const ask = async (own: string): Promise<PersonRecord[]> => {
    const soql = `SELECT Id, Name, Email, LastModifiedDate, ${field}${own} FROM ${object} WHERE ${condition} ORDER BY Id`;
    const records: PersonRecord[] = [];
    for await (const rows of salesforce.query(soql)) for (const row of rows) records.push(recordOf(row, object, field));
    return records;
  };
  const [wanted, needed] = OWN[object];
  return ask(wanted).catch((cause) => {
    if (cause?.detail?.code !== 'INVALID_FIELD') throw cause;
    return ask(needed);
  });
}

function recordOf(row: Row, object: PersonObject, field: string): PersonRecord {
  const { Id: id } = row;
  const optedOut = fieldIn(row, field);
  if (typeof id !== 'string' || typeof optedOut !== 'boolean') {
    throw malformed('GET query', `a ${object} whose ${field} is neither true nor false`);
  }
  return {
    id,
    object,
    name: textOf(row.Name) ?? '',
    email: textOf(row.Email) ?? '',
    company: isObject(row.Account) ? ownAccount(row) : textOf(row.Company),
    optedOut,
    changedAt: textOf(row.LastModifiedDate),
    converted: row.IsConverted === true,
    convertedTo: textOf(row.ConvertedContactId),
  };
}

/** A contact's account; a person account is the person, and is named once. */
function ownAccount({ Name, Account }: Row): string | null {
  const name = isObject(Account) ? textOf(Account.Name) : null;
  return name === Name ? null : name;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** As the rules compare addresses. */
function comparable(address: string): string {
  return address.trim().toLowerCase();
}
