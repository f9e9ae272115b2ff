import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readRecord, readRecordsOf } from '../../src/salesforce/person.ts';
import { failureOf, type World, world } from './world.ts';

const FIELD = 'HasOptedOutOfEmail';

let here: World;
beforeEach(async () => {
  here = await world('rest');
});
afterEach(() => here.close());

describe('one record', () => {
  test('of a contact comes with its account', async () => {
    const { org } = here.sandbox;
    const account = org.insert('Account', { Name: 'Acme' });
    const id = org.insert('Contact', {
      FirstName: 'Ida',
      LastName: 'Ek',
      Email: 'Ida@Example.com',
      AccountId: account,
    });
    expect(await readRecord(here.salesforce, id.slice(0, 15), FIELD)).toEqual({
      id,
      object: 'Contact',
      name: 'Ida Ek',
      email: expect.stringMatching(/^ida@example.com$/i),
      company: 'Acme',
      optedOut: false,
      changedAt: expect.stringMatching(/^\d{4}-.*T/),
      converted: false,
      convertedTo: null,
    });
  });

  test('of a lead comes with its company', async () => {
    const id = here.sandbox.org.insert('Lead', { LastName: 'Ek', Company: 'Acme', HasOptedOutOfEmail: true });
    expect(await readRecord(here.salesforce, id, FIELD)).toMatchObject({
      object: 'Lead',
      company: 'Acme',
      email: '',
      optedOut: true,
    });
  });

  test('of a converted lead tells the contact that it became', async () => {
    const id = here.sandbox.org.insert('Lead', { LastName: 'Ek', Company: 'Acme', Email: 'ida@example.com' });
    const contact = here.sandbox.org.convert(id);
    expect(await readRecord(here.salesforce, id, FIELD)).toMatchObject({ converted: true, convertedTo: contact });
  });

  test('is undefined when it is deleted, unknown or of another object', async () => {
    const id = here.sandbox.org.insert('Contact', { LastName: 'Ek' });
    here.sandbox.org.remove('Contact', id);
    expect(await readRecord(here.salesforce, id, FIELD)).toBeUndefined();
    expect(await readRecord(here.salesforce, '003000000000999AAA', FIELD)).toBeUndefined();
    expect(await readRecord(here.salesforce, '001000000000001AAA', FIELD)).toBeUndefined();
  });

  test('comes without what says who it is where the user may not see that', async () => {
    const { org } = here.sandbox;
    const contact = org.insert('Contact', { LastName: 'Ek', AccountId: org.insert('Account', { Name: 'Acme' }) });
    const lead = org.insert('Lead', { LastName: 'Ek', Company: 'Acme', HasOptedOutOfEmail: true });
    org.allow('everyone', 'hidden', 'Contact', 'AccountId');
    org.allow('everyone', 'hidden', 'Lead', 'ConvertedContactId');
    expect(await readRecord(here.salesforce, contact, FIELD)).toMatchObject({
      name: 'Ek',
      company: null,
      optedOut: false,
    });
    expect(await readRecord(here.salesforce, lead, FIELD)).toMatchObject({ converted: false, optedOut: true });
  });

  test("shows the admin's own field when that is in use", async () => {
    here.sandbox.org.addField('Contact', 'Sales_Opt_Out__c');
    const id = here.sandbox.org.insert('Contact', { LastName: 'Ek', Sales_Opt_Out__c: true });
    expect(await readRecord(here.salesforce, id, 'Sales_Opt_Out__c')).toMatchObject({ optedOut: true });
    expect(await readRecord(here.salesforce, id, FIELD)).toMatchObject({ optedOut: false });
  });

  test('whose opt-out field is hidden is a failure, never "not opted out"', async () => {
    const id = here.sandbox.org.insert('Contact', { LastName: 'Ek', HasOptedOutOfEmail: true });
    here.sandbox.org.allow('everyone', 'hidden', 'Contact', FIELD);
    expect((await failureOf(readRecord(here.salesforce, id, FIELD))).detail.code).toBe('INVALID_FIELD');
  });

  test.each([null, 'false', undefined])('whose opt-out field comes as %j is a failure, too', async (box) => {
    const query = async function* () {
      yield [{ Id: '003000000000001AAA', Name: 'Ida', Email: 'ida@example.com', [FIELD]: box }];
    };
    expect((await failureOf(readRecord({ query }, '003000000000001AAA', FIELD))).kind).toBe('malformed');
    expect((await failureOf(readRecordsOf({ query }, 'ida@example.com', FIELD))).kind).toBe('malformed');
  });

  test('is not asked for by a field name that would change the query', async () => {
    await expect(readRecord(here.salesforce, '003000000000001AAA', 'Id FROM User --')).rejects.toThrow('API name');
  });
});

