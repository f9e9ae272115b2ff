import type { Membership } from '../consent/facts.ts';

/** A list as `/lists` shows it. */
export interface AcList {
  readonly id: string;
  readonly name: string;
  /** `email` or `sms`; email where the account does not say. */
  readonly channel: string;
  /** How many are active on it, as the account counts; absent where it does not say. */
  readonly active?: number;
}

/** A membership with what is known of why it is as it is. */
export interface AcMembership extends Membership {
  /** How the row came about: API 3, re-subscribed 4; null where not given. */
  readonly sourceid: string | null;
  /** Text the person typed when unsubscribing. */
  readonly unsubscribeReason: string | null;
  readonly campaign: string | null;
  readonly form: string | null;
  readonly unsubscribeAutomation: string | null;
  /** `email` or `sms` where the row says so. */
  readonly channel: string | null;
}

/** A contact; `memberships` or `tags` undefined means that they were not read, or not whole. */
export interface AcContact {
  readonly id: string;
  /** As stored: case is kept. Empty for a contact without an address. */
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly bouncedHard: number;
  readonly bouncedSoft: number;
  readonly bouncedAt: number | null;
  /** Deleted or anonymised: to be passed over. */
  readonly gone: boolean;
  readonly memberships: readonly AcMembership[] | undefined;
  readonly tags: readonly string[] | undefined;
}

/** Contacts of one page with the time of the page by ActiveCampaign's own clock. */
export interface AcContactPage {
  readonly contacts: readonly AcContact[];
  /** The reply's `Date` header in milliseconds. */
  readonly at: number | undefined;
  /** How many contacts match this request, where the reply says so. */
  readonly total: number | undefined;
  /** Nobody had a higher id than these then: said where the pages come in no order. */
  readonly newest?: true;
}

/** One membership and the status it shall have. */
export interface MembershipChange {
  readonly contact: string;
  readonly list: string;
  readonly status: 1 | 2;
  readonly sourceid?: number;
}

/** Some of the contacts. An account passes over a filter that it does not know, in silence (facts section 2). */
export interface ContactFilter {
  /** Those with this status on this list. */
  readonly on?: { readonly list: string; readonly status: number };
  /** Those whose `udate` is later (ms). A changed membership may leave it as it is (facts section 9). */
  readonly changedSince?: number;
}

/** What OptBridge asks of ActiveCampaign. Every method rejects with a `ServiceFailure`. */
export interface ActiveCampaign {
  /** Requests sent so far, retries included. */
  readonly calls: number;
  /** The latest `Date` header, in milliseconds; undefined before the first reply. */
  readonly serverTime: number | undefined;
  /** The user whose key this is; one 403 is asked again before it counts (facts section 1). */
  me(): Promise<{ id: string; username: string }>;
  /** Every list the key's user may see. */
  lists(): Promise<readonly AcList[]>;
  /**
   * Everybody with an id above `after`, 100 a page by `id_greater`, with memberships and tags; each once. With `abreast`
   * a large account is read in ranges of ids, so many at once, and so the pages come in no order; whoever is above them is
   * asked for once all ranges have begun. With `known` each page is a range: ids, rising, of which each was the last of a
   * hundred when everybody was read before, so that nothing has to be waited for. With a filter only whoever matches, as
   * far as the account knows the filter. Where there is nobody one page comes that is empty. `unheard`: no reply has come
   * yet that would tell how long they take, so that they are taken for slow.
   */
  contacts(
    options?: ContactFilter & {
      readonly after?: string;
      readonly abreast?: number;
      readonly known?: readonly string[];
      readonly unheard?: boolean;
    },
  ): AsyncIterable<AcContactPage>;
  /**
   * Whoever has this status on this list and is not on the first page, many pages at once and in no order; somebody may
   * come twice. Undefined where replies are so quick, or pages so few, that one after another takes no longer. `expected`:
   * so many will match, and replies are slow, as is known from before, so that the first page need not be there.
   */
  restAbreast(
    on: { readonly list: string; readonly status: number },
    first: AcContactPage | Promise<AcContactPage | undefined>,
    options: { readonly abreast: number; readonly expected?: number },
  ): AsyncGenerator<AcContactPage> | undefined;
  /** Whether replies so far took so long that one page after another does not keep the pace up. */
  readonly slow: boolean;
  /** One contact by id with memberships and tags, read the same way as `contacts`; undefined when it is gone. */
  contact(id: string): Promise<AcContact | undefined>;
  /**
   * These contacts by id, each read as `contact` reads it: a hundred a call by `ids[]`, one by one where the account does
   * not answer that with what was asked for. Whoever is gone is not among them.
   */
  contactsById(ids: readonly string[]): Promise<ReadonlyMap<string, AcContact>>;
  /**
   * The contacts with this address (compared in lower case), with memberships; tags may be undefined. There is one at most,
   * unless the account keeps addresses apart that differ in case only.
   */
  contactsByEmail(address: string): Promise<readonly AcContact[]>;
  /** Sets one membership's status. Never called with 1 by a run. Resolves when ActiveCampaign said it is done. */
  setMembership(change: MembershipChange): Promise<void>;
  /** Many unsubscribes in few calls. */
  readonly imports: AcImports;
  /**
   * The same account for what nobody waits for: a request begins when no other waits for its turn. `calls` is how many of
   * them were sent.
   */
  inBackground(): ActiveCampaign;
}

/** Somebody who is to leave lists, by the address as the account stores it. */
export interface Leaving {
  readonly email: string;
  /** Ids of lists. */
  readonly lists: readonly string[];
}

/**
 * Bulk import, used for nothing but unsubscribing contacts that are there (facts/activecampaign.md section 8). It is
 * worked off later, makes a contact of an address that is not there, and fires no webhook.
 */
export interface AcImports {
  /**
   * Hands in one request's worth of people, as `inImports` cuts them; gives its batch. Rejects with `rate-limited` when
   * the account takes no more this minute, and with `unreachable` or `malformed` when nobody knows whether it was taken.
   * @param excludeAutomations whether the unsubscribes shall start no automation
   */
  queue(people: readonly Leaving[], excludeAutomations: boolean): Promise<string>;
  /** Whether a batch is worked off. */
  isOver(batch: string): Promise<boolean>;
}
