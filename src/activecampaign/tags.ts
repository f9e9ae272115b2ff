import { type Connection, malformed } from './connection.ts';
import { type Item, idOf, itemsOf, textOf, totalOf } from './wire.ts';

const PAGE = 100;

/** Names of tags by id, learnt from side-loaded tags and, where those are missing, read from `/tags`. */
export interface TagNames {
  /** Takes the names that a reply brings. */
  learn(body: Item): void;
  /** The names of these tags; undefined when one has no name even in `/tags`. */
  of(ids: readonly string[]): Promise<readonly string[] | undefined>;
}

export function createTagNames(connection: Connection): TagNames {
  const names = new Map<string, string>();
  /** Ids that were not in `/tags` when it was read: `/tags` is read once more only for an id that is new. */
  const nameless = new Set<string>();

  function learn(body: Item): number {
    const tags = itemsOf(body, 'tags') ?? [];
    for (const tag of tags) {
      const id = idOf(tag.id);
      if (id !== undefined && textOf(tag.tag) !== '') names.set(id, textOf(tag.tag));
    }
    return tags.length;
  }

  async function readAll(): Promise<void> {
    for (let read = 0; ; ) {
      const query = { limit: `${PAGE}`, offset: `${read}` };
      const page = await connection.ask({ path: '/tags', query }, (body) => (itemsOf(body, 'tags') ? body : undefined));
      const total = totalOf(page);
      const before = names.size;
      const size = learn(page);
      read += size;
      // An account that ignores the offset gives the same page for ever.
      if (total === undefined && names.size === before) return;
      if (size === 0 && read < (total ?? 0))
        throw malformed('GET /api/3/tags', `${read} tags where ${total} should be`);
      if (size === 0 || read >= (total ?? Number.POSITIVE_INFINITY)) return;
    }
  }

  return {
    learn(body) {
      learn(body);
    },
    async of(ids) {
      if (ids.some((id) => !names.has(id) && !nameless.has(id))) await readAll();
      for (const id of ids) if (!names.has(id)) nameless.add(id);
      const found = ids.map((id) => names.get(id)).filter((name) => name !== undefined);
      return found.length === ids.length ? found : undefined;
    },
  };
}
