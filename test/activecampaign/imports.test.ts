import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { inImports, isPlainAddress } from '../../src/activecampaign/imports.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { answering, failureOf, type Sandboxed, sandboxed } from './sandboxed.ts';

let world: Sandboxed;
let news = '';
beforeEach(() => {
  world = sandboxed();
  news = world.sandbox.account.addList({ name: 'News' }).id;
});

/** So many contacts on the list; gives their addresses. */
function members(count: number): string[] {
  const { account } = world.sandbox;
  return Array.from({ length: count }, (_, n) => {
    const contact = account.addContact({ email: `P${n}@Example.com`, firstName: 'Pia' });
    account.join(contact, news);
    account.tag(contact, 'vip');
    return contact.email;
  });
}
const leaving = (emails: readonly string[]) => emails.map((email) => ({ email, lists: [news] }));
const statuses = () => [...world.sandbox.account.memberships.values()].map(({ status }) => status);

describe('an import', () => {
  test('unsubscribes later, changes nothing else, and tells when it is over', async () => {
    const { client, sandbox } = world;
    sandbox.switches.importDelay = 'never';
    const batch = await client.imports.queue(leaving(members(12)), true);
    expect([await client.imports.isOver(batch), new Set(statuses())]).toEqual([false, new Set([1])]);
    sandbox.imports.run(5);
    expect(await client.imports.isOver(batch)).toBe(false);
    sandbox.imports.run();
    expect([await client.imports.isOver(batch), new Set(statuses())]).toEqual([true, new Set([2])]);
    expect(sandbox.account.contacts).toHaveLength(12);
    expect(sandbox.account.contacts[0]).toMatchObject({ email: 'P0@Example.com', firstName: 'Pia' });
    expect(sandbox.account.contacts[0]?.tags.size).toBe(1);
  });

  test('asks for nothing but that lists are left, and whether automations start is said', async () => {
    const sent: unknown[] = [];
    const { client } = answering((_, init) => {
      sent.push(JSON.parse(String(init.body)));
      return { Success: 1, queued_contacts: 1, batchId: 'b-1', message: 'Contact import queued' };
    });
    expect(await client.imports.queue([{ email: 'ann@example.com', lists: ['3', '7'] }], false)).toBe('b-1');
    const contacts = [{ email: 'ann@example.com', unsubscribe: [{ listid: 3 }, { listid: 7 }] }];
    expect(sent).toEqual([{ contacts, exclude_automations: false }]);
  });

  test('that is one too many this minute is told from one that is refused', async () => {
    const people = leaving(members(2));
    const limited = answering(() =>
      Response.json({ success: 0, message: 'Rate limit exceeded.', failureReasons: ['Up to 100'] }, { status: 400 }),
    );
    expect((await failureOf(limited.client.imports.queue(people, true))).kind).toBe('rate-limited');
    expect((await failureOf(world.client.imports.queue(leaving(['no address']), true))).kind).toBe('rejected');
    expect(limited.urls).toHaveLength(1);
  });

  test.each<[string, unknown, string]>([
    ['a failure under 200', { success: 0, message: 'not today' }, 'rejected'],
    ['no batch', { success: 1 }, 'malformed'],
    ['nothing', new Response(''), 'malformed'],
  ])('answered with %s was not, or not surely, taken', async (_, answer, kind) => {
    const { client, urls } = answering(() => answer);
    expect((await failureOf(client.imports.queue(leaving(['a@example.com']), true))).kind).toBe(kind);
    expect(urls).toHaveLength(1);
  });
});

