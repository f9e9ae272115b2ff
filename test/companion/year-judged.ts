import type { Agreement } from '../../src/consent/agreement.ts';
import { QUALIFYING, type Town } from './town.ts';

/** What a night may have made of what it found: promised to people, and told without the rules' code. */

export interface Person {
  readonly records: readonly { readonly id: string; readonly set: boolean }[];
  /** Records that were merged or converted into one of these, of whatever address: they count here, too. */
  readonly absorbed: readonly string[];
  readonly contacts: readonly {
    readonly id: string;
    readonly qualified: boolean;
    readonly bounced: number;
    readonly memberships: readonly {
      readonly id: string;
      readonly status: number;
      readonly subscribedAt: number | null;
    }[];
  }[];
}

/** Everybody with an address, as the services have them. */
export function peopleOf(town: Town): Map<string, Person> {
  const { org, account } = town.sandbox;
  const people = new Map<string, { -readonly [K in keyof Person]: Person[K][number][] }>();
  const at = (email: unknown) => {
    const address = String(email).toLowerCase();
    const person = people.get(address) ?? { records: [], absorbed: [], contacts: [] };
    people.set(address, person);
    return person;
  };
  const rows = ['Contact', 'Lead'].flatMap((type) => org.all(type, true));
  const byId = new Map(rows.map((row) => [row.Id, row]));
  for (const row of rows) {
    const into = byId.get(row.IsConverted === true ? row.ConvertedContactId : row.MasterRecordId);
    if (into?.Email) at(into.Email).absorbed.push(String(row.Id));
    if (row.Email && row.IsConverted !== true && row.IsDeleted !== true)
      at(row.Email).records.push({ id: String(row.Id), set: row[town.field] === true });
  }
  for (const { id, email, tags, bouncedHard, memberships, anonymized } of account.contacts)
    if (email && !anonymized)
      at(email).contacts.push({
        id,
        qualified: [...tags.keys()].some((tag) => account.tags.get(tag)?.name === QUALIFYING),
        bounced: bouncedHard,
        memberships: [...memberships.values()].map(({ id: row, status, subscribedAt }) => ({
          id: row,
          status,
          subscribedAt,
        })),
      });
  return people;
}

export interface Judging {
  readonly evening: ReadonlyMap<string, Person>;
  readonly morning: ReadonlyMap<string, Person>;
  /** What was agreed before the run. */
  readonly agreed: ReadonlyMap<string, Agreement | null>;
  /** The cause of whoever `differences` lists after it. */
  readonly listed: ReadonlyMap<string, string>;
  readonly isDone: boolean;
  /** Who was changed since by anybody else; null where nobody knows. */
  readonly touched: ReadonlySet<string> | null;
}

/** What is wrong with a night, in words. */
export function judged(night: Judging): string[] {
  const { evening, morning, agreed, listed, isDone } = night;
  const made = [...morning.keys()].filter((address) => !evening.has(address)).map((address) => `${address} was made`);
  const wrong = [...evening].flatMap(([address, before]) => {
    const after = morning.get(address);
    if (!after) return [`${address} is gone`];
    const one = { before, after, agreement: agreed.get(address) ?? null, cause: listed.get(address) };
    const isUntouched = night.touched !== null && !night.touched.has(address);
    const words = [...miswritten(one, isUntouched), ...(isDone ? unkept(one) : [])];
    return words.map((what) => `${address} ${what}: ${JSON.stringify(one)}`);
  });
  return [...made, ...wrong];
}

interface One {
  readonly before: Person;
  readonly after: Person;
  readonly agreement: Agreement | null;
  /** Why they are among the differences; undefined for whoever is not. */
  readonly cause: string | undefined;
}

/** What no run may write, however it ends. */
function* miswritten({ before, after, agreement }: One, isUntouched: boolean): Generator<string> {
  if (wasCleared(before, after) && !hasSubscribed(before, agreement))
    yield 'was cleared without having subscribed again';
  const was = new Map(rowsOf(before).map(({ id, status }) => [id, status]));
  if (rowsOf(after).some(({ id, status }) => status !== was.get(id) && !(was.get(id) === 1 && status === 2)))
    yield 'has a membership that no run may write';
  if (isUntouched && JSON.stringify(before) !== JSON.stringify(after)) yield 'was written though nothing had happened';
}

/** What does not hold after a run that is done. */
function* unkept({ before, after, agreement, cause }: One): Generator<string> {
  const isSet = before.records.some(({ set }) => set);
  const isPartlyClear = after.records.some(({ set }) => !set);
  if (wasCleared(before, after)) {
    if (after.records.some(({ set }) => set)) yield 'was cleared on some records only';
    return;
  }
  if (isSet && isActive(after) && cause !== 'unknown' && cause !== 'bounce-reactivated') yield 'said no, and is mailed';
  if (cause !== undefined) return;
  if (isSet && isPartlyClear) yield 'said no, and a record does not';
  if (isOut(before) && before.contacts.every(({ qualified }) => qualified) && isPartlyClear)
    yield 'left every list, and a record says nothing';
  const isAgreed = agreement?.kind === 'out' && agreement.cause === 'opt-out';
  if (isAgreed && !isSet && !hasSubscribed(before, agreement) && isActive(after))
    yield 'was agreed to be out, did not subscribe, and is mailed';
}

const rowsOf = ({ contacts }: Person) => contacts.flatMap(({ memberships }) => memberships);
const isActive = (person: Person) => rowsOf(person).some(({ status }) => status === 1);
const isOut = (person: Person) =>
  !isActive(person) &&
  (rowsOf(person).some(({ status }) => status === 2) || person.contacts.some(({ bounced }) => bounced > 0));
const wasCleared = (before: Person, after: Person) =>
  before.records.some(({ set }, index) => set && !after.records[index]?.set);
/** Since it was agreed that they are out, not since the night before: a person may stay unknown for a while. */
const hasSubscribed = (person: Person, agreement: Agreement | null) => {
  const since = agreement?.kind === 'out' ? (agreement.at.activecampaign ?? agreement.at.salesforce) : null;
  return (
    since !== null && rowsOf(person).some(({ status, subscribedAt }) => status === 1 && (subscribedAt ?? 0) >= since)
  );
};

/** Who is otherwise than before. */
export function changed(before: ReadonlyMap<string, Person>, now: ReadonlyMap<string, Person>): string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter(
    (address) => JSON.stringify(before.get(address)) !== JSON.stringify(now.get(address)),
  );
}
