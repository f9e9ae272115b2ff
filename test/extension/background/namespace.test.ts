import { expect, test } from 'vitest';
import { createRig } from './rig.ts';

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
