import { bounceWords } from './bounces.ts';
import type { Connection } from './connection.ts';
import { nameIn } from './names.ts';
import { countOf, idOf, itemsOf, matchesIn, textOf, totalOf } from './wire.ts';

/** A tag as `/tags` shows it. */
export interface AcTag {
  readonly id: string;
  readonly name: string;
  /** How many contacts carry it; undefined where the account does not say. */
  readonly contacts: number | undefined;
}

/** What is asked about an account as a whole, by few and cheap calls. Every method rejects with a `ServiceFailure`. */
export interface Survey {
  /** The tag of exactly this name; undefined when there is none. */
  tag(name: string): Promise<AcTag | undefined>;
  /** How many contacts with this tag have changed since an instant (ms); undefined where the reply does not say. */
  changedSince(tag: string, since: number): Promise<number | undefined>;
  /** What a campaign, an automation or a form is called; null where it has no name. */
  nameOf(kind: 'campaign' | 'automation' | 'form', id: string): Promise<string | null>;
  /** What the latest bounce of a contact said; null where the log has no words. */
  bounceWords(contact: string): Promise<string | null>;
}

/** A page of `/tags`. */
const PAGE = 100;

export function createSurvey(connection: Connection): Survey {
  return {
    async tag(name) {
      // `search` finds what contains the name, so that the one may stand on a later page.
      for (let read = 0; ; ) {
        const query = { search: name, limit: `${PAGE}`, offset: `${read}` };
        const page = await connection.ask({ path: '/tags', query }, (body) => {
          const tags = itemsOf(body, 'tags');
          return tags && { tags, total: totalOf(body) };
        });
        const found = page.tags.find((tag) => textOf(tag.tag) === name);
        const id = idOf(found?.id);
        if (found && id !== undefined) return { id, name, contacts: countOf(found.subscriber_count) };
        read += page.tags.length;
        if (page.tags.length === 0 || read >= (page.total ?? Number.POSITIVE_INFINITY)) return undefined;
      }
    },

    async changedSince(tag, since) {
      const query = {
        tagid: tag,
        status: '-1',
        limit: '1',
        // With its Z: without a zone nobody knows whose time is meant (facts section 2).
        'filters[updated_after]': new Date(since).toISOString(),
      };
      const { total } = await connection.ask({ path: '/contacts', query }, (body) =>
        matchesIn(body, 'contacts') ? { total: totalOf(body) } : undefined,
      );
      return total;
    },

    nameOf: (kind, id) => nameIn(connection, kind, id),
    bounceWords: (contact) => bounceWords(connection, contact),
  };
}
