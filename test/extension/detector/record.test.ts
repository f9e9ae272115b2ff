import { describe, expect, test } from 'vitest';
import { recordIn } from '../../../src/extension/detector/record.ts';
import { accountInUrl, recordInUrl } from '../../../src/extension/record-url.ts';

describe('the record in a Lightning path', () => {
  test.each([
    ['/lightning/r/Contact/003000000000001AAA/view', '003000000000001AAA'],
    ['/lightning/r/Lead/00Q000000000002AAA/view', '00Q000000000002AAA'],
    ['/lightning/r/003000000000001AAA/view', '003000000000001AAA'],
    ['/lightning/r/Contact/003000000000001/view', '003000000000001'],
    ['/lightning/r/Lead/003000000000001AAA/view/', '003000000000001AAA'],
    ['/lightning/r/sObject/003000000000001AAA/view', '003000000000001AAA'],
    ['/lightning/r/lead/00Q000000000002AAA/view', '00Q000000000002AAA'],
  ])('%s', (path, record) => {
    expect(recordIn(path)).toBe(record);
    // The background looks for itself and must find the same one, or it would refuse what the overlay asks.
    expect(recordInUrl(`https://acme.lightning.force.com${path}`)?.slice(0, 15)).toBe(record.slice(0, 15));
  });

  test('an account, which may be a person’s, is told from a record', () => {
    const path = '/lightning/r/Account/001000000000001AAA/view';
    expect(recordIn(path)).toBe('001000000000001AAA');
    expect(recordInUrl(`https://acme.lightning.force.com${path}`)).toBeUndefined();
    expect(accountInUrl(`https://acme.lightning.force.com${path}`)).toBe('001000000000001AAA');
    expect(
      accountInUrl('https://acme.lightning.force.com/lightning/r/Contact/003000000000001AAA/view'),
    ).toBeUndefined();
    // A console names the parent's tab behind the record's own path.
    const inConsole = `https://acme.lightning.force.com/lightning/r/Contact/003000000000001AAA/view?ws=${encodeURIComponent(path)}`;
    expect([recordInUrl(inConsole), accountInUrl(inConsole)]).toEqual(['003000000000001AAA', undefined]);
  });

  test.each([
    ['an opportunity', '/lightning/r/Opportunity/006000000000001AAA/view'],
    ['a component’s own page', '/lightning/cmp/c__Person?c__record=003000000000001AAA'],
    ['a component’s page in parts', '/lightning/cmp/force__dynamicRecord/003000000000001AAA/view'],
    ['a record of an Experience site', '/s/contact/003000000000001AAA/ann-lee'],
    ['a list beside its records', '/lightning/o/Contact/list?filterName=Recent'],
    ['a list', '/lightning/o/Contact/list'],
    ['a home page', '/lightning/page/home'],
    ['an id that is too long', '/lightning/r/Contact/003000000000001AAAA/view'],
    ['an id of 16 characters', '/lightning/r/Contact/003000000000001A/view'],
    ['a related list', '/lightning/r/Contact/003000000000001AAA/related/Cases/view'],
    ['a path that only ends like one', '/s/lightning/r/Contact/003000000000001AAA/view'],
  ])('none: %s', (_what, path) => {
    expect(recordIn(path)).toBeNull();
  });
});
