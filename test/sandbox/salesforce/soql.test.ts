import { beforeEach, describe, expect, test } from 'vitest';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { select } from '../../../src/sandbox/salesforce/soql/query.ts';
import { contact, lead, START, type World, world } from './world.ts';

let here: World;
let org: Org;
beforeEach(() => {
  here = world();
  org = here.org;
  const acme = org.insert('Account', { Name: 'Acme' });
  contact(org, 'Ann', { FirstName: 'A', AccountId: acme, Email: 'Ann@Example.com', HasOptedOutOfEmail: true });
  here.now = START + 86_400_000;
  contact(org, 'Bob', { FirstName: 'B', Email: null });
  contact(org, 'Cid', { Email: "o'neil_1@example.com", Phone: '100%' });
  contact(org, 'Dee', { AccountId: acme, Email: 'ann@example.com' });
  org.remove('Contact', contact(org, 'Gone'));
  lead(org, 'Lou');
});

const names = (soql: string, deleted = false): string =>
  select({ org, user: here.rep, soql, now: here.now }, deleted)
    .rows.map((row) => row.LastName)
    .join(' ');

describe('a condition', () => {
  const conditions: [string, string][] = [
    ["Email = 'ANN@example.com'", 'Ann Dee'],
    ["Email != 'ann@example.com'", 'Bob Cid'],
    ['Email = null', 'Bob'],
    ['Email != null', 'Ann Cid Dee'],
    ["Email IN ('x', 'ann@EXAMPLE.com')", 'Ann Dee'],
    ["Email NOT IN ('ann@example.com')", 'Bob Cid'],
    ["Email = 'o\\'neil_1@example.com'", 'Cid'],
    ["Email LIKE 'ANN%'", 'Ann Dee'],
    ["Email LIKE 'o\\'neil\\_1%'", 'Cid'],
    ["Phone LIKE '%\\%'", 'Cid'],
    ["LastName LIKE '_i_'", 'Cid'],
    ['HasOptedOutOfEmail = true', 'Ann'],
    ['HasOptedOutOfEmail != TRUE', 'Bob Cid Dee'],
    ["LastName > 'B' AND LastName <= 'CID'", 'Bob Cid'],
    ["Account.Name = 'acme' AND HasOptedOutOfEmail = false", 'Dee'],
    ["Contact.Account.Name = 'Acme'", 'Ann Dee'],
    ["NOT LastName = 'Ann'", 'Bob Cid Dee'],
    ["(NOT LastName = 'Ann') AND (NOT (Email = null))", 'Cid Dee'],
    ["LastName = 'Ann' OR (LastName = 'Bob' AND Email = null)", 'Ann Bob'],
    ["(LastName = 'Ann' OR LastName = 'Bob') AND HasOptedOutOfEmail = false", 'Bob'],
    ['SystemModstamp >= 2026-11-22T20:00:00Z', 'Bob Cid Dee'],
    ['SystemModstamp < 2026-11-22T12:00:00-08:00', 'Ann'],
    ['CreatedDate = TODAY', 'Bob Cid Dee'],
    ['CreatedDate < TODAY', 'Ann'],
    ['CreatedDate = YESTERDAY', 'Ann'],
    ['CreatedDate = LAST_N_DAYS:1', 'Ann Bob Cid Dee'],
    ['CreatedDate = N_DAYS_AGO:1', 'Ann'],
    ['CreatedDate = THIS_WEEK', 'Bob Cid Dee'],
    ['CreatedDate = LAST_MONTH', ''],
    ["AccountId IN (SELECT Id FROM Account WHERE Name = 'Acme')", 'Ann Dee'],
    ['OwnerId NOT IN (SELECT Id FROM User WHERE IsActive = true)', ''],
  ];
  test.each(conditions)('%s finds: %s', (condition, expected) => {
    expect(names(`SELECT LastName FROM Contact WHERE ${condition}`)).toBe(expected);
  });

  test('on an id takes 15 and 18 characters', () => {
    const id = String(org.all('Contact')[0]?.Id);
    expect(names(`SELECT LastName FROM Contact WHERE Id IN ('${id.slice(0, 15)}')`)).toBe('Ann');
    expect(names(`SELECT LastName FROM Contact WHERE Id = '${id}'`)).toBe('Ann');
  });
});

describe('the order and the number', () => {
  const orders: [string, string][] = [
    ['ORDER BY LastName DESC', 'Dee Cid Bob Ann'],
    ['ORDER BY Email', 'Bob Ann Dee Cid'],
    ['ORDER BY Email DESC', 'Cid Ann Dee Bob'],
    ['ORDER BY Email NULLS LAST, LastName DESC', 'Dee Ann Cid Bob'],
    ['ORDER BY Account.Name DESC NULLS LAST, LastName LIMIT 3', 'Ann Dee Bob'],
    ['ORDER BY LastName LIMIT 2 OFFSET 1', 'Bob Cid'],
    ['LIMIT 1', 'Ann'],
  ];
  test.each(orders)('%s gives: %s', (clause, expected) => {
    expect(names(`SELECT LastName FROM Contact ${clause}`)).toBe(expected);
  });

  test('queryAll shows the deleted too', () => {
    expect(names('SELECT LastName FROM Contact WHERE IsDeleted = true')).toBe('');
    expect(names('SELECT LastName FROM Contact WHERE IsDeleted = true', true)).toBe('Gone');
  });

  test('COUNT() counts without rows, and GROUP BY counts by group', async () => {
    expect((await here.query('SELECT COUNT() FROM Contact WHERE Email != null')).json).toEqual({
      totalSize: 3,
      done: true,
      records: [],
    });
    expect((await here.query('SELECT Email, COUNT(Id) n FROM Contact GROUP BY Email')).json).toMatchObject({
      records: [
        { attributes: { type: 'AggregateResult' }, Email: 'Ann@Example.com', n: 2 },
        { Email: null, n: 1 },
        { n: 1 },
      ],
    });
  });

  test.each([
    ['Email != null', 3],
    ["Email = 'nobody@example.com'", 0],
  ])('COUNT(Id) without GROUP BY is one row: %s', async (condition, n) => {
    const { json } = await here.query(`SELECT COUNT(Id) n FROM Contact WHERE ${condition}`);
    expect(json).toMatchObject({ totalSize: 1, records: [{ n }] });
    expect((json as { records: unknown[] }).records).toHaveLength(1);
  });
});

