import { expect, test } from 'vitest';
import { fieldIn, isNamed, partsOf } from '../../src/salesforce/field-name.ts';

test.each([
  ['HasOptedOutOfEmail', null, 'HasOptedOutOfEmail'],
  ['Sales_Opt_Out__c', null, 'Sales_Opt_Out__c'],
  ['ns__Sales_Opt_Out__c', 'ns', 'Sales_Opt_Out__c'],
  ['a_b__X__c', 'a_b', 'X__c'],
])('%s has the namespace %s', (name, namespace, bare) => {
  expect(partsOf(name)).toEqual({ namespace, bare });
});

test.each([
  ['Sales_Opt_Out__c', 'sales_opt_out__C', true],
  ['ns__Sales_Opt_Out__c', 'Sales_Opt_Out__c', true],
  ['ns__Sales_Opt_Out__c', 'NS__sales_opt_out__c', true],
  ['ns__Sales_Opt_Out__c', 'other__Sales_Opt_Out__c', false],
  ['Sales_Opt_Out__c', 'ns__Sales_Opt_Out__c', false],
  ['ns__No_Sales_Opt_Out__c', 'Sales_Opt_Out__c', false],
  ['HasOptedOutOfEmail', 'hasoptedoutofemail', true],
])('what Salesforce calls %s was named %s: %s', (given, named, same) => {
  expect(isNamed(given, named)).toBe(same);
});

test('a row is read by the name that was asked for, however Salesforce spells it', () => {
  expect(fieldIn({ Id: '1', ns__X__c: true }, 'X__c')).toBe(true);
  expect(fieldIn({ X__c: false, ns__X__c: true }, 'X__c')).toBe(false);
  expect(fieldIn({ Id: '1' }, 'X__c')).toBeUndefined();
});
