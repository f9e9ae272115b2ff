import { expect, test } from 'vitest';
import { apiHostOf, isApiHost } from '../../../src/extension/background/host.ts';
import { recordInUrl } from '../../../src/extension/record-url.ts';

test.each([
  ['https://acme.lightning.force.com', 'acme.my.salesforce.com'],
  ['https://acme--uat.sandbox.lightning.force.com', 'acme--uat.sandbox.my.salesforce.com'],
  ['https://acme-dev-ed.develop.lightning.force.com', 'acme-dev-ed.develop.my.salesforce.com'],
  ['https://acme.my.salesforce.com', undefined],
  ['http://acme.lightning.force.com', undefined],
  ['https://acme.lightning.force.com.evil.com', undefined],
  ['https://lightning.force.com', undefined],
  ['nonsense', undefined],
])('the API host of %s is %s', (origin, host) => {
  expect(apiHostOf(origin)).toBe(host);
});

test.each(['acme.my.salesforce.com', 'acme--uat.sandbox.my.salesforce.com'])('tokens may go to %s', (host) => {
  expect(isApiHost(host)).toBe(true);
});

test.each([
  'my.salesforce.com',
  '.my.salesforce.com',
  'acme.my.salesforce.com.evil.com',
  'evil.com/acme.my.salesforce.com',
  'user@acme.my.salesforce.com',
  'acme.my.salesforce.com:8443',
  'acme.salesforce.com',
  'ACME.MY.SALESFORCE.COM',
  '',
])('tokens may not go to %j', (host) => {
  expect(isApiHost(host)).toBe(false);
});

test.each([
  ['/lightning/r/Contact/003000000000001AAA/view', '003000000000001AAA'],
  ['/lightning/r/Contact/003000000000001/view', '003000000000001AAA'],
  [
    '/lightning/r/00Q000000000001AAA/view?ws=%2Flightning%2Fr%2FAccount%2F001000000000001AAA%2Fview',
    '00Q000000000001AAA',
  ],
  ['/lightning/r/Contact/003000000000001AAA/related/Cases/view', '003000000000001AAA'],
  ['/lightning/r/Account/001000000000001AAA/view', undefined],
  ['/lightning/r/Contact/003000000000001AAAX/view', undefined],
  ['/lightning/o/Contact/list', undefined],
  ['/other/lightning/r/Contact/003000000000001AAA/view', undefined],
])('the record of %s is %s', (path, record) => {
  expect(recordInUrl(`https://acme.lightning.force.com${path}`)).toBe(record);
});
