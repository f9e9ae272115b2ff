import { beforeEach, describe, expect, it } from 'vitest';
import { emptyAccount, keys, NOON } from './calls.ts';
import { CONTACT, CONTACT_DETAIL, CONTACT_LINKS, NEW_CONTACT, PAGE_INPUT, scalarsAreText } from './shapes.ts';

const DAY = 86_400_000;
let world = emptyAccount();

/** Seven contacts, one a day, ids 1 to 7. */
function seven() {
  for (let number = 1; number <= 7; number++) {
    world.account.addContact({
      email: `Person${number}@example.com`,
      firstName: 'Pat',
      lastName: `Example${8 - number}`,
      phone: `+1${number}`,
      organization: number === 3 ? 'Harbour Mill' : '',
      at: NOON + (number - 8) * DAY,
    });
  }
}

const idsOf = async (query: string) => (await world.get(`contacts?${query}`)).rows('contacts').map(({ id }) => id);

beforeEach(() => {
  world = emptyAccount();
});

describe('the wire of GET /contacts', () => {
  it('shows the 46 keys of a contact, every scalar a string or null', async () => {
    seven();
    const { body, status, ...reply } = await world.get('contacts');
    expect(status).toBe(200);
    for (const contact of reply.rows('contacts')) {
      expect(keys(contact)).toEqual(CONTACT);
      expect(scalarsAreText(contact)).toBe(true);
    }
    expect(keys(reply.rows('contacts')[0]?.links as Record<string, unknown>)).toEqual(CONTACT_LINKS);
    expect(body.scoreValues).toEqual([]);
  });

  it('shows who is flagged as deleted, whose address is free', async () => {
    seven();
    world.account.bin('3');
    const [third] = (await world.get('contacts?ids%5B%5D=3')).rows('contacts');
    expect(third).toMatchObject({ deleted: '1', deleted_at: '2025-07-01 12:00:00', email: 'Person3@example.com' });
    expect(await idsOf('email=person3@example.com')).toEqual([]);
    const again = world.account.addContact({ email: 'person3@example.com' });
    world.account.remove('3');
    expect(await idsOf('email=person3@example.com')).toEqual([again.id]);
  });

  it('tells the total as a string and what was asked as numbers', async () => {
    seven();
    const meta = (await world.get('contacts?limit=2&listid=9')).row('meta');
    expect(meta.total).toBe('0');
    const input = meta.page_input as Record<string, unknown>;
    expect(keys(input)).toEqual(PAGE_INPUT);
    expect(input).toMatchObject({ limit: 2, offset: 0, listid: 9, status: -1, search: null });
  });

  it('counts as if there was no span of ids where the switch says so', async () => {
    seven();
    const total = async () => (await world.get('contacts?id_greater=5&limit=1')).row('meta').total;
    expect(await total()).toBe('2');
    world.account.switches.totalIgnoresIdSpan = true;
    expect(await total()).toBe('7');
  });

  it('gives what hangs on one contact in pages, too', async () => {
    const { account } = world;
    const contact = account.addContact({ email: 'many@example.com' });
    for (let n = 0; n < 30; n++) account.join(contact, account.addList({ name: `List ${n}` }).id, 1);
    const rows = async (query: string) =>
      (await world.get(`contacts/${contact.id}/contactLists${query}`)).rows('contactLists').length;
    expect([await rows(''), await rows('?limit=100'), await rows('?offset=20'), await rows('?offset=30')]).toEqual([
      20, 30, 10, 0,
    ]);
  });

  it('counts all that match, not the page', async () => {
    seven();
    const reply = await world.get('contacts?limit=3');
    expect(reply.rows('contacts')).toHaveLength(3);
    expect(reply.row('meta').total).toBe('7');
  });

  it('stamps in Central time, also where a field says utc', async () => {
    world.account.addContact({ email: 'ann@example.com' });
    const [contact] = (await world.get('contacts')).rows('contacts');
    expect(contact).toMatchObject({
      cdate: '2025-07-01T12:00:00-05:00',
      udate: '2025-07-01T12:00:00-05:00',
      created_timestamp: '2025-07-01 12:00:00',
      created_utc_timestamp: '2025-07-01 12:00:00',
    });
  });

  it('mixes nulls and zero dates', async () => {
    seven();
    const dates = (await world.get('contacts')).rows('contacts').map(({ bounced_date }) => bounced_date);
    expect(new Set(dates)).toEqual(new Set([null, '0000-00-00']));
  });

  it('keeps the case of an address', async () => {
    seven();
    expect((await world.get('contacts?email=person2@example.com')).rows('contacts')[0]?.email).toBe(
      'Person2@example.com',
    );
  });
});