describe('people cut into requests', () => {
  const person = fc.record({
    email: fc.string({ minLength: 1, maxLength: 40 }).map((name) => `${name}@example.com`),
    lists: fc.array(fc.nat(9999).map(String), { maxLength: 400 }),
  });

  test('are all there once, in order, and no request is larger than the account takes or too small to be worth it', () => {
    fc.assert(
      fc.property(fc.array(person, { maxLength: 600, size: 'max' }), (people) => {
        const { imports, rest } = inImports(people);
        expect([...imports.flat(), ...rest].map(({ email }) => email).sort()).toEqual(
          people.map(({ email }) => email).sort(),
        );
        for (const some of imports) {
          const contacts = some.map(({ email, lists }) => ({
            email,
            unsubscribe: lists.map((id) => ({ listid: +id })),
          }));
          const bytes = Buffer.byteLength(JSON.stringify({ contacts, exclude_automations: true }));
          expect(some.length).toBeGreaterThanOrEqual(10);
          expect(some.length).toBeLessThanOrEqual(250);
          expect(bytes).toBeLessThanOrEqual(400_000);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('make requests of the size that the account takes, where everybody leaves many lists', () => {
    const lists = Array.from({ length: 130 }, (_, n) => `${1000 + n}`);
    const people = Array.from({ length: 500 }, (_, n) => ({ email: `p${n}@example.com`, lists }));
    const sizes = inImports(people).imports.map((some) => {
      const contacts = some.map(({ email }) => ({ email, unsubscribe: lists.map((id) => ({ listid: +id })) }));
      return JSON.stringify({ contacts, exclude_automations: true }).length;
    });
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400_000);
    expect(sizes).toHaveLength(3);
  });

  test('are as few requests as can be', () => {
    const { imports, rest } = inImports(leaving(Array.from({ length: 504 }, (_, n) => `p${n}@example.com`)));
    expect([imports.map(({ length }) => length), rest.length]).toEqual([[250, 250], 4]);
  });
});

test.each<[string, boolean]>([
  ['ann.lee+news@example.co.uk', true],
  ['Ann_Lee@EXAMPLE.com', true],
  ["o'neil@example.com", false],
  ['ann@localhost', false],
  ['ann lee@example.com', false],
  ['ann@example.com ', false],
  ['änn@example.com', false],
  ['ann@@example.com', false],
  ['', false],
])('%j may be handed in: %s', (email, plain) => {
  expect(isPlainAddress(email)).toBe(plain);
});

describe('contacts by their ids', () => {
  const lookUps = () => world.sandbox.requests.of('activecampaign', 'GET', /\/contacts\?/).length;

  test('come a hundred a call, whole', async () => {
    members(230);
    const ids = world.sandbox.account.contacts.map(({ id }) => id);
    const found = await world.client.contactsById(ids);
    expect([...found.keys()]).toEqual(ids);
    expect([...found.values()].every(({ memberships, tags }) => memberships?.length === 1 && tags?.[0] === 'vip')).toBe(
      true,
    );
    expect(lookUps()).toBe(3);
  });

  test('leave out who is gone, and nobody else', async () => {
    members(3);
    world.sandbox.account.remove('2');
    expect([...(await world.client.contactsById(['1', '2', '3'])).keys()]).toEqual(['1', '3']);
    expect(await world.client.contactsById([])).toEqual(new Map());
  });

  test('are read whole though the account brings only some rows along', async () => {
    members(5);
    world.sandbox.switches.sideLoadCap = 2;
    const found = await world.client.contactsById(['1', '2', '3', '4', '5']);
    expect([...found.values()].map(({ memberships }) => memberships?.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test.each<[string, Response | 'everybody']>([
    ['ignores ids[]', 'everybody'],
    ['refuses ids[]', Response.json({ message: 'no' }, { status: 400 })],
    ['does not know ids[]', Response.json({ message: 'no' }, { status: 404 })],
  ])('are read one by one where the account %s, and it is not asked so again', async (_, answer) => {
    members(4);
    const { sandbox } = world;
    const { client, urls } = answering((url, init) => {
      if (!url.searchParams.has('ids[]')) return sandbox.fetch(url.href, keyed(init));
      if (answer !== 'everybody') return answer.clone();
      url.searchParams.delete('ids[]');
      return sandbox.fetch(url.href, keyed(init));
    });
    expect([...(await client.contactsById(['2', '3'])).keys()].sort()).toEqual(['2', '3']);
    const first = urls.length;
    expect([...(await client.contactsById(['2', '3'])).keys()].sort()).toEqual(['2', '3']);
    expect(urls.length - first).toBe(2);
  });
});

function keyed(init: RequestInit): RequestInit {
  return { ...init, headers: { ...init.headers, 'Api-Token': CREDENTIALS.activecampaign.key } };
}
