import type { AcContact } from '../activecampaign/activecampaign.ts';
import type { ServiceTimes } from '../consent/agreement.ts';
import type { Decision } from '../consent/decide.ts';
import { addressOf, type PersonFacts, type RecordFact } from '../consent/facts.ts';
import { objectOf, type PersonObject, soqlString } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { idOf, inParts, liveRecords, OBJECTS, recordOf, recordsOfPeople, timeOf } from './query.ts';
import { BOX_UNREAD, factOf, type ReadRecord, unknownOf } from './reading.ts';
import type { Case, Work } from './work.ts';

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
  const records = await recordsBack(work, people, failures);
  const salesforceAt = work.salesforce.serverTime ?? null;
  const after = new Map<string, Again>();
  for (const { decision, facts } of people) {
    const { address } = decision;
    const wroteRecords = decision.set.length > 0 || decision.clear.length > 0;
    const wroteContact = decision.unsubscribe.length > 0;
    if (wroteRecords && !records) continue;
    const then = work.reading.times(address);
    try {
      const contact = wroteContact ? await work.ac.contact(decision.contact ?? '') : undefined;
      after.set(address, {
        facts: {
          ...facts,
          vanished: [],
          records: wroteRecords ? facts.records.flatMap(({ id }) => records?.get(id) ?? []) : facts.records,
          ...(wroteContact ? contactFacts(contact) : {}),
        },
        times: {
          salesforce: wroteRecords ? salesforceAt : then.salesforce,
          activecampaign: wroteContact ? (work.ac.serverTime ?? null) : then.activecampaign,
        },
      });
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      if (!failures.has(address)) failures.set(address, error);
    }
  }
  return after;
}

/** The written records by id as they are now, or undefined when Salesforce cannot be read. */
async function recordsBack(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<Map<string, RecordFact> | undefined> {
  const written = people.filter(({ decision }) => decision.set.length + decision.clear.length > 0);
  const ids = written.flatMap(({ facts }) => facts.records.map((record) => record.id));
  const found = new Map<string, RecordFact>();
  try {
    for (const object of OBJECTS)
      for (const part of inParts(ids.filter((id) => objectOf(id) === object)))
        for await (const page of work.salesforce.query(
          liveRecords(object, work.field, `Id IN (${part.map(soqlString).join(', ')})`),
        ))
          for (const row of page) {
            const record = recordOf(row, object, work.field);
            if (record.set !== null) found.set(record.id, recordFact(record));
          }
    return found;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    for (const { decision } of written) if (!failures.has(decision.address)) failures.set(decision.address, error);
    return undefined;
  }
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
    work,
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
    again.push({ facts, times: { salesforce: salesforceAt, activecampaign: work.ac.serverTime ?? null } });
  }
  return again;
}

/**
 * When field history last shows the box changed, by record id; nothing where the field is not tracked
 * (facts/salesforce.md section 1, "Field history"). Null when the user may not read it.
 */
async function boxHistory(work: Work, ids: readonly string[]): Promise<Map<string, number> | null> {
  const latest = new Map<string, number>();
  const keys: Record<PersonObject, string> = { Contact: 'ContactId', Lead: 'LeadId' };
  for (const object of OBJECTS)
    for (const part of inParts(ids.filter((id) => objectOf(id) === object))) {
      const key = keys[object];
      const soql = `SELECT ${key}, CreatedDate FROM ${object}History WHERE Field = ${soqlString(work.field)} AND ${key} IN (${part.map(soqlString).join(', ')})`;
      try {
        for await (const page of work.salesforce.query(soql))
          for (const row of page) {
            const id = idOf(row, key);
            latest.set(id, Math.max(latest.get(id) ?? 0, timeOf(row.CreatedDate) ?? 0));
          }
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        if (error.kind === 'forbidden') return null;
        // An org without history for the object does not know the type; anything else is a failure to read.
        if (error.kind !== 'rejected' && error.kind !== 'not-found') throw error;
      }
    }
  return latest;
}
