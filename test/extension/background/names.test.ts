import { describe, expect, test } from 'vitest';
import { createRig } from './rig.ts';

/** Ann, who joined Newsletter by a form, left Product news by a campaign and Events by an automation. */
function led() {
  const rig = createRig();
  const { sandbox } = rig;
  const { contact, contactRecord } = sandbox.character('ann');
  const rows = [...(sandbox.account.contact(contact ?? '')?.memberships.values() ?? [])];
  const rowOf = (list: string) => rows.find((row) => sandbox.account.list(row.list).name === list);
  Object.assign(rowOf('Newsletter') ?? {}, { form: '2' });
  Object.assign(rowOf('Events') ?? {}, { status: 2, unsubscribeAutomation: '3' });
  const asked = () => sandbox.requests.of('activecampaign', 'GET', /\/(campaigns|automations|forms)\//).length;
  return { ...rig, contactRecord, asked };
}

describe('names of what led to a membership', () => {
  test('come from ActiveCampaign by id, and are asked for once, with a dead worker between too', async () => {
    const { sandbox, names, contactRecord, asked, restart } = led();
    sandbox.account.name('automation', '3', 'Win back');
    sandbox.account.name('form', '2', 'Website footer');
    const all = { 'campaign 7': 'Spring offer', 'automation 3': 'Win back', 'form 2': 'Website footer' };
    expect(await names(contactRecord)).toEqual(all);
    restart();
    expect(await names(contactRecord)).toEqual(all);
    expect(asked()).toBe(3);
  });

  test('that cannot be had are left out, and asked for again the next time', async () => {
    const { sandbox, names, contactRecord } = led();
    expect(await names(contactRecord)).toEqual({ 'campaign 7': 'Spring offer' });
    sandbox.account.name('form', '2', 'Website footer');
    expect(await names(contactRecord)).toEqual({ 'campaign 7': 'Spring offer', 'form 2': 'Website footer' });
  });

  test('of nobody are none', async () => {
    const { sandbox, names, asked } = led();
    expect(await names(sandbox.character('eva').contactRecord)).toEqual({});
    expect(asked()).toBe(0);
  });
});
