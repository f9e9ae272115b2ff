import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import type { AcContact, AcContactPage, ActiveCampaign, ContactFilter } from './activecampaign.ts';
import { checkedConnection } from './checked-connection.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { assembled, contactPage, orUnknown, PAGE, type Page } from './contact-page.ts';
import { createImports } from './imports.ts';
import { onePersonOver } from './one-person.ts';
import { accountOrigin } from './origin.ts';
import { rangesOf, sideBySide } from './ranges.ts';
import { setMembership } from './set-membership.ts';
import { createTagNames } from './tags.ts';
import { membershipsIn, namesItsOwn, type RowsByContact, tagIdsIn } from './whole.ts';
import { type Item, idOf, itemsOf, textOf } from './wire.ts';

/** Pages of a range: each range costs half a page more, because its last one reaches into the next. */
const RANGE = 25;
/** Of a range where replies are so slow that only many at once keep the pace up. */
const SHORT_RANGE = 8;
const MOST_RANGES = 60;

/**
 * ActiveCampaign's API v3 over fetch, for the service worker and for Node alike. Throws an Error at once when the
 * address or the key cannot be right.
 */
export function createActiveCampaign(options: ConnectionOptions): ActiveCampaign {
  return activeCampaignOver(checkedConnection({ ...options, url: accountOrigin(options.url) }));
}

