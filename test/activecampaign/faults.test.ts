import { describe, expect, test } from 'vitest';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import type { FaultKind, FaultRoute } from '../../src/sandbox/faults.ts';
import { standstill } from '../service/standstill.ts';
import { answering, everybody, failureOf, type Sandboxed, sandboxed } from './sandboxed.ts';

/** An account with 250 contacts on one list. */
function peopled(): Sandboxed & { list: string } {
  const world = sandboxed();
  const list = world.sandbox.account.addList({ name: 'News' }).id;
  for (let n = 1; n <= 250; n++) {
    world.sandbox.account.join(world.sandbox.account.addContact({ email: `p${n}@example.com` }), list, 1);
  }
  return { ...world, list };
}

const contacts: FaultRoute = { service: 'activecampaign', method: 'GET', path: /\/contacts\?/ };
const writes: FaultRoute = { service: 'activecampaign', method: 'POST', path: /\/contactLists/ };

const passing: [string, FaultKind][] = [
  ['a 429', { kind: 'status', status: 429, headers: { 'Retry-After': '2' } }],
  ['a 502 with a web page', { kind: 'status', status: 502, body: '<html><title>Bad gateway</title></html>' }],
  ['a 503', { kind: 'status', status: 503, body: '' }],
  ['a 403 with a good key', { kind: 'status', status: 403, body: { message: 'Forbidden' } }],
  ['a dropped connection', { kind: 'drop' }],
  ['an empty body with 200', { kind: 'status', status: 200, body: '' }],
  ['{} with 200', { kind: 'status', status: 200, body: {} }],
  ['a cut page', { kind: 'cut' }],
];

describe('everybody is read through', () => {
  test.each(passing)('%s in the middle', async (_, fault) => {
    const { sandbox, client } = peopled();
    const handle = sandbox.faults.add({ ...contacts, skip: 1, times: 1, ...fault });
    expect(await everybody(client)).toHaveLength(250);
    expect(handle.hits).toBe(1);
    expect(client.calls).toBe(4);
  });

  test('a 429 no sooner than the account allows', async () => {
    const { sandbox, client, clock } = peopled();
    sandbox.faults.add({ ...contacts, times: 1, kind: 'status', status: 429, headers: { 'Retry-After': '30' } });
    await everybody(client);
    expect(Math.max(...clock.slept)).toBe(30_000);
  });

  test('a 429 that asks for an hour ends the call, and holds up the next one for a minute at most', async () => {
    const { sandbox, client, clock } = peopled();
    sandbox.faults.add({ ...contacts, times: 1, kind: 'status', status: 429, headers: { 'Retry-After': '3600' } });
    expect((await failureOf(everybody(client))).kind).toBe('rate-limited');
    await everybody(client);
    expect(Math.max(...clock.slept)).toBe(60_000);
  });
});

const lasting: [string, FaultKind, string][] = [
  ['429', { kind: 'status', status: 429 }, 'rate-limited'],
  ['503', { kind: 'status', status: 503 }, 'unreachable'],
  ['402 for an unpaid account', { kind: 'status', status: 402, body: { message: 'Payment required' } }, 'forbidden'],
  ['403 for a right that is lacking', { kind: 'status', status: 403, body: { message: 'Forbidden' } }, 'forbidden'],
  [
    '403 for what is not there',
    { kind: 'status', status: 403, body: { message: 'No Result found for _List with id 3' } },
    'not-found',
  ],
  ['401', { kind: 'status', status: 401, body: {} }, 'unauthorised'],
  ['422', { kind: 'status', status: 422, body: { errors: [{ title: 'Invalid attribute' }] } }, 'rejected'],
  ['a dropped connection', { kind: 'drop' }, 'unreachable'],
  ['a cut page', { kind: 'cut' }, 'malformed'],
  ['{}', { kind: 'status', status: 200, body: {} }, 'malformed'],
];

