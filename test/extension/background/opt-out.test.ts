import { describe, expect, test } from 'vitest';
import { createRig, HOST } from './rig.ts';

describe('one click, with the real clients on the sandbox', () => {
  test('puts the person out on both sides', async () => {
    const { sandbox, read, optOut, outbox } = createRig();
    const { contactRecord } = sandbox.character('ann');
    await optOut(contactRecord);
    expect(await outbox.nextDue()).toBeUndefined();
    const after = await read(contactRecord);
    expect(after.state).toBe('opted-out');
    expect(after.records.map(({ optedOut }) => optedOut)).toEqual([true, true]);
    expect(after.lists.map(({ status }) => status)).toEqual(['unsubscribed', 'unsubscribed', 'unsubscribed']);
  });

  test('leaves a row alone that is not active', async () => {
    const { sandbox, optOut, read } = createRig();
    const { contactRecord } = sandbox.character('ann');
    const left = ({ lists }: Awaited<ReturnType<typeof read>>) => lists.find(({ name }) => name === 'Product news');
    const before = left(await read(contactRecord));
    await optOut(contactRecord);
    expect(sandbox.requests.of('activecampaign', 'POST', /contactLists/)).toHaveLength(2);
    expect(left(await read(contactRecord))).toEqual(before);
  });

  test('works from a lead’s page just as well', async () => {
    const { sandbox, optOut, read } = createRig();
    const { leadRecord } = sandbox.character('jack');
    await optOut(leadRecord);
    expect((await read(leadRecord)).state).toBe('opted-out');
  });

  test('on a person without an address sets the record’s own box and leaves ActiveCampaign alone', async () => {
    const { sandbox, optOut, read, outbox } = createRig();
    const { contactRecord } = sandbox.character('finn');
    await optOut(contactRecord);
    expect(await read(contactRecord)).toMatchObject({ state: 'no-email', optedOut: true });
    expect(sandbox.requests.of('activecampaign', undefined, /contact/)).toEqual([]);
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test('on a record that is merged away before it is looked at arrives by the address that it had', async () => {
    const { sandbox, optOut, read, outbox } = createRig();
    const { contactRecord } = sandbox.character('ann');
    const loser = sandbox.org.insert('Contact', { LastName: 'Lee', Email: 'Ann.Lee@example.com' });
    sandbox.org.merge('Contact', contactRecord, [loser]);
    await optOut(loser);
    expect(await outbox.nextDue()).toBeUndefined();
    expect((await read(contactRecord)).state).toBe('opted-out');
  });

  test('on a record without an address that is merged away goes to whom it was merged into', async () => {
    const { sandbox, optOut, read } = createRig();
    const { contactRecord } = sandbox.character('ann');
    const loser = sandbox.org.insert('Contact', { LastName: 'Lee' });
    sandbox.org.merge('Contact', contactRecord, [loser]);
    await optOut(loser);
    expect((await read(contactRecord)).state).toBe('opted-out');
  });

  test('on a record that nobody can see any more waits, and is not taken for done', async () => {
    const { sandbox, optOut, outbox } = createRig();
    const { contactRecord } = sandbox.character('ann');
    sandbox.org.table('Contact').drop(contactRecord);
    await optOut(contactRecord);
    const act = await outbox.openAct({ host: HOST, record: contactRecord, address: undefined });
    const problem = { service: 'salesforce', kind: 'not-found' };
    expect(act?.halves).toMatchObject({ salesforce: { problem }, activecampaign: { problem } });
  });

  test('settles somebody who is out on one side only', async () => {
    for (const who of ['ben', 'cleo', 'gwen', 'mia']) {
      const { sandbox, optOut, read } = createRig();
      const { contactRecord } = sandbox.character(who);
      await optOut(contactRecord);
      expect(await read(contactRecord), who).toMatchObject({ state: 'opted-out' });
    }
  });
});

describe('an opt-in, with the real clients on the sandbox', () => {
  const lists = ['1', '2', '3', '4', '5'];

  test('clears the box on every record and subscribes again, marked as such', async () => {
    const { sandbox, optOut, read, outbox, tick } = createRig();
    const { contactRecord, activecampaignId } = sandbox.character('ann');
    await optOut(contactRecord);
    tick(1);
    await outbox.want(
      { host: HOST, record: contactRecord, address: undefined },
      { kind: 'opt-in', reason: 'mistake', words: '', lists },
    );
    await outbox.drain();
    const after = await read(contactRecord);
    expect(after.records.map(({ optedOut }) => optedOut)).toEqual([false, false]);
    expect(after.lists.map(({ status }) => status)).toEqual(['active', 'active', 'active']);
    const rows = [...(sandbox.account.contact(activecampaignId)?.memberships.values() ?? [])];
    expect(rows.map(({ sourceid }) => sourceid)).toEqual([4, 4, 4]);
  });

  test('subscribes nobody whose mail came back for good', async () => {
    const { sandbox, optOut, read, outbox, tick } = createRig();
    const { contactRecord } = sandbox.character('dan');
    await optOut(contactRecord);
    tick(1);
    await outbox.want(
      { host: HOST, record: contactRecord, address: undefined },
      { kind: 'opt-in', reason: 'phone', words: '', lists },
    );
    await outbox.drain();
    expect((await read(contactRecord)).lists.filter(({ status }) => status === 'active')).toEqual([]);
    expect(await outbox.nextDue()).toBeUndefined();
  });
});

describe('with a fault', () => {
  test('a write whose answer is lost is not sent again, and what was said before is kept', async () => {
    const { sandbox, optOut, outbox, tick, read } = createRig();
    const { contactRecord } = sandbox.character('ann');
    sandbox.faults.add({ service: 'salesforce', method: 'PATCH', kind: 'drop', when: 'after', times: 1 });
    await optOut(contactRecord);
    const act = await outbox.openAct({ host: HOST, record: contactRecord, address: undefined });
    expect(act?.halves.salesforce).toMatchObject({ step: 'read', attempt: 1, problem: { kind: 'unreachable' } });
    expect(act?.halves.activecampaign.step).toBe('verified');
    expect(act?.halves.salesforce.before.map(({ value }) => value)).toEqual([false, false]);
    tick(3_600_000);
    await outbox.drain();
    expect(await outbox.nextDue()).toBeUndefined();
    expect(sandbox.requests.of('salesforce', 'PATCH')).toHaveLength(1);
    expect((await read(contactRecord)).state).toBe('opted-out');
  });

  test('ActiveCampaign down: Salesforce is set at once, ActiveCampaign follows when it is back', async () => {
    const { sandbox, optOut, outbox, tick, read } = createRig();
    const { contactRecord } = sandbox.character('ann');
    await outbox.want({ host: HOST, record: contactRecord, address: 'ann.lee@example.com' });
    sandbox.faults.add({ service: 'activecampaign', kind: 'status', status: 503, body: '' });
    await optOut(contactRecord);
    const act = await outbox.openAct({ host: HOST, record: contactRecord, address: undefined });
    expect(act?.halves.salesforce.step).toBe('verified');
    expect(act?.halves.activecampaign).toMatchObject({ step: 'wanted', attempt: 1 });
    sandbox.faults.clear();
    tick(3_600_000);
    await outbox.drain();
    expect((await read(contactRecord)).state).toBe('opted-out');
  });

  test.each([3, -3])(
    'is sent though the services’ clocks are %i hours ahead: who subscribed before the click has not taken it back',
    async (hours) => {
      const { sandbox, optOut, outbox, tick, read } = createRig();
      sandbox.clock.advance(hours * 3_600_000);
      const Email = 'zoe@example.com';
      const record = sandbox.org.insert('Contact', { LastName: 'Zoe', Email });
      sandbox.account.join(sandbox.account.addContact({ email: Email }), '1', 1);
      tick(3_600_000);
      sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 503, body: '' });
      await optOut(record);
      sandbox.faults.clear();
      tick(3_600_000);
      await outbox.drain();
      expect((await read(record)).state).toBe('opted-out');
    },
  );

  test.each([3, -3])(
    'is over where somebody subscribes after the click, though the services’ clocks are %i hours ahead',
    async (hours) => {
      const { sandbox, optOut, outbox, tick } = createRig();
      sandbox.clock.advance(hours * 3_600_000);
      const Email = 'zoe@example.com';
      const record = sandbox.org.insert('Contact', { LastName: 'Zoe', Email });
      const zoe = sandbox.account.addContact({ email: Email });
      sandbox.account.join(zoe, '1', 2);
      sandbox.faults.add({ service: 'salesforce', method: 'PATCH', kind: 'status', status: 503, body: '' });
      await optOut(record);
      sandbox.faults.clear();
      tick(3_600_000);
      sandbox.account.subscribe(zoe, '1', { by: 'contact' });
      tick(3_600_000);
      await outbox.drain();
      expect((await outbox.latest(1))[0]?.ended).toBe('changed');
    },
  );

  test('signed out: ActiveCampaign is told at once, Salesforce after the sign-in', async () => {
    const { sandbox, sessions, outbox, read } = createRig();
    const { contactRecord } = sandbox.character('ann');
    const [session] = [...sessions.values()];
    sessions.clear();
    await outbox.want({ host: HOST, record: contactRecord, address: 'ann.lee@example.com' });
    await outbox.drain();
    const act = await outbox.openAct({ host: HOST, record: contactRecord, address: undefined });
    expect(act?.halves.activecampaign.step).toBe('verified');
    expect(act?.halves.salesforce.problem).toMatchObject({ kind: 'unauthorised', retryAt: null });
    sessions.set(HOST, session!);
    await outbox.hurry((problem) => problem.service === 'salesforce');
    await outbox.drain();
    expect((await read(contactRecord)).state).toBe('opted-out');
  });
});
