import { Hono } from 'hono';
import type { Account } from './account.ts';
import { listWire, tagWire, userWire } from './account-wire.ts';
import { bodyUnder, textOf } from './body.ts';
import { windowOf } from './contact-query.ts';
import { type Linker, linksOf } from './contact-wire.ts';
import { fieldRefused, noResult, unknownFilter } from './errors.ts';
import type { ListRow, UserRow } from './rows.ts';

/** What the routes know of the request's sender. */
export type KnownUser = { Variables: { user: UserRow } };

/** The model names that a 404 has for what is not there. */
const NAMED = { campaign: 'Campaign', automation: 'Series', form: 'Form' } as const;

/** `/users`, `/lists`, `/tags`, and the names of campaigns, automations and forms. */
export function accountRoutes(account: Account, linker: Linker): Hono<KnownUser> {
  const routes = new Hono<KnownUser>();

  routes.get('/users/me', (c) => c.json({ user: userWire(c.get('user'), linker) }));

  const visible = (user: UserRow): ListRow[] =>
    [...account.lists.values()].filter((list) => !list.hiddenFrom.has(user.id));

  routes.get('/lists', (c) => {
    const query = new URL(c.req.url).searchParams;
    const { limit, offset } = windowOf(query);
    const tests = nameTests(query);
    const lists = visible(c.get('user')).filter((list) => tests.every((test) => test(list.name)));
    return c.json({
      lists: lists.slice(offset, offset + limit).map((list) => listWire(list, linker)),
      meta: { total: String(lists.length) },
    });
  });

  routes.get('/lists/exclusions', (c) => {
    const query = new URL(c.req.url).searchParams;
    const filter = [...query.keys()].find((name) => name.startsWith('filters['));
    if (filter !== undefined) throw unknownFilter(filter);
    const { limit, offset } = windowOf(query);
    const exclusions = account.exclusions.slice(offset, offset + limit);
    return c.json({ exclusions, meta: { total: account.exclusions.length } });
  });

  routes.get('/lists/:id', (c) => {
    const list = visible(c.get('user')).find(({ id }) => id === c.req.param('id'));
    if (!list) throw noResult('_List', c.req.param('id'));
    return c.json({ list: listWire(list, linker) });
  });

  routes.get('/tags', (c) => {
    const query = new URL(c.req.url).searchParams;
    const { limit, offset } = windowOf(query);
    const part = (query.get('search') ?? '').toLowerCase();
    const exact = query.get('filters[search][eq]');
    const tags = [...account.tags.values()].filter(
      ({ name }) => name.toLowerCase().includes(part) && (exact === null || name === exact),
    );
    return c.json({
      tags: tags.slice(offset, offset + limit).map((tag) => tagWire(tag, linker)),
      meta: { total: String(tags.length) },
    });
  });

  routes.get('/tags/:id', (c) => {
    const tag = account.tags.get(c.req.param('id'));
    if (!tag) throw noResult('Tag', c.req.param('id'));
    return c.json({ tag: tagWire(tag, linker) });
  });

  routes.post('/tags', async (c) => {
    const fields = await bodyUnder(c.req, 'tag');
    const name = textOf(fields.tag);
    if (!name) throw fieldRefused('tag', 'field_missing');
    const made = account.tagNamed(name, { description: textOf(fields.description) ?? '' });
    const { tag, description, tagType, cdate, links, id } = tagWire(made, linker);
    return c.json({ tag: { tag, description, tagType, cdate, links, id } }, 201);
  });

  for (const kind of ['campaign', 'automation', 'form'] as const)
    routes.get(`/${kind}s/:id`, (c) => {
      const id = c.req.param('id');
      const name = account.names.get(`${kind} ${id}`);
      if (name === undefined) throw noResult(NAMED[kind], id);
      return c.json({ [kind]: { id, name, links: linksOf(linker, `${kind}s/${id}`, []) } });
    });

  return routes;
}

/** `filters[name]` (contains) and `filters[name][eq|neq|contains|starts_with]`. */
function nameTests(query: URLSearchParams): ((name: string) => boolean)[] {
  const tests: ((name: string) => boolean)[] = [];
  for (const [filter, value] of query) {
    const wanted = value.toLowerCase();
    const operator = /^filters\[name\](?:\[(\w+)\])?$/.exec(filter);
    if (!operator) continue;
    if (operator[1] === 'eq') tests.push((name) => name.toLowerCase() === wanted);
    else if (operator[1] === 'neq') tests.push((name) => name.toLowerCase() !== wanted);
    else if (operator[1] === 'starts_with') tests.push((name) => name.toLowerCase().startsWith(wanted));
    else if (operator[1] === undefined || operator[1] === 'contains') {
      tests.push((name) => name.toLowerCase().includes(wanted));
    }
  }
  return tests;
}
