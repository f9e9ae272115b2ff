import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import type { AcContact, AcContactPage, ActiveCampaign, ContactFilter } from './activecampaign.ts';
import { checkedConnection } from './checked-connection.ts';
import type { Connection, ConnectionOptions } from './connection.ts';
import { type Came, contactPage, orUnknown, PAGE, type Page } from './contact-page.ts';
import { createImports } from './imports.ts';
import { restByOffset } from './offsets.ts';
import { onePersonOver } from './one-person.ts';
import { accountOrigin } from './origin.ts';
import { type Range, rangesOf, sideBySide } from './ranges.ts';
import { rowsOf } from './rows-of.ts';
import { setMembership } from './set-membership.ts';
import { createTagNames } from './tags.ts';
import { membershipsIn, namesItsOwn, type RowsByContact, tagIdsIn } from './whole.ts';
import { type Item, idOf, matchesIn, textOf } from './wire.ts';

/** Pages of a range: each range costs half a page more, because its last one reaches into the next. */
const RANGE = 25;
/** Of a range where replies are so slow that only many at once keep the pace up. */
const SHORT_RANGE = 8;
const MOST_RANGES = 60;
/** So many pages of one question are read one after another. */
const FEW = 3;
/** So many under way at most keep up a pace that one after another keeps nearly as well. */
const QUICK = 3;
/** After a page of so many a total tells whether it counts everybody or whoever is left, though people come and go. */
const TELLING = 20;

/**
 * How far somebody is who reads pages in order. The page is here, and not in a variable of a generator, because that would
 * hold on to it until the next one has come.
 */
interface Place {
  readonly after: string;
  readonly upTo: bigint | null;
  readonly matching: Readonly<Record<string, string>>;
  last: string;
  /** How many contacts the page before brought, and the total that it named. */
  before?: { readonly size: number; readonly total: number | undefined };
  over?: boolean;
  page?: AcContactPage | undefined;
}

/**
 * ActiveCampaign's API v3 over fetch, for the service worker and for Node alike. Throws an Error at once when the
 * address or the key cannot be right.
 */
export function createActiveCampaign(options: ConnectionOptions): ActiveCampaign {
  return activeCampaignOver(checkedConnection({ ...options, url: accountOrigin(options.url) }));
}

