import { beforeEach, describe, expect, test } from 'vitest';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { contact, lead, type World, world } from './world.ts';

/** What a user may do with single records, and what UserRecordAccess tells of it. */

let here: World;
let org: Org;
beforeEach(() => {
  here = world();
  org = here.org;
});

const asked = (ids: readonly string[], select = 'RecordId, HasEditAccess', more = '') =>
  here.query(
    `SELECT ${select} FROM UserRecordAccess WHERE UserId = '${here.rep}' AND RecordId IN ('${ids.join("','")}')${more}`,
  );

const refusal = async (soql: string) => {
  const { status, json } = await here.query(soql);
  return { status, code: (json as readonly { readonly errorCode: string }[])[0]?.errorCode };
};

describe('a record that is shared for reading only', () => {
  test('is read and not changed by that user, and changed by others', async () => {
    const ann = contact(org, 'Ann');
    org.share(here.rep, 'read-only', ann);
    expect((await here.query('SELECT LastName FROM Contact')).json).toMatchObject({ records: [{ LastName: 'Ann' }] });
    const { json } = await here.call('PATCH', `sobjects/Contact/${ann}`, { HasOptedOutOfEmail: true });
    expect(json).toMatchObject([{ errorCode: 'INSUFFICIENT_ACCESS_OR_READONLY' }]);
    org.update('Contact', ann, { HasOptedOutOfEmail: true }, { user: org.admin });
    expect(org.get('Contact', ann)?.HasOptedOutOfEmail).toBe(true);
    org.share(here.rep, 'edit', ann.slice(0, 15));
    expect((await here.call('PATCH', `sobjects/Contact/${ann}`, { HasOptedOutOfEmail: false })).status).toBe(204);
  });
});

describe('UserRecordAccess', () => {
  test('tells of each record whether the user may edit it, by sharing and by object permission', async () => {
    const [ann, bob, lou] = [contact(org, 'Ann'), contact(org, 'Bob'), lead(org, 'Lou')];
    org.share(here.rep, 'read-only', bob);
    org.allow(here.rep, 'read-only', 'Lead');
    expect((await asked([ann.slice(0, 15), bob, lou], 'RecordId, HasReadAccess, HasEditAccess')).json).toMatchObject({
      totalSize: 3,
      records: [
        { attributes: { type: 'UserRecordAccess' }, RecordId: ann, HasReadAccess: true, HasEditAccess: true },
        { RecordId: bob, HasReadAccess: true, HasEditAccess: false },
        { RecordId: lou, HasReadAccess: true, HasEditAccess: false },
      ],
    });
    const { json } = await asked([ann, bob], 'RecordId', ' AND HasEditAccess = false');
    expect(json).toMatchObject({ totalSize: 1, records: [{ RecordId: bob }] });
  });

  test('leaves out what is deleted, unknown, or not for the asking user to see', async () => {
    const [ann, gone, lou] = [contact(org, 'Ann'), contact(org, 'Gone'), lead(org, 'Lou')];
    org.remove('Contact', gone);
    org.allow(here.rep, 'hidden', 'Lead');
    expect((await asked([ann, gone, lou, '003000000000000AAA'])).json).toMatchObject({
      totalSize: 1,
      records: [{ RecordId: ann }],
    });
  });

  test('takes 200 records and not one more', async () => {
    const ids = Array.from({ length: 201 }, (_, i) => contact(org, `c${i}`));
    expect((await asked(ids.slice(1))).json).toMatchObject({ totalSize: 200, done: true });
    expect(await asked(ids)).toMatchObject({
      status: 400,
      json: [{ errorCode: 'LIMIT_EXCEEDED', message: 'Number of records exceeds limit: 200' }],
    });
  });

  test.each([
    ['no filter', '', 'MALFORMED_QUERY'],
    ['no user', " WHERE RecordId = 'R'", 'MALFORMED_QUERY'],
    ['no record', " WHERE UserId = 'U'", 'MALFORMED_QUERY'],
    ['several users', " WHERE UserId IN ('U', 'R') AND RecordId = 'R'", 'MALFORMED_QUERY'],
    ['either of two', " WHERE UserId = 'U' OR RecordId = 'R'", 'MALFORMED_QUERY'],
    ['all records but one', " WHERE UserId = 'U' AND RecordId != 'R'", 'MALFORMED_QUERY'],
  ])('refuses %s', async (_what, where, code) => {
    const filled = where.replaceAll("'U'", `'${here.rep}'`).replaceAll("'R'", `'${contact(org, 'Ann')}'`);
    expect(await refusal(`SELECT RecordId FROM UserRecordAccess${filled}`)).toEqual({ status: 400, code });
  });

  test.each([
    ['an id of its own', 'Id'],
    ['the user', 'RecordId, UserId'],
    ['no record', 'HasEditAccess'],
  ])('refuses to select %s', async (_what, select) => {
    expect(await asked([contact(org, 'Ann')], select)).toMatchObject({
      status: 400,
      json: [{ errorCode: 'INVALID_FIELD' }],
    });
  });

  test('selects nothing but the record where a level is asked for', async () => {
    const ids = [contact(org, 'Ann')];
    expect((await asked(ids, 'RecordId, HasEditAccess', ' AND HasEditAccess = true')).status).toBe(400);
  });
});
