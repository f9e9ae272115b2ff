import { beforeEach, describe, expect, it } from 'vitest';
import type { Reply } from './calls.ts';
import { emptyAccount } from './calls.ts';

let minute = 0;
let delivered: Request[] = [];
let world = emptyAccount();
let news = '';

beforeEach(() => {
  minute = 0;
  delivered = [];
  world = emptyAccount({
    monotonic: () => minute * 60_000,
    deliver: async (request) => {
      delivered.push(request);
      return new Response();
    },
  });
  news = world.account.addList({ name: 'News' }).id;
});

const send = (...contacts: object[]): Promise<Reply> => world.post('import/bulk_import', { contacts });
const info = async (accepted: Reply) => (await world.get(`import/info?batchId=${accepted.body.batchId}`)).body;

describe('a bulk import', () => {
  it('is accepted at once and done later, by the world’s time', async () => {
    const accepted = await send({ email: 'ann@example.com', first_name: 'Ann', tags: ['vip'] }, { email: 'ben@x' });
    expect([accepted.status, accepted.body]).toEqual([
      200,
      {
        success: 1,
        queued_contacts: 2,
        batchId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        message: 'Contact import queued',
      },
    ]);
    expect(await info(accepted)).toEqual({ status: 'waiting', success: [], failure: [] });
    expect((await world.get('import/bulk_import')).body).toEqual({
      outstanding: [{ forDate: '2025-07-01', batches: '1', contacts: '2' }],
      recentlyCompleted: [],
    });
    world.sandbox.clock.advance(2_000);
    expect(await info(accepted)).toEqual({ status: 'completed', success: ['1'], failure: ['ben@x'] });
    expect(world.account.contact('1')).toMatchObject({ email: 'ann@example.com', firstName: 'Ann' });
  });

  it('goes step by step where a test says when', async () => {
    world.sandbox.switches.importDelay = 'never';
    const accepted = await send({ email: 'ann@example.com' }, { email: 'ben@example.com' });
    world.sandbox.clock.advance(3_600_000);
    expect((await info(accepted)).status).toBe('waiting');
    world.sandbox.imports.run(1);
    expect(await info(accepted)).toMatchObject({ status: 'active', success: ['1'] });
    world.sandbox.imports.run();
    expect(await info(accepted)).toMatchObject({ status: 'completed', success: ['1', '2'] });
  });

  it('passes over whoever is on the exclusion list, without a word', async () => {
    world.account.exclude('ann@example.com');
    world.account.exclude('@shut.example', { matchType: 'end' });
    const accepted = await send(
      { email: 'Ann@example.com' },
      { email: 'ben@shut.example' },
      { email: 'cleo@example.com' },
    );
    world.sandbox.clock.advance(2_000);
    expect(await info(accepted)).toEqual({ status: 'completed', success: ['1'], failure: [] });
    expect(world.account.contacts.map(({ email }) => email)).toEqual(['cleo@example.com']);
    expect((await world.get('lists/exclusions')).body).toEqual({
      exclusions: [
        { id: '1', matchPhrase: 'ann@example.com', matchType: 'exact', channel: 'allEmail', hidden: false, lists: [] },
        { id: '2', matchPhrase: '@shut.example', matchType: 'end', channel: 'allEmail', hidden: false, lists: [] },
      ],
      meta: { total: 2 },
    });
    expect((await world.get('lists/exclusions?filters%5Bmail%5D=x')).status).toBe(422);
  });

  it('makes contacts that were not there', async () => {
    await send({ email: 'new@example.com', unsubscribe: [{ listid: news }] });
    world.sandbox.imports.run();
    expect(world.account.contactByEmail('new@example.com')?.memberships.size).toBe(0);
  });

  it('unsubscribes, and does not put back who has left', async () => {
    world.account.join(world.account.addContact({ email: 'ann@example.com' }), news);
    world.account.join(world.account.addContact({ email: 'ben@example.com' }), news, 2);
    await send(
      { email: 'ANN@example.com', unsubscribe: [{ listid: news }] },
      { email: 'ben@example.com', subscribe: [{ listid: Number(news) }] },
      { email: 'cleo@example.com', subscribe: [{ listid: news }] },
    );
    world.sandbox.imports.run();
    expect(['1', '2', '3'].map((id) => world.account.membership(id, news)?.status)).toEqual([2, 2, 1]);
  });

  it('fires no webhook', async () => {
    world.sandbox.webhooks.add({
      name: 'all',
      url: 'https://hooks.example.com/x',
      events: ['subscribe', 'unsubscribe', 'update', 'contact_tag_added'],
      sources: ['public', 'admin', 'api', 'system'],
      listid: '0',
    });
    world.account.join(world.account.addContact({ email: 'ann@example.com' }), news);
    await send({ email: 'ann@example.com', first_name: 'Ann', tags: ['vip'], unsubscribe: [{ listid: news }] });
    world.sandbox.imports.run();
    await world.sandbox.webhooks.settled();
    expect(delivered).toEqual([]);
  });

  it('is refused whole for one bad address, too many people, none', async () => {
    const bad = await send({ email: 'ann@example.com' }, { first_name: 'Ben' });
    expect(bad.status).toBe(400);
    expect(bad.body).toMatchObject({ success: 0, failureReasons: [{ contact: 1 }] });
    const many = Array.from({ length: 251 }, (_, number) => ({ email: `p${number}@example.com` }));
    expect((await send(...many)).status).toBe(400);
    expect((await send()).status).toBe(400);
    expect((await world.get('import/bulk_import')).body.outstanding).toEqual([]);
  });

  it('answers 400, not 429, to the 21st single and the 101st batch in a minute', async () => {
    const single = () => send({ email: 'ann@example.com' });
    const pair = () => send({ email: 'ann@example.com' }, { email: 'ben@example.com' });
    for (let request = 0; request < 20; request++) expect((await single()).status).toBe(200);
    const refused = await single();
    expect([refused.status, refused.body.message]).toEqual([400, 'Rate limit exceeded.']);
    for (let request = 0; request < 100; request++) expect((await pair()).status).toBe(200);
    expect((await pair()).status).toBe(400);
    minute = 1;
    expect((await single()).status).toBe(200);
  });
});
