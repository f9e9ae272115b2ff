import type { Agreement, Cause, OutAgreement } from './agreement.ts';
import type { Membership, PersonFacts, Policy, RecordFact } from './facts.ts';
import {
  type AcStanding,
  acStanding,
  bouncedAt,
  type SalesforceStanding,
  salesforceStanding,
  subscribedSince,
} from './standing.ts';

/** Every decision that is reported carries one of these. */
export type ReasonCode =
  | 'unknown'
  | 'bounce-reactivated'
  | 'subscribed-again'
  | 'salesforce-opt-out'
  | 'same-address'
  | 'agreed'
  | 'cleared-in-salesforce'
  | 'durable-opt-out'
  | 'hard-bounce'
  | 'unsubscribed-from-all';

/** What the agreement becomes once the decision is done and read back. */
export type NextAgreement = 'kept' | 'none' | 'quiet' | { readonly out: Cause };

/** Why the person is out, where that is what the agreement becomes. */
export function causeOf(next: NextAgreement): Cause | null {
  return typeof next === 'object' ? next.out : null;
}

/** What a rule asks for: states to be reached, never toggles, so that it can be repeated after any crash. */
export interface Outcome {
  /** Ids of the records whose box shall be set. */
  readonly set: readonly string[];
  /** Ids of the records whose box shall be cleared. */
  readonly clear: readonly string[];
  /** Active memberships that shall be unsubscribed. */
  readonly unsubscribe: readonly Membership[];
  readonly next: NextAgreement;
  /** ActiveCampaign has a newer subscription, and the opt-out wins all the same. */
  readonly conflict: boolean;
}

/** A person as the rules see them. */
export interface View {
  readonly facts: PersonFacts;
  readonly agreement: Agreement | null;
  /** The agreement when it is `out`. */
  readonly out: OutAgreement | null;
  readonly salesforce: SalesforceStanding;
  readonly ac: AcStanding;
  /** Active by a subscription newer than the `out` agreement, from a source that is the person's own act. */
  readonly newer: readonly Membership[];
  /** Active by one that a rep made again in the extension. */
  readonly again: readonly Membership[];
}

/** One row of the table. The texts are the documentation: docs/rules.md is made from them. */
export interface Rule {
  readonly code: ReasonCode | null;
  readonly holdsWhen: string;
  readonly does: string;
  readonly remembered: string;
  readonly holds: (view: View) => boolean;
  readonly outcome: (view: View) => Outcome;
}

/** `sourceid` of whoever is subscribed again, as the extension sends it (facts/activecampaign.md section 4). */
const AGAIN = '4';

const NOTHING: Outcome = { set: [], clear: [], unsubscribe: [], next: 'kept', conflict: false };

/** A person's facts and agreement, with what follows from them. */
export function viewOf(facts: PersonFacts, agreement: Agreement | null, policy: Policy): View {
  const out = agreement?.kind === 'out' ? agreement : null;
  const ac = acStanding(facts.contact, policy);
  const since = out?.at.activecampaign ?? null;
  const isNewer = (row: Membership) =>
    since !== null &&
    row.subscribedAt !== null &&
    // Left again after that subscription, and made active by somebody else: `sdate` alone would not tell.
    !(row.unsubscribedAt !== null && row.unsubscribedAt > row.subscribedAt) &&
    isLater(row, row.subscribedAt, since, out);
  const joined = ac.active.filter(isNewer);
  const newer = joined.filter((row) => isOwnAct(row, policy));
  const again = joined.filter((row) => row.source === AGAIN);
  return { facts, agreement, out, salesforce: salesforceStanding(facts), ac, newer, again };
}

/** Both stamps have whole seconds: within the second of the agreement it takes an `sdate` that the agreement had not. */
function isLater(row: Membership, subscribedAt: number, since: number, out: OutAgreement | null): boolean {
  const sameSecond = Math.floor(subscribedAt / 1000) === Math.floor(since / 1000);
  return sameSecond ? out !== null && subscribedSince(row, out.fingerprint) : subscribedAt > since;
}

/** Where the admin names sources, a row that does not say its own is not the person's act. */
function isOwnAct(row: Membership, { personSources = 'any' }: Policy): boolean {
  return personSources === 'any' || (row.source !== undefined && personSources.includes(row.source));
}

/**
 * The boxes are untouched when field history is not kept or shows no change since the agreement, and no run was cut off
 * that may have cleared one before somebody set it again. One that was set in the agreement and is clear was cleared since,
 * by a run that got half way or by a rep, which speaks against nobody.
 */
function untouched(view: View): boolean {
  return view.facts.records.every((record) => {
    const { id, set, unsure } = record;
    if (!set && view.out?.records.includes(id)) return true;
    return !(set && unsure) && !isChangedSince(record, view.out);
  });
}

/** A run that was cut off may have cleared a box: then that is nobody's answer. */
function clearedByPeople({ facts }: View): boolean {
  return facts.records.every((record) => !record.unsure);
}

