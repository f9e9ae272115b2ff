import { ServiceFailure } from '../service/failure.ts';
import type { AcContact, AcMembership } from './activecampaign.ts';
import { type Connection, malformed } from './connection.ts';
import type { TagNames } from './tags.ts';
import { membershipsIn, rowsByContact, tagIdsIn } from './whole.ts';
import { contactOf, type Item, itemsOf, matchesIn, totalOf } from './wire.ts';

/** The largest page that `/contacts`, `/lists` and `/tags` give. */
export const PAGE = 100;
const CONTACTS = 'GET /api/3/contacts';

/**
 * A contact of a page, with what came of it. Taken out of the reply at once, so that nothing else of 400 kB is kept
 * while other pages are waited for.
 */
export interface Came {
  readonly contact: Omit<AcContact, 'memberships' | 'tags'>;
  /** What the contact says by itself of what hangs on it. */
  readonly own: Item;
  /** Undefined unless they are certainly all there. */
  readonly memberships: readonly AcMembership[] | undefined;
  /** Undefined unless they are certainly all there. */
  readonly tagIds: readonly string[] | undefined;
  /** How many rows of memberships came. */
  readonly rows: number;
}

/** A page of `/contacts` as it came. */
export interface Page {
  readonly contacts: readonly Came[];
  /** How many rows of memberships came in all; undefined when the reply has no table of them. */
  readonly rows: number | undefined;
  readonly at: number | undefined;
  readonly total: number | undefined;
}

/**
 * Contacts that match a filter, in the order of their ids, with what is side-loaded. Rejects as malformed when an item
 * cannot be read, when the ids do not grow from `after` on, or when `fault` finds something wrong.
 *
 * @param names learns the names of the tags that come along.
 */
export function contactPage(
  connection: Connection,
  names: TagNames,
  filter: Readonly<Record<string, string | readonly string[]>>,
  after: string,
  fault: (page: Page) => string | undefined = () => undefined,
): Promise<Page> {
  const query = { status: '-1', ...filter, include: 'contactLists,contactTags.tag', 'orders[id]': 'ASC' };
  return connection.ask({ path: '/contacts', query }, (body, at) => {
    const items = matchesIn(body, 'contacts');
    const alone = items?.map(contactOf);
    if (!items || !alone?.every((contact) => contact !== undefined)) return undefined;
    names.learn(body);
    const table = itemsOf(body, 'contactLists');
    const memberships = rowsByContact(table);
    const tagLinks = rowsByContact(itemsOf(body, 'contactTags'));
    const contacts = alone.map((contact, n): Came => {
      const { id, contactLists, contactTags } = items[n] ?? {};
      const own = { id, contactLists, contactTags };
      return {
        contact,
        own,
        memberships: membershipsIn(own, memberships),
        tagIds: tagIdsIn(own, tagLinks),
        rows: memberships?.get(contact.id)?.length ?? 0,
      };
    });
    const page = { contacts, rows: table?.length, at, total: totalOf(body) };
    const wrong = growing(contacts, after) ? fault(page) : 'the contacts do not come in order of their ids';
    if (wrong !== undefined) throw malformedContacts(wrong);
    return page;
  });
}

/** What is asked about one contact alone: that it is gone or unreadable makes this contact unknown, not the page. */
export async function orUnknown<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceFailure && (error.kind === 'not-found' || error.kind === 'malformed')) return undefined;
    throw error;
  }
}

export function malformedContacts(words: string): ServiceFailure {
  return malformed(CONTACTS, words);
}

/** Whether the ids grow strictly from `after` on: if not, paging by `id_greater` would go round or leave people out. */
function growing(contacts: readonly Came[], after: string): boolean {
  let last = BigInt(after);
  for (const { contact } of contacts) {
    const id = BigInt(contact.id);
    if (id <= last) return false;
    last = id;
  }
  return true;
}
