import type { AcContact } from '../activecampaign/activecampaign.ts';
import type { ServiceTimes } from '../consent/agreement.ts';
import type { Decision } from '../consent/decide.ts';
import { addressOf, type PersonFacts, type RecordFact } from '../consent/facts.ts';
import { afterInterruption } from '../consent/interrupted.ts';
import { ServiceFailure } from '../service/failure.ts';
import { allOf } from './all-of.ts';
import { boxHistory } from './box-history.ts';
import { BOX_UNREAD, factOf, unknownOf } from './known.ts';
import { recordsBy, recordsIn, recordsOfPeople } from './query.ts';
import type { ReadRecord } from './reading.ts';
import { addFailures, type Case, type Work } from './work.ts';

/** A person read a second time. */
export interface Again {
  readonly facts: PersonFacts;
  /** By each service's own clock, when. */
  readonly times: ServiceTimes;
}

/**
 * What is there after the writes, person by person; only the side that was written is read. Somebody who cannot be
 * read back is not in the answer, and has a failure.
 */
export async function readBack(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<Map<string, Again>> {
  const unread = new Map<string, ServiceFailure>();
  const [[records, salesforceAt], contacts] = await allOf([
    recordsBack(work, people, failures).then((found) => [found, work.salesforce.serverTime ?? null] as const),
    contactsBack(work, people, unread),
  ]);
  addFailures(failures, unread);
  const after = new Map<string, Again>();
  for (const person of people) {
    const { decision, facts } = person;
    const { address } = decision;
    const wroteRecords = decision.set.length > 0 || decision.clear.length > 0;
    const contact = contacts.get(address);
    if ((wroteRecords && !records) || (decision.unsubscribe.length > 0 && !contact)) continue;
    const then = person.times ?? work.reading.times(address);
    after.set(address, {
      facts: {
        ...facts,
        vanished: [],
        ...contact?.facts,
        ...(wroteRecords ? recordFacts(facts.records.flatMap(({ id }) => records?.get(id) ?? [])) : {}),
      },
      times: {
        salesforce: wroteRecords ? salesforceAt : then.salesforce,
        activecampaign: contact ? contact.at : then.activecampaign,
      },
    });
  }
  return after;
}

/** How many contacts are read back together: as many as one call brings. */
const TOGETHER = 100;

/** The contacts of those who were unsubscribed, by address, with the time. Who is missing has a failure. */
async function contactsBack(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<Map<string, { readonly facts: Partial<PersonFacts>; readonly at: number | null }>> {
  const back = new Map<string, { readonly facts: Partial<PersonFacts>; readonly at: number | null }>();
  const written = people.filter(({ decision }) => decision.unsubscribe.length > 0);
  for (let from = 0; from < written.length; from += TOGETHER) {
    const part = written.slice(from, from + TOGETHER);
    const known = await contactsOf(work, part);
    for (const { decision } of part) {
      const contact = known(decision);
      if (!(contact instanceof ServiceFailure))
        back.set(decision.address, { facts: contactFacts(contact), at: work.ac.serverTime ?? null });
      else if (!failures.has(decision.address)) failures.set(decision.address, contact);
    }
  }
  return back;
}

/** Contacts together, or one by one when that failed for a reason that may be one of them. */
async function contactsOf(
  work: Work,
  people: readonly Case[],
): Promise<(decision: Decision) => AcContact | ServiceFailure | undefined> {
  const ids = people.map(({ decision }) => decision.contact ?? '');
  try {
    const all = await work.ac.contactsById(ids);
    return ({ contact }) => all.get(contact ?? '');
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    if (people.length === 1 || (error.kind !== 'malformed' && error.kind !== 'rejected')) return () => error;
  }
  const each = new Map<string, AcContact | ServiceFailure | undefined>();
  for (const id of ids) each.set(id, await work.ac.contact(id).catch(asValue));
  return ({ contact }) => each.get(contact ?? '');
}

function asValue(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  throw error;
}

/** The written records by id as they are now, or undefined when Salesforce cannot be read. */
async function recordsBack(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<Map<string, ReadRecord> | undefined> {
  const written = people.filter(({ decision }) => decision.set.length + decision.clear.length > 0);
  const ids = written.flatMap(({ facts }) => facts.records.map((record) => record.id));
  const found = new Map<string, ReadRecord>();
  try {
    for await (const record of recordsBy(work.salesforce, work.field, recordsIn(work.field, 'Id', ids)))
      found.set(record.id, record);
    return found;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    for (const { decision } of written) if (!failures.has(decision.address)) failures.set(decision.address, error);
    return undefined;
  }
}

/** A box that did not come is neither set nor clear: of that person nobody knows what became of the write. */
function recordFacts(records: readonly ReadRecord[]): Pick<PersonFacts, 'records' | 'unknown'> {
  const read = records.filter(({ set }) => set !== null);
  return { records: read.map(recordFact), ...(read.length < records.length ? { unknown: BOX_UNREAD } : {}) };
}

function recordFact({ id, set, modifiedAt }: ReadRecord): RecordFact {
  return { id, set: set === true, ...(modifiedAt === null ? {} : { modifiedAt }) };
}

function contactFacts(contact: AcContact | undefined): Partial<PersonFacts> {
  if (!contact || contact.gone) return { contact: null };
  const unknown = unknownOf(contact);
  return { contact: factOf(contact), ...(unknown === null ? {} : { unknown }) };
}

/** Reads people once more, both sides and field history, just before something is decided that opts them in. */
export async function readAgain(work: Work, planned: readonly Decision[]): Promise<Again[]> {
  const addresses = planned.map((decision) => decision.address);
  const ids = planned.flatMap((decision) => decision.records);
  const records = await recordsOfPeople(work.salesforce, work.field, addresses, ids);
  const changed = await boxHistory(
    work.salesforce,
    work.field,
    [...records.values()].flat().map((record) => record.id),
  );
  const salesforceAt = work.salesforce.serverTime ?? null;
  const again: Again[] = [];
  for (const { address, contact: id } of planned) {
    const contact = id === null ? undefined : await work.ac.contact(id);
    const moved = contact !== undefined && addressOf(contact.email) !== address;
    const mine = records.get(address) ?? [];
    const unknown = mine.some((record) => record.set === null)
      ? BOX_UNREAD
      : changed === null
        ? 'the field history of the opt-out field could not be read'
        : undefined;
    const facts: PersonFacts = {
      address,
      ...(unknown === undefined ? {} : { unknown }),
      vanished: work.store.vanished(address),
      records: mine.map((record) => {
        const changedAt = changed?.get(record.id);
        return { ...recordFact(record), ...(changedAt === undefined ? {} : { changedAt }) };
      }),
      contact: null,
      ...(moved ? {} : contactFacts(contact)),
    };
    const stamps = work.store.intention(address)?.stamps;
    again.push({
      facts: afterInterruption(facts, stamps),
      times: { salesforce: salesforceAt, activecampaign: work.ac.serverTime ?? null },
    });
  }
  return again;
}
