import { describe, expect, test } from 'vitest';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { createRig, HOST } from './rig.ts';

/** Ann's record in an org where changes are logged. */
function logging() {
  const rig = createRig();
  rig.settings.logChanges = 'yes';
  const { contactRecord } = rig.sandbox.character('ann');
  return { ...rig, contactRecord, tasks: () => rig.sandbox.org.all('Task') };
}

describe('a change, logged as a task', () => {
  test('is finished, on the record that was clicked on, and says who, what and the act', async () => {
    const { sandbox, tasks, optOut, contactRecord } = logging();
    await optOut(contactRecord);
    const [task, ...more] = tasks();
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      WhoId: contactRecord,
      Subject: 'task_opt_out',
      Status: 'Completed',
      IsClosed: true,
      OwnerId: sandbox.org.userNamed(CREDENTIALS.salesforce.repUsername),
    });
    const lines = `${task?.Description}`.split('\n');
    expect(lines[0]).toMatch(/^task_by \w/);
    expect(lines.slice(1)).toEqual([
      'ann.lee@example.com',
      'task_records 2',
      'task_lists Newsletter, Events',
      'OptBridge act act-1',
    ]);
    expect(new Date(Number(task?.ActivityDate)).toISOString().slice(0, 10)).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  test('says the reason of an opt-in, with the words', async () => {
    const { tasks, optOut, contactRecord, tick } = logging();
    await optOut(contactRecord);
    tick(1_000);
    await optOut(contactRecord, { kind: 'opt-in', reason: 'other', words: 'Asked at the fair', lists: [] });
    expect(`${tasks()[1]?.Description}`).toContain('task_reason overlay_reason_other: Asked at the fair');
  });

  test('by the words of this org for a closed task', async () => {
    const { sandbox, tasks, optOut, contactRecord } = logging();
    for (const status of sandbox.org.all('TaskStatus')) {
      if (status.ApiName === 'Completed') sandbox.org.update('TaskStatus', `${status.Id}`, { ApiName: 'Erledigt' });
    }
    await optOut(contactRecord);
    expect(tasks()).toMatchObject([{ Status: 'Erledigt', IsClosed: true }]);
  });

  test('is not made where the settings do not ask for it', async () => {
    const { sandbox, optOut } = createRig();
    await optOut(sandbox.character('ann').contactRecord);
    expect(sandbox.org.all('Task')).toEqual([]);
    expect(sandbox.requests.of('salesforce', 'GET', /query/).length).toBeGreaterThan(0);
  });

  test('is made once, though the answer to its making is lost', async () => {
    const { sandbox, tasks, optOut, outbox, about, contactRecord, tick } = logging();
    sandbox.faults.add({
      service: 'salesforce',
      method: 'POST',
      path: /sobjects\/Task/,
      kind: 'drop',
      when: 'after',
      times: 1,
    });
    await optOut(contactRecord);
    expect(tasks()).toHaveLength(1);
    expect((await about(contactRecord)).act?.unlogged).toMatchObject({ kind: 'unreachable' });
    expect(await outbox.nextDue()).toBeDefined();
    tick(10_000);
    await outbox.drain();
    expect(tasks()).toHaveLength(1);
    expect(await outbox.nextDue()).toBeUndefined();
    expect((await about(contactRecord)).act?.unlogged).toBeUndefined();
  });

  test('that Salesforce refuses delays nothing: the act is done, can be undone, and the task is given up in the end', async () => {
    const { sandbox, tasks, optOut, outbox, about, contactRecord, tick } = logging();
    sandbox.org.allow('everyone', 'hidden', 'Task');
    await optOut(contactRecord);
    expect(await outbox.openAct({ host: HOST, record: contactRecord, address: undefined })).toBeUndefined();
    const unlogged = { service: 'salesforce', kind: 'rejected', code: 'INVALID_TYPE' };
    expect(await about(contactRecord)).toMatchObject({
      undo: 'act-1',
      act: { wish: 'opt-out', ended: null, unlogged: { ...unlogged, retryAt: expect.stringContaining('T') } },
    });
    let tries = 0;
    for (let due = await outbox.nextDue(); due !== undefined; due = await outbox.nextDue()) {
      tries++;
      tick(6 * 60 * 60_000);
      await outbox.drain();
      expect(tries).toBeLessThan(30);
    }
    expect(tries).toBeGreaterThan(5);
    expect(tasks()).toEqual([]);
    // Nobody tries any more, and the panel goes on saying why there is none.
    expect(await about(contactRecord)).toMatchObject({ act: { unlogged: { ...unlogged, retryAt: null } } });
  });

  test('of an act that came to nothing is not made', async () => {
    const { sandbox, tasks, optOut, outbox, contactRecord, tick } = logging();
    await optOut(contactRecord);
    const rows = { salesforce: [{ id: contactRecord, value: false, stamp: '', back: null }], activecampaign: [] };
    tick(1_000);
    await optOut(contactRecord, { kind: 'undo', of: 'act-1', rows });
    expect((await outbox.acts({ host: HOST, record: contactRecord, address: undefined }))[0]?.ended).toBe('changed');
    expect(tasks()).toHaveLength(1);
    expect(sandbox.org.get('Contact', contactRecord)?.HasOptedOutOfEmail).toBe(true);
  });
});
