import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { csvLine, csvRows } from '../../src/salesforce/csv.ts';
import { createJsforce, type JsforceSalesforce } from '../../src/salesforce/jsforce.ts';
import type { Row } from '../../src/salesforce/salesforce.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { standstill } from '../service/standstill.ts';
import { failureOf } from './world.ts';

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
