import fc from 'fast-check';
import { BOX, HOUR, QUALIFYING, type Town } from './town.ts';

/**
 * What may happen to the people of a town in a day, as plain data: the same happenings make the same of two towns that
 * were alike. Numbers choose among what is there; what cannot happen does not.
 */

export type Happening = {
  readonly what: (typeof KINDS)[number];
  readonly who: number;
  readonly other: number;
  readonly flag: boolean;
};

/** The names of the people; two of them begin with nobody in Salesforce or in ActiveCampaign. */
export const PEOPLE = ['ann', 'ben', 'cleo', 'dan', 'eve', 'fay'] as const;

/** What may happen, as often as it stands here. */
export const KINDS = [
  'box',
  'box',
  'touch',
  'readdress',
  'lose the address',
  'new record',
  'delete',
  'undelete',
  'purge',
  'merge',
  'convert',
  'leave a list',
  'join a list',
  'bounce',
  'mend a bounce',
  'rename the contact',
  'write the address of another contact in capitals',
  'delete the contact',
  'new contact',
  'tag',
] as const;

export const happenings = fc.array(
  fc.record({
    what: fc.constantFrom(...KINDS),
    who: fc.nat({ max: 11 }),
    other: fc.nat({ max: 11 }),
    flag: fc.boolean(),
  }),
  { maxLength: 5 },
);

/** Plants the people, some of them out on one side or on both. */
export function settle(town: Town): void {
  town.plant('ann', { contacts: [false], lists: { News: 1 } });
  town.plant('ben', { contacts: [false, false], leads: [false], lists: { News: 2, Offers: 2 } });
  town.plant('cleo', { leads: [true], lists: { News: 1, Offers: 1 } });
  town.plant('dan', { contacts: [false], lists: { News: 1 }, hardBounced: true });
  town.plant('eve', { contacts: [true, false], lists: null });
  town.plant('fay', { lists: { News: 1, Offers: 2 } });
}

const addressesOf =
  (names: readonly string[]) =>
  (number: number, capitals = false) => {
    const name = names[number % names.length] ?? '';
    return `${capitals ? name.toUpperCase() : name}@example.com`;
  };
const typeOf = (id: string) => (id.startsWith('003') ? 'Contact' : 'Lead');

/** Ids of records in the order of their creation. */
function records(town: Town, which: 'live' | 'deleted'): string[] {
  return ['Contact', 'Lead'].flatMap((type) =>
    town.sandbox.org
      .all(type, true)
      .filter((row) => row.IsConverted !== true && (row.IsDeleted === true) === (which === 'deleted'))
      .map((row) => String(row.Id)),
  );
}

const pick = <T>(from: readonly T[], number: number): T | undefined => from[number % from.length];

/** Something happens, some time after what happened before, in a town where people have these names. */
export function happen(town: Town, { what, who, other, flag }: Happening, names: readonly string[] = PEOPLE): void {
  const addressOf = addressesOf(names);
  town.clock.advance(HOUR / 2);
  const { org, account } = town.sandbox;
  const record = pick(records(town, 'live'), who);
  const contacts = account.contacts.filter((row) => !row.anonymized);
  const contact = pick(contacts, who);
  const list = pick(Object.values(town.lists), other) ?? '';
  const taken = (email: string) =>
    account.contactByEmail(email) !== undefined ||
    contacts.some((row) => row.email.toLowerCase() === email.toLowerCase());
  switch (what) {
    case 'box':
      if (record) org.update(typeOf(record), record, { [BOX]: flag });
      return;
    case 'touch':
      if (record) org.update(typeOf(record), record, { FirstName: `F${other}` });
      return;
    case 'readdress':
      if (record) org.update(typeOf(record), record, { Email: addressOf(other, flag) });
      return;
    case 'lose the address':
      if (record) org.update(typeOf(record), record, { Email: null });
      return;
    case 'new record': {
      const fields = { LastName: 'new', Email: addressOf(who), [BOX]: flag };
      org.insert(other % 2 ? 'Lead' : 'Contact', other % 2 ? { ...fields, Company: 'Mill' } : fields);
      return;
    }
    case 'delete':
      if (record) org.remove(typeOf(record), record);
      return;
    case 'undelete': {
      const gone = pick(records(town, 'deleted'), who);
      if (gone) org.undelete(typeOf(gone), gone);
      return;
    }
    case 'purge': {
      const gone = pick(records(town, flag ? 'deleted' : 'live'), who);
      if (gone) org.table(typeOf(gone)).drop(gone);
      return;
    }
    case 'merge': {
      const same = records(town, 'live').filter((id) => record !== undefined && typeOf(id) === typeOf(record));
      const loser = pick(same, other);
      if (record && loser && loser !== record) org.merge(typeOf(record), record, [loser], flag ? { [BOX]: false } : {});
      return;
    }
    case 'convert': {
      const lead = pick(
        records(town, 'live').filter((id) => typeOf(id) === 'Lead'),
        who,
      );
      const into = pick(
        records(town, 'live').filter((id) => typeOf(id) === 'Contact'),
        other,
      );
      if (lead) org.convert(lead, flag && into ? { contactId: into } : {});
      return;
    }
    case 'leave a list':
      if (contact?.memberships.has(list)) account.unsubscribe(contact, list, { by: 'contact' });
      return;
    case 'join a list':
      if (contact) account.subscribe(contact, list, { by: 'contact' });
      return;
    case 'bounce':
      if (contact && contact.memberships.size > 0) account.bounceHard(contact);
      return;
    case 'mend a bounce':
      if (contact) account.reactivate(contact, { clearCounter: flag });
      return;
    case 'rename the contact':
      if (contact && !taken(addressOf(other))) account.rename(contact, addressOf(other, flag));
      return;
    case 'write the address of another contact in capitals':
      // As an account might that minds the case: now two contacts have one address.
      if (contact && contact.email !== addressOf(other)) {
        account.change(contact, { firstName: 'Twin' });
        contact.email = addressOf(other, true);
      }
      return;
    case 'delete the contact':
      if (contact) account.remove(contact);
      return;
    case 'new contact':
      if (!taken(addressOf(who))) {
        const made = account.addContact({ email: addressOf(who) });
        account.join(made, list, flag ? 1 : 2);
        account.tag(made, QUALIFYING);
      }
      return;
    case 'tag':
      if (contact && flag) account.tag(contact, QUALIFYING);
      else if (contact) account.untag(contact, QUALIFYING);
      return;
  }
}

/**
 * Something in Salesforce happens in a long transaction: it is stamped now, and others see it when the returned commit is
 * called. Until then the row is locked.
 */
export function happenLate(town: Town, { who, other, flag }: Happening): () => void {
  const { org, clock } = town.sandbox;
  const addressOf = addressesOf(PEOPLE);
  const record = pick(records(town, 'live'), who);
  const at = clock.now();
  if (record === undefined || other % 4 === 0)
    return () => {
      const stamps = { CreatedDate: at, LastModifiedDate: at, SystemModstamp: at };
      org.insert('Contact', { LastName: 'late', Email: addressOf(who), [BOX]: flag, ...stamps });
    };
  org.lock(record);
  const type = typeOf(record);
  const commit =
    other % 4 === 1
      ? org.removeLate(type, record)
      : org.updateLate(type, record, other % 4 === 2 ? { [BOX]: flag } : { Email: flag ? addressOf(other) : null });
  return () => {
    org.unlock(record);
    commit();
  };
}
