import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { longId } from '../../src/salesforce/salesforce.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { type AdapterName, failureOf, namelessTokens, optOut, people, rowsOf, type World, world } from './world.ts';

const ALL = 'SELECT Id, Email, HasOptedOutOfEmail FROM Contact ORDER BY Id';
const QUERY = { service: 'salesforce', path: /\/query/ } as const;
const WRITE = { service: 'salesforce', path: /\/composite/ } as const;
/** Records that one call carries. */
const CARRIES: Record<AdapterName, number> = { rest: 200, jsforce: 1000 };

/** What both adapters promise: the same sentences for each. */
describe.each<AdapterName>(['rest', 'jsforce'])('Salesforce over %s', (adapter) => {
  let here: World;
  beforeEach(async () => {
    here = await world(adapter);
  });
  afterEach(() => here.close());

  const optedOut = (ids: readonly string[]): number =>
    ids.filter((id) => here.sandbox.org.get(id.startsWith('003') ? 'Contact' : 'Lead', id)?.HasOptedOutOfEmail).length;

  describe('a query', () => {
    test('comes in pages, each row once, without attributes', async () => {
      const ids = people(here.sandbox, 'Contact', 25);
      here.sandbox.salesforce.paging.maxRows = 10;
      const pages: number[] = [];
      const found: unknown[] = [];
      for await (const page of here.salesforce.query(ALL)) {
        pages.push(page.length);
        found.push(...page);
      }
      expect(pages).toEqual([10, 10, 5]);
      expect(found).toEqual(
        ids.map((id, n) => ({ Id: id, Email: `Contact${n}@example.com`, HasOptedOutOfEmail: false })),
      );
    });

    test('without a row is one empty page', async () => {
      expect(await rowsOf(here.salesforce.query(ALL))).toEqual([]);
    });

    test('brings a parent without attributes too', async () => {
      const account = here.sandbox.org.insert('Account', { Name: 'Acme' });
      here.sandbox.org.insert('Contact', { LastName: 'Ida', AccountId: account });
      const rows = await rowsOf(here.salesforce.query('SELECT LastName, Account.Name FROM Contact'));
      expect(rows).toEqual([{ LastName: 'Ida', Account: { Name: 'Acme' } }]);
    });

    test('shows deleted and merged records only when asked to', async () => {
      const [winner = '', loser = ''] = people(here.sandbox, 'Contact', 2);
      here.sandbox.org.merge('Contact', winner, [loser]);
      const soql = 'SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE IsDeleted = true';
      expect(await rowsOf(here.salesforce.query(soql))).toEqual([]);
      expect(await rowsOf(here.salesforce.query(soql, { deleted: true }))).toEqual([
        { Id: loser, IsDeleted: true, MasterRecordId: winner },
      ]);
    });

    test('finds an address with a quote and a plus in it', async () => {
      here.sandbox.org.insert('Contact', { LastName: 'O', Email: "o'neil+news@example.com" });
      const soql = "SELECT LastName FROM Contact WHERE Email = 'o\\'neil+news@example.com'";
      expect(await rowsOf(here.salesforce.query(soql))).toEqual([{ LastName: 'O' }]);
    });

    test('that is wrong is rejected in the words of Salesforce', async () => {
      const failure = await failureOf(rowsOf(here.salesforce.query('SELECT Id, Nonsense FROM Contact')));
      expect(failure.detail).toMatchObject({
        service: 'salesforce',
        kind: 'rejected',
        code: 'INVALID_FIELD',
        status: 400,
      });
      expect(failure.detail.words).toContain("No such column 'Nonsense'");
    });

    test('of a field that is hidden is rejected', async () => {
      here.sandbox.org.allow('everyone', 'hidden', 'Contact', 'HasOptedOutOfEmail');
      expect((await failureOf(rowsOf(here.salesforce.query(ALL)))).detail.code).toBe('INVALID_FIELD');
    });
  });

  describe('a query of several pages', () => {
    beforeEach(() => {
      people(here.sandbox, 'Contact', 25);
      here.sandbox.salesforce.paging.maxRows = 10;
    });

    test('goes on with a renewed token when the old one expires in the middle, and asks for one only', async () => {
      const run = () => here.sandbox.org.grants.expireTokens();
      here.sandbox.faults.add({ ...QUERY, skip: 1, times: 1, kind: 'run', run });
      expect(await rowsOf(here.salesforce.query(ALL))).toHaveLength(25);
      expect(here.tokens()).toBe(2);
    });

    test('ends when a renewed token is refused as well', async () => {
      here.sandbox.faults.add({ ...QUERY, skip: 1, kind: 'run', run: () => here.sandbox.org.grants.expireTokens() });
      const failure = await failureOf(rowsOf(here.salesforce.query(ALL)));
      expect(failure.detail).toMatchObject({ kind: 'unauthorised', code: 'INVALID_SESSION_ID', status: 401 });
      expect(here.tokens()).toBe(2);
    });

    test('does not ask for a token when the session may not use the API', async () => {
      const body = [
        { message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' },
      ];
      here.sandbox.faults.add({ ...QUERY, kind: 'status', status: 401, body });
      expect((await failureOf(rowsOf(here.salesforce.query(ALL)))).kind).toBe('forbidden');
      expect(here.tokens()).toBe(1);
    });

    test.each<[string, FaultKind]>([
      ['a web page with 503', { kind: 'status', status: 503, body: '<html><title>Maintenance</title></html>' }],
      ['a dropped connection', { kind: 'drop' }],
      ['a cut page', { kind: 'cut' }],
      ['an empty page', { kind: 'status', status: 200, body: '' }],
      ['a 500', { kind: 'status', status: 500, body: [{ errorCode: 'UNKNOWN_EXCEPTION', message: 'Oops' }] }],
    ])('goes on after %s', async (_, fault) => {
      const handle = here.sandbox.faults.add({ ...QUERY, skip: 1, times: 1, ...fault });
      expect(await rowsOf(here.salesforce.query(ALL))).toHaveLength(25);
      expect(handle.hits).toBe(1);
    });

    test.each<[string, FaultKind, object]>([
      [
        'unreachable: a web page with 503',
        {
          kind: 'status',
          status: 503,
          body: '<html><title>Maintenance</title></html>',
          headers: { 'Content-Type': 'text/html' },
        },
        { kind: 'unreachable', status: 503, words: 'HTTP 503 and a web page: Maintenance' },
      ],
      ['unreachable: a dropped connection', { kind: 'drop' }, { kind: 'unreachable' }],
      ['malformed: a cut page', { kind: 'cut' }, { kind: 'malformed', words: 'a reply that is cut or no JSON' }],
      [
        'malformed: an empty page',
        { kind: 'status', status: 200, body: '' },
        { kind: 'malformed', words: 'an empty reply' },
      ],
      ['malformed: {}', { kind: 'status', status: 200, body: {} }, { kind: 'malformed' }],
      [
        'malformed: not the last page, and no next one',
        { kind: 'status', status: 200, body: { totalSize: 25, done: false, records: [] } },
        { kind: 'malformed', words: 'a page that leads no further, yet is not the last' },
      ],
      [
        'malformed: a next page on another host',
        {
          kind: 'status',
          status: 200,
          body: {
            totalSize: 25,
            done: false,
            records: [],
            nextRecordsUrl: 'https://elsewhere.example.com/services/data/x',
          },
        },
        { kind: 'malformed' },
      ],
      [
        'malformed: fewer rows in all than there should be',
        { kind: 'status', status: 200, body: { totalSize: 25, done: true, records: [] } },
        { kind: 'malformed', words: '10 rows in all where 25 should be' },
      ],
      [
        'rejected: a locator that has expired',
        {
          kind: 'status',
          status: 400,
          body: [{ message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' }],
        },
        { kind: 'rejected', code: 'INVALID_QUERY_LOCATOR' },
      ],
    ])('ends, and not as if that were all, with %s', async (_, fault, detail) => {
      here.sandbox.faults.add({ ...QUERY, skip: 1, ...fault });
      expect((await failureOf(rowsOf(here.salesforce.query(ALL)))).detail).toMatchObject(detail);
      expect(here.sandbox.requests.of('salesforce', 'GET', /\/query/).length).toBeLessThanOrEqual(5);
    });

    test('ends at the limit of the day, without another call', async () => {
      here.sandbox.org.apiLimit.max = 1;
      const failure = await failureOf(rowsOf(here.salesforce.query(ALL)));
      expect(failure.detail).toMatchObject({ kind: 'rate-limited', code: 'REQUEST_LIMIT_EXCEEDED', status: 403 });
      expect(here.sandbox.requests.of('salesforce', 'GET', /\/query/)).toHaveLength(2);
    });
  });

  test('a service that hangs is unreachable after a time', async () => {
    await here.close();
    here = await world(adapter, { timeoutMs: 20, version: '67.0', fetch: () => new Promise(() => {}) });
    const failure = await failureOf(here.salesforce.describe('Contact'));
    expect(failure.detail).toMatchObject({ kind: 'unreachable', words: 'no answer within 0.02 seconds' });
  });

  describe('a description', () => {
    test('shows the opt-out field as it is for the user', async () => {
      const field = {
        name: 'HasOptedOutOfEmail',
        label: 'Email Opt Out',
        type: 'boolean',
        updateable: true,
        groupable: true,
      };
      const contact = await here.salesforce.describe('Contact');
      expect(contact).toMatchObject({ name: 'Contact', queryable: true, updateable: true });
      expect(contact.fields.get('HasOptedOutOfEmail')).toEqual(field);
    });

    test('lacks a field that is hidden from the user', async () => {
      here.sandbox.org.allow('everyone', 'hidden', 'Lead', 'HasOptedOutOfEmail');
      const { fields } = await here.salesforce.describe('Lead');
      expect(fields.has('HasOptedOutOfEmail')).toBe(false);
      expect(fields.has('Email')).toBe(true);
    });

    test('shows a field that the user may only read', async () => {
      here.sandbox.org.allow('everyone', 'read-only', 'Contact', 'HasOptedOutOfEmail');
      expect((await here.salesforce.describe('Contact')).fields.get('HasOptedOutOfEmail')?.updateable).toBe(false);
    });
  });

  describe('an update', () => {
    const carries = CARRIES[adapter];
    const calls = (): number => here.sandbox.requests.all.filter(({ path }) => WRITE.path.test(path)).length;

    test('of 450 contacts and leads in any order goes in few calls, and one bad row stops no other', async () => {
      const contacts = people(here.sandbox, 'Contact', 230);
      const leads = people(here.sandbox, 'Lead', 220);
      const bad = contacts[77] ?? '';
      const message = 'Ask the legal team first.';
      here.sandbox.org.addRule('Contact', { message, when: (after) => after.Id === bad });
      const updates = contacts.flatMap((id, n) => [
        optOut('Contact', id),
        ...(leads[n] === undefined ? [] : [optOut('Lead', leads[n])]),
      ]);

      const outcomes = await here.salesforce.update(updates);
      expect(outcomes.map(({ id }) => id)).toEqual(updates.map(({ id }) => id));
      const failed = outcomes.filter(({ failure }) => failure);
      expect(failed).toMatchObject([
        {
          id: bad,
          failure: { kind: 'rejected', detail: { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', words: message } },
        },
      ]);
      expect(optedOut([...contacts, ...leads])).toBe(449);
      expect(calls()).toBe(Math.ceil(450 / carries));
    });

    test('gives no lead another owner, though an assignment rule is active', async () => {
      const { org } = here.sandbox;
      const leads = people(here.sandbox, 'Lead', 3);
      org.leadAssignee = org.addUser({ username: 'queue@acme.example', lastName: 'Queue' });
      const owners = leads.map((id) => org.get('Lead', id)?.OwnerId);
      await here.salesforce.update(leads.map((id) => optOut('Lead', id)));
      expect(optedOut(leads)).toBe(3);
      expect(leads.map((id) => org.get('Lead', id)?.OwnerId)).toEqual(owners);
    });

    test('of nobody asks nothing', async () => {
      expect(await here.salesforce.update([])).toEqual([]);
      expect(calls()).toBe(0);
    });

    test('takes ids of 15 characters', async () => {
      const [id = ''] = people(here.sandbox, 'Contact', 1);
      const short = id.slice(0, 15);
      expect(await here.salesforce.update([optOut('Contact', short)])).toEqual([{ id: short }]);
      expect(longId(short)).toBe(id);
      expect(optedOut([id])).toBe(1);
    });

    test('waits a little for a row that somebody else saves', async () => {
      const ids = people(here.sandbox, 'Contact', 3);
      here.sandbox.org.lock(ids[1] ?? '', 2);
      expect(await here.salesforce.update(ids.map((id) => optOut('Contact', id)))).toEqual(ids.map((id) => ({ id })));
      expect(optedOut(ids)).toBe(3);
      expect(here.clock.slept).toHaveLength(2);
    });

    test('gives up a row that stays locked, and only that', async () => {
      const ids = people(here.sandbox, 'Contact', 3);
      here.sandbox.org.lock(ids[1] ?? '');
      const outcomes = await here.salesforce.update(ids.map((id) => optOut('Contact', id)));
      expect(outcomes[1]?.failure?.detail).toMatchObject({ kind: 'rejected', code: 'UNABLE_TO_LOCK_ROW' });
      expect(optedOut(ids)).toBe(2);
      expect(here.sandbox.requests.of('salesforce', 'PATCH')).toHaveLength(3);
    });

    test('tells which records are deleted, converted or not to be written', async () => {
      const { org } = here.sandbox;
      const [deleted = '', readable = ''] = people(here.sandbox, 'Contact', 2);
      const [converted = ''] = people(here.sandbox, 'Lead', 1);
      org.remove('Contact', deleted);
      org.convert(converted, { contactId: readable });
      const outcomes = await here.salesforce.update([optOut('Contact', deleted), optOut('Lead', converted)]);
      expect(outcomes[0]?.failure?.kind).toBe('not-found');
      expect(outcomes[1]?.failure?.detail.code).toBe('CANNOT_UPDATE_CONVERTED_LEAD');

      org.allow('everyone', 'read-only', 'Contact', 'HasOptedOutOfEmail');
      const [outcome] = await here.salesforce.update([optOut('Contact', readable)]);
      expect(outcome?.failure?.detail.code).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    });

    test('renews an expired token and is done once', async () => {
      const ids = people(here.sandbox, 'Contact', 2);
      await here.salesforce.identity();
      here.sandbox.org.grants.expireTokens();
      expect(await here.salesforce.update(ids.map((id) => optOut('Contact', id)))).toEqual(ids.map((id) => ({ id })));
      expect(here.tokens()).toBe(2);
    });

    test.each<[string, FaultKind, string, boolean]>([
      ['before it was done', { kind: 'drop', when: 'before' }, 'unreachable', false],
      ['after it was done', { kind: 'drop', when: 'after' }, 'unreachable', true],
      ['with 503', { kind: 'status', status: 503, body: '<html></html>' }, 'unreachable', false],
      ['in the middle of its reply', { kind: 'cut' }, 'malformed', true],
    ])(
      'whose second call breaks %s gives the failure to its rows alone, and is not sent again',
      async (_, fault, kind, done) => {
        const ids = people(here.sandbox, 'Contact', 2 * carries + 50);
        here.sandbox.faults.add({ ...WRITE, skip: 1, times: 1, ...fault });
        const outcomes = await here.salesforce.update(ids.map((id) => optOut('Contact', id)));
        expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([
          ...Array(carries).fill(undefined),
          ...Array(carries).fill(kind),
          ...Array(50).fill(undefined),
        ]);
        expect(optedOut(ids)).toBe(carries + 50 + (done ? carries : 0));
        expect(calls()).toBe(3);
      },
    );

    test('stops at the limit of the day, and every row left has that failure', async () => {
      const ids = people(here.sandbox, 'Contact', 2 * carries + 50);
      here.sandbox.org.apiLimit.max = 1;
      const outcomes = await here.salesforce.update(ids.map((id) => optOut('Contact', id)));
      expect(outcomes.filter(({ failure }) => failure?.kind === 'rate-limited')).toHaveLength(carries + 50);
      expect(optedOut(ids)).toBe(carries);
      expect(calls()).toBe(2);
    });
  });

  test('it tells the org and the user in 18 characters', async () => {
    const { organization, user } = await here.salesforce.identity();
    expect(organization).toBe(here.sandbox.org.id);
    expect(user).toBe(here.sandbox.org.userNamed('optbridge.integration@acme.example'));
  });

  test('a token that userinfo refuses in plain text is renewed', async () => {
    const fault = {
      kind: 'status',
      status: 403,
      body: 'Bad_OAuth_Token',
      headers: { 'Content-Type': 'text/plain' },
    } as const;
    const nameless = await world(adapter, { fetch: namelessTokens });
    nameless.sandbox.faults.add({ service: 'salesforce', path: /userinfo/, times: 1, ...fault });
    expect((await nameless.salesforce.identity()).organization).toBe(nameless.sandbox.org.id);
    expect(nameless.tokens()).toBe(2);
    await nameless.close();
  });

  test("it tells the time by Salesforce's clock", async () => {
    expect(here.salesforce.serverTime).toBeUndefined();
    here.sandbox.clock.freeze(Date.parse('2026-11-21T20:00:00Z'));
    await here.salesforce.identity();
    expect(here.salesforce.serverTime).toBe(Date.parse('2026-11-21T20:00:00Z'));
  });

  test('it counts every request, those that are sent again too', async () => {
    people(here.sandbox, 'Contact', 25);
    here.sandbox.salesforce.paging.maxRows = 10;
    here.sandbox.faults.add({ ...QUERY, skip: 1, times: 1, kind: 'status', status: 503 });
    await rowsOf(here.salesforce.query(ALL));
    expect(here.salesforce.calls).toBe(here.sandbox.requests.of('salesforce').length);
    expect(here.sandbox.requests.of('salesforce', 'GET', /\/query/)).toHaveLength(4);
  });

  test('it speaks the newest version that both sides know, and asks for it once', async () => {
    await here.salesforce.describe('Contact');
    await here.salesforce.describe('Lead');
    const paths = here.sandbox.requests.of('salesforce', 'GET').map(({ path }) => path);
    expect(paths.filter((path) => path === '/services/data')).toHaveLength(1);
    expect(paths.at(-1)).toBe('/services/data/v67.0/sobjects/Lead/describe');
  });

  test('it says so when the org is too old for it', async () => {
    const body = [{ label: "Winter '20", url: '/services/data/v47.0', version: '47.0' }];
    here.sandbox.faults.add({ service: 'salesforce', path: /data$/, kind: 'status', status: 200, body });
    const failure = await failureOf(here.salesforce.describe('Contact'));
    expect(failure.detail).toMatchObject({
      kind: 'rejected',
      words: 'the org speaks API version 47.0 at most, and 50.0 is needed',
    });
  });

  test('no failure carries a token', async () => {
    here.sandbox.faults.add({ ...QUERY, kind: 'status', status: 400, body: [{ message: 'no', errorCode: 'X' }] });
    const failure = await failureOf(rowsOf(here.salesforce.query(ALL)));
    expect(JSON.stringify(failure.detail) + failure.stack).not.toMatch(/00D\w{12}!/);
  });
});
