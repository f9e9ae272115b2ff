import type { AcContact, AcList, AcMembership } from '../../activecampaign/activecampaign.ts';
import { malformed } from '../../activecampaign/connection.ts';
import type { OnePerson } from '../../activecampaign/one-person.ts';

/** An ActiveCampaign contact whose memberships were read whole. */
export type WholeContact = AcContact & { readonly memberships: readonly AcMembership[] };

/** The contact with this address, null when there is none. */
export async function readContact(client: OnePerson, address: string): Promise<WholeContact | null> {
  const contact = await client.contactByEmail(address);
  if (contact === undefined || contact.gone) return null;
  const { memberships } = contact;
  if (memberships === undefined) throw malformed('GET /api/3/contacts', 'the answer does not show the contact’s lists');
  return { ...contact, memberships };
}

/** The lists that count: shown to the key's user, for email, and chosen by the admin. */
export function listsInScope(shown: readonly AcList[], chosen: 'all' | readonly string[]): Map<string, AcList> {
  const counted = shown.filter((list) => list.channel !== 'sms' && (chosen === 'all' || chosen.includes(list.id)));
  return new Map(counted.map((list) => [list.id, list]));
}

/** The contact's rows on lists in scope. */
export function membershipsInScope(
  contact: WholeContact | null,
  lists: ReadonlyMap<string, AcList>,
): readonly AcMembership[] {
  return (contact?.memberships ?? []).filter((row) => lists.has(row.list) && row.channel !== 'sms');
}
