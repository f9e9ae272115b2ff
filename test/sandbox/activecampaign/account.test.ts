import { beforeEach, describe, expect, it } from 'vitest';
import { callsTo, emptyAccount, keys } from './calls.ts';
import { BOUNCE, CONTACT_TAG, scalarsAreText, TAG, USER } from './shapes.ts';

let world = emptyAccount();

beforeEach(() => {
  world = emptyAccount();
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
