import { expect, test } from 'vitest';
import { askAccount } from '../../../src/extension/background/page-api.ts';
import { createRig } from './rig.ts';

test('the account is asked whether it takes the key now, whatever is known of its lists', async () => {
  const { services, sandbox } = createRig();
  await services.activecampaign();
  await askAccount(services);
  sandbox.faults.add({ service: 'activecampaign', kind: 'status', status: 403, body: { message: 'No.' } });
  await expect(askAccount(services)).rejects.toMatchObject({ kind: 'unauthorised' });
});
