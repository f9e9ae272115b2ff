import type { Status } from '../activecampaign/rows.ts';

/** The account's lists, in the order in which they are made: ids 1 to 5. The last is no e-mail list. */
export const LISTS = [
  { name: 'Newsletter', channel: 'email' },
  { name: 'Product news', channel: 'email' },
  { name: 'Events', channel: 'email' },
  { name: 'Customer updates', channel: 'email' },
  { name: 'Text alerts', channel: 'sms' },
] as const;

export type ListName = (typeof LISTS)[number]['name'];

/** A person of a made world: what shall stand in both systems, as plain data. Instants are milliseconds. */
export interface Person {
  /** The name by which a test finds a fixed person. */
  readonly character?: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string;
  readonly title: string;
  readonly phone: string;
  readonly records: readonly PlannedRecord[];
  readonly contact: PlannedContact | null;
}

/** A Contact or Lead of the person. */
export interface PlannedRecord {
  readonly type: 'Contact' | 'Lead';
  /** As typed, case included; null for a record without an address. */
  readonly email: string | null;
  readonly optedOut: boolean;
  readonly createdAt: number;
  /** When the box was set, for a box that is. */
  readonly optedOutAt?: number;
  /** What became of it; `merged` goes into the person's first record, `converted` into the person's first Contact. */
  readonly fate?: { readonly kind: 'deleted' | 'merged' | 'converted'; readonly at: number };
}

/** The person's ActiveCampaign contact. */
export interface PlannedContact {
  /** Null for one known by phone only. */
  readonly email: string | null;
  readonly createdAt: number;
  readonly memberships: readonly PlannedMembership[];
  readonly tags: readonly string[];
  readonly bounces: readonly { readonly hard: boolean; readonly at: number; readonly reason: string }[];
}

export interface PlannedMembership {
  readonly list: ListName;
  /** Before any bounce: bounces come after. */
  readonly status: Exclude<Status, 3>;
  readonly joinedAt: number;
  /** When the person last left; on an active row, a leaving that was taken back. */
  readonly leftAt?: number;
  readonly reason?: string;
  readonly campaign?: string;
}
