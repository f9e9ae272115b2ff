import { describe, expect, test } from 'vitest';
import { answering, everybody, failureOf } from './sandboxed.ts';

/** One contact as a page brings it, with or without the ids of what hangs on it. */
const ida = (own: object = {}) => ({ id: '7', email: 'ida@example.com', bounced_hard: '0', ...own });
const onNews = { id: '70', contact: '7', list: '1', status: '1' };
const onOffers = { id: '71', contact: '7', list: '2', status: '2' };
const page = (contact: object, more: object) => ({ contacts: [contact], meta: { total: '1' }, ...more });
const tagless = { contactTags: [], tags: [] };

describe('memberships', () => {
  test('are whole when every row that the contact names has come', async () => {
    const { client, urls } = answering(() =>
      page(ida({ contactLists: ['70', '71'] }), { contactLists: [onNews, onOffers], ...tagless }),
    );
    expect(await everybody(client)).toMatchObject([{ memberships: [{ id: '70' }, { id: '71' }] }]);
    expect(urls).toHaveLength(1);
  });

  test('are read one by one once a cap shows, where contacts do not name their own', async () => {
    const eve = { id: '8', email: 'eve@example.com', bounced_hard: '0' };
    const hers = { id: '80', contact: '8', list: '1', status: '2' };
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/8/contactLists')
        ? { contactLists: [hers] }
        : pathname.endsWith('/7/contactLists')
          ? { contactLists: [onNews] }
          : { contacts: [ida(), eve], contactLists: [onNews], meta: { total: '2' }, ...tagless },
    );
    expect(await everybody(client)).toMatchObject([{ memberships: [{ id: '70' }] }, { memberships: [{ id: '80' }] }]);
  });

  test('are all there where an account gives them in pages, and only once where it does not', async () => {
    const many = Array.from({ length: 140 }, (_, n) => ({ id: `${n}`, contact: '7', list: `${n + 1}`, status: '2' }));
    for (const size of [100, 20, 140]) {
      const { client, urls } = answering(({ pathname, searchParams }) => {
        const offset = size === 140 ? 0 : Number(searchParams.get('offset') ?? 0);
        return pathname.endsWith('/contactLists')
          ? { contactLists: many.slice(offset, offset + size) }
          : page(ida(), tagless);
      });
      const [contact] = await everybody(client);
      expect(contact?.memberships).toHaveLength(140);
      expect(urls.length).toBeLessThan(12);
    }
  });

  test('are none when the contact names none, though the reply has no table of them', async () => {
    const { client } = answering(() => page(ida({ contactLists: [] }), tagless));
    expect(await everybody(client)).toMatchObject([{ memberships: [] }]);
  });

  test('are read one by one when the reply has no table and the contact names none either way', async () => {
    const { client, urls } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists') ? { contactLists: [onNews] } : page(ida(), tagless),
    );
    expect(await everybody(client)).toMatchObject([{ memberships: [{ id: '70', status: 1 }] }]);
    expect(urls[1]?.pathname).toBe('/api/3/contacts/7/contactLists');
  });

  test('are read one by one when one that the contact names is missing', async () => {
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists')
        ? { contactLists: [onNews, onOffers] }
        : page(ida({ contactLists: ['70', '71'] }), { contactLists: [onNews], ...tagless }),
    );
    expect(await everybody(client)).toMatchObject([{ memberships: [{ id: '70' }, { id: '71' }] }]);
  });

  test('are unknown when they are not whole then either', async () => {
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists')
        ? { contactLists: [onNews] }
        : page(ida({ contactLists: ['70', '71'] }), { contactLists: [onNews], ...tagless }),
    );
    expect(await everybody(client)).toMatchObject([{ id: '7', memberships: undefined }]);
  });

  test('are unknown when one has a status that cannot be read', async () => {
    const unread = { ...onNews, status: null };
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists')
        ? { contactLists: [unread] }
        : page(ida(), { contactLists: [unread], ...tagless }),
    );
    expect(await everybody(client)).toMatchObject([{ memberships: undefined }]);
  });

  test('are unknown when the contact is gone meanwhile, and the page goes on', async () => {
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists')
        ? Response.json({ message: 'No Result found for Subscriber with id 7' }, { status: 404 })
        : page(ida({ contactLists: ['70'] }), { contactLists: [], ...tagless }),
    );
    expect(await everybody(client)).toMatchObject([{ memberships: undefined }]);
  });

  test('are unknown when the reply about the contact alone stays cut, and the page goes on', async () => {
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists')
        ? new Response('{"contactLists":[{"id"')
        : page(ida({ contactLists: ['70'] }), { contactLists: [], ...tagless }),
    );
    expect(await everybody(client)).toMatchObject([{ memberships: undefined }]);
  });

  test('that cannot be read for want of a right stop the reading', async () => {
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactLists')
        ? Response.json({ message: 'Forbidden' }, { status: 403 })
        : page(ida(), tagless),
    );
    expect((await failureOf(everybody(client))).kind).toBe('forbidden');
  });

  test('of the contact with an address come from its own reply when the page cannot be checked', async () => {
    const { client, urls } = answering(({ pathname }) =>
      pathname.endsWith('/contacts/7')
        ? { contact: ida({ contactLists: ['70', '71'] }), contactLists: [onNews, onOffers] }
        : page(ida(), { contactLists: [onNews], ...tagless }),
    );
    expect((await client.contactsByEmail('ida@example.com'))[0]?.memberships).toHaveLength(2);
    expect(urls).toHaveLength(2);
  });
});

