import type { AcContact, AcList, AcMembership, ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Survey } from '../activecampaign/survey.ts';
import { addressOf, type PersonFacts, type Policy, type RecordFact } from '../consent/facts.ts';
import {
  liveCondition,
  OBJECTS,
  objectOf,
  type PersonObject,
  type Row,
  type Salesforce,
  soqlString,
} from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { isWithoutHistory } from './box-history.ts';
import type { Config } from './config.ts';
import { contactsWith } from './contacts-with.ts';
import { doubled, factOf, unknownOf } from './known.ts';
import { idOf, recordOf, timeOf } from './query.ts';
import type { Store } from './store.ts';
import { type NamedVia, orNull, viasOf } from './via-names.ts';

/** A live record of a person as read now. */
export interface RecordNow extends RecordFact {
  readonly object: PersonObject;
  readonly name: string;
  /** Who changed anything of the record last; empty where Salesforce does not say. */
  readonly changedBy: string;
}

/** A change of the opt-out field as field history tells it. */
export interface BoxChange {
  readonly record: string;
  readonly at: string;
  readonly by: string;
  readonly now: boolean;
}

/** A membership with the name of its list; null for a list that is not shown to this key. */
export interface MembershipNow extends AcMembership {
  readonly listName: string | null;
  readonly inScope: boolean;
  /** What led to it; null where the row does not say. */
  readonly via: NamedVia | null;
}

/** One person as both services tell of them now. */
export interface PersonNow {
  readonly facts: PersonFacts;
  readonly policy: Policy;
  readonly records: readonly RecordNow[];
  /** Empty where the field is not tracked. */
  readonly boxHistory: readonly BoxChange[];
  readonly contact: (Omit<AcContact, 'memberships'> & { readonly memberships: readonly MembershipNow[] }) | null;
  /** What the latest bounce said; null where there was none, or its log has no words. */
  readonly bounce: string | null;
  /** What could not be read, in the service's own words. */
  readonly failures: readonly { readonly side: 'salesforce' | 'activecampaign'; readonly words: string }[];
}

export interface Services {
  readonly config: Config;
  readonly salesforce: Salesforce;
  readonly activecampaign: ActiveCampaign;
  readonly survey: Pick<Survey, 'nameOf' | 'bounceWords'>;
}

/** Reads one person, both sides. A side that cannot be read is unknown, and the other is shown all the same. */
export async function readPerson(services: Services, store: Store, address: string): Promise<PersonNow> {
  const { config, salesforce, activecampaign, survey } = services;
  const failures: PersonNow['failures'][number][] = [];
  const attempt = async <T>(side: 'salesforce' | 'activecampaign', instead: T, read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      failures.push({ side, words: error.message });
      return instead;
    }
  };
  const records = await attempt('salesforce', [], () =>
    liveRecordsOf(salesforce, config.salesforce.optOutField, address),
  );
  const boxHistory = await attempt('salesforce', [], () =>
    historyOf(salesforce, config.salesforce.optOutField, records),
  );
  const lists = await attempt('activecampaign', [], () => activecampaign.lists());
  const contacts = await attempt('activecampaign', [], () => contactsWith(activecampaign, store, address));
  const [contact] = contacts;
  const { qualifyingTags, personSources } = config.activecampaign;
  const policy = { lists: scopeOf(config, lists), qualifyingTags, personSources };
  const vias = await viasOf(survey, contact?.memberships ?? []);
  const bounce = contact && contact.bouncedHard > 0 ? await orNull(() => survey.bounceWords(contact.id)) : null;
  const several = contacts.length > 1 ? doubled(contacts.map(({ id }) => id)) : undefined;
  const unknown = failures[0]?.words ?? several ?? (contact && unknownOf(contact)) ?? undefined;
  return {
    facts: {
      address,
      ...(unknown === undefined ? {} : { unknown }),
      records: records.map(({ object: _, name: __, changedBy: ___, ...record }) => record),
      vanished: store.vanished(address),
      contact: contact ? factOf(contact) : null,
    },
    policy,
    records,
    boxHistory,
    contact: contact ? { ...contact, memberships: named(contact, lists, policy, vias) } : null,
    bounce,
    failures,
  };
}

