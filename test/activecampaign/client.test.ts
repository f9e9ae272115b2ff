import { describe, expect, test } from 'vitest';
import type { AcContactPage } from '../../src/activecampaign/activecampaign.ts';
import { answering, everybody, failureOf, sandboxed } from './sandboxed.ts';

describe('everybody', () => {
  test('comes in pages of 100, by rising id, each once', async () => {
    const { sandbox, client } = sandboxed();
    for (let n = 1; n <= 250; n++) sandbox.account.addContact({ email: `p${n}@example.com` });
    const found = await everybody(client);
    expect(found.map(({ id }) => id)).toEqual(sandbox.account.contacts.map(({ id }) => id));
    expect(client.calls).toBe(3);
  });

  test('ends at an empty page when the last one is full, whatever the total says', async () => {
    const { sandbox, client } = sandboxed();
    for (let n = 1; n <= 200; n++) sandbox.account.addContact({ email: `p${n}@example.com` });
    expect(await everybody(client)).toHaveLength(200);
    expect(client.calls).toBe(3);
  });

  test('ends at an empty page where the total counts everybody, though somebody was deleted meanwhile', async () => {
    const { client, urls } = answering(({ searchParams }, _, sent) => {
      const after = Number(searchParams.get('id_greater'));
      const ids = Array.from({ length: 250 }, (__, n) => n + 1).filter((id) => id > after);
      return {
        contacts: ids.slice(0, 100).map((id) => ({ id: `${id}`, email: `p${id}@example.com` })),
        contactLists: [],
        contactTags: [],
        meta: { total: `${260 - sent}` },
      };
    });
    expect(await everybody(client)).toHaveLength(250);
    expect(urls.filter(({ pathname }) => pathname === '/api/3/contacts')).toHaveLength(4);
  });

  test('ends so in the last of the ranges, too, though it has but one contact', async () => {
    let total = 152;
    const { client } = answering(({ searchParams }) => {
      const after = Number(searchParams.get('id_greater'));
      const ids = Array.from({ length: 151 }, (_, n) => n + 1).filter((id) => id > after);
      total -= 1;
      return {
        contacts: ids.slice(0, 50).map((id) => ({ id: `${id}`, contactLists: [], contactTags: [] })),
        contactLists: [],
        contactTags: [],
        meta: { total: `${total}` },
      };
    });
    const found: string[] = [];
    for await (const page of client.contacts({ abreast: 2, known: ['100', '150', '160'] }))
      found.push(...page.contacts.map(({ id }) => id));
    expect(found).toHaveLength(151);
  });

  test('is nobody in an empty account', async () => {
    const { client, sandbox } = sandboxed();
    expect(await everybody(client)).toEqual([]);
    const pages: AcContactPage[] = [];
    for await (const page of client.contacts({ abreast: 4 })) pages.push(page);
    expect(pages).toEqual([{ contacts: [], at: expect.any(Number), total: 0 }]);
    expect(sandbox.requests.of('activecampaign')).toHaveLength(2);
  });

  test('goes on after a contact', async () => {
    const { sandbox, client } = sandboxed();
    const ids = [1, 2, 3].map((n) => sandbox.account.addContact({ email: `p${n}@example.com` }).id);
    expect((await everybody(client, ids[1])).map(({ id }) => id)).toEqual([ids[2]]);
    expect(await everybody(client, ids[2])).toEqual([]);
  });

  test('comes with every membership and the names of the tags', async () => {
    const { sandbox, client } = sandboxed();
    const { account } = sandbox;
    const [news, offers] = [account.addList({ name: 'News' }).id, account.addList({ name: 'Offers' }).id];
    const ida = account.addContact({ email: 'Ida@Example.com', firstName: 'Ida' });
    account.join(ida, news, 1, { at: Date.parse('2026-01-02T03:04:05Z') });
    account.unsubscribe(ida, offers, { at: Date.parse('2026-06-07T08:09:10Z'), reason: 'too many' });
    account.tag(ida, 'created-from-salesforce-lead');
    account.addContact({ email: 'nobody@example.com' });

    const [first, second] = await everybody(client);
    expect(first).toMatchObject({ email: 'Ida@Example.com', gone: false, tags: ['created-from-salesforce-lead'] });
    expect(first?.memberships).toMatchObject([
      { list: news, status: 1, subscribedAt: Date.parse('2026-01-02T03:04:05Z'), unsubscribedAt: null },
      { list: offers, status: 2, unsubscribedAt: Date.parse('2026-06-07T08:09:10Z'), unsubscribeReason: 'too many' },
    ]);
    expect(second).toMatchObject({ memberships: [], tags: [] });
  });

  test('comes whole though the account brings only some rows along with the contacts', async () => {
    const { sandbox, client } = sandboxed();
    const { account } = sandbox;
    const lists = [1, 2, 3].map((n) => account.addList({ name: `List ${n}` }).id);
    for (let n = 1; n <= 5; n++) {
      const contact = account.addContact({ email: `p${n}@example.com` });
      for (const list of lists) account.join(contact, list);
      account.tag(contact, 'vip');
    }
    sandbox.switches.sideLoadCap = 4;
    const found = await everybody(client);
    expect(found.map(({ memberships }) => memberships?.length)).toEqual([3, 3, 3, 3, 3]);
    expect(found.map(({ tags }) => tags)).toEqual(Array(5).fill(['vip']));
  });

  test('marks anonymised contacts as gone', async () => {
    const { sandbox, client } = sandboxed();
    sandbox.account.anonymize(sandbox.account.addContact({ email: 'ida@example.com' }));
    expect(await everybody(client)).toMatchObject([{ gone: true }]);
  });

  test('is read at the pace that the account allows: nobody is turned away', async () => {
    const { sandbox, client, clock } = sandboxed();
    for (let n = 1; n <= 1000; n++) sandbox.account.addContact({ email: `p${n}@example.com` });
    const start = clock.now();
    await everybody(client);
    expect(client.calls).toBe(11);
    expect(clock.now() - start).toBe(2500);
    expect(sandbox.requests.all.map(({ status }) => status)).not.toContain(429);
  });

  test('is read to the end though the pace is too fast and the account says so', async () => {
    const { sandbox, client } = sandboxed({ requestsPerSecond: 1000 });
    for (let n = 1; n <= 1000; n++) sandbox.account.addContact({ email: `p${n}@example.com` });
    expect(await everybody(client)).toHaveLength(1000);
    // The last request of a second says that none is left, so that not one has to be refused.
    expect(sandbox.requests.all.map(({ status }) => status)).not.toContain(429);
  });
});

