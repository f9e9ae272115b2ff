/** What the account's tables hold. Instants are milliseconds since the epoch; ids are strings of digits, as on the wire. */

/** 0 unconfirmed, 1 active, 2 unsubscribed, 3 bounced (facts/activecampaign.md section 4). */
export type Status = 0 | 1 | 2 | 3;

/** Who did it, in a webhook's words: the person, a user, a program with a key, the account itself. */
export type Source = 'public' | 'admin' | 'api' | 'system';

export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Worth as much as the user: a key has no rights of its own. */
  readonly key: string;
}

export interface ListRow {
  readonly id: string;
  name: string;
  readonly channel: 'email' | 'sms';
  readonly createdAt: number;
  /** Ids of the users whose group may not see this list. */
  readonly hiddenFrom: Set<string>;
  /** Rows of contacts on this list, by contact id. */
  readonly members: Map<string, MembershipRow>;
}

export interface ContactRow {
  readonly id: string;
  /** As sent, case kept; empty for a contact known by phone only. */
  email: string;
  firstName: string;
  lastName: string;
  phone: string;
  organization: string;
  readonly createdAt: number;
  /** `udate`. */
  updatedAt: number;
  /** `updated_timestamp`: another clock than `udate`, it also moves when the row is merely touched. */
  touchedAt: number;
  bouncedHard: number;
  bouncedSoft: number;
  bouncedAt: number | null;
  anonymized: boolean;
  /** Since when the row is flagged as deleted and still shown; null for never (whether that occurs is unsure: facts section 9). */
  deletedAt: number | null;
  /** By list id. */
  readonly memberships: Map<string, MembershipRow>;
  /** By tag id. */
  readonly tags: Map<string, ContactTagRow>;
  /** By field id. */
  readonly fieldValues: Map<string, FieldValueRow>;
  readonly bounces: BounceRow[];
}

export interface MembershipRow {
  readonly id: string;
  readonly contact: string;
  readonly list: string;
  status: Status;
  /** `sdate`: subscribed at. */
  subscribedAt: number | null;
  /** `udate`: unsubscribed at. Stays when the person subscribes again. */
  unsubscribedAt: number | null;
  /** The row's own stamps do not follow the status. */
  readonly createdAt: number;
  sourceid: number;
  unsubscribeReason: string;
  campaign: string | null;
  form: string | null;
  unsubscribeAutomation: string | null;
}

/** An address, or the end of addresses, that gets no mail whatever its memberships say (facts section 3). */
export interface ExclusionRow {
  readonly id: string;
  readonly matchPhrase: string;
  readonly matchType: 'exact' | 'end';
  readonly channel: 'all' | 'allEmail' | 'allSms' | 'several';
  readonly hidden: boolean;
  /** Where `channel` is `several`. */
  readonly lists: readonly string[];
}

export interface TagRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: number;
  /** How many contacts carry it. */
  carriers: number;
}

export interface ContactTagRow {
  readonly id: string;
  readonly contact: string;
  readonly tag: string;
  readonly createdAt: number;
}

export interface FieldValueRow {
  readonly id: string;
  readonly contact: string;
  readonly field: string;
  value: string;
  readonly createdAt: number;
}

export interface BounceRow {
  readonly id: string;
  readonly contact: string;
  readonly email: string;
  readonly at: number;
  readonly hard: boolean;
  readonly reason: string;
  readonly code: string;
  readonly campaign: string;
}
