import { expect, test } from 'vitest';
import { halfNamed } from '../../../src/extension/background/half-name.ts';
import { createKeeper } from '../../../src/extension/background/keeper.ts';
import { problemOf } from '../../../src/extension/background/problem-of.ts';
import { memoryShelf } from './memory.ts';
import { createRig, HOST } from './rig.ts';

const FIELD = 'ns__Sales_Opt_Out__c';

function inNamespace() {
  const rig = createRig();
  for (const object of ['Contact', 'Lead']) rig.sandbox.org.addField(object, FIELD);
  rig.settings.lists = 'all';
  return rig;
}

test('a checkbox in a namespace is read, set, marked and cleared by its full name, and the standard one left alone', async () => {
  const rig = inNamespace();
  rig.settings.optOutField = FIELD;
  const { sandbox, read, optOut, marks } = rig;
  const { contactRecord } = sandbox.character('ann');
  const address = `${sandbox.org.get('Contact', contactRecord)?.Email}`.toLowerCase();
  expect((await read(contactRecord)).state).toBe('subscribed');
  await optOut(contactRecord);
  expect((await read(contactRecord)).state).toBe('opted-out');
  const after = sandbox.org.get('Contact', contactRecord);
  expect([after?.[FIELD], after?.HasOptedOutOfEmail]).toEqual([true, false]);
  expect((await marks([address])).marks[address]).toMatchObject({ salesforce: 'out' });
});

test('an org that knows the checkbox by its full name only is asked nothing else, and its refusal says so', async () => {
  const rig = inNamespace();
  rig.settings.optOutField = 'Sales_Opt_Out__c';
  await expect(rig.read(rig.sandbox.character('ann').contactRecord)).rejects.toMatchObject({
    detail: { code: 'INVALID_FIELD', words: expect.stringContaining('Sales_Opt_Out__c') },
  });
});

test('the full name is what is said where the settings name half of it, in whatever case, and the org is asked once', async () => {
  const { said, describes } = halfNamedIn();
  const half = { service: 'salesforce', kind: 'not-configured', words: '', own: 'field_name', of: FIELD };
  expect(await said('Sales_Opt_Out__c')).toEqual(half);
  expect(await said('sales_opt_out__C')).toEqual(half);
  expect(describes()).toBe(2);
  expect(await said('Sales_Opt_Out__c')).toEqual(half);
  expect(describes()).toBe(2);
});

test('of a field that is not there, or whose full name was given, Salesforce’s own word is left', async () => {
  const { said, describes } = halfNamedIn();
  const refused = { kind: 'rejected', code: 'INVALID_FIELD' };
  expect(await said('Never_Made__c')).toMatchObject(refused);
  expect(describes()).toBe(1);
  expect(await said('other__Sales_Opt_Out__c')).toMatchObject(refused);
  expect(describes()).toBe(1);
});

test('where the org cannot be asked for its fields, or it failed otherwise, the failure is left as it was', async () => {
  const { said, describes, rig } = halfNamedIn();
  rig.sandbox.faults.add({ service: 'salesforce', path: /describe/, kind: 'status', status: 403 });
  expect(await said('Sales_Opt_Out__c')).toMatchObject({ kind: 'rejected', code: 'INVALID_FIELD' });
  rig.sessions.clear();
  const asked = describes();
  expect(await said('Sales_Opt_Out__c')).toMatchObject({ kind: 'unauthorised' });
  expect(describes()).toBe(asked);
});

/** What is said of Ann's record where the settings name this field, and how often the org was asked what its fields are. */
function halfNamedIn() {
  const rig = inNamespace();
  const keeper = createKeeper({ shelf: memoryShelf(), now: () => 0 });
  return {
    rig,
    describes: () => rig.sandbox.requests.of('salesforce', 'GET', /describe/).length,
    said: async (field: string) => {
      rig.settings.optOutField = field;
      const cause = await rig.read(rig.sandbox.character('ann').contactRecord).catch((failed) => failed);
      return problemOf(await halfNamed({ services: rig.services, keeper }, HOST, cause));
    },
  };
}
