import type { ContactFact, Membership, PersonFacts, Policy } from './facts.ts';

/** Whether mail reaches a person from ActiveCampaign, counted over the lists in scope only. */
export interface AcMail {
  readonly active: readonly Membership[];
  readonly unsubscribed: readonly Membership[];
  /** `bounced_hard` > 0. */
  readonly hardBounced: boolean;
  /** No active membership, and at least one unsubscribed or a hard bounce. Status 3 alone is not "out". */
  readonly out: boolean;
}

/** How a person stands in ActiveCampaign: what a run goes by besides. */
export interface AcStanding extends AcMail {
  /** Leaving a list is the latest that is known of them: no list bounced after the last one they left. */
  readonly leftLast: boolean;
  readonly qualified: boolean;
  /** Changes whenever an opt-out, a subscription or a bounce might have happened. Null without a contact. */
  readonly fingerprint: string | null;
  /** Whether nothing happened since this fingerprint was made, but that they may have asked to join: that says neither yes nor no. */
  readonly isUnchangedSince: (fingerprint: string | null) => boolean;
}

const NO_MAIL: AcMail = { active: [], unsubscribed: [], hardBounced: false, out: false };

/** The memberships on lists in scope. A row on a list that `/lists` does not show is unknown, never evidence. */
export function inScope(contact: ContactFact, policy: Policy): readonly Membership[] {
  return contact.memberships.filter((membership) => policy.lists.has(membership.list));
}

/** Whether mail reaches a person, by what the ActiveCampaign side says. */
export function acMail(contact: ContactFact | null, policy: Policy): AcMail {
  if (!contact) return NO_MAIL;
  const rows = inScope(contact, policy);
  const active = rows.filter((row) => row.status === 1);
  const unsubscribed = rows.filter((row) => row.status === 2);
  const hardBounced = contact.bouncedHard > 0;
  return {
    active,
    unsubscribed,
    hardBounced,
    out: active.length === 0 && (unsubscribed.length > 0 || hardBounced),
  };
}

/** What the ActiveCampaign side says about a person. */
export function acStanding(contact: ContactFact | null, policy: Policy): AcStanding {
  const mail = acMail(contact, policy);
  if (!contact)
    return {
      ...mail,
      leftLast: false,
      qualified: false,
      fingerprint: null,
      isUnchangedSince: (fingerprint) => fingerprint === null,
    };
  const rows = inScope(contact, policy);
  return {
    ...mail,
    leftLast: mail.unsubscribed.some((row) => !bouncedSince(row, rows)),
    qualified: contact.tags.some((tag) => policy.qualifyingTags.includes(tag)),
    // Made when it is asked for: most people are decided about without it.
    get fingerprint() {
      return fingerprintOfRows(contact.bouncedHard, rows);
    },
    isUnchangedSince: (fingerprint) => isUnchanged(contact.bouncedHard, rows, fingerprint),
  };
}

/** Whether none of the rows is gone, and each is as it was, or unconfirmed and not left since. */
function isUnchanged(bouncedHard: number, rows: readonly Membership[], fingerprint: string | null): boolean {
  const [bounces, ...then] = (fingerprint ?? '').split(' ');
  const tokenThen = ({ id }: Membership) => then.find((token) => token.startsWith(`${id}.`));
  const leftAt = (row: Membership) => tokenThen(row)?.split('.')[3] ?? '';
  const isAskingToJoin = (row: Membership) => row.status === 0 && ['', leftAt(row)].includes(stamp(row.unsubscribedAt));
  return (
    bounces === `b${bouncedHard}` &&
    rows.filter((row) => tokenThen(row) !== undefined).length === then.length &&
    rows.every((row) => tokenThen(row) === tokenOf(row) || isAskingToJoin(row))
  );
}

/** Whether a list is known to have bounced after this one was left; without both stamps nobody knows. */
function bouncedSince({ unsubscribedAt: left }: Membership, rows: readonly Membership[]): boolean {
  return rows.some(({ status, unsubscribedAt: at }) => status === 3 && left !== null && at !== null && at > left);
}

/** A contact's `bounced_hard` and the (id, status, sdate, udate) of its memberships in scope, as one string. */
export function fingerprintOf(contact: ContactFact, policy: Policy): string {
  return fingerprintOfRows(contact.bouncedHard, inScope(contact, policy));
}

function fingerprintOfRows(bouncedHard: number, rows: readonly Membership[]): string {
  const parts = rows.map(tokenOf).sort();
  return [`b${bouncedHard}`, ...parts].join(' ');
}

function tokenOf(row: Membership): string {
  return `${row.id}.${row.status}.${stamp(row.subscribedAt)}.${stamp(row.unsubscribedAt)}`;
}

/**
 * Whether a membership's `sdate` is another one than when the fingerprint was made, or the row was not there: then
 * somebody subscribed since, whatever the clocks say.
 */
export function subscribedSince(row: Membership, fingerprint: string | null): boolean {
  const then = (fingerprint ?? '').split(' ').find((part) => part.startsWith(`${row.id}.`));
  return then?.split('.')[2] !== stamp(row.subscribedAt);
}

/** When a list bounced last, of those whose bounce a fingerprint has; null where it has none. */
export function bouncedAt(fingerprint: string | null): number | null {
  const tokens = (fingerprint ?? '').split(' ').map((part) => part.split('.'));
  const seconds = tokens.flatMap(([, status, , at]) => (status === '3' && at ? Number.parseInt(at, 36) : []));
  return seconds.length > 0 ? Math.max(...seconds) * 1000 : null;
}

/** ActiveCampaign's stamps have whole seconds; base 36 keeps a fingerprint short. */
function stamp(at: number | null): string {
  return at === null ? '' : Math.floor(at / 1000).toString(36);
}

/** How a person stands in Salesforce: `vanished` counts as set, once. */
export interface SalesforceStanding {
  /** Ids of the live records with the box set. */
  readonly set: readonly string[];
  /** Ids of the live records with the box clear. */
  readonly clear: readonly string[];
  /** Some live record is set, or a record vanished while it was set. */
  readonly boxSet: boolean;
}

/** What the Salesforce side says about a person. */
export function salesforceStanding(facts: PersonFacts): SalesforceStanding {
  const set = facts.records.filter((record) => record.set).map((record) => record.id);
  const clear = facts.records.filter((record) => !record.set).map((record) => record.id);
  return { set, clear, boxSet: set.length > 0 || facts.vanished.length > 0 };
}

/** What it takes to have a person out on both sides: the overlay's click and "settle now". Never subscribes. */
export function optOutWrites(facts: PersonFacts, policy: Policy): { set: string[]; unsubscribe: Membership[] } {
  return {
    set: [...salesforceStanding(facts).clear],
    unsubscribe: [...acStanding(facts.contact, policy).active],
  };
}
