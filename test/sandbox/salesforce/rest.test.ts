import { beforeEach, describe, expect, test } from 'vitest';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { BASE, contact, HOST, lead, type Reply, START, type World, world } from './world.ts';

let here: World;
let org: Org;
beforeEach(() => {
  here = world();
  org = here.org;
});

const http = (at: number): string => new Date(at).toUTCString();
const optOut = (type: string, id: string) => ({ attributes: { type }, id, HasOptedOutOfEmail: true });

describe('every reply', () => {
  test('tells the time of the org and how much of the limit is used; the list of versions does not count', async () => {
    const versions = await here.call('GET', '/services/data', undefined, { Authorization: '' });
    expect(versions.json).toContainEqual({ label: "Spring '26", url: '/services/data/v66.0', version: '66.0' });
    expect(versions.json).toContainEqual({ label: "Winter '27", url: '/services/data/v68.0', version: '68.0' });
    expect(versions.headers.get('Sforce-Limit-Info')).toBeNull();
    expect(versions.headers.get('Date')).toBe(http(START));
    const limits = await here.call('GET', 'limits');
    expect(limits.headers.get('Sforce-Limit-Info')).toBe('api-usage=1/100000');
    expect(limits.json).toMatchObject({ DailyApiRequests: { Max: 100_000, Remaining: 99_999 } });
  });

  test('collapses leading slashes, as the sf CLI needs', async () => {
    expect((await here.call('GET', `/${BASE}/limits`)).status).toBe(200);
  });

  test('is 414 where the address is longer than 16,384 bytes, 431 where it is with the headers, unless it stands in a composite call', async () => {
    const soql = (blanks: number) => `query?q=SELECT+Id+FROM+Contact${'+'.repeat(blanks)}`;
    const most = 16_384 - `${BASE}/${soql(0)}`.length;
    expect((await here.call('GET', soql(most - 1_000))).status).toBe(200);
    expect((await here.call('GET', soql(most - 1_000), undefined, { 'X-Long': 'x'.repeat(1_000) })).status).toBe(431);
    expect((await here.call('GET', soql(most))).status).toBe(431);
    expect((await here.call('GET', soql(most + 1))).status).toBe(414);
    const url = `${BASE}/${soql(most + 1)}`;
    const compositeRequest = [{ method: 'GET', url, referenceId: 'one' }];
    expect((await here.call('POST', 'composite', { compositeRequest })).json).toMatchObject({
      compositeResponse: [{ httpStatusCode: 200 }],
    });
  });

  test('is 405 for a method that the address does not know, and names those it does', async () => {
    const id = contact(org, 'Ann');
    for (const [method, path, allowed] of [
      ['PUT', `sobjects/Contact/${id}`, 'HEAD,GET,PATCH,DELETE'],
      ['POST', `sobjects/Contact/${id}`, 'HEAD,GET,PATCH,DELETE'],
      ['PATCH', 'sobjects/Contact', 'HEAD,GET,POST'],
      ['POST', 'query', 'HEAD,GET'],
      ['DELETE', 'composite', 'POST'],
    ] as const) {
      const message = `HTTP Method '${method}' not allowed. Allowed are ${allowed}`;
      const reply = await here.call(method, path, {});
      expect([reply.status, reply.json]).toEqual([405, [{ message, errorCode: 'METHOD_NOT_ALLOWED' }]]);
    }
    expect((await here.call('PUT', 'nothing/here', {})).status).toBe(404);
  });

  test('is 415 for a body that is not labelled as JSON', async () => {
    const path = `sobjects/Contact/${contact(org, 'Ann')}`;
    const sent = (label: string) => here.call('PATCH', path, { HasOptedOutOfEmail: true }, { 'Content-Type': label });
    const refused = await sent('text/plain;charset=UTF-8');
    const message = "MediaType of 'text/plain' is not supported by this resource";
    expect([refused.status, refused.json]).toEqual([415, [{ message, errorCode: 'UNSUPPORTED_MEDIA_TYPE' }]]);
    expect((await sent('application/json; charset=utf-8')).status).toBe(204);
  });

  test('is refused when the limit is used up, and still says so', async () => {
    org.apiLimit.max = 1;
    await here.call('GET', 'limits');
    const refused = await here.call('GET', 'limits');
    expect([refused.status, refused.json]).toEqual([
      403,
      [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }],
    ]);
  });

  const tokens: [string, () => string, string][] = [
    ['no token', () => '', 'Session expired or invalid'],
    ['an unknown token', () => 'Bearer 00D!x', 'Session expired or invalid'],
    [
      'an expired token',
      () => {
        const token = org.grants.openSession(here.rep);
        org.grants.tokenLifetime = 1_000;
        here.now += 1_000;
        return `Bearer ${token}`;
      },
      'Session expired or invalid',
    ],
    [
      'a token without the api scope',
      () => `Bearer ${org.grants.openSession(here.rep, 'x', 'id refresh_token')}`,
      'This session is not valid for use with the REST API',
    ],
  ];
  test.each(tokens)('with %s is a 401', async (_what, token, message) => {
    const reply = await here.call('GET', 'limits', undefined, { Authorization: token() });
    expect([reply.status, reply.json]).toEqual([401, [{ message, errorCode: 'INVALID_SESSION_ID' }]]);
  });

  test('is refused to the script of a web page, given to an extension, and to a page on the CORS list', async () => {
    const from = async (origin: string) => (await here.call('GET', 'limits', undefined, { Origin: origin })).status;
    expect(await from('https://acme.lightning.force.com')).toBe(403);
    expect(await from('chrome-extension://abcdefghijklmnopabcdefghijklmnop')).toBe(200);
    here.sandbox.corsAllowed.add('https://intranet.example');
    expect(await from('https://intranet.example')).toBe(200);
  });
});