/** The same over a connection that others use too, so that one pace holds for all. */
export function activeCampaignOver(connection: Connection): ActiveCampaign {
  const names = createTagNames(connection);
  /** Memberships in the largest page so far that could be trusted. */
  let largest = -1;
  let distrusted = false;
  let takesIds = true;

  return {
    get calls() {
      return connection.calls;
    },
    get serverTime() {
      return connection.serverTime;
    },

    ...onePersonOver(connection, names),
    setMembership: (change) => setMembership(connection, change),

    me() {
      return connection.ask({ path: '/users/me' }, ({ user }) => {
        const id = isObject(user) ? idOf(user.id) : undefined;
        return isObject(user) && id !== undefined ? { id, username: textOf(user.username) } : undefined;
      });
    },

    async *contacts({ after = '0', abreast = 1, ...filter } = {}) {
      const first = pages(after, undefined, filter);
      if (abreast < 2 || filter.on || filter.changedSince !== undefined) return yield* first;
      const { value: page } = await first.next();
      if (!page) return;
      yield page;
      const end = page.contacts.at(-1)?.id ?? after;
      const last = rangesIn(page.total) < 2 ? end : await lastId();
      if (BigInt(last) <= BigInt(end)) return yield* first;
      const many = rangesIn(page.total);
      // The same number for each way, so that none is still at work when the others are done.
      const count = many < abreast ? many : many - (many % abreast);
      const ranges = rangesOf({ after: end, upTo: last }, count, PAGE);
      const parts = ranges.map((range) => () => pages(range.after, range.upTo));
      for await (const part of sideBySide(parts, abreast)) yield { ...part, total: page.total };
      // Whoever is new has a higher id; read last, as if all had been read in order.
      yield* pages(last);
    },

    contact: alone,

    async contactsById(ids) {
      const found = new Map<string, AcContact>();
      for (let from = 0; from < ids.length; from += PAGE) {
        const part = ids.slice(from, from + PAGE);
        for (const contact of part.length > 1 ? await together(part) : []) found.set(contact.id, contact);
        for (const id of part) {
          const contact = found.has(id) ? undefined : await alone(id);
          if (contact) found.set(id, contact);
        }
      }
      return found;
    },

    imports: createImports(connection),
  };

  /**
   * Pages in the order of the ids, up to and with `upTo`. That `id_greater` gives the ids in order and leaves out none is
   * all that this relies on: whoever is above `upTo` is cut off here.
   */
  async function* pages(
    after: string,
    upTo?: string,
    filter: ContactFilter = {},
  ): AsyncGenerator<AcContactPage, void, undefined> {
    const matching = filterOf(filter);
    let last = after;
    let before: number | undefined;
    for (;;) {
      const page = await contactPage(
        connection,
        names,
        { ...matching, id_greater: last, limit: `${PAGE}` },
        last,
        ({ items, total }) => {
          // Nobody although somebody should match. Where the total ignores id_greater it stays as it was before.
          const astray =
            items.length === 0 && (total ?? 0) > 0 && (before === undefined ? after === '0' : total !== before);
          return astray ? `no contacts although ${total} match` : undefined;
        },
      );
      const end = page.items.at(-1);
      if (!end) {
        // That there is nobody is an answer too, and has its time.
        if (last === after) yield { contacts: [], at: page.at, total: page.total };
        return;
      }
      const within = page.items.filter((item) => upTo === undefined || BigInt(textOf(item.id)) <= BigInt(upTo));
      yield { contacts: await complete({ ...page, items: within }), at: page.at, total: page.total };
      last = textOf(end.id);
      before = page.total;
      if (upTo !== undefined && BigInt(last) >= BigInt(upTo)) return;
      // A full page is followed up even if the total says that it is all: only so is a wrong total harmless.
      if (page.total === page.items.length && page.items.length < PAGE) return;
    }
  }

  /** In how many ranges so many contacts are read: few, and as many more as slow replies make needful. */
  function rangesIn(total = 0): number {
    const fitting = (range: number) => Math.floor(total / (range * PAGE));
    return Math.min(MOST_RANGES, Math.max(fitting(RANGE), Math.min(connection.needed, fitting(SHORT_RANGE))));
  }

  /** The highest id, where the account orders as it is asked to; a lower one, or 0, does no harm. */
  async function lastId(): Promise<string> {
    const query = { status: '-1', limit: '1', 'orders[id]': 'DESC' };
    const { id } = await connection.ask({ path: '/contacts', query }, (body) => {
      const items = itemsOf(body, 'contacts');
      return items && { id: idOf(items[0]?.id) ?? '0' };
    });
    return id;
  }

  async function alone(id: string): Promise<AcContact | undefined> {
    const last = `${BigInt(id) - 1n}`;
    const page = await contactPage(connection, names, { id_greater: last, limit: '1' }, last);
    const [contact] = await complete({ ...page, items: page.items.filter((item) => textOf(item.id) === id) });
    return contact;
  }

  /**
   * As many of these as one call brings: that `ids[]` goes together with `include` is documented nowhere (facts section
   * 9, E). An account that answers with somebody else, or not readably, is not asked so again.
   */
  async function together(ids: readonly string[]): Promise<readonly AcContact[]> {
    if (!takesIds) return [];
    try {
      const page = await contactPage(connection, names, { 'ids[]': ids, limit: `${PAGE}` }, '0');
      const asked = new Set(ids);
      takesIds = page.items.every((item) => asked.has(textOf(item.id)));
      return await complete({ ...page, items: page.items.filter((item) => asked.has(textOf(item.id))) });
    } catch (error) {
      if (!(error instanceof ServiceFailure) || !['rejected', 'malformed', 'not-found'].includes(error.kind))
        throw error;
      takesIds = false;
      return [];
    }
  }

  /** The contacts of a page with all that hangs on them; what the page lacks is read contact by contact. */
  async function complete(came: Page): Promise<readonly AcContact[]> {
    const contacts: AcContact[] = [];
    const page = (await trusted(came)) ? came : { ...came, memberships: undefined };
    for (const item of page.items) {
      const memberships =
        membershipsIn(item, page.memberships) ?? (await hangingOn(item, 'contactLists', membershipsIn));
      const tagIds = tagIdsIn(item, page.tagLinks) ?? (await hangingOn(item, 'contactTags', tagIdsIn));
      contacts.push(assembled(item, memberships, tagIds && (await names.of(tagIds))));
    }
    return contacts;
  }

  /**
   * Whether side-loaded rows may be taken as all there are. Where contacts do not name their own, a cap on the rows of a
   * reply could not be seen (none is published: facts section 2). So one contact of each page that has more rows than
   * any page before is read by itself, the last that seems to have none; one difference ends the trust for good.
   */
  async function trusted({ items, memberships: rows }: Page): Promise<boolean> {
    if (!rows || items.some((item) => namesItsOwn(item, 'contactLists'))) return true;
    const size = [...rows.values()].reduce((sum, mine) => sum + mine.length, 0);
    if (distrusted || size <= largest) return !distrusted;
    const suspect = items.findLast((item) => !rows.has(textOf(item.id))) ?? items.at(-1);
    if (!suspect) return true;
    const id = textOf(suspect.id);
    const own = await hangingOn(suspect, 'contactLists', (_, mine) => mine?.get(id) ?? []);
    if (!own) return false;
    distrusted = own.length !== (rows.get(id)?.length ?? 0);
    largest = size;
    return !distrusted;
  }

  /** What hangs on one contact, asked for by itself; undefined when that is not whole either, or the contact is gone. */
  function hangingOn<T>(
    item: Item,
    kind: 'contactLists' | 'contactTags',
    takeOut: (contact: Item, rows: RowsByContact) => T | undefined,
  ): Promise<T | undefined> {
    const id = textOf(item.id);
    return orUnknown(async () => {
      const path = `/contacts/${id}/${kind}`;
      const rows = await connection.ask({ path, query: { limit: `${PAGE}` } }, (body) => itemsOf(body, kind));
      return takeOut(item, new Map([[id, rows]]));
    });
  }
}

function filterOf({ on, changedSince }: ContactFilter): Record<string, string> {
  return {
    ...(on ? { listid: on.list, status: `${on.status}` } : {}),
    // With its Z: without a zone nobody knows whose time is meant (facts section 2).
    ...(changedSince === undefined ? {} : { 'filters[updated_after]': new Date(changedSince).toISOString() }),
  };
}
