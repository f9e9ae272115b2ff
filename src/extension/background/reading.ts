import type { AcList, AcMembership } from '../../activecampaign/activecampaign.ts';
import { viaOf } from '../../activecampaign/via.ts';
import { addressOf, type ContactFact, DEFAULT_QUALIFYING_TAGS, type Policy } from '../../consent/facts.ts';
import { acMail } from '../../consent/standing.ts';
import { type PersonRecord, readRecord, readRecordsOf } from '../../salesforce/person.ts';
import type { ListLine, OverlayState, RecordLine, Status } from '../messages.ts';
import { listsInScope, membershipsInScope, readContacts } from './membership.ts';
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
  readonly unseen?: Status['unseen'];
  readonly activeCampaignUrl: string | null;
  /** All contacts with the address, where there are several. */
  readonly twins?: Status['twins'];
  /** The contact's tags that make it qualified; absent: no contact, or its tags are not known. */
  readonly tags?: readonly string[];
  /** Mail to this ActiveCampaign contact came back for good. */
  readonly bounced?: { readonly contact: string; readonly at: string | null } | undefined;
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
  const [{ records, unseen }, { lists, contacts, site }] = await Promise.all([
    readRecordsOf(client, address, field, record),
    readActiveCampaign(account, address),
  ]);
  const facts = contacts.map((contact) => ({
    ...contact,
    memberships: membershipsInScope(contact, lists),
    tags: contact.tags ?? [],
  }));
  const [contact, other] = contacts;
  const bounced = contacts.find(({ bouncedHard }) => bouncedHard > 0);
  const linked = contacts.map(({ email, id }) => ({ email, url: `${site}/app/contacts/${id}` }));
  const policy: Policy = { lists: new Set(lists.keys()), qualifyingTags: [] };
  return {
    ...answerOf(
      records.map(({ optedOut }) => optedOut),
      facts,
      policy,
    ),
    name: seen.name,
    address,
    lists: facts
      .flatMap(({ memberships, email }) =>
        memberships.map((row) => ({ ...listLine(row, lists), contact: other && email })),
      )
      .sort((a, b) => a.name.localeCompare(b.name)),
    records: records.map(recordLine),
    unseen: unseen[0] && unseen,
    activeCampaignUrl: linked[0]?.url ?? null,
    twins: other && linked,
    ...(!other && contact?.tags && { tags: DEFAULT_QUALIFYING_TAGS.filter((tag) => contact.tags?.includes(tag)) }),
    bounced: bounced && { contact: bounced.id, at: isoOf(bounced.bouncedAt) },
    readAt: new Date(now()).toISOString(),
  };
}

async function readActiveCampaign(account: ReturnType<Services['activecampaign']>, address: string) {
  const { client, shown, chosen, site } = await account;
  const contacts = await readContacts(client, address);
  return { lists: listsInScope(shown, chosen), contacts, site };
}

/**
 * What the overlay calls the facts. `opted-out` is out on both sides; `differs` is out on one side only, or on some of
 * the records; without a contact the box alone answers. A contact that is on no list and never unsubscribed
 * (never joined, unconfirmed, bounced softly) is neither subscribed nor out: the box is clear, so the state is
 * `subscribed`, and its list lines show that none is active.
 *
 * @param boxes of the live records
 * @param contacts those with the address: whoever is out as one of them is out, and mail to any of them is mail
 */
export function answerOf(
  boxes: readonly boolean[],
  contacts: readonly ContactFact[],
  policy: Policy,
): { state: OverlayState; optedOut: boolean } {
  const mails = contacts.map((contact) => acMail(contact, policy));
  const optedOut = boxes.includes(true) || mails.some(({ out }) => out);
  if (!optedOut) return { state: contacts[0] ? 'subscribed' : 'not-in-activecampaign', optedOut };
  const bothOut = boxes[0] && !boxes.includes(false) && mails.every(({ active }) => active.length === 0);
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
