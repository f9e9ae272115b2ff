import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Query, Questions } from '../../src/salesforce/salesforce.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { failureOf, people, rowsOf, type World, world } from './world.ts';

/** Several questions in one composite call, and what happens where one of them, or all, are not answered so. */

const COMPOSITE = { service: 'salesforce', method: 'POST', path: /\/composite$/ } as const;
const LEADS = { soql: 'SELECT Id FROM Lead ORDER BY Id' };
const CONTACTS = { soql: 'SELECT Id FROM Contact ORDER BY Id', deleted: true };

let here: World;
beforeEach(async () => {
  here = await world('jsforce');
  await here.salesforce.identity();
  here.sandbox.requests.reset();
});
afterEach(() => here.close());

const together = async (queries: readonly Query[] = [LEADS, CONTACTS]): Promise<Questions> => {
  const asked = await here.salesforce.together?.({ describe: ['Contact', 'Lead'], queries });
  if (!asked) throw new Error('this adapter asks everything by itself');
  return asked;
};
const idsOf = async (asked: Questions, { soql, deleted = false }: Query) =>
  (await rowsOf(asked.query(soql, { deleted }))).map(({ Id }) => Id);
const sent = () => here.sandbox.requests.of('salesforce').map(({ method, path }) => `${method} ${path.split('?')[0]}`);

describe('questions that are asked together', () => {
  test('take one call, and their answers are those that each would get by itself', async () => {
    const [deleted = '', ...contacts] = people(here.sandbox, 'Contact', 3);
    const leads = people(here.sandbox, 'Lead', 2);
    here.sandbox.org.remove('Contact', deleted);
    const asked = await together();
    expect(sent()).toEqual(['POST /services/data/v67.0/composite']);
    expect(await idsOf(asked, LEADS)).toEqual(leads);
    expect(await idsOf(asked, CONTACTS)).toEqual([deleted, ...contacts]);
    expect((await asked.describe('Lead')).fields.get('HasOptedOutOfEmail')?.type).toBe('boolean');
    expect((await asked.describe('Contact')).name).toBe('Contact');
    expect(sent()).toHaveLength(1);
    expect(here.sandbox.org.apiLimit.used).toBe(1);
  });

  test('are asked again when they are asked again', async () => {
    const asked = await together();
    expect(await idsOf(asked, LEADS)).toEqual([]);
    const leads = people(here.sandbox, 'Lead', 1);
    expect(await idsOf(asked, LEADS)).toEqual(leads);
  });

  test('go on page by page where one call does not hold all rows', async () => {
    const leads = people(here.sandbox, 'Lead', 25);
    here.sandbox.salesforce.paging.maxRows = 10;
    expect(await idsOf(await together(), LEADS)).toEqual(leads);
    expect(sent()).toHaveLength(3);
  });

  test('take another call where there are more than five queries', async () => {
    const queries = Array.from({ length: 7 }, (_, n) => ({ soql: `SELECT Id FROM Lead LIMIT ${n + 1}` }));
    people(here.sandbox, 'Lead', 9);
    const asked = await together(queries);
    for (const [n, query] of queries.entries()) expect(await idsOf(asked, query)).toHaveLength(n + 1);
    expect(sent()).toHaveLength(2);
  });

  test('fail one by one: each failure is what the question by itself gets, and the others are answered', async () => {
    const leads = people(here.sandbox, 'Lead', 1);
    const asked = await together([LEADS, { soql: 'SELECT Nothing__c FROM Contact' }]);
    const failure = await failureOf(idsOf(asked, { soql: 'SELECT Nothing__c FROM Contact' }));
    expect(failure.detail).toMatchObject({
      kind: 'rejected',
      code: 'INVALID_FIELD',
      call: expect.stringMatching(/^GET .*query$/),
    });
    expect(await idsOf(asked, LEADS)).toEqual(leads);
  });

  test.each<[string, FaultKind]>([
    ['with 500', { kind: 'status', status: 500 }],
    ['with nothing', { kind: 'status', status: 200, body: '' }],
    ['with {}', { kind: 'status', status: 200, body: {} }],
    ['with half an answer', { kind: 'cut' }],
    ['with fewer rows than it says', { kind: 'status', status: 200, body: { totalSize: 2, done: true, records: [] } }],
  ])('of which one is answered %s: it is asked once more, by itself', async (_, fault) => {
    const leads = people(here.sandbox, 'Lead', 2);
    here.sandbox.faults.add({ service: 'salesforce', path: /query\?q=SELECT%20Id%20FROM%20Lead/, times: 1, ...fault });
    const asked = await together();
    expect(await idsOf(asked, LEADS)).toEqual(leads);
    expect(await idsOf(asked, CONTACTS)).toEqual([]);
    expect(sent()).toEqual(['POST /services/data/v67.0/composite', 'GET /services/data/v67.0/query']);
  });

  test.each<[string, FaultKind]>([
    ['are refused', { kind: 'status', status: 400, body: [{ errorCode: 'LIMIT_EXCEEDED', message: 'no' }] }],
    ['are not there', { kind: 'status', status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] }],
    ['are forbidden', { kind: 'status', status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }] }],
    ['break off', { kind: 'drop' }],
    ['break off after the work', { kind: 'drop', when: 'after' }],
    ['fail', { kind: 'status', status: 503, body: '<html>Maintenance</html>' }],
    ['are cut', { kind: 'cut' }],
    ['say nothing', { kind: 'status', status: 200, body: {} }],
  ])('where composite calls %s: all are asked by themselves, and no other call is tried', async (_, fault) => {
    const leads = people(here.sandbox, 'Lead', 2);
    here.sandbox.faults.add({ ...COMPOSITE, ...fault });
    for (let time = 0; time < 2; time++) {
      const asked = await together();
      expect(await idsOf(asked, LEADS)).toEqual(leads);
      expect((await asked.describe('Lead')).name).toBe('Lead');
    }
    expect(sent().filter((call) => call.includes('composite'))).toHaveLength(1);
  });

  test('meet with an expired token: it is renewed, and they are answered', async () => {
    const leads = people(here.sandbox, 'Lead', 2);
    here.sandbox.org.grants.expireTokens();
    expect(await idsOf(await together(), LEADS)).toEqual(leads);
    expect(here.tokens()).toBe(1);
    expect(sent().filter((call) => call.startsWith('GET'))).toEqual([]);
  });
});
