import { ServiceFailure } from '../service/failure.ts';
import type { AcContact, AcMembership } from './activecampaign.ts';
import { type Connection, malformed } from './connection.ts';
import type { TagNames } from './tags.ts';
import { type RowsByContact, rowsByContact } from './whole.ts';
import { contactOf, type Item, itemsOf, textOf, totalOf } from './wire.ts';

/** The largest page that `/contacts`, `/lists` and `/tags` give. */
export const PAGE = 100;
const CONTACTS = 'GET /api/3/contacts';

/** A page of `/contacts` as it came. */
export interface Page {
  readonly items: readonly Item[];
  readonly memberships: RowsByContact;
  readonly tagLinks: RowsByContact;
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
    const items = itemsOf(body, 'contacts');
    if (!items?.every((item) => contactOf(item) !== undefined)) return undefined;
    names.learn(body);
    const page = {
      items,
      memberships: rowsByContact(itemsOf(body, 'contactLists')),
      tagLinks: rowsByContact(itemsOf(body, 'contactTags')),
      at,
      total: totalOf(body),
    };
    const wrong = growing(items, after) ? fault(page) : 'the contacts do not come in order of their ids';
    if (wrong !== undefined) throw malformedContacts(wrong);
    return page;
  });
}

/** A contact of a page with what hangs on it. */
export function assembled(
  item: Item,
  memberships: readonly AcMembership[] | undefined,
  tags: readonly string[] | undefined,
): AcContact {
  const contact = contactOf(item);
  if (!contact) throw malformedContacts('a contact that cannot be read');
  return { ...contact, memberships, tags };
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
function growing(items: readonly Item[], after: string): boolean {
  let last = BigInt(after);
  for (const item of items) {
    const id = BigInt(textOf(item.id));
    if (id <= last) return false;
    last = id;
  }
  return true;
}
