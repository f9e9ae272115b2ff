import type { Done, Problem, Status } from './messages.ts';

/**
 * What the extension's own pages (options, popup, sign-in) ask of the background. A content script that sends one of
 * these is refused.
 */
export type PageRequest =
  /** Somebody signed in to this org, or out of it: read again and go on with what waits for it. */
  | { readonly kind: 'session-changed'; readonly host: string }
  /** The sign-in page was closed before the browser opened Salesforce's window for this address: it is to be closed as it comes. */
  | { readonly kind: 'sign-in-left'; readonly address: string }
  /** Settings were saved: forget clients built from the old ones and go on with what waits. */
  | { readonly kind: 'settings-changed' }
  /** What the popup shows, from what is known here; what is old of the tab's record is read anew where `read` says so. */
  | { readonly kind: 'overview'; readonly tab: number; readonly read: boolean }
  /** Ask ActiveCampaign whether the key is good. Answer: `problem`. */
  | { readonly kind: 'account' }
  /** Try this act again at once. */
  | { readonly kind: 'retry'; readonly act: string }
  /** Discard this act, which can never be sent as things stand; refused with `sendable` where it can. */
  | { readonly kind: 'discard'; readonly act: string }
  /** Open the panel in this tab. */
  | { readonly kind: 'open-panel'; readonly tab: number }
  /** `savePlace` (places.ts) was called for this org: its open pages follow. */
  | { readonly kind: 'place-changed'; readonly host: string };

/** What a request resolves to. */
export type PageAnswer =
  | { readonly ok: true; readonly overview?: Overview; readonly problem?: PlainProblem | null }
  | { readonly ok: false; readonly refused: string };

export type PlainProblem = Omit<Problem, 'retryAt'>;

/** What the popup shows: plain JSON, and nothing secret in it. */
export interface Overview {
  /** API host of the org in the tab, null on any other page. */
  readonly host: string | null;
  /** The rep has hidden the pill in that org. */
  readonly hidden: boolean;
  /** The Contact or Lead in the tab, null where there is none. */
  readonly status: Status | null;
  /** Acts on their way, the oldest first. */
  readonly queue: readonly Waiting[];
  /** The latest acts that are over, the latest first. */
  readonly changes: readonly Change[];
  /** Orgs that somebody is signed in to, or that a page or an act is waiting for. */
  readonly orgs: readonly { readonly host: string; readonly signedIn: boolean }[];
}

/** Whom an act is about. */
interface Whom {
  /** The act's id. */
  readonly id: string;
  /** The org's API host. */
  readonly host: string;
  /** 18-character id of the record that was clicked on. */
  readonly record: string;
  /** Where the record was read since the browser started, else null. */
  readonly name: string | null;
  /** In lower case; null where the record has none, or it is not known yet. */
  readonly address: string | null;
  /** Name of the one list that an act is about, its id where the name is not known; null when it is about all. */
  readonly listName: string | null;
}

/** A click on its way. */
export interface Waiting extends Whom, Omit<NonNullable<Status['pending']>, 'problem'> {
  /** What keeps it, for each service that it has yet to reach. */
  readonly problems: readonly Problem[];
  /** It can never be sent as things stand, and so may be discarded. */
  readonly misdirected: boolean;
}

/** A click that is over. */
export interface Change extends Whom, Done {}
