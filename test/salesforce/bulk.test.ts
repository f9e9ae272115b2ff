import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { csvLine, csvRows } from '../../src/salesforce/csv.ts';
import { createJsforce, type JsforceSalesforce } from '../../src/salesforce/jsforce.ts';
import type { Row } from '../../src/salesforce/salesforce.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { standstill } from '../service/standstill.ts';
import { failureOf, optOut } from './world.ts';

const { url, clientId, clientSecret } = CREDENTIALS.salesforce;
const SOQL = 'SELECT Id, Email, HasOptedOutOfEmail FROM Contact WHERE Email != null';
const RESULTS = /jobs\/query\/\w+\/results/;

let sandbox: Sandbox;
let salesforce: JsforceSalesforce;
beforeEach(() => {
  sandbox = createSandbox({ people: 0 });
  const auth = { kind: 'client-credentials', clientId, clientSecret } as const;
  salesforce = createJsforce({ url, auth, fetch: sandbox.fetch, ...standstill(), now: Date.now });
});

function contact(name: string, set = false): string {
  return sandbox.org.insert('Contact', { LastName: name, Email: `${name}@example.com`, HasOptedOutOfEmail: set });
}

async function rowsOf(rows: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const some of rows) all.push(...some);
  return all;
}

describe('many rows by Bulk', () => {
  test('come as REST gives them, but as text, over as many pages as there are', async () => {
    const ids = ['ann', 'bea', 'cid', 'dee', 'eve'].map((name) => contact(name, name === 'cid'));
    sandbox.salesforce.bulk.maxRows = 2;
    const rows = await rowsOf(salesforce.bulk.query(SOQL));
    expect(rows.map((row) => row.Id)).toEqual(ids);
    expect(rows.map((row) => row.HasOptedOutOfEmail)).toEqual(['false', 'false', 'true', 'false', 'false']);
    expect(sandbox.requests.of('salesforce', 'GET', RESULTS)).toHaveLength(3);
  });

  test('may be none', async () => {
    expect(await rowsOf(salesforce.bulk.query(SOQL))).toEqual([]);
  });

  test.each(['', 'Records not found for this query'])('may be none without as much as a header: "%s"', async (body) => {
    const headers = { 'content-type': 'text/csv' };
    sandbox.faults.add({ service: 'salesforce', path: RESULTS, kind: 'status', status: 200, body, headers });
    expect(await rowsOf(salesforce.bulk.query(SOQL))).toEqual([]);
    contact('ann');
    expect((await failureOf(rowsOf(salesforce.bulk.query(SOQL)))).kind).toBe('malformed');
  });

  test('are waited for while the job goes on', async () => {
    contact('ann');
    sandbox.salesforce.bulk.pollsUntilDone = 7;
    expect(await rowsOf(salesforce.bulk.query(SOQL))).toHaveLength(1);
  });

  test.each<[string, object]>([
    ['a cut page', { kind: 'cut' }],
    ['a lost connection', { kind: 'drop' }],
    ['a page without some rows', { kind: 'status', status: 200, body: '"Id","Email","HasOptedOutOfEmail"\n' }],
    ['a page about something else', { kind: 'status', status: 200, body: '"Id","Name"\n"1","2"\n' }],
  ])('are asked for again after %s', async (_, fault) => {
    const ids = ['ann', 'bea'].map((name) => contact(name));
    const headers = { 'content-type': 'text/csv', 'sforce-numberofrecords': '2', 'sforce-locator': 'null' };
    sandbox.faults.add({ service: 'salesforce', path: RESULTS, times: 1, headers, ...fault } as never);
    expect((await rowsOf(salesforce.bulk.query(SOQL))).map((row) => row.Id)).toEqual(ids);
  });

  test('are not taken for all when the job counted more', async () => {
    contact('ann');
    const body = '"Id","Email","HasOptedOutOfEmail"\n';
    const headers = { 'content-type': 'text/csv', 'sforce-locator': 'null' };
    sandbox.faults.add({ service: 'salesforce', path: RESULTS, kind: 'status', status: 200, body, headers });
    expect((await failureOf(rowsOf(salesforce.bulk.query(SOQL)))).kind).toBe('malformed');
  });

  test('are not read for ever where a page names itself as the next', async () => {
    contact('ann');
    const body = '"Id","Email","HasOptedOutOfEmail"\n"003","ann@example.com","false"\n';
    const headers = { 'content-type': 'text/csv', 'sforce-locator': 'MTAw' };
    sandbox.faults.add({ service: 'salesforce', path: RESULTS, kind: 'status', status: 200, body, headers });
    expect((await failureOf(rowsOf(salesforce.bulk.query(SOQL)))).message).toContain('leads no further');
  });

  test.each(['Failed', 'Aborted'])(
    'are not read of a job that ended as %s, whatever results it shows',
    async (state) => {
      contact('ann');
      const body = { id: '750', state, errorMessage: 'row too large' };
      sandbox.faults.add({
        service: 'salesforce',
        method: 'GET',
        path: /query\/\w+$/,
        kind: 'status',
        status: 200,
        body,
      });
      const failure = await failureOf(rowsOf(salesforce.bulk.query(SOQL)));
      expect([failure.kind, failure.message]).toEqual(['rejected', expect.stringContaining('row too large')]);
      expect(sandbox.requests.of('salesforce', 'GET', RESULTS)).toEqual([]);
    },
  );

  test('are read on after the token has expired in mid-page', async () => {
    ['ann', 'bea', 'cid'].map((name) => contact(name));
    sandbox.salesforce.bulk.maxRows = 1;
    const rows: Row[] = [];
    for await (const some of salesforce.bulk.query(SOQL)) {
      if (rows.length === 0) sandbox.org.grants.expireTokens();
      rows.push(...some);
    }
    expect(rows).toHaveLength(3);
  });

  test('are refused before the first where the user has no right', async () => {
    const body = [{ errorCode: 'FUNCTIONALITY_NOT_ENABLED', message: 'Bulk API is not enabled' }];
    sandbox.faults.add({ service: 'salesforce', path: /jobs\/query/, kind: 'status', status: 403, body });
    const failure = await failureOf(rowsOf(salesforce.bulk.query(SOQL)));
    expect(failure.detail).toMatchObject({ kind: 'forbidden', code: 'FUNCTIONALITY_NOT_ENABLED' });
  });
});