describe('the filters of GET /contacts', () => {
  beforeEach(seven);

  it('gives 20 rows unless told, and never more than 100', async () => {
    for (let number = 8; number <= 130; number++) world.account.addContact({ email: `p${number}@example.org` });
    expect(await idsOf('')).toHaveLength(20);
    expect(await idsOf('limit=1000')).toHaveLength(100);
    expect(((await world.get('contacts?limit=1000')).row('meta').page_input as { limit: number }).limit).toBe(100);
  });

  it('orders newest first unless asked', async () => {
    expect(await idsOf('limit=2')).toEqual(['7', '6']);
    expect(await idsOf('limit=2&offset=6')).toEqual(['1']);
    expect(await idsOf('orders[id]=ASC&limit=2&offset=1')).toEqual(['2', '3']);
    expect(await idsOf('orders[last_name]=ASC&limit=2')).toEqual(['7', '6']);
    expect(await idsOf('orders[email]=DESC&limit=1')).toEqual(['7']);
  });

  it('pages by id_greater to the end, and the total is of what is left', async () => {
    const seen: unknown[] = [];
    for (let last = '0'; ; ) {
      const reply = await world.get(`contacts?orders[id]=ASC&limit=3&id_greater=${last}`);
      const ids = reply.rows('contacts').map(({ id }) => id);
      expect(reply.row('meta').total).toBe(String(7 - seen.length));
      if (ids.length === 0) break;
      seen.push(...ids);
      last = String(ids.at(-1));
    }
    expect(seen).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  });

  it('finds ids above a deleted one', async () => {
    world.account.remove('4');
    expect(await idsOf('orders[id]=ASC&id_greater=3')).toEqual(['5', '6', '7']);
    expect(await idsOf('orders[id]=ASC&id_less=5')).toEqual(['1', '2', '3']);
  });

  it('finds by ids, and keeps to the other filters', async () => {
    expect(await idsOf('ids[]=2&ids[]=5&ids[]=99&orders[id]=ASC')).toEqual(['2', '5']);
    expect(await idsOf('ids[]=2&ids[]=5&id_greater=2')).toEqual(['5']);
  });

  it('finds an address in any case, or as stored where the switch says so', async () => {
    expect(await idsOf('email=PERSON3@EXAMPLE.COM')).toEqual(['3']);
    expect(await idsOf('email=person33@example.com')).toEqual([]);
    world.sandbox.switches.emailLookupIgnoresCase = false;
    expect(await idsOf('email=PERSON3@EXAMPLE.COM')).toEqual([]);
    expect(await idsOf('email=Person3@example.com')).toEqual(['3']);
  });

  it('takes a plus sign in a query for a blank, as every form does', async () => {
    world.account.addContact({ email: 'a+b@example.com' });
    expect(await idsOf('email=a+b@example.com')).toEqual([]);
    expect(await idsOf('email=a%2Bb@example.com')).toEqual(['8']);
  });

  it('finds by part of an address, a name, a company', async () => {
    expect(await idsOf('email_like=son4')).toEqual(['4']);
    expect(await idsOf('search=pat example7')).toEqual(['1']);
    expect(await idsOf('search=harbour')).toEqual(['3']);
    expect(await idsOf('phone=%2B16')).toEqual(['6']);
  });

  it('finds by list, by status on that list, by status on any list, by tag', async () => {
    const news = world.account.addList({ name: 'News' }).id;
    const events = world.account.addList({ name: 'Events' }).id;
    world.account.join('1', news, 1);
    world.account.join('2', news, 2);
    world.account.join('2', events, 1);
    const tag = world.account.tag('3', 'vip').tag;
    expect(await idsOf(`listid=${news}&orders[id]=ASC`)).toEqual(['1', '2']);
    expect(await idsOf(`listid=${news}&status=2`)).toEqual(['2']);
    expect(await idsOf(`listid=${news}&status=-1&orders[id]=ASC`)).toEqual(['1', '2']);
    expect(await idsOf('status=1&orders[id]=ASC')).toEqual(['1', '2']);
    expect(await idsOf(`tagid=${tag}`)).toEqual(['3']);
  });

  it('finds what changed since, counting the instant itself, by udate', async () => {
    expect(await idsOf('filters[updated_after]=2025-06-29T17:00:00Z&orders[id]=ASC')).toEqual(['6', '7']);
    expect(await idsOf('filters[updated_before]=2025-06-25T17:00:00Z')).toEqual(['1']);
    expect(await idsOf('filters[created_after]=2025-06-30T12:00:00-05:00')).toEqual(['7']);
    expect(await idsOf('filters[created_after]=2025-06-30')).toEqual(['7']);
    world.account.rename('1', 'new@example.com');
    expect(await idsOf('filters[updated_after]=2025-07-01')).toEqual(['1']);
    expect(await idsOf('filters[updated_after]=2035-07-01')).toEqual([]);
  });

  it('passes over filters it does not know', async () => {
    expect(await idsOf('filters[email]=nobody@example.com&filters[listid]=5&colour=red')).toHaveLength(7);
  });
});