describe('one contact by its id', () => {
  test('is read with all that hangs on it, in one call', async () => {
    const { sandbox, client } = sandboxed();
    const { account } = sandbox;
    const list = account.addList({ name: 'News' }).id;
    account.addContact({ email: 'before@example.com' });
    const ida = account.addContact({ email: 'ida@example.com' });
    account.join(ida, list, 1);
    account.tag(ida, 'vip');
    expect(await client.contact(ida.id)).toMatchObject({
      id: ida.id,
      memberships: [{ list, status: 1 }],
      tags: ['vip'],
    });
    expect(client.calls).toBe(1);
  });

  test('is undefined when it is gone, though another comes after it', async () => {
    const { sandbox, client } = sandboxed();
    const ida = sandbox.account.addContact({ email: 'ida@example.com' });
    sandbox.account.addContact({ email: 'after@example.com' });
    sandbox.account.remove(ida);
    expect(await client.contact(ida.id)).toBeUndefined();
  });
});

describe('the contact with an address', () => {
  test('is found whatever the case on either side', async () => {
    const { sandbox, client } = sandboxed();
    const ida = sandbox.account.addContact({ email: 'Ida+News@Example.com' });
    sandbox.account.join(ida, sandbox.account.addList({ name: 'News' }).id, 1);
    expect(await client.contactsByEmail('IDA+news@example.COM')).toMatchObject([
      { id: ida.id, memberships: [{ status: 1 }] },
    ]);
    expect(client.calls).toBe(1);
  });

  test.each(['IDA@EXAMPLE.COM', 'ida@example.com', 'Ida@Example.Com'])(
    'is found in one question where the filter does not mind the case, stored as %s',
    async (email) => {
      const { sandbox, client } = sandboxed();
      const ida = sandbox.account.addContact({ email });
      expect(await client.contactsByEmail('ida@example.com')).toMatchObject([{ id: ida.id }]);
      expect(client.calls).toBe(1);
    },
  );

  test('is found when the filter minds the case', async () => {
    const { sandbox, client } = sandboxed();
    const ida = sandbox.account.addContact({ email: 'Ida@Example.com' });
    sandbox.switches.emailLookupIgnoresCase = false;
    expect(await client.contactsByEmail('ida@example.com')).toMatchObject([{ id: ida.id }]);
    expect(client.calls).toBe(3);
    // Known by then.
    expect(await client.contactsByEmail('IDA@example.com')).toMatchObject([{ id: ida.id }]);
    expect(client.calls).toBe(4);
  });

  test('is found where the filter minds the case and a search finds more than a page', async () => {
    const { sandbox, client } = sandboxed();
    for (let n = 0; n < 100; n++) sandbox.account.addContact({ email: `${n}ida@example.com` });
    const ida = sandbox.account.addContact({ email: 'ida@example.com' });
    sandbox.switches.emailLookupIgnoresCase = false;
    expect(await client.contactsByEmail('Ida@example.com')).toMatchObject([{ id: ida.id }]);
    // Nobody can say of this one that there is none.
    expect((await failureOf(client.contactsByEmail('da@example.com'))).kind).toBe('malformed');
  });

  test('is nobody, in two questions, where the filter is known to ignore the case', async () => {
    const { sandbox, client } = sandboxed();
    sandbox.account.addContact({ email: 'ida@example.com' });
    await client.contactsByEmail('ida@example.com');
    const before = client.calls;
    expect(await client.contactsByEmail('bob@example.com')).toEqual([]);
    expect(client.calls - before).toBe(2);
  });

  test.each([
    [true, ['ida@example.com', 'Ida@Example.com']],
    [false, ['ida@example.com', 'Ida@Example.com']],
    [true, ['IDA@EXAMPLE.COM', 'ida@example.com']],
    [false, ['IDA@EXAMPLE.COM', 'ida@example.com']],
  ])('is every one of several that differ in case only (the filter ignores it: %s): %s', async (ignores, addresses) => {
    const { sandbox, client } = sandboxed();
    const found = addresses.map((address, n) =>
      sandbox.account.spellApart(sandbox.account.addContact({ email: `${n}@example.com` }), address),
    );
    sandbox.switches.emailLookupIgnoresCase = ignores;
    expect((await client.contactsByEmail('ida@example.com')).map(({ id }) => id)).toEqual(found.map(({ id }) => id));
  });

  test.each([true, false])('is none that lies in the bin (the filter ignores the case: %s)', async (ignores) => {
    const { sandbox, client } = sandboxed();
    sandbox.switches.emailLookupIgnoresCase = ignores;
    const [ida, twin] = ['ida@example.com', 'Ida@Example.com'].map((address, n) =>
      sandbox.account.spellApart(sandbox.account.addContact({ email: `${n}@example.com` }), address),
    );
    sandbox.account.bin(ida?.id ?? '');
    expect(await client.contactsByEmail('ida@example.com')).toMatchObject([{ id: twin?.id }]);
    sandbox.account.bin(twin?.id ?? '');
    expect(await client.contactsByEmail('ida@example.com')).toEqual([]);
  });

  test('is nobody when only a longer address is like it', async () => {
    const { sandbox, client } = sandboxed();
    sandbox.account.addContact({ email: 'linda@example.com' });
    expect(await client.contactsByEmail('inda@example.com')).toEqual([]);
  });

  test('is nobody for no address, though there are contacts without one', async () => {
    const { sandbox, client } = sandboxed();
    sandbox.account.addContact({ phone: '+15555550100' });
    expect(await client.contactsByEmail(' ')).toEqual([]);
    expect(client.calls).toBe(0);
  });
});

