import { beforeEach, describe, expect, test } from 'vitest';
import { createJsforce, type JsforceSalesforce } from '../../src/salesforce/jsforce.ts';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Standstill, standstill } from '../service/standstill.ts';
import { optOut, people } from './world.ts';

/** Five collections in one call, and what happens where the org will not have it so. */

const { url, clientId, clientSecret } = CREDENTIALS.salesforce;
const COMPOSITE = { service: 'salesforce', method: 'POST', path: /\/composite$/ } as const;

let sandbox: Sandbox;
let salesforce: JsforceSalesforce;
let clock: Standstill;
beforeEach(() => {
  sandbox = createSandbox({ people: 0 });
  clock = standstill();
  const auth = { kind: 'client-credentials', clientId, clientSecret } as const;
  salesforce = createJsforce({ url, auth, fetch: sandbox.fetch, ...clock, now: Date.now });
});

const composites = () => sandbox.requests.of('salesforce', 'POST', /\/composite$/).length;
const collections = () => sandbox.requests.of('salesforce', 'PATCH', /composite\/sobjects/).length;
const optedOut = () =>
  ['Contact', 'Lead'].flatMap((type) => sandbox.org.all(type)).filter((row) => row.HasOptedOutOfEmail === true).length;

describe('a composite update', () => {
  test('carries a thousand records, and a small one is a collection as ever', async () => {
    const ids = people(sandbox, 'Contact', 1000);
    expect(await salesforce.update(ids.map((id) => optOut('Contact', id)))).toEqual(ids.map((id) => ({ id })));
    expect([composites(), collections(), optedOut()]).toEqual([1, 0, 1000]);
    await salesforce.update(ids.slice(0, 200).map((id) => optOut('Contact', id)));
    expect([composites(), collections()]).toEqual([1, 1]);
  });

  test('gives no lead another owner: each of its collections says so for itself', async () => {
    const leads = people(sandbox, 'Lead', 401);
    sandbox.org.leadAssignee = sandbox.org.addUser({ username: 'queue@acme.example', lastName: 'Queue' });
    const owners = leads.map((id) => sandbox.org.get('Lead', id)?.OwnerId);
    await salesforce.update(leads.map((id) => optOut('Lead', id)));
    expect([composites(), optedOut()]).toEqual([1, 401]);
    expect(leads.map((id) => sandbox.org.get('Lead', id)?.OwnerId)).toEqual(owners);
  });

  test('sends again only the rows that somebody else holds locked', async () => {
    const ids = people(sandbox, 'Contact', 401);
    sandbox.org.lock(ids[300] ?? '', 2);
    expect(await salesforce.update(ids.map((id) => optOut('Contact', id)))).toEqual(ids.map((id) => ({ id })));
    expect([composites(), collections(), clock.slept.length]).toEqual([1, 2, 2]);
  });

  test.each<[string, FaultKind]>([
    ['is refused', { kind: 'status', status: 400, body: [{ errorCode: 'LIMIT_EXCEEDED', message: 'no' }] }],
    ['is not allowed', { kind: 'status', status: 403, body: [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }] }],
    ['is not there', { kind: 'status', status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'no' }] }],
  ])('that %s goes as collections, and no other is tried', async (_, fault) => {
    const ids = people(sandbox, 'Contact', 2001);
    sandbox.faults.add({ ...COMPOSITE, ...fault });
    expect(await salesforce.update(ids.map((id) => optOut('Contact', id)))).toEqual(ids.map((id) => ({ id })));
    expect([composites(), collections(), optedOut()]).toEqual([1, 11, 2001]);
  });

  test('one of whose collections is refused sends that one by itself', async () => {
    const ids = people(sandbox, 'Contact', 400);
    const part = (from: number) => ids.slice(from, from + 200).map((id) => ({ id, success: true, errors: [] }));
    const compositeResponse = [
      { referenceId: 'part0', httpStatusCode: 200, httpHeaders: {}, body: part(0) },
      {
        referenceId: 'part1',
        httpStatusCode: 400,
        httpHeaders: {},
        body: [{ errorCode: 'PROCESSING_HALTED', message: 'halted' }],
      },
    ];
    sandbox.faults.add({ ...COMPOSITE, kind: 'status', status: 200, body: { compositeResponse } });
    expect(await salesforce.update(ids.map((id) => optOut('Contact', id)))).toEqual(ids.map((id) => ({ id })));
    expect([composites(), collections(), optedOut()]).toEqual([1, 1, 200]);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['too few parts', { compositeResponse: [{ referenceId: 'part0', httpStatusCode: 200, body: [] }] }],
    [
      'other rows',
      { compositeResponse: [0, 1].map((n) => ({ referenceId: `part${n}`, httpStatusCode: 200, body: [] })) },
    ],
  ])('answered with %s is unreadable for all its rows, and is not sent again', async (_, body) => {
    const ids = people(sandbox, 'Contact', 400);
    sandbox.faults.add({ ...COMPOSITE, kind: 'status', status: 200, body });
    const outcomes = await salesforce.update(ids.map((id) => optOut('Contact', id)));
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual(Array(400).fill('malformed'));
    expect([composites(), collections()]).toEqual([1, 0]);
  });
});
