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
  /** What led to the subscription or the unsubscription, or null. */
  readonly via: Via | null;
  /** The contact's address as ActiveCampaign has it, where several contacts have it. */
  readonly contact?: string | undefined;
}

/** A thing of ActiveCampaign's by its id there. Its name comes later, by `names`. */
export interface Via {
  readonly kind: 'campaign' | 'automation' | 'form';
  readonly id: string;
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

/** What OptBridge itself finds wrong. */
export type Own =
  | 'client'
  | 'field'
  | 'field_name'
  | 'account'
  | 'lists'
  | 'no_lists'
  | 'hidden_list'
  | 'hidden_record'
  | 'nobody'
  | 'other_instance'
  | 'other_account'
  | 'not_yet'
  | 'odd'
  | 'error';

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
    | 'not-configured'
    /** The person has taken the extension's access to the service's host away in the browser. */
    | 'withdrawn'
    /** Salesforce's sign-in is for another org than the page's. */
    | 'other-org'
    /** Meant for another ActiveCampaign account than the settings name now. */
    | 'other-account';
  /** The service's own words, for the reader; empty where it said nothing. */
  readonly words: string;
  /** What OptBridge has to say on it: the text `overlay_own_…` of `_locales`, and what that is about. */
  readonly own?: Own;
  readonly of?: string;
  /** The service's own code, where it gave one: which right is missing is said by it. */
  readonly code?: string;
  /** ISO instant of the next try, null when it waits for somebody. */
  readonly retryAt: string | null;
}

/** What a person at the desk may want done. */
export type WishKind = 'opt-out' | 'unsubscribe' | 'undo' | 'opt-in';

/** Why somebody who was out may be emailed again. */
export const REASONS = ['email', 'phone', 'form', 'mistake', 'other'] as const;
export type Reason = (typeof REASONS)[number];

/** What was done in this browser about a person. */
export interface Done {
  readonly wish: WishKind;
  /** ISO instant of the click, local clock. */
  readonly at: string;
  /** The id of the one list that was left, null for all of them. */
  readonly list: string | null;
  /**
   * Why nothing came of it: somebody had changed the person meanwhile, a later click won, or the rep discarded what could
   * not be sent. Null: it was done.
   */
  readonly ended: 'changed' | 'overtaken' | 'discarded' | null;
  /** Where the rep discarded it: the ISO instant of that, and which services do not have it. */
  readonly discarded?: { readonly at: string; readonly missing: readonly ('salesforce' | 'activecampaign')[] };
}

/** What the panel tells beyond the status; read when it opens, and never waited for by the status. */
export interface About {
  /** 18-character id of the record that was asked about. */
  readonly record: string;
  /** The latest act of this browser that is over, null when there is none. */
  readonly act:
    | (Done & {
        readonly stands: boolean;
        /** The lists it ended and the records whose box it set, by their ids. */
        readonly changed: readonly string[];
        /** Why Salesforce did not take the task that logs it; absent: it did, or none is made. */
        readonly unlogged?: Problem;
      })
    | null;
  /** The act that can be undone now: nobody has changed the person since. */
  readonly undo: string | null;
  /** Mail came back for good, in the words of the bounce log where there are any. */
  readonly bounce: { readonly at: string | null; readonly words: string | null } | null;
  /** Who set the box of which record last, where field history is kept and may be read; the latest first. */
  readonly boxes: readonly {
    readonly record: string;
    /** Null: it was the nightly run. */
    readonly by: string | null;
    readonly at: string;
  }[];
  /** The tags that make the contact count for the nightly run; null: no contact, or its tags are not known. */
  readonly tags: readonly string[] | null;
  /** Whether the settings let a rep opt somebody in. */
  readonly optIn: boolean;
  /** Where the person can choose lists, to be sent along when she is asked; null: not given. */
  readonly preferenceLink: string | null;
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
  /** Contacts or leads, where the rep may see none of them at all: those with the address are not in `records`. */
  readonly unseen?: readonly RecordLine['object'][] | undefined;
  /** Link to the contact in ActiveCampaign, null when there is none. */
  readonly activeCampaignUrl: string | null;
  /** The contacts with the address where there are several, which differ in case only, and the link to each. */
  readonly twins?: readonly { readonly email: string; readonly url: string }[] | undefined;
  /** ISO instant at which both sides were last read; null before the first reading. */
  readonly readAt: string | null;
  /** The click on its way: what is done and what is not. */
  readonly pending: {
    readonly wish: WishKind;
    readonly since: string;
    readonly attempt: number;
    readonly retryAt: string | null;
    readonly salesforce: 'waiting' | 'done';
    readonly activecampaign: 'waiting' | 'done';
    readonly problem: Problem | null;
  } | null;
  readonly problem: Problem | null;
}

