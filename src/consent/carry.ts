import type { Agreement, OutAgreement } from './agreement.ts';
import { decide } from './decide.ts';
import type { PersonFacts, Policy } from './facts.ts';
import { causeOf, viewOf } from './rules.ts';
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
 * @param was who has the old address
 * @param there who has the new address
 */
export function carriage(
  agreement: OutAgreement,
  was: PersonFacts,
  there: PersonFacts,
  policy: Policy,
  addressChange: AddressChange,
): Carriage {
  const anew = saidAnew(agreement, was);
  if (agreement.cause === 'bounce' && !anew) return 'bounce';
  if (addressChange === 'leave') return 'left';
  const { newer, ac } = viewOf(there, agreement, policy);
  const sameContact = there.contact !== null && there.contact.id === agreement.contact;
  const subscribed = newer.some((row) => agreement.lists.includes(row.list)) && ac.qualified && !ac.hardBounced;
  return there.unknown === undefined && sameContact && subscribed && !anew ? 'subscribed' : 'carried';
}

/** Whether somebody said no in Salesforce since the agreement, at the old address. */
function saidAnew({ records }: OutAgreement, was: PersonFacts): boolean {
  return was.vanished.length > 0 || was.records.some(({ id, set, unsure }) => set && (unsure || !records.includes(id)));
}

/** A person with what was agreed. */
export interface Side {
  readonly facts: PersonFacts;
  readonly agreement: Agreement | null;
}

/**
 * Where an opt-out counts besides, when a record or a contact got another address since the last run and no agreement
 * knows it at the old one: what was said in between may have been said before the change or after it, and in doubt the
 * opt-out wins. `behind`: it is opted out itself, and that counts at the old address, too. `carried`: whoever has the old
 * address is opted out, and that counts at the new one. Null where nobody is, or where it was a bounce. Where both are, a
 * set record is at its new address what it was at the old one, and says so itself; a contact may be active again before a
 * run has got so far, so that the other opt-out is what counts.
 */
function onTheWay({ side, id, via }: Leaver, was: Side, now: Side, policy: Policy): 'carried' | 'behind' | null {
  const { records, contact } = now.facts;
  const isSet = side === 'salesforce' && records.some((record) => record.id === id && record.set);
  // What a record took over has no box of its own any more.
  if (isSet && via !== 'heir') return 'behind';
  if (isOptedOut(was, policy)) return 'carried';
  const hasLeft = side === 'activecampaign' && contact?.id === id && saidNo(now.facts, was.agreement, policy);
  return isSet || hasLeft ? 'behind' : null;
}

/** Whether there is an opt-out that a run agreed on, or is going to; also over what was a bounce. */
function isOptedOut({ facts, agreement }: Side, policy: Policy): boolean {
  if (agreement?.kind === 'out' && agreement.cause === 'opt-out') return true;
  return causeOf(decide(facts, agreement, policy).next) === 'opt-out';
}

/** Who left an address: a record or a contact, itself or one that took over a record with that address (`heir`). */
export interface Leaver {
  readonly side: 'salesforce' | 'activecampaign';
  readonly id: string;
  /** `bare`: a record that has no address any more, and whose box is set. */
  readonly via: 'itself' | 'bare' | 'heir';
  /**
   * A run that meant to clear its box at the old address was cut off, and no other has finished with the person there: if
   * it is set now, somebody may have set it again.
   */
  readonly unsure?: true;
}

/**
 * What becomes of the opt-outs of the day on which something left an address, and no agreement knows of them yet.
 * @param was whoever has the old address
 * @param now whoever has the new one; null where there is none
 * @returns as `onTheWay`, or what `leave` makes of it (`left`, `stays`); `unknown` while somebody could not be read whole
 */
export function onThatDay(
  leaver: Leaver,
  was: Side,
  now: Side | null,
  policy: Policy,
  addressChange: AddressChange,
): 'carried' | 'left' | 'behind' | 'stays' | 'unknown' | null {
  const { side, id, via, unsure } = leaver;
  const { agreement, facts } = was;
  const nobody = facts.contact === null && facts.records.length === 0;
  const behind = addressChange === 'carry' ? 'behind' : 'stays';
  if (agreement?.kind === 'out' && (agreement.contact === id || agreement.records.includes(id))) {
    // Its agreement is carried by itself, but may be forgotten tonight at the old address for a newer subscription.
    const isSet = via === 'bare' || now?.facts.records.some((record) => record.id === id && record.set);
    return unsure && isSet && !nobody ? behind : null;
  }
  if (now === null) return via === 'bare' && !nobody ? behind : null;
  // Nobody left to whom it could matter, and nobody who said anything.
  if (side === 'salesforce' && nobody && facts.vanished.length === 0) return null;
  if (facts.unknown !== undefined || now.facts.unknown !== undefined) return 'unknown';
  const how = onTheWay(leaver, was, now, policy);
  if (how === 'behind') return behind;
  return how === 'carried' && addressChange === 'leave' ? 'left' : how;
}

/** Whether the contact left its lists, may say so to Salesforce, and nobody took that back there. */
function saidNo({ contact }: PersonFacts, before: Agreement | null, policy: Policy): boolean {
  const { out, hardBounced, leftLast, qualified, isUnchangedSince } = acStanding(contact, policy);
  const quiet = before?.kind === 'quiet' && isUnchangedSince(before.fingerprint);
  return out && qualified && !quiet && (!hardBounced || leftLast);
}
