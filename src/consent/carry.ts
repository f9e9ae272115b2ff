import type { OutAgreement } from './agreement.ts';
import type { PersonFacts, Policy } from './facts.ts';
import { viewOf } from './rules.ts';

/** Whether an opt-out goes along when a record or a contact that was settled as out gets another address. */
export type AddressChange = 'carry' | 'leave';

/**
 * What becomes of the old address's opt-out at the new one. `carried`: it counts there, once. `left`: the admin does
 * not want that. `bounce`: it was about the old address, not about the person. `subscribed`: the contact came along and
 * subscribed since, in a way that would have cleared the box at the old address.
 */
export type Carriage = 'carried' | 'left' | 'bounce' | 'subscribed';

/**
 * Whether the opt-out of an address counts at another one, to which a record or the contact of the agreement has gone.
 * Whatever is set or unsubscribed at the new address counts there by itself, whatever this says.
 * @param agreement of the old address
 * @param there who has the new address
 */
export function carriage(
  agreement: OutAgreement,
  there: PersonFacts,
  policy: Policy,
  addressChange: AddressChange,
): Carriage {
  if (agreement.cause === 'bounce') return 'bounce';
  if (addressChange === 'leave') return 'left';
  const { newer, ac } = viewOf(there, agreement, policy);
  const sameContact = there.contact !== null && there.contact.id === agreement.contact;
  const subscribed = newer.some((row) => agreement.lists.includes(row.list)) && ac.qualified && !ac.hardBounced;
  return there.unknown === undefined && sameContact && subscribed ? 'subscribed' : 'carried';
}