describe('reading everybody ends, and not as if that were all,', () => {
  test.each(lasting)('when page two stays %s', async (_, fault, kind) => {
    const { sandbox, client } = peopled();
    sandbox.faults.add({ ...contacts, skip: 1, ...fault });
    expect((await failureOf(everybody(client))).kind).toBe(kind);
    expect(client.calls).toBeLessThanOrEqual(5);
  });

  test('when page two is empty though more match', async () => {
    const { sandbox, client } = peopled();
    const body = { contacts: [], contactLists: [], contactTags: [], tags: [], meta: { total: '150' } };
    sandbox.faults.add({ ...contacts, skip: 1, kind: 'status', status: 200, body });
    expect((await failureOf(everybody(client))).detail).toMatchObject({
      kind: 'malformed',
      words: 'no contacts although 150 match',
    });
  });

  test('when id_greater is ignored and page one comes again', async () => {
    const { client } = answering(() => ({
      contacts: [{ id: '7', email: 'a@example.com' }],
      contactLists: [],
      contactTags: [],
    }));
    expect((await failureOf(everybody(client))).detail).toMatchObject({
      kind: 'malformed',
      words: 'the contacts do not come in order of their ids',
    });
  });

  test('when the service does not answer in time', async () => {
    const fetch = () => new Promise<Response>(() => {});
    const clock = standstill();
    const client = createActiveCampaign({ url: 'https://acme.api-us1.com', key: 'k3y', fetch, timeoutMs: 3, ...clock });
    expect((await failureOf(everybody(client))).kind).toBe('unreachable');
  });
});

describe('a reply that leaves out an empty array', () => {
  test.each([
    ['and says that nobody matches is nobody', { meta: { total: '0' } }, 'nobody'],
    ['and says how many match is not readable', { meta: { total: '3' } }, 'malformed'],
    ['and says nothing is not readable', { scoreValues: [] }, 'malformed'],
    ['and has something else in its place is not readable', { contacts: null, meta: { total: '0' } }, 'malformed'],
  ])('%s', async (_, body, said) => {
    const { client } = answering(() => body);
    const asked = client.contactsByEmail('ann@example.com');
    if (said === 'nobody') expect(await asked).toEqual([]);
    else expect((await failureOf(asked)).kind).toBe(said);
  });
});

describe('a write', () => {
  const change = (world: { list: string }) => ({ contact: '1', list: world.list, status: 2 }) as const;

  test('is sent again after 429, when it was not done', async () => {
    const world = peopled();
    world.sandbox.faults.add({ ...writes, times: 1, kind: 'status', status: 429, headers: { 'Retry-After': '1' } });
    await world.client.setMembership(change(world));
    expect(world.sandbox.account.membership('1', world.list)?.status).toBe(2);
    expect(world.client.calls).toBe(2);
  });

  test('is sent again after a 403, which may be a whim and says that it was not done', async () => {
    const world = peopled();
    const body = { message: 'Forbidden' };
    world.sandbox.faults.add({ ...writes, times: 2, kind: 'status', status: 403, body });
    await world.client.setMembership(change(world));
    expect(world.sandbox.account.membership('1', world.list)?.status).toBe(2);
  });

  test.each<[string, FaultKind]>([
    ['a dropped connection', { kind: 'drop', when: 'before' }],
    ['an answer lost after it was done', { kind: 'drop', when: 'after' }],
    ['a 502', { kind: 'status', status: 502 }],
  ])('is not sent again after %s: the writer reads back', async (_, fault) => {
    const world = peopled();
    world.sandbox.faults.add({ ...writes, times: 1, ...fault });
    expect((await failureOf(world.client.setMembership(change(world)))).kind).toBe('unreachable');
    expect(world.client.calls).toBe(1);
  });

  test.each<[string, FaultKind]>([
    ['an empty reply', { kind: 'status', status: 200, body: '' }],
    ['{}', { kind: 'status', status: 200, body: {} }],
    ['a cut reply', { kind: 'cut' }],
  ])('is not done for sure after %s', async (_, fault) => {
    const world = peopled();
    world.sandbox.faults.add({ ...writes, times: 1, ...fault });
    expect((await failureOf(world.client.setMembership(change(world)))).kind).toBe('malformed');
  });

  test('is done when the reply says so, be it in numbers or in strings', async () => {
    for (const [contact, list, status] of [
      ['1', '2', '2'],
      [1, 2, 2],
    ]) {
      const { client } = answering(() => ({ contacts: [], contactList: { contact, list, status, sourceid: 3 } }));
      await client.setMembership({ contact: '1', list: '2', status: 2 });
    }
  });

  test('is not done when the reply says another status', async () => {
    const { client } = answering(() => ({ contactList: { contact: '1', list: '2', status: '1' } }));
    const failure = await failureOf(client.setMembership({ contact: '1', list: '2', status: 2 }));
    expect(failure.detail).toMatchObject({ kind: 'rejected', words: 'the reply says status 1, not 2' });
  });

  test('is not done when the reply is about somebody else', async () => {
    const { client } = answering(() => ({ contactList: { contact: '3', list: '2', status: '2' } }));
    expect((await failureOf(client.setMembership({ contact: '1', list: '2', status: 2 }))).kind).toBe('rejected');
  });
});

