import { beforeEach, describe, expect, it } from 'vitest';
import { emptyAccount, keys, NOON } from './calls.ts';
import { MEMBERSHIP, NEW_MEMBERSHIP, scalarsAreText } from './shapes.ts';

const HOUR = 3_600_000;
let world = emptyAccount();
let news = '';
let events = '';

beforeEach(() => {
  world = emptyAccount();
  world.account.addContact({ email: 'ann@example.com', firstName: 'Ann', lastName: 'Lee' });
  news = world.account.addList({ name: 'News' }).id;
  events = world.account.addList({ name: 'Events' }).id;
});

const set = (list: string, status: number, rest: object = {}) =>
  world.post('contactLists', { contactList: { list, contact: '1', status, ...rest } });

describe('reading memberships', () => {
  it('shows the 28 keys, every scalar a string or null', async () => {
    world.account.join('1', news, 1, { sourceid: 1 });
    const [row] = (await world.get('contacts/1/contactLists')).rows('contactLists');
    expect(keys(row)).toEqual(MEMBERSHIP);
    expect(scalarsAreText(row)).toBe(true);
    expect(row).toMatchObject({ status: '1', sdate: '2025-07-01T12:00:00-05:00', udate: null, channel: 'email' });
  });

  it('reads the whole account by offset and ignores every filter', async () => {
    world.account.addContact({ email: 'ben@example.com' });
    world.account.join('1', news);
    world.account.join('2', news, 2);
    world.account.join('2', events);
    const filtered = await world.get('contactLists?filters[contact]=1&filters[status]=2&limit=2&offset=1&id_greater=9');
    expect(filtered.rows('contactLists').map(({ id }) => id)).toEqual(['2', '3']);
    expect(filtered.body.meta).toEqual({ total: '3' });
  });

  it('refuses an unknown contact', async () => {
    expect((await world.get('contacts/9/contactLists')).status).toBe(404);
  });
});

describe('POST /contactLists', () => {
  it('answers a new membership with 201 and a short row, status and sourceid as numbers', async () => {
    const reply = await set(news, 1);
    expect(reply.status).toBe(201);
    expect(keys(reply.row('contactList'))).toEqual(NEW_MEMBERSHIP);
    expect(reply.row('contactList')).toMatchObject({ status: 1, sourceid: 3, udate: null, list: news, contact: '1' });
    expect(reply.rows('contacts')[0]).toMatchObject({ id: '1', email_empty: false });
    expect(keys(reply.rows('contacts')[0])).not.toContain('scoreValues');
  });

  it('answers a changed one with 200 and the long row, sourceid as a string', async () => {
    world.account.join('1', news, 1, { sourceid: 1 });
    const reply = await set(news, 2);
    expect(reply.status).toBe(200);
    expect(keys(reply.row('contactList'))).toEqual(MEMBERSHIP);
    expect(reply.row('contactList')).toMatchObject({ status: 2, sourceid: '1', udate: '2025-07-01T12:00:00-05:00' });
  });

  it('answers a changed one with 201 where the switch says so', async () => {
    world.sandbox.switches.changedMembershipStatus = 201;
    world.account.join('1', news);
    expect((await set(news, 2)).status).toBe(201);
  });

  it('is an upsert: one row per contact and list, whatever comes', async () => {
    await set(news, 1);
    await set(news, 2);
    await set(news, 2);
    await set(news, 1);
    expect(world.account.memberships.size).toBe(1);
  });

  it('takes ids as numbers', async () => {
    const reply = await world.post('contactLists', { contactList: { list: Number(news), contact: 1, status: '2' } });
    expect(reply.status).toBe(201);
    expect(world.account.membership('1', news)?.status).toBe(2);
  });

  it('does not protect somebody who had left: 2 becomes 1 again, and sdate moves', async () => {
    world.account.join('1', news, 2, { at: NOON - HOUR });
    const reply = await set(news, 1, { sourceid: 4 });
    expect(reply.status).toBe(200);
    expect(reply.row('contactList')).toMatchObject({
      status: 1,
      sourceid: '4',
      sdate: '2025-07-01T12:00:00-05:00',
      udate: '2025-07-01T11:00:00-05:00',
    });
  });

  it('leaves sdate where it was when the switch says so', async () => {
    world.sandbox.switches.resubscribeMovesSdate = false;
    world.account.join('1', news, 2, { at: NOON - HOUR });
    await set(news, 1);
    expect(world.account.membership('1', news)).toMatchObject({ status: 1, subscribedAt: NOON - HOUR });
  });

  it('changes nothing when it is so already', async () => {
    world.account.join('1', news, 2, { at: NOON - HOUR, reason: 'Too many emails' });
    const before = { ...world.account.membership('1', news) };
    await set(news, 2);
    expect(world.account.membership('1', news)).toEqual(before);
  });

  it("moves neither the row's own stamps nor the contact's udate", async () => {
    world.account.join('1', news, 1, { at: NOON - HOUR });
    world.sandbox.clock.advance(HOUR);
    const reply = await set(news, 2);
    expect(reply.row('contactList').updated_timestamp).toBe('2025-07-01 11:00:00');
    expect(reply.rows('contacts')[0]?.udate).toBe('2025-07-01T12:00:00-05:00');
    expect((await world.get('contacts?filters[updated_after]=2025-07-01T17:00:01Z')).rows('contacts')).toEqual([]);
  });

  it("moves the contact's udate where the switch says so", async () => {
    world.sandbox.switches.membershipMovesUdate = true;
    world.account.join('1', news);
    world.sandbox.clock.advance(HOUR);
    expect((await set(news, 2)).rows('contacts')[0]?.udate).toBe('2025-07-01T13:00:00-05:00');
  });

  it('refuses unknown contacts and lists, and statuses nobody can ask for', async () => {
    expect((await world.post('contactLists', { contactList: { list: news, contact: '8', status: 2 } })).status).toBe(
      404,
    );
    expect((await set('77', 2)).status).toBe(404);
    expect((await set(news, 3)).status).toBe(422);
    expect((await world.post('contactLists', {})).status).toBe(400);
    expect(world.account.memberships.size).toBe(0);
  });
});