describe('a describe', () => {
  const fieldOf = (reply: Reply, name: string): unknown =>
    (reply.json as { fields: { name: string }[] }).fields.find((f) => f.name === name);

  test('shows a field as the user may use it', async () => {
    const shown = async () => fieldOf(await here.call('GET', 'sobjects/Contact/describe'), 'HasOptedOutOfEmail');
    expect(await shown()).toMatchObject({ label: 'Email Opt Out', type: 'boolean', updateable: true, sortable: true });
    org.allow(here.rep, 'read-only', 'Contact', 'HasOptedOutOfEmail');
    expect(await shown()).toMatchObject({ updateable: false });
    org.allow(here.rep, 'hidden', 'Contact', 'HasOptedOutOfEmail');
    expect(await shown()).toBeUndefined();
  });

  test('of a lead says that the opt-out can be neither sorted nor grouped', async () => {
    const reply = await here.call('GET', 'sobjects/Lead/describe');
    expect(fieldOf(reply, 'HasOptedOutOfEmail')).toMatchObject({ sortable: false, groupable: false });
    expect(reply.json).toMatchObject({ name: 'Lead', keyPrefix: '00Q', updateable: true });
  });

  test('is a 304 until a field or a right changes', async () => {
    const since = { 'If-Modified-Since': http(START) };
    expect((await here.call('GET', 'sobjects/Contact/describe', undefined, since)).status).toBe(304);
    here.now += 1_000;
    org.addField('Contact', 'Sales_Opt_Out__c');
    const reply = await here.call('GET', 'sobjects/Contact/describe', undefined, since);
    expect(fieldOf(reply, 'Sales_Opt_Out__c')).toMatchObject({ custom: true, label: 'Sales Opt Out' });
  });
});

