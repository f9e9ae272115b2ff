import type { AcContact, AcList, AcMembership } from '../../activecampaign/activecampaign.ts';
import { malformedContacts } from '../../activecampaign/contact-page.ts';
import type { OnePerson } from '../../activecampaign/one-person.ts';

/** An ActiveCampaign contact whose memberships were read whole. */
export type WholeContact = AcContact & { readonly memberships: readonly AcMembership[] };

/** The contacts with this address: one at most, unless the account keeps apart what differs in case only. */
export async function readContacts(client: OnePerson, address: string): Promise<readonly WholeContact[]> {
  const contacts = await client.contactsByEmail(address);
  return contacts.map((contact) => {
    const { memberships } = contact;
    if (memberships) return { ...contact, memberships };
    throw malformedContacts('lists left out');
  });
}

/** The lists that count: shown to the key's user, for email, and chosen by the admin. */
export function listsInScope(shown: readonly AcList[], chosen: 'all' | readonly string[]): Map<string, AcList> {
  const counted = shown.filter((list) => list.channel !== 'sms' && (chosen === 'all' || chosen.includes(list.id)));
  return new Map(counted.map((list) => [list.id, list]));
}

/** The contact's rows on lists in scope. */
export function membershipsInScope(contact: WholeContact, lists: ReadonlyMap<string, AcList>): readonly AcMembership[] {
  return contact.memberships.filter((row) => lists.has(row.list) && row.channel !== 'sms');
}