describe('what comes along', () => {
  beforeEach(() => {
    seven();
    const news = world.account.addList({ name: 'News' }).id;
    world.account.join('1', news);
    world.account.join('2', news, 2);
    world.account.tag('2', 'vip');
    world.account.setField('2', '4', 'blue');
  });

  it('is nothing unless asked', async () => {
    expect(keys((await world.get('contacts')).body)).toEqual(['contacts', 'meta', 'scoreValues']);
  });

  it('is rows at the top and ids on each contact', async () => {
    const reply = await world.get('contacts?orders[id]=ASC&include=contactLists.list,contactTags.tag,fieldValues');
    expect(reply.rows('contactLists').map(({ contact, status }) => [contact, status])).toEqual([
      ['1', '1'],
      ['2', '2'],
    ]);
    expect(reply.rows('lists').map(({ name }) => name)).toEqual(['News']);
    expect(reply.rows('tags').map(({ tag }) => tag)).toEqual(['vip']);
    expect(reply.rows('fieldValues').map(({ value }) => value)).toEqual(['blue']);
    expect(reply.rows('contacts')[1]).toMatchObject({ contactLists: ['2'], contactTags: ['1'], fieldValues: ['1'] });
    expect(reply.rows('contacts')[2]).toMatchObject({ contactLists: [], contactTags: [], fieldValues: [] });
  });

  it('is of the page only', async () => {
    const reply = await world.get('contacts?orders[id]=ASC&limit=1&include=contactLists');
    expect(reply.rows('contactLists')).toHaveLength(1);
  });

  it('may be cut short, the ids still telling what is missing', async () => {
    world.sandbox.switches.sideLoadCap = 1;
    const reply = await world.get('contacts?orders[id]=ASC&include=contactLists');
    expect(reply.rows('contactLists')).toHaveLength(1);
    expect(reply.rows('contacts')[1]?.contactLists).toEqual(['2']);
  });
});