/** A corner of the window, and how far the pill's own corner is from it across and down or up, in CSS pixels. */
export interface Corner {
  readonly x: 'left' | 'right';
  readonly y: 'top' | 'bottom';
  readonly dx: number;
  readonly dy: number;
}

/** How a rep left the pill in one org. */
export interface Place {
  /** Where it was moved to; null: beside the record's header, or at the edge where there is none. */
  readonly at: Corner | null;
  /** Not shown on this org's pages, unless the keyboard command asks for the panel. */
  readonly hidden: boolean;
}

/**
 * The whole message API as seen by a content script. `record` is the id in the tab's URL, in 15 or 18 characters; `org`
 * the id of the page's org, where its own cookies tell it.
 */
export type Request = Wanted & { readonly org?: string };

type Wanted =
  /**
   * The detector sees a record: inject the overlay if this document has none yet, and the marks if the settings want
   * them. Answer: the status from the cache (or `loading`); pushes follow.
   */
  | { readonly kind: 'seen'; readonly record: string }
  /** Answer at once from the cache (or `loading`), then pushes follow. `fresh` skips the freshness limit. */
  | { readonly kind: 'status'; readonly record: string; readonly fresh: boolean }
  /** Opt the person out everywhere. Resolves with the `pending` status once the act is durable. */
  | { readonly kind: 'opt-out'; readonly record: string }
  /** Unsubscribe from one list and change nothing else. Resolves like `opt-out`. */
  | { readonly kind: 'unsubscribe'; readonly record: string; readonly list: string }
  /** Put back what this act changed, if nobody has changed the person since. Resolves like `opt-out`. */
  | { readonly kind: 'undo'; readonly record: string; readonly act: string }
  /** Clear the box on all records and subscribe to these lists again. `words` is for the reason `other`. */
  | {
      readonly kind: 'opt-in';
      readonly record: string;
      readonly reason: Reason;
      readonly words: string;
      readonly lists: readonly string[];
    }
  /** The panel opens: bring what is in it (overlay-more.js) into the document, and say what is known beyond the status. */
  | { readonly kind: 'about'; readonly record: string }
  /** The names of what led to these memberships: `{ 'campaign 7': 'Spring offer' }`, without those that cannot be had. */
  | { readonly kind: 'names'; readonly record: string }
  /** Open the options page, where a setting or an access is missing. Answer: null. */
  | { readonly kind: 'options'; readonly record: string }
  /** The rep moved or hid the pill: keep that for the org of this record. Answer: null. */
  | { readonly kind: 'place'; readonly record: string; readonly place: Place }
  /** Open the small sign-in window. Answer: null. */
  | { readonly kind: 'sign-in'; readonly record: string };

/** Names of things of ActiveCampaign's by kind and id. */
export type Names = Readonly<Record<string, string>>;

/** What a content script says of its tab, and of no one record. */
export type TabRequest =
  /** The tab shows no record any more, and the document is the same. Answer: null. */
  | { readonly kind: 'left' }
  /** The tab shows the page of this account: who is the person, if it is one's? Answer: `person`, or a refusal. */
  | { readonly kind: 'person'; readonly account: string }
  | ListRequest;

/** What a content script asks for lists of addresses. */
export type ListRequest =
  /** The detector sees a page that may hold a list: bring the marks, if the settings want them. Answer: null. */
  | { readonly kind: 'list' }
  /** Which of these addresses may be emailed, at most `MARKS_PER_MESSAGE`. Answer: `marks`. */
  | { readonly kind: 'marks'; readonly addresses: readonly string[] };

export const MARKS_PER_MESSAGE = 200;

/** Whether an address may be emailed, as far as is known. Unknown is never a yes. */
export interface Mark {
  readonly salesforce: 'out' | 'in' | 'unknown';
  /** Null: it was not asked. */
  readonly activecampaign: 'out' | 'in' | null;
}

export interface Marks {
  /** By address in lower case. */
  readonly marks: Readonly<Record<string, Mark>>;
  /** Why Salesforce could not be asked, or null. */
  readonly problem: Problem['kind'] | null;
}

/** Background to the overlay of one tab. */
export type Push =
  | { readonly kind: 'status'; readonly status: Status }
  /** The pill was moved, hidden or brought back elsewhere in the same org. */
  | { readonly kind: 'place'; readonly place: Place }
  /** The keyboard command: open the panel and move the focus into it. */
  | { readonly kind: 'open' };

/**
 * What a request resolves to. A refused request (wrong sender, wrong record, malformed) gets `refused`: the name of a text
 * of `_locales` where it may happen to somebody at the page, and else a word for whoever looks for a fault.
 */
export type Answer =
  | {
      readonly ok: true;
      readonly status: Status | null;
      readonly about?: About;
      readonly names?: Names;
      readonly marks?: Marks;
      /** 18-character id of the contact. */
      readonly person?: string;
    }
  | { readonly ok: false; readonly refused: string };