describe('a record', () => {
  test('is read whole or by fields, parents included', async () => {
    const id = contact(org, 'Ann', { AccountId: org.insert('Account', { Name: 'Acme' }) });
    const some = await here.call('GET', `sobjects/Contact/${id.slice(0, 15)}?fields=Id,Email,Account.Name`);
    expect(some.json).toMatchObject({
      attributes: { type: 'Contact', url: `${BASE}/sobjects/Contact/${id}` },
      Id: id,
      Email: 'ann@example.com',
      Account: { Name: 'Acme' },
    });
    const whole = await here.call('GET', `sobjects/Contact/${id}`);
    expect(whole.json).toMatchObject({ HasOptedOutOfEmail: false, LastModifiedDate: '2026-11-21T20:00:00.000+0000' });
    expect(whole.headers.get('Last-Modified')).toBe(http(START));
  });

  test('is changed by PATCH, or by POST for clients that cannot', async () => {
    const id = contact(org, 'Ann');
    const reply = await here.call('PATCH', `sobjects/Contact/${id}`, { HasOptedOutOfEmail: true });
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(org.get('Contact', id)).toMatchObject({ HasOptedOutOfEmail: true, LastModifiedById: here.rep });
    await here.call('POST', `sobjects/Contact/${id}?_HttpMethod=PATCH`, { HasOptedOutOfEmail: false });
    expect(org.get('Contact', id)?.HasOptedOutOfEmail).toBe(false);
  });

  test('that changed since is not changed, to the second', async () => {
    const id = contact(org, 'Ann');
    const set = (at: number) =>
      here.call('PATCH', `sobjects/Contact/${id}`, { HasOptedOutOfEmail: true }, { 'If-Unmodified-Since': http(at) });
    expect((await set(START - 1_000)).status).toBe(412);
    expect(org.get('Contact', id)?.HasOptedOutOfEmail).toBe(false);
    expect((await set(START)).status).toBe(204);
  });

  test('that did not change since is a 304', async () => {
    const id = contact(org, 'Ann');
    const get = async (at: number) =>
      (await here.call('GET', `sobjects/Contact/${id}`, undefined, { 'If-Modified-Since': http(at) })).status;
    expect([await get(START), await get(START - 1_000)]).toEqual([304, 200]);
  });

  test('of a lead changes hands by the assignment rule unless the header says FALSE', async () => {
    const id = lead(org, 'Lou');
    org.leadAssignee = here.rep;
    await here.call('PATCH', `sobjects/Lead/${id}`, { HasOptedOutOfEmail: true }, { 'Sforce-Auto-Assign': 'FALSE' });
    expect(org.get('Lead', id)?.OwnerId).toBe(org.admin);
    await here.call('PATCH', `sobjects/Lead/${id}`, { HasOptedOutOfEmail: true });
    expect(org.get('Lead', id)?.OwnerId).toBe(here.rep);
  });

  test('is made and deleted', async () => {
    const made = await here.call('POST', 'sobjects/Lead', { LastName: 'Lou', Company: 'Acme' });
    expect([made.status, made.json]).toEqual([201, { id: expect.any(String), success: true, errors: [] }]);
    const { id } = made.json as { id: string };
    expect((await here.call('DELETE', `sobjects/Lead/${id}`)).status).toBe(204);
    expect(org.get('Lead', id)?.IsDeleted).toBe(true);
    expect((await here.call('POST', 'sobjects/Lead', { LastName: 'Lou' })).json).toEqual([
      { message: 'Required fields are missing: [Company]', errorCode: 'REQUIRED_FIELD_MISSING', fields: ['Company'] },
    ]);
  });

  test('of a task is open until its status is a closed one, and is about a live Contact or Lead', async () => {
    const ann = contact(org, 'Ann');
    const make = async (values: object) => (await here.call('POST', 'sobjects/Task', values)).json;
    const open = (await make({ WhoId: ann, Subject: 'Call' })) as { id: string };
    expect(org.get('Task', open.id)).toMatchObject({ Status: 'Not Started', Priority: 'Normal', IsClosed: false });
    const closed = (await make({ WhoId: ann, Subject: 'Called', Status: 'Completed' })) as { id: string };
    expect(org.get('Task', closed.id)).toMatchObject({ IsClosed: true, OwnerId: here.rep });
    org.remove('Contact', ann);
    expect(await make({ WhoId: ann })).toMatchObject([{ errorCode: 'ENTITY_IS_DELETED' }]);
    expect(await make({ WhoId: org.admin })).toMatchObject([{ errorCode: 'MALFORMED_ID' }]);
    expect(await make({ WhoId: '003000000000009AAA' })).toMatchObject([{ errorCode: 'INVALID_CROSS_REFERENCE_KEY' }]);
    expect(await make({ Status: null })).toMatchObject([{ errorCode: 'REQUIRED_FIELD_MISSING' }]);
    const soql = 'SELECT ApiName FROM TaskStatus WHERE IsClosed = true ORDER BY SortOrder';
    expect((await here.call('GET', `query?q=${encodeURIComponent(soql)}`)).json).toMatchObject({
      records: [{ ApiName: 'Completed' }],
    });
  });

  const refusals: [string, string, number, string, (() => unknown)?][] = [
    ['GET', 'sobjects/Contact/003000000000001', 404, 'NOT_FOUND'],
    ['GET', 'sobjects/Contact/nonsense', 400, 'MALFORMED_ID'],
    ['GET', 'sobjects/Nothing/003000000000001', 404, 'NOT_FOUND'],
    ['GET', 'sobjects/Contact/ID?fields=Nope', 400, 'INVALID_FIELD'],
    ['GET', 'sobjects/Contact/GONE', 404, 'ENTITY_IS_DELETED'],
    ['PATCH', 'sobjects/Contact/GONE', 404, 'ENTITY_IS_DELETED'],
    ['PATCH', 'sobjects/Contact/ID', 400, 'JSON_PARSER_ERROR', () => '{"HasOptedOutOfEmail":'],
    ['PATCH', 'sobjects/Contact/ID', 400, 'INVALID_FIELD', () => ({ Nope: 1 })],
    ['PATCH', 'sobjects/Lead/CONVERTED', 400, 'CANNOT_UPDATE_CONVERTED_LEAD', () => ({})],
    ['POST', 'sobjects/Contact/ID', 405, 'METHOD_NOT_ALLOWED', () => ({})],
    ['GET', 'nowhere', 404, 'NOT_FOUND'],
    ['GET', '/services/data/v5.0/limits', 404, 'NOT_FOUND'],
    ['GET', 'query', 400, 'MALFORMED_QUERY'],
    ['GET', 'query/01gQy0000000009AAA-2000', 400, 'INVALID_QUERY_LOCATOR'],
  ];
  test.each(refusals)('%s %s is refused with %i %s', async (method, path, status, code, body) => {
    const [id, gone, converted] = [contact(org, 'Ann'), contact(org, 'Gone'), lead(org, 'Lou')];
    org.remove('Contact', gone);
    org.convert(converted);
    const at = path.replace('ID', id).replace('GONE', gone).replace('CONVERTED', converted);
    const reply = await here.call(method, at, body?.() ?? (method === 'PATCH' ? {} : undefined));
    expect([reply.status, reply.json]).toMatchObject([status, [{ errorCode: code }]]);
  });
});

