import { afterEach, expect, test } from 'vitest';
import { CREDENTIALS } from '../../src/sandbox/credentials.ts';
import { FIELD, rig } from '../extension/options/install/rig.ts';
import { Town } from './town.ts';

let town: Town;
afterEach(() => town.dispose());

test('a night works with the field that the options page installed, once its user has the permission set', async () => {
  town = new Town();
  const { org } = town.sandbox;
  town.config = town.configured({ salesforce: { optOutField: FIELD }, activecampaign: { lists: 'all' } });
  const left = town.plant('left', { contacts: [false], leads: [false], lists: { News: 2 } });
  await rig(town.sandbox).install();
  // The run's own user sees no new field before it is given.
  expect((await town.night()).refusal).toMatchObject({
    kind: 'field-hidden',
    message: expect.stringMatching(/options page makes one and the permission set Email_OptOut_Sync/),
  });
  const [set] = org.all('PermissionSet');
  const runAs = org.userNamed(CREDENTIALS.salesforce.integrationUsername);
  org.insert('PermissionSetAssignment', { AssigneeId: runAs, PermissionSetId: set?.Id });
  const said = town.plant('said', { contacts: [false], lists: { News: 1 } });
  org.update('Contact', said.contacts[0] ?? '', { [FIELD]: true });
  await town.night();
  const contact = org.get('Contact', left.contacts[0] ?? '');
  expect([contact?.[FIELD], contact?.HasOptedOutOfEmail]).toEqual([true, false]);
  expect(org.get('Lead', left.leads[0] ?? '')?.[FIELD]).toBe(true);
  expect(town.status(said.ac, 'News')).toBe(2);
  expect(org.get('Contact', said.contacts[0] ?? '')?.HasOptedOutOfEmail).toBe(false);
});