describe('one contact', () => {
  it('comes with its memberships', async () => {
    seven();
    const news = world.account.addList({ name: 'News' }).id;
    world.account.join('1', news);
    const reply = await world.get('contacts/1');
    expect(keys(reply.body)).toEqual(CONTACT_DETAIL);
    expect(reply.rows('contactLists')).toHaveLength(1);
    expect(reply.row('contact')).toMatchObject({ id: '1', contactLists: ['1'], email_empty: false });
    expect(keys(reply.row('contact'))).not.toContain('contactTags');
  });

  it('comes with its tags when asked', async () => {
    seven();
    world.account.tag('1', 'vip');
    const reply = await world.get('contacts/1?include=contactTags.tag');
    expect(reply.rows('tags').map(({ tag }) => tag)).toEqual(['vip']);
    expect(reply.row('contact').contactTags).toEqual(['1']);
  });

  it('is refused by its inner name when there is none', async () => {
    const reply = await world.get('contacts/121');
    expect([reply.status, reply.body]).toEqual([404, { message: 'No Result found for Subscriber with id 121' }]);
  });

  it('may be without an address', async () => {
    world.account.addContact({ phone: '+15550100' });
    expect((await world.get('contacts/1')).row('contact')).toMatchObject({ email: '', email_empty: true });
  });
});

describe('writing contacts', () => {
  it('makes one and answers in short', async () => {
    const reply = await world.post('contacts', { contact: { email: 'Ann@example.com', firstName: 'Ann' } });
    expect(reply.status).toBe(201);
    expect(keys(reply.row('contact'))).toEqual(NEW_CONTACT);
    expect(reply.row('contact')).toMatchObject({ email: 'Ann@example.com', orgid: '', organization: '', id: '1' });
  });

  it('refuses an address that is there, whatever its case', async () => {
    world.account.addContact({ email: 'ann@example.com' });
    const reply = await world.post('contacts', { contact: { email: 'ANN@example.com' } });
    expect(reply.status).toBe(422);
    expect(reply.rows('errors')[0]).toEqual({
      title: 'Email address already exists in the system',
      detail: '',
      code: 'duplicate',
      source: { pointer: '/data/attributes/email' },
    });
  });

  it('refuses no address, a bad one, and what is no JSON', async () => {
    expect((await world.post('contacts', { contact: {} })).rows('errors')[0]?.code).toBe('field_missing');
    expect((await world.post('contacts', { contact: { email: 'ann' } })).rows('errors')[0]?.code).toBe('field_invalid');
    const broken = await world.post('contacts', '{"contact":');
    expect([broken.status, broken.body]).toEqual([400, {}]);
  });

  it('changes one, also its address, and id and hash stay', async () => {
    world.account.addContact({ email: 'ann@example.com', firstName: 'Ann' });
    world.account.addContact({ email: 'ben@example.com' });
    const before = (await world.get('contacts/1')).row('contact');
    const reply = await world.put('contacts/1', { contact: { email: 'Ann.Lee@example.com' } });
    expect(reply.status).toBe(200);
    expect(reply.row('contact')).toMatchObject({
      id: '1',
      email: 'Ann.Lee@example.com',
      firstName: 'Ann',
      hash: before.hash,
    });
    expect(world.account.contactByEmail('ann@example.com')).toBeUndefined();
    expect((await world.put('contacts/1', { contact: { email: 'BEN@example.com' } })).status).toBe(422);
    expect(world.account.contact('1')?.email).toBe('Ann.Lee@example.com');
  });

  it('syncs by address without touching lists', async () => {
    const made = await world.post('contact/sync', { contact: { email: 'ann@example.com', firstName: 'Ann' } });
    expect(made.status).toBe(201);
    const list = world.account.addList({ name: 'News' }).id;
    world.account.join('1', list, 2);
    const known = await world.post('contact/sync', { contact: { email: 'ANN@example.com', lastName: 'Lee' } });
    expect(known.status).toBe(200);
    expect(known.row('contact')).toMatchObject({ id: '1', firstName: 'Ann', lastName: 'Lee', orgid: '0' });
    expect(world.account.membership('1', list)?.status).toBe(2);
  });

  it('deletes one with all its rows, once', async () => {
    world.account.addContact({ email: 'ann@example.com' });
    const list = world.account.addList({ name: 'News' }).id;
    world.account.join('1', list);
    const first = await world.del('contacts/1');
    expect([first.status, first.body]).toEqual([200, {}]);
    const again = await world.del('contacts/1');
    expect([again.status, again.body]).toEqual([404, { message: 'No result found for contact with id 1' }]);
    expect((await world.get('contactLists')).rows('contactLists')).toEqual([]);
  });
});