describe('a query', () => {
  test('comes in pages of the size asked for, at least 200', async () => {
    const ids = Array.from({ length: 450 }, (_, n) => contact(org, `P${n}`));
    const options = { 'Sforce-Query-Options': 'batchSize=50' };
    const found: string[] = [];
    const sizes: number[] = [];
    let page = (await here.query('SELECT Id FROM Contact', options)).json as {
      totalSize: number;
      nextRecordsUrl?: string;
      records: { Id: string }[];
    };
    for (;;) {
      expect(page.totalSize).toBe(450);
      sizes.push(page.records.length);
      found.push(...page.records.map((record) => record.Id));
      if (page.nextRecordsUrl === undefined) break;
      page = (await here.call('GET', page.nextRecordsUrl, undefined, options)).json as typeof page;
    }
    expect(sizes).toEqual([200, 200, 50]);
    expect(found).toEqual(ids);
  });

  test('says with columns=true what the sf CLI wants to know', async () => {
    const reply = await here.call('GET', 'query?q=SELECT+Id,+Account.Name+FROM+Contact&columns=true');
    expect(reply.json).toMatchObject({
      entityName: 'Contact',
      columnMetadata: [
        { columnName: 'Id', aggregate: false, joinColumns: [] },
        { columnName: 'Account', joinColumns: [{ columnName: 'Name' }] },
      ],
    });
  });

  test('answers what the sf CLI asks first', async () => {
    expect((await here.query('SELECT Id FROM ScratchOrgInfo limit 1')).json).toMatchObject({ totalSize: 0 });
    const soql =
      'SELECT Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType FROM Organization';
    expect((await here.query(soql)).json).toMatchObject({ records: [{ Name: 'Acme', IsSandbox: false }] });
    expect((await here.call('GET', `sobjects/User/${here.rep}`)).json).toMatchObject({
      Username: 'rita.rep@acme.example',
    });
  });
});