/** The same over a connection that others use too, so that one pace holds for all. */
export function activeCampaignOver(connection: Connection, names = createTagNames(connection)): ActiveCampaign {
  /** Memberships in the largest page so far that could be trusted. */
  let largest = -1;
  let distrusted = false;
  let takesIds = true;
  /** The account's totals pass over `id_greater`, as pages so far showed. */
  let countsAll: boolean | undefined;

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

    async *contacts({ after = '0', abreast = 1, known = [], unheard = false, ...filter } = {}) {
      const first = pages(after, undefined, filter);
      if (abreast < 2 || filter.on || filter.changedSince !== undefined) return yield* first;
      if (known.length > 1) {
        const ranges = known.map((upTo, n) => ({ after: known[n - 1] ?? after, upTo }));
        return yield* inRanges(ranges, abreast, known.length * PAGE);
      }
      // Where replies are slow it is asked before anybody knows whether that is worth it: nothing else can be done meanwhile.
      let highest = unheard || connection.needed > 2 ? lastId() : undefined;
      highest?.catch(() => undefined);
      const { value: page } = await first.next();
      if (!page) return;
      yield page;
      const end = page.contacts.at(-1)?.id ?? after;
      const many = rangesIn(page.total);
      if (many >= 2) highest ??= lastId();
      const last = (many >= 2 && (await highest)) || end;
      if (BigInt(last) <= BigInt(end)) return yield* first;
      // The same number for each way, so that none is still at work when the others are done.
      const count = many < abreast ? many : many - (many % abreast);
      yield* inRanges(rangesOf({ after: end, upTo: last }, count, PAGE), abreast, page.total);
    },

    get slow() {
      // One after another four a second, where each takes a quarter of one.
      return connection.needed > QUICK;
    },

    restAbreast(on, first, { abreast, expected }) {
      const total = expected ?? ('total' in first ? first.total : undefined) ?? 0;
      const worthIt = expected === undefined ? connection.needed > QUICK && total >= FEW * PAGE : total > PAGE;
      if (abreast < 2 || !worthIt) return undefined;
      const filter = { on };
      const at = async (place: number): Promise<AcContactPage> => {
        const query = { ...filterOf(filter), offset: `${place}`, limit: `${PAGE}` };
        const page = await contactPage(connection, names, query, '0');
        return { contacts: await complete(page), at: page.at, total: page.total };
      };
      return restByOffset({ first, expected: total, abreast, at, after: (id, upTo) => pages(id, upTo, filter) });
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
    inBackground: () => activeCampaignOver(yielding(connection), names),
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
    const place: Place = {
      after,
      upTo: upTo === undefined ? null : BigInt(upTo),
      matching: filterOf(filter),
      last: after,
    };
    while (await turn(place)) yield given(place);
  }

  /** Ranges side by side, and whoever is above them all: since new contacts have higher ids, nobody is left out. */
  async function* inRanges(
    ranges: readonly Range[],
    abreast: number,
    total: number | undefined,
  ): AsyncGenerator<AcContactPage, void, undefined> {
    const parts = ranges.map(
      ({ after, upTo }) =>
        () =>
          pages(after, upTo),
    );
    const above = async function* () {
      for await (const page of pages(ranges.at(-1)?.upTo ?? '0')) yield { ...page, newest: true } as const;
    };
    // Not before one of the ranges is read to its end: then the others are on their last pages.
    for await (const page of sideBySide([...parts, above], Math.min(abreast, parts.length))) yield { ...page, total };
  }

  /** Reads the next page; whether there is one. */
  async function turn(place: Place): Promise<boolean> {
    if (place.over) return false;
    const { upTo, last } = place;
    const query = { ...place.matching, id_greater: last, limit: `${PAGE}` };
    const page = await contactPage(connection, names, query, last, ({ contacts, total }) => {
      // Nobody although somebody should match. Where the total ignores id_greater it stays about as it was.
      const some = contacts.length === 0 && (total ?? 0) > 0;
      const astray = some && (place.before ? !(countsAll ?? isSteady(place.before, total)) : place.after === '0');
      return astray ? `no contacts although ${total} match` : undefined;
    });
    const end = page.contacts.at(-1);
    if (!end) {
      place.over = true;
      // That there is nobody is an answer too, and has its time.
      if (last === place.after) place.page = { contacts: [], at: page.at, total: page.total };
      return place.page !== undefined;
    }
    const contacts = page.contacts.filter(({ contact }) => upTo === null || BigInt(contact.id) <= upTo);
    place.page = { contacts: await complete({ ...page, contacts }), at: page.at, total: page.total };
    place.last = end.contact.id;
    if (place.before && place.before.size >= TELLING) countsAll = isSteady(place.before, page.total);
    place.before = { size: page.contacts.length, total: page.total };
    // A full page is followed up even if the total says that it is all: only so is a wrong total harmless.
    const all = page.total === page.contacts.length && page.contacts.length < PAGE;
    place.over = all || (upTo !== null && BigInt(place.last) >= upTo);
    return true;
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
      const items = matchesIn(body, 'contacts');
      return items && { id: idOf(items[0]?.id) ?? '0' };
    });
    return id;
  }

  async function alone(id: string): Promise<AcContact | undefined> {
    const last = `${BigInt(id) - 1n}`;
    const page = await contactPage(connection, names, { id_greater: last, limit: '1' }, last);
    const [contact] = await complete({ ...page, contacts: page.contacts.filter(({ contact }) => contact.id === id) });
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
      takesIds = page.contacts.every(({ contact }) => asked.has(contact.id));
      return await complete({ ...page, contacts: page.contacts.filter(({ contact }) => asked.has(contact.id)) });
    } catch (error) {
      if (!(error instanceof ServiceFailure) || !['rejected', 'malformed', 'not-found'].includes(error.kind))
        throw error;
      takesIds = false;
      return [];
    }
  }

  /** The contacts of a page with all that hangs on them; what the page lacks is read contact by contact. */
  async function complete(page: Page): Promise<readonly AcContact[]> {
    const contacts: AcContact[] = [];
    const sure = await trusted(page);
    // Where all came as it should nothing is waited for: this is done for everybody.
    for (const came of page.contacts) {
      const { contact, own } = came;
      const memberships =
        (sure ? came.memberships : membershipsIn(own, undefined)) ??
        (await hangingOn(own, 'contactLists', membershipsIn));
      const tagIds = came.tagIds ?? (await hangingOn(own, 'contactTags', tagIdsIn));
      const tags = tagIds && (names.known(tagIds) ?? (await names.of(tagIds)));
      contacts.push({ ...contact, memberships, tags });
    }
    return contacts;
  }

  /**
   * Whether side-loaded rows may be taken as all there are. Where contacts do not name their own, a cap on the rows of a
   * reply could not be seen (none is published: facts section 2). So one contact of each page that has more rows than
   * any page before is read by itself, the last that seems to have none; one difference ends the trust for good.
   */
  async function trusted({ contacts, rows: size }: Page): Promise<boolean> {
    if (size === undefined || contacts.some(({ own }) => namesItsOwn(own, 'contactLists'))) return true;
    if (distrusted || size <= largest) return !distrusted;
    const suspect: Came | undefined = contacts.findLast(({ rows }) => rows === 0) ?? contacts.at(-1);
    if (!suspect) return true;
    const { id } = suspect.contact;
    const own = await hangingOn(suspect.own, 'contactLists', (_, mine) => mine?.get(id) ?? []);
    if (!own) return false;
    distrusted = own.length !== suspect.rows;
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
    return orUnknown(async () => takeOut(item, new Map([[id, await rowsOf(connection, id, kind)]])));
  }
}

/** The same connection for requests that let all others go first; its calls are its own. */
function yielding(connection: Connection): Connection {
  const mine = { calls: 0 };
  return {
    get calls() {
      return mine.calls;
    },
    get serverTime() {
      return connection.serverTime;
    },
    get needed() {
      return connection.needed;
    },
    ask(request, read) {
      return connection.ask({ ...request, behind: mine }, read);
    },
  };
}

/**
 * Whether a total is nearer to that of the page before than to what that page left. Neither need be met: people come and
 * go meanwhile.
 */
function isSteady({ size, total: before = 0 }: NonNullable<Place['before']>, total = 0): boolean {
  return Math.abs(total - before) < Math.abs(total - (before - size));
}

function given(place: Place): AcContactPage {
  const { page } = place;
  if (!page) throw new Error('a turn that brought a page has one');
  place.page = undefined;
  return page;
}

function filterOf({ on, changedSince }: ContactFilter): Record<string, string> {
  return {
    ...(on ? { listid: on.list, status: `${on.status}` } : {}),
    // With its Z: without a zone nobody knows whose time is meant (facts section 2).
    ...(changedSince === undefined ? {} : { 'filters[updated_after]': new Date(changedSince).toISOString() }),
  };
}