describe('all records with an address', () => {
  test('are the live contacts and leads, whatever the case', async () => {
    const { org } = here.sandbox;
    const contact = org.insert('Contact', { LastName: 'A', Email: 'Ida@Example.com' });
    const lead = org.insert('Lead', { LastName: 'B', Company: 'Acme', Email: 'ida@example.COM' });
    const deleted = org.insert('Contact', { LastName: 'C', Email: 'ida@example.com' });
    org.remove('Contact', deleted);
    org.convert(org.insert('Lead', { LastName: 'D', Company: 'Acme', Email: 'ida@example.com' }), {
      contactId: contact,
    });
    org.insert('Contact', { LastName: 'E', Email: 'linda@example.com' });
    const { records, unseen } = await readRecordsOf(here.salesforce, ' IDA@example.com ', FIELD);
    expect(records.map(({ id }) => id)).toEqual([contact, lead]);
    expect(unseen).toEqual([]);
  });

  test('are among them the one that is looked at, also where its address is written so that no comparison finds it', async () => {
    const { org } = here.sandbox;
    const other = org.insert('Contact', { LastName: 'A', Email: 'ida@example.com' });
    const lead = org.insert('Lead', { LastName: 'B', Company: 'Acme', Email: 'ida@example.com' });
    Object.assign(org.get('Lead', lead) ?? {}, { Email: ' Ida@example.com' });
    const seen = async (known: string) =>
      (await readRecordsOf(here.salesforce, 'ida@example.com', FIELD, known)).records.map(({ id }) => id);
    expect(await seen(lead)).toEqual([other, lead]);
    // But only where it has the address.
    expect(await seen(org.insert('Contact', { LastName: 'C', Email: 'linda@example.com' }))).toEqual([other]);
  });

  test('are found for an address with a quote', async () => {
    const id = here.sandbox.org.insert('Contact', { LastName: 'O', Email: "o'neil@example.com" });
    const { records } = await readRecordsOf(here.salesforce, "o'neil@example.com", FIELD);
    expect(records.map((record) => record.id)).toEqual([id]);
  });

  test('are none for no address, though there are records without one', async () => {
    here.sandbox.org.insert('Contact', { LastName: 'A' });
    expect(await readRecordsOf(here.salesforce, ' ', FIELD)).toEqual({ records: [], unseen: [] });
  });

  test.each([
    ['leads', 'Lead', 'Contact'],
    ['contacts', 'Contact', 'Lead'],
  ] as const)('are the others for a user who may not see %s at all, which is said', async (_, hidden, seen) => {
    const { org } = here.sandbox;
    org.insert('Contact', { LastName: 'A', Email: 'ida@example.com' });
    org.insert('Lead', { LastName: 'B', Company: 'Acme', Email: 'ida@example.com' });
    org.allow('everyone', 'hidden', hidden);
    const { records, unseen } = await readRecordsOf(here.salesforce, 'ida@example.com', FIELD);
    expect(records.map(({ object }) => object)).toEqual([seen]);
    expect(unseen).toEqual([hidden]);
  });

  test('are a failure for a user who may see neither, and for one to whom the field is hidden on either', async () => {
    const { org } = here.sandbox;
    org.allow('everyone', 'hidden', 'Lead', FIELD);
    const failed = () => failureOf(readRecordsOf(here.salesforce, 'ida@example.com', FIELD));
    expect((await failed()).detail.code).toBe('INVALID_FIELD');
    org.allow('everyone', 'hidden', 'Lead');
    org.allow('everyone', 'hidden', 'Contact');
    expect((await failed()).detail.code).toBe('INVALID_TYPE');
  });
});
