import { describe, expect, test } from 'vitest';
import type { Aim } from '../../../src/extension/background/act.ts';
import { newAct } from '../../../src/extension/background/act.ts';
import { isMisdirected } from '../../../src/extension/background/discard.ts';
import { doneOf } from '../../../src/extension/background/done.ts';
import { meet } from '../../../src/extension/background/meeting.ts';
import type { Wish } from '../../../src/extension/background/wish.ts';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { createRig, HOST } from './rig.ts';

const HERE = '00D000000000001AAA';
const ELSEWHERE = '00D000000000002AAA';
const OTHER_ACCOUNT = 'https://other.api-us1.com';

/** A rep who is signed in to the org `HERE`, and clicks that are meant for some place. */
function desk() {
  const rig = createRig();
  const ann = rig.sandbox.character('ann');
  const signIn = (organization: string) => {
    const session = rig.sessions.get(HOST);
    if (session) rig.sessions.set(HOST, { ...session, organization });
  };
  signIn(HERE);
  return {
    ...rig,
    ann,
    signIn,
    click: async (aim: Aim, wish?: Wish) => {
      const { id } = await rig.outbox.want({ host: HOST, record: ann.contactRecord, address: undefined, ...aim }, wish);
      await rig.outbox.drain();
      return id;
    },
    act: async (id: string) =>
      (await rig.outbox.acts({ host: HOST, record: ann.contactRecord, address: undefined })).find(
        (act) => act.id === id,
      ),
    box: () => rig.sandbox.org.get('Contact', ann.contactRecord)?.HasOptedOutOfEmail,
    memberships: () =>
      [...(rig.sandbox.account.contact(ann.activecampaignId)?.memberships.values() ?? [])].map(({ status }) => status),
    goOn: async () => {
      await rig.outbox.hurry(() => true);
      await rig.outbox.drain();
    },
  };
}

describe('a click that is meant for one org', () => {
  test('is not sent to another one that answers under the same host; it waits, and goes on with a sign-in to its own', async () => {
    const { click, act, box, signIn, goOn, sandbox } = desk();
    signIn(ELSEWHERE);
    const id = await click({ org: HERE });
    expect((await act(id))?.halves.salesforce).toMatchObject({
      step: 'wanted',
      problem: { kind: 'other-org', retryAt: null },
    });
    expect(sandbox.requests.of('salesforce', 'GET', /query/)).toEqual([]);
    expect(box()).toBe(false);
    signIn(HERE);
    await goOn();
    expect(box()).toBe(true);
    expect((await act(id))?.halves.salesforce.step).toBe('verified');
  });

  test('goes on where nobody has said which org the sign-in is for, or the page told none', async () => {
    const untold = desk();
    await untold.click({});
    expect(untold.box()).toBe(true);
  });

  test('made again in another org under the same host is meant for that one', () => {
    const person = { host: HOST, record: '003000000000001AAA', address: null };
    const first = newAct('a', { ...person, org: HERE, account: OTHER_ACCOUNT }, 0);
    const again = newAct('b', { ...person, org: ELSEWHERE }, 1);
    expect(meet([first], again).standing).toMatchObject({ id: 'a', org: ELSEWHERE, account: OTHER_ACCOUNT });
  });
});

describe('a click that was meant for another ActiveCampaign account', () => {
  test('writes nothing where it would let mail through: its lists are numbers of that account', async () => {
    const { click, act, box, memberships } = desk();
    await click({});
    const out = memberships();
    const id = await click({ account: OTHER_ACCOUNT }, { kind: 'opt-in', reason: 'phone', words: '', lists: ['1'] });
    expect((await act(id))?.halves.activecampaign.problem).toMatchObject({
      kind: 'other-account',
      own: 'other_account',
      retryAt: null,
    });
    expect([box(), memberships()]).toEqual([true, out]);
  });

  test('leaves no list of this one', async () => {
    const { click, act, memberships } = desk();
    const before = memberships();
    const id = await click({ account: OTHER_ACCOUNT }, { kind: 'unsubscribe', list: '1' });
    expect((await act(id))?.halves.activecampaign.problem).toMatchObject({ kind: 'other-account' });
    expect(memberships()).toEqual(before);
    // Clicked again, it is meant for this one.
    expect(await click({ account: CREDENTIALS.activecampaign.url }, { kind: 'unsubscribe', list: '1' })).toBe(id);
    expect(memberships()).not.toEqual(before);
  });

  test('is sent all the same where it says no to everything', async () => {
    const { click, memberships } = desk();
    await click({ account: OTHER_ACCOUNT });
    expect(memberships()).not.toContain(1);
  });

  test('cannot be undone in this one', async () => {
    const { click, about, ann } = desk();
    const id = await click({ account: CREDENTIALS.activecampaign.url });
    expect((await about(ann.contactRecord)).undo).toBe(id);
    const there = desk();
    await there.click({ account: OTHER_ACCOUNT });
    expect((await there.about(there.ann.contactRecord)).undo).toBeNull();
  });
});

