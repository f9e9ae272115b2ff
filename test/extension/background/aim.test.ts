import { describe, expect, test } from 'vitest';
import type { Aim } from '../../../src/extension/background/act.ts';
import { newAct } from '../../../src/extension/background/act.ts';
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