function subscribedAgain({ facts, out, salesforce, ac, newer }: View): boolean {
  return (
    salesforce.boxSet &&
    out !== null &&
    facts.contact !== null &&
    facts.contact.id === out.contact &&
    newer.some((row) => out.lists.includes(row.list)) &&
    ac.qualified &&
    !ac.hardBounced &&
    facts.vanished.length === 0 &&
    salesforce.set.every((id) => out.records.includes(id))
  );
}

/** A contact that was made again says nothing of what the one before it said: without rows even its fingerprint is the same. */
function sameContact({ facts, out }: View): boolean {
  return out !== null && (facts.contact?.id ?? null) === out.contact;
}

/** A record cleared by hand is a person's act only if there was a record to clear, and every one is still there. */
function everyRecordStillLive({ facts, out }: View): boolean {
  if (out === null || out.records.length === 0) return false;
  const live = new Set(facts.records.map((record) => record.id));
  return out.records.every((id) => live.has(id));
}

/**
 * A bounce stays a bounce only while nobody has said no since: a box on a record that the agreement does not know, one
 * that somebody set again or may have, the last membership unsubscribed after it, or one on a list that was out of sight
 * when it was made and was left after mail had bounced, is an opt-out, and an opt-out is stronger.
 */
function causeWhileOut({ facts, out, salesforce, ac }: View): Cause {
  if (out === null || out.cause === 'opt-out') return 'opt-out';
  const since = out.at.activecampaign;
  const inSalesforce =
    salesforce.set.some((id) => !out.records.includes(id)) ||
    // One that is there has not vanished: it came from an address that was opted out.
    facts.vanished.some((id) => !out.records.includes(id) || facts.records.some((record) => record.id === id)) ||
    facts.records.some((record) => record.set && (record.unsure || isChangedSince(record, out)));
  const inActiveCampaign =
    ac.active.length === 0 &&
    ac.fingerprint !== out.fingerprint &&
    ac.unsubscribed.some((row) => since === null || row.unsubscribedAt === null || row.unsubscribedAt > since);
  return inSalesforce || inActiveCampaign || leftOutOfSight(out, ac) ? 'opt-out' : 'bounce';
}

/** The row is as old as what it tells of: it may be older than an agreement that could not see it. */
function leftOutOfSight(out: OutAgreement, ac: AcStanding): boolean {
  const bounced = bouncedAt(out.fingerprint) ?? 0;
  return ac.unsubscribed.some(
    ({ list, unsubscribedAt: left }) => !out.lists.includes(list) && (left === null || left >= bounced),
  );
}

/** Field history shows that the box was changed after the agreement. */
export function isChangedSince({ changedAt }: RecordFact, out: OutAgreement | null): boolean {
  const since = out?.at.salesforce ?? null;
  return changedAt !== undefined && (since === null || changedAt > since);
}

