import { isObject } from '../service/http.ts';
import type { AcContact, AcList, AcMembership, ActiveCampaign } from './activecampaign.ts';
import { type Connection, malformed } from './connection.ts';
import { type Came, contactPage, malformedContacts, orUnknown, PAGE } from './contact-page.ts';
import { learntTagNames, type TagNames } from './tags.ts';
import { membershipsIn, namesItsOwn, rowsByContact } from './whole.ts';
import { itemsOf, listOf, totalOf } from './wire.ts';

/** As much of ActiveCampaign as it takes to see one person. */
export type OnePerson = Pick<ActiveCampaign, 'lists' | 'contactsByEmail'>;

/** @param names where tags get their names from; by default from what comes along with the contact. */
export function onePersonOver(connection: Connection, names: TagNames = learntTagNames()): OnePerson {
  /** Whether the look-up by address finds nobody whose address is written otherwise; nobody knows before it was seen. */
  let mindsCase: boolean | undefined;

  /** Side-loaded rows that cannot be checked are read again: it is only one contact. */
  async function one({ contact, own, ...came }: Came): Promise<AcContact> {
    const sure = namesItsOwn(own, 'contactLists') ? came.memberships : undefined;
    const memberships = sure ?? (await detailOf(contact.id));
    return { ...contact, memberships, tags: came.tagIds && (await names.of(came.tagIds)) };
  }

  /** The reply about one contact brings its memberships without being asked to (facts section 2). */
  function detailOf(id: string): Promise<readonly AcMembership[] | undefined> {
    const path = `/contacts/${id}`;
    return orUnknown(async () => {
      const detail = await connection.ask({ path }, (body) => (isObject(body.contact) ? body : undefined));
      const contact = isObject(detail.contact) ? detail.contact : {};
      return membershipsIn(contact, rowsByContact(itemsOf(detail, 'contactLists')));
    });
  }

  return {
    async lists() {
      const found = new Map<string, AcList>();
      for (;;) {
        const query = { limit: `${PAGE}`, offset: `${found.size}` };
        const page = await connection.ask({ path: '/lists', query }, (body) => {
          const lists = itemsOf(body, 'lists')?.map(listOf);
          const fresh = lists?.filter((list) => list !== undefined);
          if (!fresh || fresh.length !== lists?.length) return undefined;
          const total = totalOf(body);
          const short = total === undefined ? false : found.size + fresh.length < total && fresh.length === 0;
          const again = fresh.filter((list) => found.has(list.id)).length;
          // Without a total, a page that came before means that the offset is ignored and that this was all.
          if (total === undefined && again > 0 && again === fresh.length) return { fresh: [], total };
          if (short || again > 0) {
            throw malformed('GET /api/3/lists', `the pages do not add up to ${total ?? 'a whole'} lists`);
          }
          return { fresh, total };
        });
        for (const list of page.fresh) found.set(list.id, list);
        if (page.fresh.length === 0 || found.size >= (page.total ?? Number.POSITIVE_INFINITY))
          return [...found.values()];
      }
    },

    async contactsByEmail(address) {
      const wanted = address.trim().toLowerCase();
      const isWanted = ({ contact }: Came): boolean => !contact.gone && contact.email.toLowerCase() === wanted;
      if (wanted === '') return [];
      // Spelt as nobody spells it: where that finds an address that is written otherwise, the case is not minded and these
      // are all of them. No unknown filter is taken on trust: it is ignored in silence.
      const odd = wanted.replace(/([a-z].*?)([a-z])/g, (_, before, letter) => before + letter.toUpperCase());
      const ask = (filter: 'email' | 'search', text: string) =>
        contactPage(connection, names, { [filter]: text, limit: `${PAGE}` }, '0');
      const { contacts } = mindsCase ? { contacts: [] } : await ask('email', odd);
      if (contacts.every(isWanted) && contacts.some(({ contact }) => contact.email !== odd)) {
        mindsCase = false;
        return Promise.all(contacts.map(one));
      }
      const exact = mindsCase === undefined && contacts.every(isWanted) ? ask('email', wanted) : undefined;
      const [searched, other] = await Promise.all([ask('search', wanted), exact]);
      const found = searched.contacts.filter(isWanted);
      if (searched.contacts.length >= PAGE) {
        // Who is on another page of the search is not known, but whom the look-up itself finds is.
        const had = [...contacts, ...(other?.contacts ?? [])].filter(isWanted);
        if (had.length === 0) throw malformedContacts('too many contacts match');
        return Promise.all(had.map(one));
      }
      // From now on the search alone is enough there.
      if (found.length > 0 && !contacts.some(isWanted)) mindsCase = true;
      return Promise.all(found.map(one));
    },
  };
}
