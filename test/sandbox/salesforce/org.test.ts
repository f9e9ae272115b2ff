import { beforeEach, describe, expect, test } from 'vitest';
import { SalesforceError } from '../../../src/sandbox/salesforce/errors.ts';
import { isId, longId } from '../../../src/sandbox/salesforce/ids.ts';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { contact, lead, START, type World, world } from './world.ts';

let here: World;
let org: Org;
let rep: string;
beforeEach(() => {
  here = world();
  ({ org, rep } = here);
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SalesforceError) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('an id', () => {
  test('has the check characters of the published example', () => {
    expect(longId('0019000000B98de')).toBe('0019000000B98deAAB');
    expect(longId('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
  });

  test('is refused when its check characters do not fit', () => {
    expect([isId('001A0000006Vm9rIAC'), isId('001A0000006Vm9rIAD'), isId('001A0000006Vm9r'), isId('001')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('of a new record is well formed, and unlike any other when case does not count', () => {
    const ids = Array.from({ length: 500 }, (_, n) => contact(org, `P${n}`));
    expect(ids.every(isId)).toBe(true);
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(500);
  });

  test('is accepted in 15 characters wherever it is accepted in 18', () => {
    const id = contact(org, 'Ann');
    org.update('Contact', id.slice(0, 15), { HasOptedOutOfEmail: true });
    expect(org.get('Contact', id.slice(0, 15))).toMatchObject({ Id: id, HasOptedOutOfEmail: true });
  });
});

describe('an update', () => {
  test('by a user stamps who and when, in whole seconds', () => {
    const id = contact(org, 'Ann');
    here.now = START + 5_999;
    org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
    expect(org.get('Contact', id)).toMatchObject({
      CreatedDate: START,
      CreatedById: org.admin,
      LastModifiedDate: START + 5_000,
      LastModifiedById: rep,
      SystemModstamp: START + 5_000,
    });
  });

  test('leaves a history row for a tracked field, with both values, and none for one that did not change', () => {
    org.track('Contact', 'HasOptedOutOfEmail');
    const id = contact(org, 'Ann');
    org.update('Contact', id, { HasOptedOutOfEmail: true, Phone: '1' }, { user: rep });
    org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
    expect(org.all('ContactHistory')).toMatchObject([
      {
        ContactId: id,
        Field: 'HasOptedOutOfEmail',
        OldValue: false,
        NewValue: true,
        CreatedById: rep,
        CreatedDate: START,
      },
    ]);
  });

  test('that commits late is seen late, with the older stamp', () => {
    const id = contact(org, 'Ann');
    here.now = START + 60_000;
    const commit = org.updateLate('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
    here.now = START + 300_000;
    expect(org.get('Contact', id)?.HasOptedOutOfEmail).toBe(false);
    commit();
    expect(org.get('Contact', id)).toMatchObject({ HasOptedOutOfEmail: true, SystemModstamp: START + 60_000 });
  });

  test('moves the record in the index of its address', () => {
    const id = contact(org, 'Ann');
    org.update('Contact', id, { Email: 'Other@Example.com' });
    expect(org.table('Contact').having('Email', ['ann@example.com'])).toEqual([]);
    expect(
      org
        .table('Contact')
        .having('Email', ['other@example.COM'])
        ?.map((row) => row.Id),
    ).toEqual([id]);
  });

  test('of a lead runs the assignment rule, unless told not to', () => {
    const id = lead(org, 'Lou');
    const other = org.addUser({ username: 'queue@acme.example', lastName: 'Queue' });
    org.leadAssignee = other;
    org.update('Lead', id, { HasOptedOutOfEmail: true }, { user: rep, autoAssign: false });
    expect(org.get('Lead', id)?.OwnerId).toBe(org.admin);
    org.update('Lead', id, { HasOptedOutOfEmail: true }, { user: rep });
    expect(org.get('Lead', id)?.OwnerId).toBe(other);
  });

  const refusals: [string, string, (id: string) => void][] = [
    [
      'a deleted record',
      'ENTITY_IS_DELETED',
      (id) => {
        org.remove('Contact', id);
        org.update('Contact', id, {}, { user: rep });
      },
    ],
    ['an unknown record', 'NOT_FOUND', () => org.update('Contact', '003000000000001', {}, { user: rep })],
    ['a malformed id', 'MALFORMED_ID', () => org.update('Contact', '003', {}, { user: rep })],
    ['a field that does not exist', 'INVALID_FIELD', (id) => org.update('Contact', id, { Nope__c: 1 }, { user: rep })],
    [
      'a field of the system',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      (id) => org.update('Contact', id, { SystemModstamp: 1 }, { user: rep }),
    ],
    [
      'an address that is none',
      'INVALID_EMAIL_ADDRESS',
      (id) => org.update('Contact', id, { Email: 'a b' }, { user: rep }),
    ],
    [
      'too long a text',
      'STRING_TOO_LONG',
      (id) => org.update('Contact', id, { FirstName: 'x'.repeat(41) }, { user: rep }),
    ],
    [
      'a text for a checkbox',
      'JSON_PARSER_ERROR',
      (id) => org.update('Contact', id, { HasOptedOutOfEmail: 'maybe' }, { user: rep }),
    ],
    [
      'a hidden field',
      'INVALID_FIELD',
      (id) => {
        org.allow(rep, 'hidden', 'Contact', 'HasOptedOutOfEmail');
        org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
      },
    ],
    [
      'a read-only field',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      (id) => {
        org.allow('everyone', 'read-only', 'Contact', 'HasOptedOutOfEmail');
        org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
      },
    ],
    [
      'a read-only object',
      'INSUFFICIENT_ACCESS_OR_READONLY',
      (id) => {
        org.allow(rep, 'read-only', 'Contact');
        org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
      },
    ],
    [
      'a locked row',
      'UNABLE_TO_LOCK_ROW',
      (id) => {
        org.lock(id);
        org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
      },
    ],
    [
      'what a validation rule forbids',
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      (id) => {
        org.addRule('Contact', { when: (after) => after.HasOptedOutOfEmail === true, message: 'Ask legal first' });
        org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
      },
    ],
  ];
  test.each(refusals)('by a user of %s is refused with %s, and nothing changes', (_what, code, work) => {
    const id = contact(org, 'Ann');
    expect(codeOf(() => work(id))).toBe(code);
    expect(org.get('Contact', id)).toMatchObject({ HasOptedOutOfEmail: false, LastModifiedById: org.admin });
  });

  test('of a locked row succeeds when the lock was for one try only', () => {
    const id = contact(org, 'Ann');
    org.lock(id, 1);
    expect(codeOf(() => org.update('Contact', id, {}, { user: rep }))).toBe('UNABLE_TO_LOCK_ROW');
    org.update('Contact', id, { HasOptedOutOfEmail: true }, { user: rep });
    expect(org.get('Contact', id)?.HasOptedOutOfEmail).toBe(true);
  });

  test('of a converted lead is refused', () => {
    const id = lead(org, 'Lou');
    org.convert(id);
    expect(codeOf(() => org.update('Lead', id, {}, { user: rep }))).toBe('CANNOT_UPDATE_CONVERTED_LEAD');
  });
});

describe('the life of a record', () => {
  test('a merge deletes the loser, points it at the winner, and loses its opt-out unless that was chosen', () => {
    const [winner, loser] = [contact(org, 'Ann'), contact(org, 'Anna', { HasOptedOutOfEmail: true })];
    org.merge('Contact', winner, [loser]);
    expect(org.get('Contact', loser)).toMatchObject({
      IsDeleted: true,
      MasterRecordId: winner,
      HasOptedOutOfEmail: true,
    });
    expect(org.get('Contact', winner)).toMatchObject({ IsDeleted: false, HasOptedOutOfEmail: false });
    expect(org.all('Contact').map((row) => row.Id)).toEqual([winner]);
  });

  test('a record comes back from the recycle bin', () => {
    const id = contact(org, 'Ann');
    org.remove('Contact', id);
    expect(org.deletedAt(id)).toBe(START);
    org.undelete('Contact', id);
    expect(org.get('Contact', id)?.IsDeleted).toBe(false);
    expect(org.deletedAt(id)).toBeUndefined();
  });

  test.each([true, false])('a conversion makes a contact, which carries the opt-out: %s', (carries) => {
    org.conversionCarriesOptOut = carries;
    const id = lead(org, 'Lou', { HasOptedOutOfEmail: true });
    const made = org.convert(id);
    expect(org.get('Lead', id)).toMatchObject({ IsConverted: true, ConvertedContactId: made });
    expect(org.get('Contact', made)).toMatchObject({ Email: 'lou@example.com', HasOptedOutOfEmail: carries });
  });

  test('a conversion into a contact that is there leaves that contact as it was', () => {
    const [id, kept] = [lead(org, 'Lou', { HasOptedOutOfEmail: true }), contact(org, 'Kim')];
    expect(org.convert(id, { contactId: kept })).toBe(kept);
    expect(org.get('Contact', kept)?.HasOptedOutOfEmail).toBe(false);
  });

  test('a custom checkbox is false on every record from the day it is made', () => {
    const id = contact(org, 'Ann');
    org.addField('Contact', 'Sales_Opt_Out__c');
    org.update('Contact', contact(org, 'Bo'), { Sales_Opt_Out__c: true }, { user: rep });
    expect(org.get('Contact', id)?.Sales_Opt_Out__c).toBe(false);
  });

  test('a transaction that throws leaves nothing behind, not even history', () => {
    org.track('Contact', 'HasOptedOutOfEmail');
    const id = contact(org, 'Ann');
    const before = { ...org.get('Contact', id) };
    expect(() =>
      org.transaction(() => {
        org.update('Contact', id, { HasOptedOutOfEmail: true, Email: 'x@example.com' }, { user: rep });
        contact(org, 'Bo');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(org.get('Contact', id)).toEqual(before);
    expect([org.all('Contact').length, org.all('ContactHistory').length]).toEqual([1, 0]);
    expect(org.table('Contact').having('Email', ['ann@example.com'])).toHaveLength(1);
  });
});