describe('what happens to a membership without us', () => {
  it('remembers why and by which campaign somebody left', async () => {
    world.account.join('1', news);
    world.account.unsubscribe('1', news, { by: 'contact', reason: 'Too many emails', campaign: '11' });
    const [row] = (await world.get('contacts/1/contactLists')).rows('contactLists');
    expect(row).toMatchObject({ status: '2', unsubreason: 'Too many emails', campaign: '11' });
  });

  it('bounces on every list that could get mail, and is logged', async () => {
    world.account.join('1', news);
    world.account.join('1', events, 2);
    world.account.bounceHard('1', { reason: '550 User unknown' });
    expect(world.account.membership('1', news)?.status).toBe(3);
    expect(world.account.membership('1', events)?.status).toBe(2);
    expect((await world.get('contacts/1')).row('contact')).toMatchObject({
      bounced_hard: '1',
      bounced_soft: '0',
      bounced_date: '2025-07-01',
    });
    const [log] = (await world.get('contacts/1/bounceLogs')).rows('bounceLogs');
    expect(log).toMatchObject({ contact: '1', email: 'ann@example.com', tstamp: '2025-07-01T12:00:00-05:00' });
    expect((await world.get('bounceLogs')).rows('bounceLogs')).toHaveLength(1);
  });

  it('bounces after the third soft bounce, not before', () => {
    world.account.join('1', news);
    world.account.bounceSoft('1');
    world.account.bounceSoft('1');
    expect(world.account.membership('1', news)?.status).toBe(1);
    world.account.bounceSoft('1');
    expect(world.account.membership('1', news)?.status).toBe(3);
    expect(world.account.contact('1')?.bouncedHard).toBe(0);
  });

  it('is made active again by a user, and the counter of hard bounces stays', () => {
    world.account.join('1', news);
    world.account.bounceHard('1');
    world.account.reactivate('1');
    expect(world.account.membership('1', news)?.status).toBe(1);
    expect(world.account.contact('1')?.bouncedHard).toBe(1);
    world.account.reactivate('1', { clearCounter: true });
    expect(world.account.contact('1')?.bouncedHard).toBe(0);
  });
});