describe('many updates by Bulk', () => {
  test('have each its own outcome, in order', async () => {
    const ids = ['ann', 'bea', 'cid'].map((name) => contact(name));
    sandbox.org.remove('Contact', ids[1] ?? '');
    const values = { HasOptedOutOfEmail: true };
    const updates = ids.map((id) => ({ object: 'Contact' as const, id, values }));
    const outcomes = await salesforce.bulk.update('Contact', updates);
    expect(outcomes.map(({ id }) => id)).toEqual(ids);
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([undefined, 'not-found', undefined]);
    expect(sandbox.org.get('Contact', ids[2] ?? '')?.HasOptedOutOfEmail).toBe(true);
  });

  const optOuts = (ids: readonly string[]) => ids.map((id) => optOut('Contact', id));
  const isOut = (id: string | undefined) => sandbox.org.get('Contact', id ?? '')?.HasOptedOutOfEmail === true;
  const INGEST = { service: 'salesforce', path: /jobs\/ingest/ } as const;

  test('fail with the words of the org, as by any other way', async () => {
    const id = contact('ann');
    sandbox.org.addRule('Contact', { when: () => true, message: 'Ask legal: first' });
    const [byBulk] = await salesforce.bulk.update('Contact', optOuts([id]));
    const [byRest] = await salesforce.update(optOuts([id]));
    const { call: _bulk, ...told } = byBulk?.failure?.detail ?? { call: '' };
    const { call: _rest, ...expected } = byRest?.failure?.detail ?? { call: '' };
    expect(told).toEqual(expected);
    expect(told).toMatchObject({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', words: 'Ask legal: first' });
  });

  test('that a job which failed in the middle left out have a failure that passes', async () => {
    const ids = ['ann', 'bea', 'cid'].map((name) => contact(name));
    sandbox.salesforce.bulk.failsAfter = 1;
    const outcomes = await salesforce.bulk.update('Contact', optOuts(ids));
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([undefined, 'unreachable', 'unreachable']);
    expect(outcomes[1]?.failure?.message).toContain('Too many retries of batch');
    expect(ids.map(isOut)).toEqual([true, false, false]);
  });

  test('by a job that did nothing are refused as a whole', async () => {
    const id = contact('ann');
    sandbox.salesforce.bulk.failsAfter = 0;
    expect((await failureOf(salesforce.bulk.update('Contact', optOuts([id])))).kind).toBe('rejected');
  });

  test.each(['POST', 'PUT', 'PATCH'])('whose %s breaks leave no job behind that could still write', async (method) => {
    const id = contact('ann');
    sandbox.faults.add({ ...INGEST, method, times: 1, kind: 'drop' });
    expect((await failureOf(salesforce.bulk.update('Contact', optOuts([id])))).kind).toBe('unreachable');
    const aborts = sandbox.requests.of('salesforce', 'PATCH', INGEST.path).length;
    expect([isOut(id), aborts]).toEqual([false, method === 'POST' ? 0 : method === 'PUT' ? 1 : 2]);
  });

  test('are written though the answer to the upload’s end says nothing: which it has is not documented', async () => {
    const id = contact('ann');
    const nothing = { when: 'after', kind: 'status', status: 200, body: '' } as const;
    sandbox.faults.add({ ...INGEST, method: 'PATCH', ...nothing });
    expect(await salesforce.bulk.update('Contact', optOuts([id]))).toEqual([{ id }]);
    expect(isOut(id)).toBe(true);
    sandbox.salesforce.bulk.stallsAfter = 0;
    const update = salesforce.bulk.update('Contact', optOuts([contact('bea')]), (waited) => waited >= 60_000);
    expect((await failureOf(update)).message).toContain('not over in time, and was aborted');
  });

  test('are not waited for longer than is said, and the job is aborted', async () => {
    const id = contact('ann');
    sandbox.salesforce.bulk.stallsAfter = 0;
    const update = salesforce.bulk.update('Contact', optOuts([id]), (waited) => waited >= 60_000);
    expect((await failureOf(update)).message).toContain('not over in time');
    expect(sandbox.requests.of('salesforce', 'PATCH', INGEST.path)).toHaveLength(2);
  });

  test('that a job has worked off when it is aborted are known, and the others may be tried again', async () => {
    const ids = ['ann', 'bea'].map((name) => contact(name));
    sandbox.salesforce.bulk.stallsAfter = 1;
    const outcomes = await salesforce.bulk.update('Contact', optOuts(ids), (waited) => waited >= 60_000);
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([undefined, 'unreachable']);
    expect(outcomes[1]?.failure?.message).toContain('left this record out: it was not over in time, and was aborted');
  });

  test('whose job is neither over in time nor can be aborted have failed in a way that passes', async () => {
    sandbox.salesforce.bulk.stallsAfter = 0;
    sandbox.faults.add({
      ...INGEST,
      method: 'PATCH',
      skip: 1,
      kind: 'status',
      status: 400,
      body: [{ errorCode: 'X' }],
    });
    const failure = await failureOf(salesforce.bulk.update('Contact', optOuts([contact('ann')])));
    expect([failure.kind, failure.message]).toEqual(['unreachable', expect.stringContaining('not over in time')]);
  });

  test.each(['successfulResults', 'failedResults'])('survive %s that come cut once', async (list) => {
    const ids = ['ann', 'bea'].map((name) => contact(name));
    sandbox.org.remove('Contact', ids[1] ?? '');
    sandbox.faults.add({ service: 'salesforce', path: new RegExp(list), times: 1, kind: 'cut' });
    const outcomes = await salesforce.bulk.update('Contact', optOuts(ids));
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([undefined, 'not-found']);
  });

  test('that a job which is complete names in no list have a failure that passes', async () => {
    const ids = ['ann', 'bea'].map((name) => contact(name));
    sandbox.faults.add({ service: 'salesforce', path: /successfulResults/, kind: 'status', status: 204, body: '' });
    const outcomes = await salesforce.bulk.update('Contact', optOuts(ids));
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual(['unreachable', 'unreachable']);
  });

  test('may have lists without a word, as 204 where there is nothing', async () => {
    const ids = ['ann', 'bea'].map((name) => contact(name));
    sandbox.faults.add({ service: 'salesforce', path: /failedResults/, kind: 'status', status: 204, body: '' });
    expect(await salesforce.bulk.update('Contact', optOuts(ids))).toEqual(ids.map((id) => ({ id })));
  });
});

test('lines may end in either way', () => {
  expect([...csvRows('"a","b"\r\n"c","d"\r\n')]).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('what CSV carries comes out as it went in', () => {
  const cells = fc.array(
    fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') }), { minLength: 2, maxLength: 2 }),
  );
  fc.assert(
    fc.property(cells, (rows) => {
      expect([...csvRows(rows.map(csvLine).join(''))]).toEqual(rows);
    }),
  );
});
