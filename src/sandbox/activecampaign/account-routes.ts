import { Hono } from 'hono';
import type { Account } from './account.ts';
import { listWire, tagWire, userWire } from './account-wire.ts';
import { bodyUnder, textOf } from './body.ts';
import { windowOf } from './contact-query.ts';
import { type Linker, linksOf } from './contact-wire.ts';
import { fieldRefused, noResult } from './errors.ts';
import { byName, findExclusions } from './name-query.ts';
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
    const lists = byName(visible(c.get('user')), query, 'name');
    return c.json({
      lists: lists.slice(offset, offset + limit).map((list) => listWire(list, linker)),
      meta: { total: String(lists.length) },
    });
  });

  routes.get('/lists/exclusions', (c) => {
    const query = new URL(c.req.url).searchParams;
    const { limit, offset } = windowOf(query);
    const exclusions = findExclusions(account.exclusions, query);
    return c.json({ exclusions: exclusions.slice(offset, offset + limit), meta: { total: exclusions.length } });
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
    const named = [...account.tags.values()].filter(({ name }) => name.toLowerCase().includes(part));
    const tags = byName(named, query, 'search');
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
