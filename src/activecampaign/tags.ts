import { type Connection, malformed } from './connection.ts';
import { type Item, idOf, itemsOf, textOf, totalOf } from './wire.ts';

const PAGE = 100;

/** Names of tags by id. */
export interface TagNames {
  /** Takes the names that a reply brings. */
  learn(body: Item): void;
  /** The names of these tags; undefined when one has no name that is known. */
  of(ids: readonly string[]): Promise<readonly string[] | undefined>;
  /** The same at once, of the names that are known already. */
  known(ids: readonly string[]): readonly string[] | undefined;
}

/** Names out of what replies bring, and from nowhere else. */
export function learntTagNames(names = new Map<string, string>()): TagNames {
  const known: TagNames['known'] = (ids) => {
    const found: string[] = [];
    for (const id of ids) {
      const name = names.get(id);
      if (name === undefined) return undefined;
      found.push(name);
    }
    return found;
  };
  return {
    known,
    learn(body) {
      for (const tag of itemsOf(body, 'tags') ?? []) {
        const id = idOf(tag.id);
        if (id !== undefined && textOf(tag.tag) !== '') names.set(id, textOf(tag.tag));
      }
    },
    of: async (ids) => known(ids),
  };
}

/** The same, and where a name is missing every tag is read from `/tags`. */
export function createTagNames(connection: Connection): TagNames {
  const names = new Map<string, string>();
  const learnt = learntTagNames(names);
  /** Ids that were not in `/tags` when it was read: `/tags` is read once more only for an id that is new. */
  const nameless = new Set<string>();

  async function readAll(): Promise<void> {
    for (let read = 0; ; ) {
      const query = { limit: `${PAGE}`, offset: `${read}` };
      const page = await connection.ask({ path: '/tags', query }, (body) => (itemsOf(body, 'tags') ? body : undefined));
      const total = totalOf(page);
      const before = names.size;
      const size = itemsOf(page, 'tags')?.length ?? 0;
      learnt.learn(page);
      read += size;
      // An account that ignores the offset gives the same page for ever.
      if (total === undefined && names.size === before) return;
      if (size === 0 && read < (total ?? 0))
        throw malformed('GET /api/3/tags', `${read} tags where ${total} should be`);
      if (size === 0 || read >= (total ?? Number.POSITIVE_INFINITY)) return;
    }
  }

  return {
    learn: learnt.learn,
    known: learnt.known,
    async of(ids) {
      if (ids.some((id) => !names.has(id) && !nameless.has(id))) await readAll();
      for (const id of ids) if (!names.has(id)) nameless.add(id);
      return learnt.of(ids);
    },
  };
}
