/**
 * What is known about one person on both sides, as plain data. Instants are milliseconds since the epoch, taken from
 * the services' own clocks. Nothing here reads, writes or waits.
 */

/** A live Contact or Lead with the person's address: not deleted, not a converted lead. */
export interface RecordFact {
  /** 18-character Salesforce id. */
  readonly id: string;
  /** The opt-out field, as read. */
  readonly set: boolean;
  /** `SystemModstamp`, where it was read. */
  readonly modifiedAt?: number;
  /**
   * When field history last shows the opt-out field changed, by Salesforce's clock. Absent where the field is not
   * tracked or history was not read.
   */
  readonly changedAt?: number;
  /**
   * A run that meant to clear boxes of this person was cut off, and the record was changed since: by that run, or by
   * somebody who set or cleared the box after it. Nobody can tell. Or somebody set it between the reading and the write
   * of a run that was to set it for a bounce.
   */
  readonly unsure?: true;
}

/**
 * One row of an ActiveCampaign contact on a list. Status 0 unconfirmed, 1 active, 2 unsubscribed, 3 bounced; any other
 * number is neither subscribed nor an opt-out (facts/activecampaign.md section 4).
 */
export interface Membership {
  readonly id: string;
  readonly list: string;
  readonly status: number;
  /** `sdate`: subscribed at. Null when the API gives null or a zero date. */
  readonly subscribedAt: number | null;
  /** `udate`: unsubscribed at. May be later than `sdate` on an active row: never derive the status from dates. */
  readonly unsubscribedAt: number | null;
  /** `sourceid`: how the row came about, e.g. 3 by the API. Absent where ActiveCampaign does not say. */
  readonly source?: string;
}

/** The one ActiveCampaign contact with the person's address. */
export interface ContactFact {
  readonly id: string;
  /** The `bounced_hard` counter. */
  readonly bouncedHard: number;
  /** All memberships as read; the policy says which lists are in scope. */
  readonly memberships: readonly Membership[];
  /** Names of the contact's tags. */
  readonly tags: readonly string[];
}

/** Everything a decision about one person may use. */
export interface PersonFacts {
  /** The email address in lower case. */
  readonly address: string;
  /** Why something about the person could not be read, or not whole. */
  readonly unknown?: string;
  readonly records: readonly RecordFact[];
  /** Ids of records deleted, merged away or converted since the last run while their box was set. */
  readonly vanished: readonly string[];
  readonly contact: ContactFact | null;
}

/** What counts: the admin's choices and the lists that `/lists` shows. */
export interface Policy {
  /** Ids of the lists in scope: shown by `/lists`, not of channel `sms`, chosen by the admin. */
  readonly lists: ReadonlySet<string>;
  /** An AC contact with one of these tags is qualified. */
  readonly qualifyingTags: readonly string[];
  /**
   * Sources of memberships that are the person's own act; any other subscription is never newer than an agreement.
   * Any source unless given: which numbers an account uses for what is not documented (facts/activecampaign.md section 4).
   */
  readonly personSources?: 'any' | readonly string[];
}

/** The tags that ActiveCampaign's own Salesforce integration sets (facts/activecampaign.md section 12). */
export const DEFAULT_QUALIFYING_TAGS = [
  'added-to-salesforce-lead',
  'created-from-salesforce-lead',
  'added-to-salesforce-contact',
  'created-from-salesforce-contact',
  'salesforce-lead-converted-to-contact',
] as const;

/** The form in which addresses are compared: surrounding blanks off, lower case. */
export function addressOf(email: string): string {
  return email.trim().toLowerCase();
}