describe('a collection', () => {
  test('writes each row for itself and answers in order, without an id where it failed', async () => {
    const [ann, bob, lou] = [contact(org, 'Ann'), contact(org, 'Bob'), lead(org, 'Lou')];
    org.lock(bob);
    org.leadAssignee = here.rep;
    const records = [
      optOut('Contact', ann),
      optOut('Contact', bob),
      optOut('Contact', '003000000000001AAA'),
      optOut('Contact', ann),
      optOut('Lead', lou.slice(0, 15)),
    ];
    const reply = await here.call(
      'PATCH',
      'composite/sobjects',
      { allOrNone: false, records },
      { 'Sforce-Auto-Assign': 'FALSE' },
    );
    expect([reply.status, reply.json]).toEqual([
      200,
      [
        { id: ann, success: true, errors: [] },
        {
          success: false,
          errors: [
            {
              statusCode: 'UNABLE_TO_LOCK_ROW',
              message: `unable to obtain exclusive access to this record or 1 records: ${bob}`,
              fields: [],
            },
          ],
        },
        {
          success: false,
          errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }],
        },
        {
          success: false,
          errors: [{ statusCode: 'DUPLICATE_VALUE', message: `duplicate id specified: ${ann}`, fields: [] }],
        },
        { id: lou, success: true, errors: [] },
      ],
    ]);
    expect(org.get('Lead', lou)).toMatchObject({ HasOptedOutOfEmail: true, OwnerId: org.admin });
    expect(reply.headers.get('Sforce-Limit-Info')).toBe('api-usage=1/100000');
  });

  test('deletes by id, each for itself or all or none', async () => {
    const [ann, lou] = [contact(org, 'Ann'), lead(org, 'Lou')];
    const drop = (allOrNone: boolean) =>
      here.call('DELETE', `composite/sobjects?ids=${ann},003000000000001AAA,${lou}&allOrNone=${allOrNone}`);
    expect(((await drop(true)).json as { success: boolean }[]).map(({ success }) => success)).toEqual([
      false,
      false,
      false,
    ]);
    expect([org.get('Contact', ann)?.IsDeleted, org.deletedAt(ann)]).toEqual([false, undefined]);
    expect((await drop(false)).json).toMatchObject([
      { id: ann, success: true },
      { success: false, errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY' }] },
      { id: lou, success: true },
    ]);
    expect([org.get('Contact', ann)?.IsDeleted, org.get('Lead', lou)?.IsDeleted]).toEqual([true, true]);
  });

  test('all or none takes everything back', async () => {
    const [ann, bob] = [contact(org, 'Ann'), contact(org, 'Bob')];
    org.lock(bob);
    const reply = await here.call('PATCH', 'composite/sobjects', {
      allOrNone: true,
      records: [optOut('Contact', ann), optOut('Contact', bob)],
    });
    expect(reply.json).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'UNABLE_TO_LOCK_ROW' }] },
    ]);
    expect(org.get('Contact', ann)?.HasOptedOutOfEmail).toBe(false);
  });

  test('reads many records, with null for those that are not there', async () => {
    const ann = contact(org, 'Ann');
    const reply = await here.call('GET', `composite/sobjects/Contact?ids=${ann},003000000000001AAA&fields=Id,Email`);
    expect(reply.json).toMatchObject([{ Id: ann, Email: 'ann@example.com' }, null]);
    const posted = await here.call('POST', 'composite/sobjects/Contact', { ids: [ann], fields: ['Email'] });
    expect(posted.json).toMatchObject([{ Email: 'ann@example.com' }]);
  });

  const wholes: [string, unknown, string][] = [
    [
      'too many records',
      { records: Array.from({ length: 201 }, () => optOut('Contact', '003000000000001')) },
      'EXCEEDED_ID_LIMIT',
    ],
    [
      'too many chunks',
      { records: Array.from({ length: 11 }, (_, n) => optOut(n % 2 ? 'Lead' : 'Contact', 'x')) },
      'INVALID_INPUT',
    ],
    ['no type', { records: [{ id: 'x' }] }, 'INVALID_INPUT'],
    ['no records', {}, 'JSON_PARSER_ERROR'],
  ];
  test.each(wholes)('with %s is refused as a whole', async (_what, body, code) => {
    const reply = await here.call('PATCH', 'composite/sobjects', body);
    expect([reply.status, reply.json]).toMatchObject([400, [{ errorCode: code }]]);
  });
});