describe('a click that can never be sent as things stand', () => {
  const LEAVE: Wish = { kind: 'unsubscribe', list: '1' };

  test('is discarded when the rep says so: it ends, says when, and what does not have it', async () => {
    const { click, act, outbox, memberships, goOn, settings } = desk();
    const before = memberships();
    const id = await click({ account: OTHER_ACCOUNT }, LEAVE);
    expect(await outbox.discard(id)).toBe(true);
    const discarded = (await act(id))!;
    expect(doneOf(discarded)).toMatchObject({
      ended: 'discarded',
      discarded: { at: expect.stringMatching(/^\d{4}-.*Z$/), missing: ['activecampaign'] },
    });
    expect([await outbox.open(), await outbox.nextDue()]).toEqual([[], undefined]);
    // For good: the account that it was meant for gets nothing any more.
    settings.activeCampaignUrl = OTHER_ACCOUNT;
    await goOn();
    expect([memberships(), (await act(id))?.ended]).toEqual([before, 'discarded']);
  });

  test('is sent, not discarded, where the settings name its account again by then', async () => {
    const { click, act, outbox, memberships, settings } = desk();
    const before = memberships();
    settings.activeCampaignUrl = OTHER_ACCOUNT;
    const id = await click({ account: CREDENTIALS.activecampaign.url }, LEAVE);
    expect((await act(id))?.halves.activecampaign.problem).toMatchObject({ kind: 'other-account' });
    settings.activeCampaignUrl = CREDENTIALS.activecampaign.url;
    expect(await outbox.discard(id)).toBe(false);
    expect((await act(id))?.ended).toBeNull();
    expect(memberships()).not.toEqual(before);
    expect(await outbox.discard(id)).toBe(false);
  });

  test('may be an opt-out for another org, and then says that Salesforce alone does not have it', async () => {
    const { act, outbox, signIn, ann, memberships, box } = desk();
    signIn(ELSEWHERE);
    const person = { host: HOST, record: ann.contactRecord, address: 'ann.lee@example.com', org: HERE };
    const { id } = await outbox.want(person);
    await outbox.drain();
    expect(isMisdirected((await act(id))!)).toBe(true);
    expect(await outbox.discard(id)).toBe(true);
    expect(doneOf((await act(id))!).discarded?.missing).toEqual(['salesforce']);
    expect([box(), memberships().includes(1)]).toEqual([false, false]);
  });

  test('is no click that has arrived', async () => {
    const { click, act, outbox, signIn } = desk();
    const id = await click({ org: HERE });
    signIn(ELSEWHERE);
    expect([await outbox.discard(id), (await act(id))?.ended]).toEqual([false, null]);
  });

  test.each(['activecampaign', 'salesforce'] as const)(
    'an opt-out that waits for nothing but %s to answer is never discarded',
    async (service) => {
      const { click, act, outbox, sandbox, goOn, box, memberships } = desk();
      sandbox.faults.add({ service, kind: 'drop' });
      const id = await click({ org: HERE });
      expect([isMisdirected((await act(id))!), await outbox.discard(id)]).toEqual([false, false]);
      sandbox.faults.clear();
      await goOn();
      expect([box(), memberships().includes(1)]).toEqual([true, false]);
    },
  );

  test('an opt-out for another org is not discarded before ActiveCampaign has it', async () => {
    const { outbox, sandbox, signIn, act, ann, goOn } = desk();
    signIn(ELSEWHERE);
    sandbox.faults.add({ service: 'activecampaign', kind: 'drop' });
    const person = { host: HOST, record: ann.contactRecord, address: 'ann.lee@example.com', org: HERE };
    const { id } = await outbox.want(person);
    await outbox.drain();
    expect(await outbox.discard(id)).toBe(false);
    sandbox.faults.clear();
    await goOn();
    expect((await act(id))?.halves.activecampaign.step).toBe('verified');
    expect(await outbox.discard(id)).toBe(true);
  });

  test('what opts in and both sides refuse to know is sent once both are its own again', async () => {
    const { click, act, outbox, signIn, settings, box, tick } = desk();
    await click({});
    // Said in the same second, the no would win.
    tick(2000);
    signIn(ELSEWHERE);
    settings.activeCampaignUrl = OTHER_ACCOUNT;
    const aim = { org: HERE, account: CREDENTIALS.activecampaign.url };
    const id = await click(aim, { kind: 'opt-in', reason: 'phone', words: '', lists: [] });
    expect(isMisdirected((await act(id))!)).toBe(true);
    signIn(HERE);
    settings.activeCampaignUrl = CREDENTIALS.activecampaign.url;
    expect(await outbox.discard(id)).toBe(false);
    await outbox.drain();
    expect([box(), (await act(id))?.ended]).toEqual([false, null]);
  });
});
