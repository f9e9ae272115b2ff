import type { Agreement, OutAgreement } from './agreement.ts';
import { decide } from './decide.ts';
import type { PersonFacts, Policy } from './facts.ts';
import { viewOf } from './rules.ts';
import { acStanding } from './standing.ts';

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

/** A person with what was agreed. */
interface Side {
  readonly facts: PersonFacts;
  readonly agreement: Agreement | null;
}

/**
 * Where an opt-out counts besides, when a record or a contact got another address since the last run and no agreement
 * knows it at the old one: what was said in between may have been said before the change or after it, and in doubt the
 * opt-out wins. `behind`: it is opted out itself, and that counts at the old address, too. `carried`: whoever has the old
 * address is opted out, and that counts at the new one. Null where nobody is, or where it was a bounce.
 */
export function onTheWay(
  { side, id }: { readonly side: 'salesforce' | 'activecampaign'; readonly id: string },
  was: Side,
  now: Side,
  policy: Policy,
): 'carried' | 'behind' | null {
  const isOut =
    side === 'salesforce'
      ? now.facts.records.some((record) => record.id === id && record.set)
      : now.facts.contact?.id === id && saidNo(now.facts, was.agreement, policy);
  if (isOut) return 'behind';
  if (was.agreement?.kind === 'out') return was.agreement.cause === 'opt-out' ? 'carried' : null;
  const { next } = decide(was.facts, was.agreement, policy);
  return typeof next === 'object' && next.out === 'opt-out' ? 'carried' : null;
}

/** Whether the contact left its lists, may say so to Salesforce, and nobody took that back there. */
function saidNo({ contact }: PersonFacts, before: Agreement | null, policy: Policy): boolean {
  const { out, hardBounced, leftLast, qualified, fingerprint } = acStanding(contact, policy);
  const quiet = before?.kind === 'quiet' && before.fingerprint === fingerprint;
  return out && qualified && !quiet && (!hardBounced || leftLast);
}
