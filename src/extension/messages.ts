/**
 * What the content scripts and the background say to each other: plain JSON, and nothing secret in it. The detector
 * and the overlay send `Request`s; the background answers, and pushes `Push`es to the tab when a status changes.
 */

/** The overlay's `data-state`. */
export type OverlayState =
  | 'loading'
  | 'subscribed'
  | 'opted-out'
  | 'differs'
  | 'pending'
  | 'not-in-activecampaign'
  | 'no-email'
  | 'signed-out'
  | 'unavailable';

/** One ActiveCampaign list as the panel shows it. */
export interface ListLine {
  readonly list: string;
  readonly name: string;
  readonly status: 'unconfirmed' | 'active' | 'unsubscribed' | 'bounced' | 'unknown';
  /** ISO instant of the subscription (active) or unsubscription (otherwise), null where not known. */
  readonly since: string | null;
  /** What the person typed when unsubscribing, or null. */
  readonly reason: string | null;
}

/** One live Salesforce record with the address. */
export interface RecordLine {
  readonly id: string;
  readonly object: 'Contact' | 'Lead';
  readonly name: string;
  /** Account or company, null where there is none. */
  readonly company: string | null;
  readonly optedOut: boolean;
}

/** Why nothing (more) is known, and when it is tried again. */
export interface Problem {
  readonly service: 'salesforce' | 'activecampaign' | 'optbridge';
  readonly kind:
    | 'unauthorised'
    | 'forbidden'
    | 'not-found'
    | 'rate-limited'
    | 'rejected'
    | 'unreachable'
    | 'malformed'
    | 'not-configured';
  /** The service's own words, for the reader. */
  readonly words: string;
  /** ISO instant of the next try, null when it waits for somebody. */
  readonly retryAt: string | null;
}

/** One person's answer, as the overlay shows it. */
export interface Status {
  /** 18-character id of the record that was asked about. */
  readonly record: string;
  readonly state: OverlayState;
  readonly name: string | null;
  readonly address: string | null;
  /** What the switch shows: the person is out on at least one side, or is being opted out. */
  readonly optedOut: boolean;
  /** Memberships in scope; empty when there is no AC contact. */
  readonly lists: readonly ListLine[];
  readonly records: readonly RecordLine[];
  /** Link to the contact in ActiveCampaign, null when there is none. */
  readonly activeCampaignUrl: string | null;
  /** ISO instant at which both sides were last read; null before the first reading. */
  readonly readAt: string | null;
  /** The click on its way: what is done and what is not. */
  readonly pending: {
    readonly since: string;
    readonly attempt: number;
    readonly retryAt: string | null;
    readonly salesforce: 'waiting' | 'done';
    readonly activecampaign: 'waiting' | 'done';
    readonly problem: Problem | null;
  } | null;
  readonly problem: Problem | null;
}

/** The whole message API as seen by a content script. `record` is the id in the tab's URL, in 15 or 18 characters. */
export type Request =
  /** The detector sees a record: inject the overlay if this document has none yet. Answer: null. */
  | { readonly kind: 'seen'; readonly record: string }
  /** Answer at once from the cache (or `loading`), then pushes follow. `fresh` skips the freshness limit. */
  | { readonly kind: 'status'; readonly record: string; readonly fresh: boolean }
  /** Opt the person out everywhere. Resolves with the `pending` status once the act is durable. */
  | { readonly kind: 'opt-out'; readonly record: string }
  /** Open the small sign-in window. Answer: null. */
  | { readonly kind: 'sign-in'; readonly record: string };

/** Background to the overlay of one tab. */
export type Push = { readonly kind: 'status'; readonly status: Status };

/** What a request resolves to. A refused request (wrong sender, wrong record, malformed) gets `refused`. */
export type Answer =
  | { readonly ok: true; readonly status: Status | null }
  | { readonly ok: false; readonly refused: string };
