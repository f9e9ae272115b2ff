import { beforeEach, describe, expect, it } from 'vitest';
import { callsTo, emptyAccount, keys } from './calls.ts';
import { BOUNCE, CONTACT_TAG, scalarsAreText, TAG, USER } from './shapes.ts';

let world = emptyAccount();

beforeEach(() => {
  world = emptyAccount();
});

it('gives every reply an id of its own, a refusal too', async () => {
  const replies = [await world.get('lists'), await world.get('contacts/9'), await world.get('lists')];
  const ids = replies.map(({ headers }) => headers.get('X-Request-Id'));
  expect(ids.every((id) => /^[0-9a-f-]{36}$/.test(id ?? ''))).toBe(true);
  expect(new Set(ids).size).toBe(3);
});

it('has what stands before the account tell of every reply, as recorded', async () => {
  const replies = [await world.get('lists'), await world.get('contacts/9')];
  for (const { headers } of replies) {
    expect(headers.get('X-Envoy-Upstream-Service-Time')).toMatch(/^\d+$/);
    expect(headers.get('Cf-Cache-Status')).toBe('DYNAMIC');
    expect(headers.get('Cf-Ray')).toMatch(/^[0-9a-f]{16}-TXL$/);
    expect(headers.get('Cf-Request-Id')).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get('Expect-Ct')).toMatch(/^max-age=604800, report-uri="https:/);
  }
  expect(new Set(replies.map(({ headers }) => headers.get('Cf-Ray'))).size).toBe(2);
});

describe('the user of a key', () => {
  it('is shown with the keys of 2026', async () => {
    const { user } = (await world.get('users/me')).body;
    expect(keys(user as Record<string, unknown>)).toEqual(USER);
    expect(user).toMatchObject({ id: '1', username: 'admin' });
  });

  it('is refused with 403, not 401, for a wrong key', async () => {
    const reply = await callsTo(world.sandbox, 'wrong').get('users/me');
    expect(reply.status).toBe(403);
    expect(keys(reply.body)).toEqual(['message']);
    world.sandbox.switches.badKey = 401;
    expect((await callsTo(world.sandbox, 'wrong').get('users/me')).status).toBe(401);
  });
});

describe('lists', () => {
  it('count who is active and who is there', async () => {
    const { id } = world.account.addList({ name: 'Product news' });
    world.account.addList({ name: 'Text alerts', channel: 'sms' });
    for (const status of [0, 1, 1, 2, 3] as const) {
      world.account.join(world.account.addContact({}), id, status);
    }
    const reply = await world.get('lists');
    expect(reply.rows('lists')[0]).toMatchObject({
      name: 'Product news',
      channel: 'email',
      active_subscribers: '2',
      non_deleted_subscribers: '5',
      stringid: 'product-news',
    });
    expect(reply.rows('lists')[1]?.channel).toBe('sms');
    expect(scalarsAreText(reply.rows('lists')[0])).toBe(true);
    expect(reply.body.meta).toEqual({ total: '2' });
  });

  it('come by the page and by name', async () => {
    for (let number = 1; number <= 25; number++) world.account.addList({ name: `List ${number}` });
    expect((await world.get('lists')).rows('lists')).toHaveLength(20);
    expect((await world.get('lists?limit=100&offset=20')).rows('lists')).toHaveLength(5);
    expect((await world.get('lists?filters[name][eq]=list 7')).rows('lists').map(({ id }) => id)).toEqual(['7']);
    expect((await world.get('lists?filters[name]=list 2')).rows('lists')).toHaveLength(7);
  });

  it('are compared with a name in every documented way, and put in order', async () => {
    for (const name of ['Events', 'News', 'Offers']) world.account.addList({ name });
    const named = async (query: string) => (await world.get(`lists?${query}`)).rows('lists').map(({ name }) => name);
    expect(await named('filters[name][neq]=news')).toEqual(['Events', 'Offers']);
    expect(await named('filters[name][lt]=news')).toEqual(['Events']);
    expect(await named('filters[name][lte]=news')).toEqual(['Events', 'News']);
    expect(await named('filters[name][gt]=news')).toEqual(['Offers']);
    expect(await named('filters[name][gte]=news')).toEqual(['News', 'Offers']);
    expect(await named('filters[name][starts_with]=e')).toEqual(['Events']);
    expect(await named('filters[name][contains]=s&filters[name][neq]=news')).toEqual(['Events', 'Offers']);
    expect(await named('orders[name]=desc')).toEqual(['Offers', 'News', 'Events']);
    expect(await named('orders[name]=weight&filters[colour]=red')).toEqual(['Events', 'News', 'Offers']);
  });

  it('may be out of sight for one user, while its memberships are shown', async () => {
    const poor = world.account.addUser({ username: 'poor', email: '', firstName: '', lastName: '', key: 'poor-key' });
    const { id } = world.account.addList({ name: 'Board' });
    world.account.join(world.account.addContact({ email: 'ann@example.com' }), id);
    world.account.hideList(id, poor.id);
    const asPoor = callsTo(world.sandbox, 'poor-key');
    expect((await asPoor.get('lists')).rows('lists')).toEqual([]);
    expect((await asPoor.get(`lists/${id}`)).status).toBe(404);
    expect((await asPoor.get('contacts/1')).rows('contactLists')).toHaveLength(1);
    expect((await world.get('lists')).rows('lists')).toHaveLength(1);
    world.account.showList(id);
    expect((await asPoor.get('lists')).rows('lists')).toHaveLength(1);
  });

  it('may be taken away with their memberships', async () => {
    const { id } = world.account.addList({ name: 'Old' });
    world.account.join(world.account.addContact({ email: 'ann@example.com' }), id);
    world.account.removeList(id);
    expect((await world.get('contacts/1')).rows('contactLists')).toEqual([]);
    expect((await world.get('lists')).rows('lists')).toEqual([]);
  });
});