describe('a membership', () => {
  test('is set to unsubscribed, and again without harm', async () => {
    const { sandbox, client } = sandboxed();
    const list = sandbox.account.addList({ name: 'News' }).id;
    const { id } = sandbox.account.addContact({ email: 'ida@example.com' });
    sandbox.account.join(id, list, 1);
    await client.setMembership({ contact: id, list, status: 2 });
    await client.setMembership({ contact: id, list, status: 2 });
    expect(sandbox.account.membership(id, list)?.status).toBe(2);
  });

  test.each([200, 201] as const)('is set when the account answers %i', async (status) => {
    const { sandbox, client } = sandboxed();
    sandbox.switches.changedMembershipStatus = status;
    const list = sandbox.account.addList({ name: 'News' }).id;
    const { id } = sandbox.account.addContact({ email: 'ida@example.com' });
    sandbox.account.join(id, list, 1);
    await client.setMembership({ contact: id, list, status: 2 });
    expect(sandbox.account.membership(id, list)?.status).toBe(2);
  });

  test('is set on a list that the contact was never on', async () => {
    const { sandbox, client } = sandboxed();
    const list = sandbox.account.addList({ name: 'News' }).id;
    const { id } = sandbox.account.addContact({ email: 'ida@example.com' });
    await client.setMembership({ contact: id, list, status: 1, sourceid: 4 });
    expect(sandbox.account.membership(id, list)).toMatchObject({ status: 1, sourceid: 4 });
  });

  test('of a contact that is gone cannot be set', async () => {
    const { sandbox, client } = sandboxed();
    const list = sandbox.account.addList({ name: 'News' }).id;
    const failure = await failureOf(client.setMembership({ contact: '121', list, status: 2 }));
    expect(failure.detail).toMatchObject({ kind: 'not-found', words: 'No Result found for Subscriber with id 121' });
  });
});

