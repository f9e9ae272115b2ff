import type { AcContact, ActiveCampaign } from '../activecampaign/activecampaign.ts';
import { addressOf } from '../consent/facts.ts';
import { contactsKnown } from './contacts.ts';
import type { Store } from './store.ts';

/**
 * Every contact that has an address now, read as the nightly run reads it: by the account's own look-up, and by the
 * ids that had it when everybody was read.
 */
export async function contactsWith(ac: ActiveCampaign, store: Store, address: string): Promise<readonly AcContact[]> {
  const seen = await ac.contactsByEmail(address);
  const ids = new Set([...seen.map(({ id }) => id), ...contactsKnown(store)(address)]);
  const found = await ac.contactsById([...ids]);
  return [...found.values()].filter((contact) => !contact.gone && addressOf(contact.email) === address);
}