describe('exclusions', () => {
  it('come by phrase and by list, and in order', async () => {
    world.account.exclude('zoe@example.com');
    world.account.exclude('@shut.example', { matchType: 'end', lists: ['2'] });
    const phrases = async (query: string) =>
      (await world.get(`lists/exclusions?${query}`)).rows('exclusions').map(({ matchPhrase }) => matchPhrase);
    expect(await phrases('filters[matchPhrase]=shut')).toEqual(['@shut.example']);
    expect(await phrases('filters[lists]=2')).toEqual(['@shut.example']);
    expect(await phrases('filters[lists]=3')).toEqual([]);
    expect(await phrases('orders[matchPhrase]=ASC')).toEqual(['@shut.example', 'zoe@example.com']);
  });

  it('refuse, unlike everything else, what they do not know, and name all of it', async () => {
    const reply = await world.get('lists/exclusions?orders[matchPhrase]=DASC&filters[nonExisting]=x');
    expect([reply.status, reply.body]).toEqual([
      422,
      {
        errors: [
          {
            status: 422,
            title: 'Invalid attribute',
            detail: 'Invalid order direction: "DASC". Allowed values are: "ASC", "DESC"',
            source: { pointer: '/data/attributes/orders[matchPhrase]' },
          },
          {
            status: 422,
            title: 'Invalid attribute',
            detail: 'Invalid filter field: "nonExisting". Allowed fields are: matchPhrase, lists',
            source: { pointer: '/data/attributes/filters[nonExisting]' },
          },
        ],
      },
    ]);
  });
});

