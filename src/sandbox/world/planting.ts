import type { Account } from '../activecampaign/account.ts';
import type { Org } from '../salesforce/org.ts';
import { LISTS, type Person, type PlannedContact, type PlannedRecord } from './world.ts';

/** Where a planted person is to be found. */
export interface Planted {
  readonly firstName: string;
  readonly lastName: string;
  /** In lower case; undefined for somebody without one. */
  readonly address: string | undefined;
  /** 18-character ids in the order of the plan, gone ones too. */
  readonly records: readonly { readonly type: 'Contact' | 'Lead'; readonly id: string; readonly live: boolean }[];
  /** The ActiveCampaign contact's id. */
  readonly contact: string | undefined;
}

/** The two services of a world that is being made, and a way to set its time. */
export interface Ground {
  readonly org: Org;
  readonly account: Account;
  /** From here on it is `instant`, for both services. */
  readonly turnTo: (instant: number) => void;
}

/** Makes the lists and everybody's rows in both services, each at its time, owned by the users in turn. Nobody: nothing. */
export function plant(ground: Ground, people: readonly Person[], owners: readonly string[]): Planted[] {
  const { org, account, turnTo } = ground;
  if (people.length === 0) return [];
  turnTo(Date.parse('2022-11-01T15:00:00Z'));
  for (const list of LISTS) account.addList(list);
  account.name('campaign', '7', 'Spring offer');
  const companies = new Map<string, string>();
  const companyId = (name: string): string => {
    const id = companies.get(name) ?? org.insert('Account', { Name: name });
    companies.set(name, id);
    return id;
  };
  return people.map((person, index) => ({
    firstName: person.firstName,
    lastName: person.lastName,
    address: (person.contact?.email ?? person.records.find(({ email }) => email !== null)?.email)?.toLowerCase(),
    records: plantRecords(ground, person, owners[index % owners.length] ?? org.admin, companyId),
    contact: person.contact === null ? undefined : plantContact(ground, person, person.contact),
  }));
}

function plantRecords(
  { org, turnTo }: Ground,
  person: Person,
  owner: string,
  companyId: (name: string) => string,
): Planted['records'] {
  const { firstName, lastName, company, title, phone } = person;
  const ids = person.records.map((record) => {
    turnTo(record.createdAt);
    const fields = {
      FirstName: firstName,
      LastName: lastName,
      Title: title,
      Phone: phone,
      Email: record.email,
      OwnerId: owner,
      ...(record.type === 'Contact' ? { AccountId: companyId(company) } : { Company: company }),
    };
    const id = org.insert(record.type, fields);
    if (record.optedOut) {
      turnTo(record.optedOutAt ?? record.createdAt);
      org.update(record.type, id, { HasOptedOutOfEmail: true });
    }
    return id;
  });
  for (const [index, record] of person.records.entries()) {
    const id = ids[index];
    if (record.fate === undefined || id === undefined) continue;
    turnTo(record.fate.at);
    const first = ids[person.records.findIndex(({ type, fate }) => type === 'Contact' && fate === undefined)];
    if (record.fate.kind === 'deleted') org.remove(record.type, id);
    else if (first === undefined) throw new Error(`${firstName} ${lastName} has no Contact to become`);
    else if (record.fate.kind === 'merged') org.merge(record.type, first, [id]);
    else org.convert(id, { contactId: first });
  }
  return person.records.map(({ type, fate }: PlannedRecord, index) => ({
    type,
    id: ids[index] ?? '',
    live: fate === undefined,
  }));
}

function plantContact({ account, turnTo }: Ground, person: Person, planned: PlannedContact): string {
  turnTo(planned.createdAt);
  const { firstName, lastName, company: organization, phone } = person;
  const email = planned.email === null ? {} : { email: planned.email };
  const contact = account.addContact({ ...email, firstName, lastName, phone, organization });
  for (const { list, status, joinedAt, leftAt, reason, campaign } of planned.memberships) {
    const id = String(LISTS.findIndex(({ name }) => name === list) + 1);
    turnTo(joinedAt);
    const row = account.join(contact, id, status, { sourceid: 1 });
    row.unsubscribedAt = leftAt ?? null;
    row.unsubscribeReason = status === 2 ? (reason ?? '') : '';
    row.campaign = status === 2 ? (campaign ?? null) : null;
  }
  turnTo(planned.createdAt);
  for (const tag of planned.tags) account.tag(contact, tag, { by: 'system' });
  for (const { hard, at, reason } of planned.bounces) {
    turnTo(at);
    if (hard) account.bounceHard(contact, { reason });
    else account.bounceSoft(contact, { reason });
  }
  return contact.id;
}