describe('tags', () => {
  const tagged = { id: '13', contact: '7', tag: '312' };
  const vip = { id: '312', tag: 'vip' };
  const lists = { contactLists: [] };

  test('take their names from the table that comes with the page', async () => {
    const { client, urls } = answering(() =>
      page(ida({ contactLists: [] }), { ...lists, contactTags: [tagged], tags: [vip] }),
    );
    expect(await everybody(client)).toMatchObject([{ tags: ['vip'] }]);
    expect(urls).toHaveLength(1);
  });

  test('take their names from /tags, read once, when no table comes', async () => {
    const { client, urls } = answering(({ pathname }) =>
      pathname.endsWith('/tags')
        ? { tags: [vip], meta: { total: '1' } }
        : page(ida(), { ...lists, contactTags: [tagged] }),
    );
    expect(await everybody(client)).toMatchObject([{ tags: ['vip'] }]);
    expect(await everybody(client)).toMatchObject([{ tags: ['vip'] }]);
    expect(urls.filter(({ pathname }) => pathname.endsWith('/tags'))).toHaveLength(1);
  });

  const many = Array.from({ length: 150 }, (_, n) => ({ id: `${301 + n}`, tag: `tag ${n}` }));
  const onSecondPage = { ...tagged, tag: '420' };
  const withTags = (answer: (offset: number) => object) =>
    answering(({ pathname, searchParams }) =>
      pathname.endsWith('/tags')
        ? answer(Number(searchParams.get('offset')))
        : page(ida(), { ...lists, contactTags: [onSecondPage] }),
    );

  test('take their names from every page of /tags', async () => {
    const { client } = withTags((offset) => ({ tags: many.slice(offset, offset + 100), meta: { total: '150' } }));
    expect(await everybody(client)).toMatchObject([{ tags: ['tag 119'] }]);
  });

  test.each([{ meta: { total: '150' } }, {}])(
    'are unknown where /tags gives its first page for ever: %o',
    async (more) => {
      const { client, urls } = withTags(() => ({ tags: many.slice(0, 100), ...more }));
      expect(await everybody(client)).toMatchObject([{ tags: undefined }]);
      expect(urls.filter(({ pathname }) => pathname.endsWith('/tags'))).toHaveLength(2);
    },
  );

  test('without a name anywhere are unknown, and /tags is not read for them again', async () => {
    const { client, urls } = answering(({ pathname }) =>
      pathname.endsWith('/tags')
        ? { tags: [], meta: { total: '0' } }
        : page(ida(), { ...lists, contactTags: [tagged] }),
    );
    expect(await everybody(client)).toMatchObject([{ tags: undefined }]);
    expect(await everybody(client)).toMatchObject([{ tags: undefined }]);
    expect(urls.filter(({ pathname }) => pathname.endsWith('/tags'))).toHaveLength(1);
  });

  test('are read contact by contact when the page has none of them', async () => {
    const { client } = answering(({ pathname }) =>
      pathname.endsWith('/contactTags')
        ? { contactTags: [tagged], tags: [vip] }
        : page(ida(), { ...lists, tags: [vip] }),
    );
    expect(await everybody(client)).toMatchObject([{ tags: ['vip'] }]);
  });
});

describe('the contact with an address', () => {
  test('is looked for by search when the exact filter is ignored', async () => {
    const other = { id: '1', email: 'other@example.com', contactLists: [], contactTags: [] };
    const { client, urls } = answering(({ searchParams }) =>
      searchParams.has('search')
        ? page(ida({ contactLists: [], contactTags: [] }), {})
        : { contacts: [other], meta: { total: '1' } },
    );
    expect(await client.contactsByEmail('Ida@example.com')).toMatchObject([{ id: '7' }]);
    expect(urls.map(({ searchParams }) => searchParams.get('search') ?? searchParams.get('email'))).toEqual([
      'iDa@ExAmPlE.cOm',
      'ida@example.com',
    ]);
  });

  test('is not said to be missing when the search is ignored too', async () => {
    const contacts = Array.from({ length: 100 }, (_, n) => ({ id: `${n + 1}`, email: `p${n}@example.com` }));
    const { client } = answering(() => ({ contacts, contactLists: [], contactTags: [], meta: { total: '5000' } }));
    expect((await failureOf(client.contactsByEmail('ida@example.com'))).kind).toBe('malformed');
  });
});

describe('lists', () => {
  test('whose pages do not add up to the total are malformed', async () => {
    const { client } = answering(({ searchParams }) => ({
      lists: searchParams.get('offset') === '0' ? [{ id: '1', name: 'News' }] : [],
      meta: { total: '2' },
    }));
    expect((await failureOf(client.lists())).kind).toBe('malformed');
  });

  test('are all where no total is said and the offset is passed over', async () => {
    const { client, urls } = answering(() => ({ lists: [{ id: '1', name: 'News' }] }));
    expect((await client.lists()).map(({ id }) => id)).toEqual(['1']);
    expect(urls).toHaveLength(2);
  });

  test('whose second page is the first again are malformed', async () => {
    const { client } = answering(() => ({ lists: [{ id: '1', name: 'News' }], meta: { total: '2' } }));
    expect((await failureOf(client.lists())).kind).toBe('malformed');
  });
});

test('a total that ignores the filter does not spoil the end', async () => {
  const { client } = answering(({ searchParams }) => {
    const first = searchParams.get('id_greater') === '0';
    return { contacts: first ? [ida()] : [], contactLists: [], contactTags: [], meta: { total: 9 } };
  });
  expect(await everybody(client)).toHaveLength(1);
});