describe('tags', () => {
  it('are found by a part of their name', async () => {
    const contact = world.account.addContact({ email: 'ann@example.com' });
    world.account.tag(contact, 'added-to-salesforce-lead');
    world.account.tagNamed('not-added-to-salesforce-lead');
    const reply = await world.get('tags?search=added-to-salesforce-lead');
    expect(reply.rows('tags').map(({ tag }) => tag)).toEqual([
      'added-to-salesforce-lead',
      'not-added-to-salesforce-lead',
    ]);
    expect(keys(reply.rows('tags')[0])).toEqual(TAG);
    expect(reply.rows('tags')[0]?.subscriber_count).toBe('1');
  });

  it('are compared with their name in every documented way', async () => {
    for (const name of ['vip', 'vip-2024', 'not-vip']) world.account.tagNamed(name);
    const named = async (query: string) => (await world.get(`tags?${query}`)).rows('tags').map(({ tag }) => tag);
    expect(await named('filters[search][eq]=vip')).toEqual(['vip']);
    expect(await named('filters[search][starts_with]=vip')).toEqual(['vip', 'vip-2024']);
    expect(await named('filters[search][contains]=2024')).toEqual(['vip-2024']);
    expect(await named('filters[search][contains]=nobody')).toEqual([]);
    expect(await named('orders[search]=weight')).toHaveLength(3);
  });

  it('are put on and taken off a contact, once each', async () => {
    world.account.addContact({ email: 'ann@example.com' });
    const made = await world.post('tags', { tag: { tag: 'vip', tagType: 'contact', description: 'Big' } });
    expect([made.status, keys(made.row('tag'))]).toEqual([
      201,
      ['cdate', 'description', 'id', 'links', 'tag', 'tagType'],
    ]);
    const put = await world.post('contactTags', { contactTag: { contact: '1', tag: '1' } });
    expect(put.status).toBe(201);
    expect(keys(put.row('contactTag'))).toEqual(['cdate', 'contact', 'id', 'links', 'tag']);
    const shown = await world.get('contacts/1/contactTags?include=tag');
    expect(keys(shown.rows('contactTags')[0])).toEqual(CONTACT_TAG);
    expect(shown.rows('tags').map(({ tag }) => tag)).toEqual(['vip']);
    expect((await world.del('contactTags/1')).body).toEqual({});
    const again = await world.del('contactTags/1');
    expect([again.status, again.body]).toEqual([404, { message: 'No Result found for SubscriberTag with id 1' }]);
  });

  it('count who carries them, also after somebody is gone', async () => {
    for (const email of ['ann@example.com', 'ben@example.com', 'cleo@example.com']) {
      world.account.tag(world.account.addContact({ email }), 'vip');
    }
    world.account.untag('1', 'vip');
    world.account.remove('2');
    expect((await world.get('tags')).rows('tags')[0]?.subscriber_count).toBe('1');
  });

  it("move the contact's udate", async () => {
    world.account.addContact({ email: 'ann@example.com' });
    world.sandbox.clock.advance(60_000);
    world.account.tag('1', 'vip');
    expect((await world.get('contacts/1')).row('contact').udate).toBe('2025-07-01T12:01:00-05:00');
  });

  it('are refused in three ways', async () => {
    world.account.tagNamed('vip');
    const noTag = await world.post('contactTags', { contactTag: { contact: '1' } });
    expect([noTag.status, noTag.rows('errors')[0]?.source]).toEqual([400, { parameter: 'contactTag.tag' }]);
    expect((await world.post('contactTags', { contactTag: { tag: '1' } })).status).toBe(422);
    const nobody = await world.post('contactTags', { contactTag: { contact: '9', tag: '1' } });
    expect([nobody.status, nobody.rows('errors')[0]?.detail]).toEqual([404, 'Contact not found']);
    expect((await world.get('tags/31')).body).toEqual({ message: 'No Result found for Tag with id 31' });
  });
});

describe('what is asked in vain', () => {
  it('is a 404 with a message', async () => {
    const reply = await world.get('deals');
    expect([reply.status, keys(reply.body)]).toEqual([404, ['message']]);
  });

  it('is not allowed to a page: the preflight leaves out Api-Token', async () => {
    const answer = await world.sandbox.fetch('https://acme.api-us1.com/api/3/contacts', { method: 'OPTIONS' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Access-Control-Allow-Headers')?.toLowerCase()).not.toContain('api-token');
  });
});

describe('a bounce log', () => {
  it('has the documented keys', async () => {
    world.account.bounceHard(world.account.addContact({ email: 'ann@example.com' }));
    expect(keys((await world.get('bounceLogs')).rows('bounceLogs')[0])).toEqual(BOUNCE);
  });
});

describe('a contact that is anonymised', () => {
  it('stays, with the flag and without the person', async () => {
    world.account.anonymize(world.account.addContact({ email: 'ann@example.com', firstName: 'Ann' }));
    const [contact] = (await world.get('contacts')).rows('contacts');
    expect(contact).toMatchObject({ anonymized: '1', email: 'deleted+1@example.com', firstName: '' });
  });
});
