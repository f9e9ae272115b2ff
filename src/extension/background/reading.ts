import type { AcList, AcMembership } from '../../activecampaign/activecampaign.ts';
import { viaOf } from '../../activecampaign/via.ts';
import { addressOf, DEFAULT_QUALIFYING_TAGS, type PersonFacts, type Policy } from '../../consent/facts.ts';
import { acMail, salesforceStanding } from '../../consent/standing.ts';
import { type PersonRecord, readRecord, readRecordsOf } from '../../salesforce/person.ts';
import type { ListLine, OverlayState, RecordLine } from '../messages.ts';
import { listsInScope, membershipsInScope, readContact, type WholeContact } from './membership.ts';
import { OwnFailure } from './problem.ts';
import type { Services } from './sides.ts';

/** What both sides said about the person of one record, as plain JSON: it is kept in `storage.session`. */
export interface Reading {
  readonly state: OverlayState;
  readonly name: string;
  readonly address: string | null;
  /** Out on at least one side. */
  readonly optedOut: boolean;
  readonly lists: readonly ListLine[];
  readonly records: readonly RecordLine[];
  /** Of what the rep may see no record at all; absent: of neither contacts nor leads. */
  readonly unseen?: readonly RecordLine['object'][];
  readonly activeCampaignUrl: string | null;
  /** The contact's tags that make it qualified; absent: no contact, or its tags are not known. */
  readonly tags?: readonly string[];
  /** Mail to this ActiveCampaign contact came back for good. */
  readonly bounced?: { readonly contact: string; readonly at: string | null };
  /** ISO instant, local clock. */
  readonly readAt: string;
}

/** Record -> address -> ActiveCampaign contact with its memberships. Rejects when either side cannot be read whole. */
export async function readPerson(
  services: Services,
  host: string,
  record: string,
  now: () => number,
): Promise<Reading> {
  const { client, field } = await services.salesforce(host);
  // Which lists there are may have to be asked for: at the same time as the record, not after it.
  const account = services.activecampaign();
  account.catch(() => undefined);
  const seen = await readRecord(client, record, field);
  if (!seen) throw new OwnFailure('salesforce', 'not-found', 'hidden_record');
  const address = addressOf(seen.email);
  if (address === '') return withoutAddress(seen, now());
  const [{ records, unseen }, { lists, contact, site }] = await Promise.all([
    readRecordsOf(client, address, field),
    readActiveCampaign(account, address),
  ]);
  const rows = membershipsInScope(contact, lists);
  const facts: PersonFacts = {
    address,
    records: records.map(({ id, optedOut }) => ({ id, set: optedOut })),
    vanished: [],
    contact: contact && {
      id: contact.id,
      bouncedHard: contact.bouncedHard,
      memberships: rows,
      tags: contact.tags ?? [],
    },
  };
  const policy: Policy = { lists: new Set(lists.keys()), qualifyingTags: [] };
  return {
    ...answerOf(facts, policy),
    name: seen.name,
    address,
    lists: rows.map((row) => listLine(row, lists)).sort((a, b) => a.name.localeCompare(b.name)),
    records: records.map(recordLine),
    ...(unseen.length > 0 && { unseen }),
    activeCampaignUrl: contact && `${site}/app/contacts/${encodeURIComponent(contact.id)}`,
    ...(contact?.tags && { tags: DEFAULT_QUALIFYING_TAGS.filter((tag) => contact.tags?.includes(tag)) }),
    ...(contact && contact.bouncedHard > 0 && { bounced: { contact: contact.id, at: isoOf(contact.bouncedAt) } }),
    readAt: new Date(now()).toISOString(),
  };
}

async function readActiveCampaign(account: ReturnType<Services['activecampaign']>, address: string) {
  const { client, shown, chosen, site } = await account;
  const contact: WholeContact | null = await readContact(client, address);
  return { lists: listsInScope(shown, chosen), contact, site };
}

/**
 * What the overlay calls the facts. `opted-out` is out on both sides; `differs` is out on one side only, or on some of
 * the records; without a contact the box alone answers. A contact that is on no list and never unsubscribed
 * (never joined, unconfirmed, bounced softly) is neither subscribed nor out: the box is clear, so the state is
 * `subscribed`, and its list lines show that none is active.
 */
export function answerOf(facts: PersonFacts, policy: Policy): { state: OverlayState; optedOut: boolean } {
  const { set, clear } = salesforceStanding(facts);
  const ac = acMail(facts.contact, policy);
  const optedOut = set.length > 0 || ac.out;
  if (!optedOut) return { state: facts.contact ? 'subscribed' : 'not-in-activecampaign', optedOut };
  const bothOut = clear.length === 0 && set.length > 0 && ac.active.length === 0;
  return { state: bothOut ? 'opted-out' : 'differs', optedOut };
}

function withoutAddress(seen: PersonRecord, now: number): Reading {
  return {
    state: 'no-email',
    name: seen.name,
    address: null,
    optedOut: seen.optedOut,
    lists: [],
    records: [recordLine(seen)],
    activeCampaignUrl: null,
    readAt: new Date(now).toISOString(),
  };
}

const STATUSES: Readonly<Record<number, ListLine['status']>> = {
  0: 'unconfirmed',
  1: 'active',
  2: 'unsubscribed',
  3: 'bounced',
};

function listLine(row: AcMembership, lists: ReadonlyMap<string, AcList>): ListLine {
  const since = row.status === 1 ? row.subscribedAt : (row.unsubscribedAt ?? row.subscribedAt);
  return {
    list: row.list,
    name: lists.get(row.list)?.name ?? row.list,
    status: STATUSES[row.status] ?? 'unknown',
    since: isoOf(since),
    reason: row.status === 2 && row.unsubscribeReason ? row.unsubscribeReason : null,
    via: viaOf(row),
  };
}

function isoOf(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

function recordLine({ id, object, name, company, optedOut }: PersonRecord): RecordLine {
  return { id, object, name, company, optedOut };
}