describe('composite', () => {
  const read = (id: string) => ({
    method: 'GET',
    url: `${BASE}/sobjects/Contact/${id}?fields=Email`,
    referenceId: 'first',
  });

  test('does one after the other, puts replies into later requests, and is one call', async () => {
    const ann = contact(org, 'Ann');
    const reply = await here.call('POST', 'composite', {
      compositeRequest: [
        { method: 'GET', url: `${BASE}/query?q=SELECT+Id+FROM+Contact`, referenceId: 'found' },
        {
          method: 'PATCH',
          url: `${BASE}/sobjects/Contact/@{found.records[0].Id}`,
          referenceId: 'set',
          body: { HasOptedOutOfEmail: true },
        },
        { method: 'GET', url: `${BASE}/sobjects/Contact/@{found.records[7].Id}`, referenceId: 'lost' },
      ],
    });
    expect(reply.json).toMatchObject({
      compositeResponse: [
        { httpStatusCode: 200, referenceId: 'found', body: { totalSize: 1 } },
        { httpStatusCode: 204, referenceId: 'set', body: null },
        { httpStatusCode: 400, referenceId: 'lost', body: [{ errorCode: 'PROCESSING_HALTED' }] },
      ],
    });
    expect(org.get('Contact', ann)?.HasOptedOutOfEmail).toBe(true);
    expect(org.apiLimit.used).toBe(1);
  });

  test('hands on the headers of each request', async () => {
    const ann = contact(org, 'Ann');
    const set = {
      method: 'PATCH',
      url: `${BASE}/sobjects/Contact/${ann}`,
      referenceId: 'set',
      body: { HasOptedOutOfEmail: true },
      httpHeaders: { 'If-Unmodified-Since': http(START - 1_000) },
    };
    const reply = await here.call('POST', 'composite', { compositeRequest: [set] });
    expect(reply.json).toMatchObject({ compositeResponse: [{ httpStatusCode: 412 }] });
  });

  test.each(['Authorization', 'accept', 'Content-Type'])('refuses the header %s on one of them', async (header) => {
    const one = { ...read('003000000000001'), httpHeaders: { [header]: 'x' } };
    expect((await here.call('POST', 'composite', { compositeRequest: [one] })).status).toBe(400);
  });

  test.each([
    ['none', [undefined]],
    ['two alike', ['one', 'one']],
    ['one with a dash', ['a-b']],
  ])('is refused where its requests have %s as reference', async (_, ids) => {
    const compositeRequest = ids.map((referenceId) => ({ ...read('003000000000001'), referenceId }));
    const reply = await here.call('POST', 'composite', { compositeRequest });
    expect([reply.status, reply.json]).toMatchObject([400, [{ errorCode: 'INVALID_INPUT' }]]);
  });

  test('all or none takes back what came before', async () => {
    const ann = contact(org, 'Ann');
    const set = {
      method: 'PATCH',
      url: `${BASE}/sobjects/Contact/${ann}`,
      referenceId: 'set',
      body: { HasOptedOutOfEmail: true },
    };
    const reply = await here.call('POST', 'composite', {
      allOrNone: true,
      compositeRequest: [set, { ...read('003000000000001'), referenceId: 'bad' }],
    });
    expect(reply.json).toMatchObject({
      compositeResponse: [
        { httpStatusCode: 400, body: [{ errorCode: 'PROCESSING_HALTED' }] },
        { httpStatusCode: 404, body: [{ errorCode: 'NOT_FOUND' }] },
      ],
    });
    expect(org.get('Contact', ann)?.HasOptedOutOfEmail).toBe(false);
  });

  test('refuses a 26th request and a sixth query', async () => {
    const many = (count: number, url: string) => ({
      compositeRequest: Array.from({ length: count }, (_, n) => ({ method: 'GET', url, referenceId: `r${n}` })),
    });
    expect((await here.call('POST', 'composite', many(26, `${BASE}/limits`))).status).toBe(400);
    expect((await here.call('POST', 'composite', many(6, `${BASE}/query?q=SELECT+Id+FROM+Lead`))).status).toBe(400);
  });

  test('batch answers each for itself, counts each, and halts when told to', async () => {
    const ann = contact(org, 'Ann');
    const batchRequests = [
      { method: 'PATCH', url: `v66.0/sobjects/Contact/${ann}`, richInput: { HasOptedOutOfEmail: true } },
      { method: 'GET', url: 'v66.0/sobjects/Contact/003000000000001' },
      { method: 'GET', url: 'v66.0/limits' },
    ];
    const reply = await here.call('POST', 'composite/batch', { batchRequests });
    expect(reply.json).toMatchObject({
      hasErrors: true,
      results: [{ statusCode: 204 }, { statusCode: 404 }, { statusCode: 200 }],
    });
    expect(org.apiLimit.used).toBe(3);
    const halted = await here.call('POST', 'composite/batch', { batchRequests, haltOnError: true });
    expect(halted.json).toMatchObject({ results: [{ statusCode: 204 }, { statusCode: 404 }, { statusCode: 412 }] });
  });
});

