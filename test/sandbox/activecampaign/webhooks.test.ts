import { beforeEach, describe, expect, it } from 'vitest';
import { emptyAccount, keys } from './calls.ts';
import { WEBHOOK } from './shapes.ts';

let delivered: Record<string, string>[] = [];
let answer: () => Response = () => new Response();
let world = emptyAccount();
let news = '';

beforeEach(async () => {
  delivered = [];
  answer = () => new Response();
  world = emptyAccount({
    deliver: async (request) => {
      expect(request.headers.get('Content-Type')).toContain('application/x-www-form-urlencoded');
      delivered.push(Object.fromEntries(new URLSearchParams(await request.text())));
      return answer();
    },
  });
  news = world.account.addList({ name: 'News' }).id;
  world.account.join(world.account.addContact({ email: 'ann@example.com', firstName: 'Ann' }), news);
  await hook(['subscribe', 'unsubscribe', 'bounce', 'contact_tag_added'], ['public', 'admin', 'system']);
});

const hook = (events: string[], sources: string[], rest: object = {}) =>
  world.post('webhooks', { webhook: { name: 'h', url: 'https://hooks.example.com/token', events, sources, ...rest } });

const told = async () => {
  await world.sandbox.webhooks.settled();
  return delivered;
};

describe('a webhook', () => {
  it('is made, shown, changed and deleted', async () => {
    const made = await hook(['update'], ['api'], { listid: news });
    expect([made.status, keys(made.row('webhook'))]).toEqual([201, WEBHOOK]);
    expect((await world.get('webhooks')).body.meta).toEqual({ total: '2' });
    expect((await world.get(`webhooks?filters[listid]=${news}`)).rows('webhooks')).toHaveLength(1);
    expect((await world.put('webhooks/2', { webhook: { name: 'new' } })).row('webhook')).toMatchObject({
      name: 'new',
      events: ['update'],
    });
    expect((await world.del('webhooks/2')).status).toBe(200);
    expect((await world.get('webhooks/2')).status).toBe(404);
    expect((await hook([], ['api'])).status).toBe(422);
  });

  it('knows the events by name', async () => {
    expect((await world.get('webhook/events')).body.webhookEvents).toContain('contact_tag_removed');
  });

  it('tells that a person left, with reason, campaign and what is left', async () => {
    const events = world.account.addList({ name: 'Events' }).id;
    world.account.join('1', events);
    world.account.unsubscribe('1', news, { by: 'contact', reason: 'Too many emails', campaign: '11' });
    expect(await told()).toEqual([
      expect.objectContaining({
        type: 'unsubscribe',
        date_time: '2025-07-01T12:00:00-05:00',
        initiated_from: 'public',
        'list[][id]': news,
        'unsubscribe[reason]': 'Too many emails',
        'campaign[id]': '11',
        'active_subscriptions[0]': events,
        'contact[id]': '1',
        'contact[email]': 'ann@example.com',
      }),
    ]);
  });

  it('tells of users, bounces and tags in their own words', async () => {
    world.account.unsubscribe('1', news, { by: 'admin' });
    world.account.subscribe('1', news, { by: 'admin' });
    world.account.tag('1', 'vip', { by: 'system' });
    world.account.bounceHard('1');
    expect((await told()).map(({ type, list, tag, 'bounce[type]': kind }) => [type, list, tag, kind])).toEqual([
      ['unsubscribe', news, undefined, undefined],
      ['subscribe', news, undefined, undefined],
      ['contact_tag_added', '0', 'vip', undefined],
      ['bounce', '0', undefined, 'hard'],
    ]);
  });

  it('does not tell of sources, events and lists it was not asked for', async () => {
    await world.post('contactLists', { contactList: { list: news, contact: '1', status: 2 } });
    world.account.rename('1', 'ann.lee@example.com', { by: 'admin' });
    expect(await told()).toEqual([]);
  });

  it('may arrive twice', async () => {
    world.sandbox.switches.webhooksTwice = true;
    world.account.unsubscribe('1', news, { by: 'admin' });
    expect(await told()).toHaveLength(2);
  });

  it('is never tried again', async () => {
    answer = () => new Response(null, { status: 500 });
    world.account.unsubscribe('1', news, { by: 'admin' });
    expect(await told()).toHaveLength(1);
    answer = () => {
      throw new TypeError('fetch failed');
    };
    world.account.subscribe('1', news, { by: 'admin' });
    expect(await told()).toHaveLength(2);
  });

  it('is switched off for good by a 410', async () => {
    answer = () => new Response(null, { status: 410 });
    world.account.unsubscribe('1', news, { by: 'admin' });
    await told();
    answer = () => new Response();
    world.account.subscribe('1', news, { by: 'admin' });
    expect(await told()).toHaveLength(1);
    expect((await world.get('webhooks/1')).row('webhook')).toMatchObject({
      state: '0',
      deactivated_date: '2025-07-01T12:00:00-05:00',
    });
  });
});