async function liveRecordsOf(salesforce: Salesforce, field: string, address: string): Promise<RecordNow[]> {
  const found: RecordNow[] = [];
  for (const object of OBJECTS) {
    const soql = `SELECT Id, Name, Email, ${field}, LastModifiedBy.Name, SystemModstamp FROM ${object} WHERE Email = ${soqlString(address)}${liveCondition(object)}`;
    for await (const page of salesforce.query(soql))
      for (const row of page) {
        const { id, email, set, modifiedAt } = recordOf(row, object, field);
        if (addressOf(email) !== address) continue;
        if (set === null) throw withoutField(object, id, field);
        const changedBy = nameIn(row.LastModifiedBy);
        found.push({
          id,
          object,
          name: textIn(row.Name),
          changedBy,
          set,
          ...(modifiedAt === null ? {} : { modifiedAt }),
        });
      }
  }
  return found;
}

/** Unknown is never read as "not opted out". */
function withoutField(object: PersonObject, id: string, field: string): ServiceFailure {
  const words = `Salesforce gave ${object} ${id} without ${field}`;
  return new ServiceFailure({ service: 'salesforce', kind: 'malformed', call: `SELECT ${object}`, words });
}

/** Who set or cleared the box and when, the oldest first; nothing where the field is not tracked. */
async function historyOf(salesforce: Salesforce, field: string, records: readonly RecordNow[]): Promise<BoxChange[]> {
  const changes: BoxChange[] = [];
  for (const object of OBJECTS) {
    const ids = records.filter((record) => record.object === object).map(({ id }) => soqlString(id));
    if (ids.length === 0) continue;
    const soql = `SELECT ${object}Id, CreatedDate, CreatedBy.Name, NewValue FROM ${object}History WHERE Field = ${soqlString(field)} AND ${object}Id IN (${ids.join(', ')})`;
    try {
      for await (const page of salesforce.query(soql))
        for (const row of page)
          changes.push({
            record: idOf(row, `${object}Id`),
            at: new Date(timeOf(row.CreatedDate) ?? 0).toISOString(),
            by: nameIn(row.CreatedBy),
            now: String(row.NewValue) === 'true',
          });
    } catch (error) {
      if (!isWithoutHistory(error)) throw error;
    }
  }
  return changes.sort((a, b) => (a.at < b.at ? -1 : 1));
}

function scopeOf(config: Config, lists: readonly AcList[]): ReadonlySet<string> {
  if (config.activecampaign.lists !== 'all') return new Set(config.activecampaign.lists);
  return new Set(lists.filter(({ channel }) => channel !== 'sms').map(({ id }) => id));
}

function named(
  contact: AcContact,
  lists: readonly AcList[],
  policy: Policy,
  vias: ReadonlyMap<string, NamedVia>,
): MembershipNow[] {
  const names = new Map(lists.map(({ id, name }) => [id, name]));
  return (contact.memberships ?? []).map((row) => ({
    ...row,
    listName: names.get(row.list) ?? null,
    inScope: policy.lists.has(row.list) && row.channel !== 'sms',
    via: vias.get(row.id) ?? null,
  }));
}

/** What Salesforce says of a text that can be no id of that object (facts/salesforce.md section 2). */
const NO_ID = /INVALID_QUERY_FILTER_OPERATOR|MALFORMED_ID/;

/** The address of a record, deleted ones included; null for a record without one, undefined for one that is not there. */
export async function addressOfRecord(salesforce: Salesforce, id: string): Promise<string | null | undefined> {
  const object = objectOf(id);
  if (object === undefined) return undefined;
  const soql = `SELECT Id, Email FROM ${object} WHERE Id = ${soqlString(id)}`;
  try {
    for await (const page of salesforce.query(soql, { deleted: true }))
      for (const row of page) return addressOf(textIn(row.Email)) || null;
  } catch (error) {
    if (!(error instanceof ServiceFailure) || !NO_ID.test(error.detail.code ?? '')) throw error;
  }
  return undefined;
}

/** The address of a record as the store remembers it. */
export function rememberedAddressOf(store: Store, id: string): string | undefined {
  const row = store.get(
    `SELECT address FROM agreements WHERE records LIKE '%"' || ?1 || '"%'
     UNION SELECT address FROM audit_details WHERE target = ?1
     UNION SELECT address FROM decisions WHERE decision LIKE '%"' || ?1 || '"%'
     UNION SELECT address FROM vanished WHERE record = ?1 LIMIT 1`,
    id,
  );
  return row && String(row.address);
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function nameIn(user: Row[string]): string {
  return typeof user === 'object' && user !== null && 'Name' in user ? textIn(user.Name) : '';
}