describe('updated and deleted', () => {
  const span = (start: number, end: number) =>
    `start=${encodeURIComponent(new Date(start).toISOString())}&end=${encodeURIComponent(new Date(end).toISOString())}`;

  test('list ids by time, and cover less than asked for while transactions are under way', async () => {
    const ann = contact(org, 'Ann');
    here.now += 600_000;
    const bob = contact(org, 'Bob');
    org.remove('Contact', bob);
    here.now += 600_000;
    const updated = await here.call('GET', `sobjects/Contact/updated/?${span(START - 60_000, here.now)}`);
    expect(updated.json).toEqual({ ids: [ann], latestDateCovered: '2026-11-21T20:20:00.000+0000' });
    const deleted = await here.call('GET', `sobjects/Contact/deleted/?${span(START - 60_000, here.now)}`);
    expect(deleted.json).toMatchObject({ deletedRecords: [{ id: bob, deletedDate: '2026-11-21T20:10:00.000+0000' }] });
    org.replicationLag = 900_000;
    const lagging = await here.call('GET', `sobjects/Contact/deleted/?${span(START - 60_000, here.now)}`);
    expect(lagging.json).toMatchObject({ deletedRecords: [], latestDateCovered: '2026-11-21T20:05:00.000+0000' });
  });

  test('refuse a span that ends before it starts, or lies too far back', async () => {
    const days = 86_400_000;
    for (const [start, end] of [
      [START, START],
      [START - 31 * days, START],
    ] as const) {
      const reply = await here.call('GET', `sobjects/Contact/updated?${span(start, end)}`);
      expect(reply.json).toMatchObject([{ errorCode: 'INVALID_REPLICATION_DATE' }]);
    }
  });
});

test('the Lightning host has no API: it sends the caller to My Domain', async () => {
  const request = new Request(`https://acme.lightning.force.com${BASE}/limits`);
  const reply = await here.sandbox.fetch(request);
  expect([reply.status, reply.headers.get('Location')]).toEqual([302, `${HOST}${BASE}/limits`]);
});