/** The rules, in the order in which they are tried; the first that holds decides. The last one always holds. */
export const RULES: readonly Rule[] = [
  {
    code: 'unknown',
    holdsWhen: 'something about the person could not be read, or not whole',
    does: 'nothing, reported',
    remembered: 'kept',
    holds: ({ facts }) => facts.unknown !== undefined,
    outcome: () => NOTHING,
  },
  {
    code: 'bounce-reactivated',
    holdsWhen:
      'box set, agreement `out` by `bounce`, AC active again and `bounced_hard` > 0 (and field history, where tracked, shows no box set since; and no list that was out of sight then was left after the bounce)',
    does: 'nothing, reported',
    remembered: 'kept, or none when no live record is set any more',
    holds: (view) =>
      view.salesforce.boxSet &&
      view.out !== null &&
      causeWhileOut(view) === 'bounce' &&
      view.ac.active.length > 0 &&
      view.ac.hardBounced,
    outcome: ({ salesforce }) => ({ ...NOTHING, next: salesforce.set.length > 0 ? 'kept' : 'none' }),
  },
  {
    code: 'subscribed-again',
    holdsWhen:
      'box set; agreement `out` with the same AC contact; a membership on a list known and in scope then is active with `sdate` later than the agreement and not left since; qualified; not hard bounced; nothing vanished; every set record was set in the agreement (and field history, where tracked, shows it untouched since; and a run that was cut off before had not cleared it)',
    does: 'clear every set record',
    remembered: 'none',
    holds: (view) => subscribedAgain(view) && untouched(view),
    outcome: ({ salesforce }) => ({ ...NOTHING, clear: salesforce.set, next: 'none' }),
  },
  {
    code: 'salesforce-opt-out',
    holdsWhen:
      'box set, AC active. If AC’s subscription is newer than the agreement yet the rule above does not hold, the decision is marked a conflict: the opt-out wins',
    does: 'unsubscribe every active membership; set the other live records',
    remembered: 'out',
    holds: ({ salesforce, ac }) => salesforce.boxSet && ac.active.length > 0,
    outcome: (view) => ({
      ...NOTHING,
      set: view.salesforce.clear,
      unsubscribe: view.ac.active,
      next: { out: 'opt-out' },
      conflict: view.newer.length > 0,
    }),
  },
  {
    code: 'same-address',
    holdsWhen: 'box set on some live record (or on one that vanished), not on all',
    does: 'set the others; reported with “clear all N to clear”',
    remembered: 'out',
    holds: ({ salesforce }) => salesforce.boxSet && salesforce.clear.length > 0,
    outcome: (view) => ({ ...NOTHING, set: view.salesforce.clear, next: { out: causeWhileOut(view) } }),
  },
  {
    code: 'agreed',
    holdsWhen: 'box set on all, AC not active',
    does: 'nothing',
    remembered: 'out',
    holds: ({ salesforce }) => salesforce.boxSet,
    outcome: (view) => ({ ...NOTHING, next: { out: causeWhileOut(view) } }),
  },
  {
    code: null,
    holdsWhen:
      'box clear, agreement `out` with the same AC contact, AC active by a subscription newer than the agreement; a rep’s opt-in (source 4) is one whatever sources are named, where the agreement has records and each is still live',
    does: 'nothing: in on both sides',
    remembered: 'none',
    holds: (view) =>
      sameContact(view) && (view.newer.length > 0 || (view.again.length > 0 && everyRecordStillLive(view))),
    outcome: () => ({ ...NOTHING, next: 'none' }),
  },
  {
    code: 'cleared-in-salesforce',
    holdsWhen:
      'box clear, agreement `out` with at least one record, every record of the agreement still live, the same AC contact with the fingerprint unchanged but for unconfirmed sign-ups, and no run that was cut off may have cleared it',
    does: 'nothing is written (a run never re-subscribes); shown in `differences`',
    remembered: 'quiet',
    holds: (view) =>
      everyRecordStillLive(view) &&
      sameContact(view) &&
      view.ac.isUnchangedSince(view.out?.fingerprint ?? null) &&
      clearedByPeople(view),
    outcome: () => ({ ...NOTHING, next: 'quiet' }),
  },
  {
    code: 'durable-opt-out',
    holdsWhen:
      'box clear, agreement `out`, a live record exists (or the agreement is by `opt-out` and AC active), none of the above, and not (agreement by `bounce`, AC active with `bounced_hard` > 0)',
    does: 'set every live record, unsubscribe every active membership',
    remembered: 'out',
    holds: ({ out, facts, ac }) =>
      out !== null &&
      (facts.records.length > 0 || (ac.active.length > 0 && out.cause === 'opt-out')) &&
      !(out.cause === 'bounce' && ac.active.length > 0 && ac.hardBounced),
    outcome: (view) => ({
      ...NOTHING,
      set: view.salesforce.clear,
      unsubscribe: view.ac.active,
      next: { out: view.ac.active.length > 0 ? 'opt-out' : causeWhileOut(view) },
    }),
  },
  {
    code: null,
    holdsWhen: 'box clear, agreement `out`, no live record, and AC not active or the agreement by `bounce`',
    does: 'nothing: the opt-out waits for a record with the address',
    remembered: 'kept',
    holds: ({ out, facts }) => out !== null && facts.records.length === 0,
    outcome: () => NOTHING,
  },
  {
    code: 'hard-bounce',
    holdsWhen:
      'box clear, AC out, hard bounced, qualified, not (`quiet` with the same fingerprint but for unconfirmed sign-ups)',
    does: 'set every live record; memberships stay',
    remembered: 'out, by bounce; by opt-out for somebody who left a list since mail last bounced',
    holds: (view) => view.ac.out && view.ac.hardBounced && view.ac.qualified && !isQuiet(view),
    outcome: ({ salesforce, ac }) => ({
      ...NOTHING,
      set: salesforce.clear,
      next: { out: ac.leftLast ? 'opt-out' : 'bounce' },
    }),
  },
  {
    code: 'unsubscribed-from-all',
    holdsWhen: 'box clear, AC out, qualified, not (`quiet` with the same fingerprint but for unconfirmed sign-ups)',
    does: 'set every live record',
    remembered: 'out',
    holds: (view) => view.ac.out && view.ac.qualified && !isQuiet(view),
    outcome: ({ salesforce }) => ({ ...NOTHING, set: salesforce.clear, next: { out: 'opt-out' } }),
  },
  {
    code: null,
    holdsWhen: 'anything else',
    does: 'nothing',
    remembered: 'quiet while its fingerprint stands, else none',
    holds: () => true,
    outcome: (view) => ({ ...NOTHING, next: isQuiet(view) ? 'kept' : 'none' }),
  },
];

function isQuiet({ agreement, ac }: View): boolean {
  return agreement?.kind === 'quiet' && ac.isUnchangedSince(agreement.fingerprint);
}
