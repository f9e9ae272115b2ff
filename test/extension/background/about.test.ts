import { describe, expect, test } from 'vitest';
import { createRig } from './rig.ts';

const BOX = 'HasOptedOutOfEmail';

describe('what the panel is told beyond the status', () => {
  test('about somebody untouched is nothing, and field history and bounce log are not asked', async () => {
    const { sandbox, about } = createRig();
    const { contactRecord } = sandbox.character('ann');
    expect(await about(contactRecord)).toEqual({
      record: contactRecord,
      act: null,
      undo: null,
      bounce: null,
      boxes: [],
      tags: ['added-to-salesforce-contact'],
      optIn: true,
      preferenceLink: null,
    });
    expect(sandbox.requests.of('activecampaign', 'GET', /bounceLogs/)).toEqual([]);
    expect(sandbox.requests.of('salesforce', 'GET', /History/)).toEqual([]);
  });

  test('after a click names it, and the act to undo, until somebody changes the person', async () => {
    const { sandbox, about, optOut, tick } = createRig();
    const { contactRecord } = sandbox.character('ann');
    await optOut(contactRecord);
    const clicked = await about(contactRecord);
    expect(clicked).toMatchObject({ undo: 'act-1', act: { wish: 'opt-out', stands: true, ended: null, list: null } });
    // Newsletter and Events were active; Product news she had left long before.
    const lists = [...sandbox.account.lists.values()].filter(({ name }) => /Newsletter|Events/.test(name));
    const records = sandbox.org.all('Lead').filter(({ Email }) => /ann\.lee/i.test(`${Email}`));
    expect(new Set(clicked.act?.changed)).toEqual(
      new Set([contactRecord, ...records.map(({ Id }) => Id), ...lists.map(({ id }) => id)]),
    );
    tick(1_000);
    sandbox.org.update('Contact', contactRecord, { [BOX]: false });
    expect(await about(contactRecord)).toMatchObject({ undo: null, act: { wish: 'opt-out', stands: false } });
  });

  test('a bounce brings the words of the mail server', async () => {
    const { sandbox, about } = createRig();
    const { contactRecord } = sandbox.character('dan');
    const { bounce } = await about(contactRecord);
    expect(bounce?.words).toContain('550 5.1.1 User unknown');
    expect(bounce?.at).toMatch(/^2025-05-12/);
  });

  test('where the box is tracked, who set it last, record by record', async () => {
    const { sandbox, about } = createRig();
    const { contactRecord } = sandbox.character('eva');
    sandbox.org.track('Contact', BOX);
    for (const set of [true, false, true]) sandbox.org.update('Contact', contactRecord, { [BOX]: set });
    expect((await about(contactRecord)).boxes).toEqual([
      { record: contactRecord, by: expect.stringMatching(/\w/), at: expect.any(String) },
    ]);
  });

  test('a box that the nightly run set is said to be its doing', async () => {
    const { sandbox, about, settings } = createRig();
    const { contactRecord } = sandbox.character('eva');
    sandbox.org.track('Contact', BOX);
    sandbox.org.update('Contact', contactRecord, { [BOX]: true });
    const by = async () => (await about(contactRecord)).boxes.map((box) => box.by);
    expect(await by()).toEqual([expect.stringMatching(/\w/)]);
    settings.nightlyUser = `${sandbox.org.get('User', sandbox.org.admin)?.Username}`.toUpperCase();
    expect(await by()).toEqual([null]);
  });

  test('somebody without a tag of the Salesforce integration does not count for the nightly run', async () => {
    const { sandbox, about } = createRig();
    expect((await about(sandbox.character('iris').contactRecord)).tags).toEqual([]);
    expect((await about(sandbox.character('eva').contactRecord)).tags).toBeNull();
  });

  test('what cannot be read is left out, and never fails the rest', async () => {
    const { sandbox, about, optOut } = createRig();
    const { contactRecord } = sandbox.character('ann');
    await optOut(contactRecord);
    sandbox.faults.add({ service: 'activecampaign', kind: 'status', status: 500, body: '' });
    expect(await about(contactRecord)).toMatchObject({ undo: null, act: { wish: 'opt-out' }, bounce: null });
  });
});