describe('a query that cannot be answered', () => {
  const refusals: [string, string, string][] = [
    [
      'SELECT Id, Nope FROM Contact',
      'INVALID_FIELD',
      "ERROR at Row:1:Column:12\nNo such column 'Nope' on entity 'Contact'.",
    ],
    ["SELECT Id FROM Contact WHERE Nope = 'a'", 'INVALID_FIELD', "No such column 'Nope' on entity 'Contact'."],
    ['SELECT Id FROM Contact ORDER BY Nope', 'INVALID_FIELD', "No such column 'Nope' on entity 'Contact'."],
    ['SELECT Id, Boss.Name FROM Contact', 'INVALID_FIELD', "Didn't understand relationship 'Boss' in field path."],
    ['SELECT Id FROM Person', 'INVALID_TYPE', "ERROR at Row:1:Column:16\nsObject type 'Person' is not supported."],
    ['SELECT Id FROM', 'MALFORMED_QUERY', ''],
    [
      "SELECT Id FROM Contact WHERE Email = 'a' AND Phone = 'b' OR Phone = 'c'",
      'MALFORMED_QUERY',
      'unexpected token: OR',
    ],
    [
      "SELECT Id FROM Contact WHERE HasOptedOutOfEmail = 'true'",
      'INVALID_FIELD',
      'must be of type boolean and should not be enclosed in quotes',
    ],
    [
      "SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01T00:00:00Z'",
      'INVALID_FIELD',
      'must be of type dateTime',
    ],
    [
      'SELECT Id FROM Contact WHERE Email = 5',
      'INVALID_FIELD',
      'must be of type string and should be enclosed in quotes',
    ],
    ["SELECT Id FROM Contact WHERE Id = 'nonsense'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: nonsense'],
    [
      'SELECT Id FROM Lead ORDER BY HasOptedOutOfEmail',
      'MALFORMED_QUERY',
      "field 'HasOptedOutOfEmail' can not be sorted in a query call",
    ],
    [
      'SELECT HasOptedOutOfEmail, COUNT(Id) FROM Lead GROUP BY HasOptedOutOfEmail',
      'MALFORMED_QUERY',
      'can not be grouped',
    ],
    ["SELECT Id FROM Contact WHERE Description = 'x'", 'MALFORMED_QUERY', 'can not be filtered'],
    ["SELECT Id FROM Contact WHERE Email = 'a\\x@example.com'", 'MALFORMED_QUERY', 'Illegal character sequence'],
    ['SELECT FIELDS(ALL) FROM Contact', 'MALFORMED_QUERY', 'LIMIT'],
  ];
  test.each(refusals)('%s is refused with %s', async (soql, code, words) => {
    const reply = await here.query(soql);
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject([{ errorCode: code, message: expect.stringContaining(words) }]);
  });

  test('a hidden field is unknown in every clause, also by way of a parent', async () => {
    org.allow(here.rep, 'hidden', 'Contact', 'HasOptedOutOfEmail');
    org.allow(here.rep, 'hidden', 'Account', 'Industry');
    for (const soql of [
      'SELECT HasOptedOutOfEmail FROM Contact',
      'SELECT Id FROM Contact WHERE HasOptedOutOfEmail = true',
      'SELECT Id FROM Contact ORDER BY HasOptedOutOfEmail',
      'SELECT Account.Industry FROM Contact',
    ]) {
      expect((await here.query(soql)).json).toMatchObject([{ errorCode: 'INVALID_FIELD' }]);
    }
  });

  test('a hidden object is an unknown type', async () => {
    org.allow(here.rep, 'hidden', 'Lead');
    expect((await here.query('SELECT Id FROM Lead')).json).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
  });
});

test('a look-up by address or id does not read the other rows', () => {
  for (let n = 0; n < 2_000; n++) contact(org, `P${n}`);
  const table = org.table('Contact');
  const rows = table.rows.bind(table);
  let scans = 0;
  table.rows = () => {
    scans++;
    return rows();
  };
  const id = String(org.all('Contact')[5]?.Id);
  scans = 0;
  names("SELECT LastName FROM Contact WHERE Email = 'p7@example.com' AND HasOptedOutOfEmail = false");
  names(`SELECT LastName FROM Contact WHERE Id IN ('${id}')`);
  expect(scans).toBe(0);
  names("SELECT LastName FROM Contact WHERE Email = 'p7@example.com' OR LastName = 'P8'");
  expect(scans).toBe(1);
});
