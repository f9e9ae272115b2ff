import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describedBy } from '../../src/salesforce/replies.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { failureOf, namelessTokens, type World, world } from './world.ts';

/** What is done where an org says less than it may: who it is, and what its fields are. */

describe('who the org is', () => {
  let here: World;
  beforeEach(async () => {
    here = await world('jsforce', { fetch: namelessTokens });
  });
  afterEach(() => here.close());
  const answers = (fault: FaultKind) => here.sandbox.faults.add({ service: 'salesforce', path: /userinfo/, ...fault });

  test('is told by the reply with the token, and nobody else need be asked', async () => {
    const said = await here.salesforce.identity();
    const named = await world('jsforce');
    expect(await named.salesforce.identity()).toEqual(said);
    expect(named.sandbox.requests.of('salesforce', 'GET', /userinfo/)).toEqual([]);
    await named.close();
  });

  const refusals: readonly [string, FaultKind][] = [
    ['is not there', { kind: 'status', status: 404, body: [{ message: 'no', errorCode: 'NOT_FOUND' }] }],
    ['is forbidden, for want of its scope', { kind: 'status', status: 403, body: 'Wrong_Scope' }],
    ['is refused', { kind: 'status', status: 400, body: [{ message: 'no', errorCode: 'BAD' }] }],
    ['is a web page', { kind: 'status', status: 200, body: '<html>Hello</html>' }],
    ['says nothing', { kind: 'status', status: 200, body: {} }],
  ];
  test.each(refusals)('is the same where userinfo %s', async (_, refusal) => {
    const said = await here.salesforce.identity();
    expect(said.organization).toMatch(/^00D\w{15}$/);
    expect(said.user).toMatch(/^005\w{15}$/);
    answers(refusal);
    const { organization, user } = await here.salesforce.identity();
    expect(organization).toBe(said.organization);
    expect([said.user, '']).toContain(user);
  });

  test('is taken from `sub` where userinfo names nothing else', async () => {
    const said = await here.salesforce.identity();
    const sub = `https://login.salesforce.com/id/${said.organization}/${said.user}`;
    answers({ kind: 'status', status: 200, body: { sub } });
    expect(await here.salesforce.identity()).toEqual(said);
  });

  test('is not guessed while the service is away: another try may tell', async () => {
    await here.salesforce.identity();
    answers({ kind: 'status', status: 503, body: 'later' });
    expect((await failureOf(here.salesforce.identity())).kind).toBe('unreachable');
  });
});

describe('a description', () => {
  test('that leaves out what may be done forbids nothing: the first write will tell', () => {
    const sparse = describedBy({ name: 'Lead', fields: [{ name: 'Email' }, { name: 'Box', type: 'boolean' }] });
    expect(sparse).toMatchObject({ name: 'Lead', queryable: true, updateable: true });
    expect([...(sparse?.fields.values() ?? [])]).toEqual([
      { name: 'Email', label: 'Email', type: '', updateable: true, groupable: false },
      { name: 'Box', label: 'Box', type: 'boolean', updateable: true, groupable: false },
    ]);
  });

  test('that says no is believed', () => {
    const fields = [{ name: 'Box', type: 'boolean', updateable: false }];
    const read = describedBy({ name: 'Lead', queryable: true, updateable: false, fields });
    expect([read?.updateable, read?.fields.get('Box')?.updateable]).toEqual([false, false]);
  });

  test('without fields, or with one that has no name, is none', () => {
    for (const body of [{ name: 'Lead' }, { name: 'Lead', fields: [{ label: 'Box' }] }, { fields: [] }, [], null])
      expect(describedBy(body)).toBeUndefined();
  });
});