describe('the key', () => {
  test('is refused after three 403s, the first two may be a whim', async () => {
    const { client } = sandboxed({ key: 'another-key' });
    const failure = await failureOf(client.me());
    expect(failure.kind).toBe('unauthorised');
    expect(client.calls).toBe(3);
  });

  test('holds after one 403', async () => {
    const { sandbox, client } = sandboxed();
    sandbox.faults.add({ service: 'activecampaign', times: 1, kind: 'status', status: 403, body: { message: 'no' } });
    expect(await client.me()).toMatchObject({ username: 'admin' });
  });

  test('stands in no failure, though the service quotes it', async () => {
    const { client } = answering(() => Response.json({ message: 'k3y is not a key' }, { status: 401 }));
    const failure = await failureOf(client.me());
    expect(JSON.stringify(failure.detail) + failure.message + failure.stack).not.toContain('k3y');
  });

  test('that cannot be one is refused at once, and not quoted', () => {
    const make = () =>
      createActiveCampaign({ url: 'https://a.api-us1.com', key: 's3cret\nkey', fetch, ...standstill() });
    expect(make).toThrow('Settings > Developer');
    expect(make).toThrow(/^(?!.*s3cret)/);
  });

  test('comes with the name of whoever asks: what stands before the account turns the nameless away', async () => {
    const names: (string | null)[] = [];
    const { client } = answering((_, { headers }) => {
      names.push(new Headers(headers).get('User-Agent'));
      return { user: { id: '1', username: 'admin' } };
    });
    await client.me();
    expect(names).toEqual(['OptBridge']);
  });

  test('goes in a header, never in the address', async () => {
    const sent: RequestInit[] = [];
    const { client, urls } = answering((_, init) => {
      sent.push(init);
      return { user: { id: 1, username: 'ida' } };
    });
    expect(await client.me()).toEqual({ id: '1', username: 'ida' });
    expect(new Headers(sent[0]?.headers).get('Api-Token')).toBe('k3y');
    expect(urls.join()).not.toContain('k3y');
  });
});

test.each<[string, number, unknown, string]>([
  [
    'a message',
    404,
    { message: 'No Result found for Subscriber with id 121' },
    'No Result found for Subscriber with id 121',
  ],
  [
    'a detail',
    403,
    { errors: [{ status: 403, title: 'Forbidden', detail: 'You may not.' }] },
    'Forbidden: You may not.',
  ],
  ['a pointer', 422, { errors: [{ title: 'Missing', source: { pointer: '/data/x' } }] }, 'Missing (/data/x)'],
  ['a parameter', 400, { errors: [{ title: 'Wrong', source: { parameter: 'tag' } }] }, 'Wrong (tag)'],
  ['a typed source', 422, { errors: [{ title: 'Wrong', source: { type: 'pointer', value: '/x' } }] }, 'Wrong (/x)'],
  ['errors as a word', 400, { errors: 'Bad request' }, 'Bad request'],
  [
    'reasons',
    400,
    { success: 0, message: 'No.', failureReasons: ['Rate', { failureReason: 'Field' }] },
    'No.; Rate; Field',
  ],
  ['nothing in it', 400, {}, 'HTTP 400: {}'],
])('an error body with %s is told in its own words', async (_, status, body, words) => {
  const { client } = answering(() => Response.json(body, { status }));
  expect((await failureOf(client.setMembership({ contact: '1', list: '2', status: 2 }))).detail.words).toBe(words);
});

test('the code of an error is kept', async () => {
  const body = { errors: [{ title: 'Email address already exists in the system', detail: '', code: 'duplicate' }] };
  const { client } = answering(() => Response.json(body, { status: 422 }));
  const failure = await failureOf(client.setMembership({ contact: '1', list: '2', status: 2 }));
  expect(failure.detail).toMatchObject({ kind: 'rejected', code: 'duplicate', status: 422 });
});
