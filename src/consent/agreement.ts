import type { PersonFacts, Policy } from './facts.ts';
import { acStanding, salesforceStanding } from './standing.ts';

/** Why both sides were out: somebody said no, or mail to the address bounced. */
export type Cause = 'opt-out' | 'bounce';

/** An instant by each service's own clock; null where no clock was seen, and then nothing is newer than it. */
export interface ServiceTimes {
  readonly salesforce: number | null;
  readonly activecampaign: number | null;
}

/** At the end of a run every live record was set and the AC contact, if any, had no active membership. */
export interface OutAgreement {
  readonly kind: 'out';
  readonly cause: Cause;
  /** Ids of the records that were live, and so set. */
  readonly records: readonly string[];
  /** Id of the AC contact, null when there was none. */
  readonly contact: string | null;
  /** As read back. */
  readonly fingerprint: string | null;
  /** Lists known and in scope then. */
  readonly lists: readonly string[];
  readonly at: ServiceTimes;
}

/** Somebody cleared the box in Salesforce while AC stayed out: left alone while the fingerprint stands. */
export interface QuietAgreement {
  readonly kind: 'quiet';
  readonly fingerprint: string | null;
}

/**
 * What is remembered of a person when a run finished with them: the third tree that gives a change its direction.
 * Null is `none`: no row. Only people who are out somewhere need one.
 */
export type Agreement = OutAgreement | QuietAgreement;

/** The `out` agreement that these facts bear out, or null when they do not: somebody is still in on one side. */
export function outAgreement(
  facts: PersonFacts,
  policy: Policy,
  cause: Cause,
  read: ServiceTimes,
): OutAgreement | null {
  const salesforce = salesforceStanding(facts);
  const ac = acStanding(facts.contact, policy);
  if (facts.unknown !== undefined || salesforce.clear.length > 0 || ac.active.length > 0) return null;
  return {
    kind: 'out',
    cause,
    records: [...salesforce.set].sort(),
    contact: facts.contact?.id ?? null,
    fingerprint: ac.fingerprint,
    lists: [...policy.lists].sort(),
    at: seen(facts.records, facts.contact, read),
  };
}

function seen(
  records: PersonFacts['records'],
  contact: PersonFacts['contact'],
  { salesforce, activecampaign }: ServiceTimes,
): ServiceTimes {
  const memberships = contact?.memberships ?? [];
  return {
    salesforce: notBefore(
      salesforce,
      records.map((record) => record.modifiedAt),
    ),
    activecampaign: notBefore(
      activecampaign,
      memberships.flatMap((row) => [row.subscribedAt, row.unsubscribedAt]),
    ),
  };
}

/**
 * The edge that sends the `Date` header and the database that stamps a change need not have one clock. An agreement is
 * never older than what it saw, or an old subscription could look like a new one.
 */
function notBefore(read: number | null, stamps: readonly (number | null | undefined)[]): number | null {
  return read === null ? null : Math.max(read, ...stamps.map((stamp) => stamp ?? 0));
}

/**
 * The same agreement from now on: nothing that was there when these facts were read is newer than it. For one that may
 * not be the last that was made about the person.
 */
export function asOfNow(agreement: OutAgreement, { records, contact }: PersonFacts, read: ServiceTimes): OutAgreement {
  return { ...agreement, at: seen(records, contact, read) };
}

/** Whether two agreements say the same but for the time at which they were made. */
export function sameAgreement(a: Agreement | null, b: Agreement | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind === 'quiet' || b.kind === 'quiet') return a.kind === b.kind && a.fingerprint === b.fingerprint;
  return (
    a.cause === b.cause &&
    a.contact === b.contact &&
    a.fingerprint === b.fingerprint &&
    a.records.join() === b.records.join() &&
    a.lists.join() === b.lists.join()
  );
}