describe('the account', () => {
  test('tells every list over several pages, with its channel', async () => {
    const { sandbox, client } = sandboxed();
    const before = sandbox.account.lists.size;
    for (let n = 1; n <= 130; n++) sandbox.account.addList({ name: `List ${n}`, channel: n === 7 ? 'sms' : 'email' });
    const lists = await client.lists();
    expect(lists).toHaveLength(before + 130);
    expect(lists.find(({ name }) => name === 'List 7')?.channel).toBe('sms');
    expect(lists.find(({ name }) => name === 'List 8')?.channel).toBe('email');
    expect(client.calls).toBe(2);
  });

  test('shows no list that is hidden from the user of the key', async () => {
    const { sandbox, client } = sandboxed();
    const hidden = sandbox.account.addList({ name: 'Secret' }).id;
    sandbox.account.addList({ name: 'News' });
    sandbox.account.hideList(hidden);
    const names = (await client.lists()).map(({ name }) => name);
    expect(names).toContain('News');
    expect(names).not.toContain('Secret');
  });

  test('tells whose key it is', async () => {
    const { sandbox, client } = sandboxed();
    const [user] = sandbox.account.users.values();
    expect(await client.me()).toEqual({ id: user?.id, username: 'admin' });
  });

  test('tells the time by its own clock', async () => {
    const { sandbox, client } = sandboxed();
    sandbox.clock.freeze(Date.parse('2026-11-21T20:00:00Z'));
    expect(client.serverTime).toBeUndefined();
    await client.me();
    expect(client.serverTime).toBe(Date.parse('2026-11-21T20:00:00Z'));
  });
});
