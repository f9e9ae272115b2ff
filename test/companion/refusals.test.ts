import { describe, expect, it } from 'vitest';
import { takeLock } from '../../src/companion/lock.ts';
import { aTown } from './a-town.ts';
import { BOX, decisionOn, type Town } from './town.ts';

/** What a run refuses: with a message that names the remedy, and without writing anything. */

/** Somebody whom every run would change. */
const opted = { contacts: [true], lists: { News: 1 } } as const;

async function refusal(here: Town, options: Parameters<Town['night']>[0] = {}) {
  here.sandbox.requests.reset();
  const report = await here.night(options);
  expect(here.writes()).toEqual([]);
  return { kind: report.refusal?.kind, exitCode: report.exitCode, message: report.refusal?.message ?? '' };
}

describe('prerequisites', () => {
  it('a hidden opt-out field', async () => {
    const here = aTown();
    here.plant('ann', opted);
    here.sandbox.org.allow('everyone', 'hidden', 'Lead', BOX);
    const { kind, exitCode, message } = await refusal(here);
    expect([kind, exitCode]).toEqual(['field-hidden', 3]);
    expect(message).toContain('Give the API user read and edit access to Lead.HasOptedOutOfEmail');
  });

  it('a key that is not accepted, in the service’s words and one sentence', async () => {
    const here = aTown();
    here.config = here.configured({ activecampaign: { key: 'wrong' } });
    const { kind, message } = await refusal(here);
    expect(kind).toBe('sign-in');
    expect(message).toMatch(/users\/me: [^.]*authorized [^.]*\. [^.]*[^.]\. Check activecampaign\.key and/);
  });

  it('a read-only opt-out field', async () => {
    const here = aTown();
    here.plant('ann', opted);
    here.sandbox.org.allow('everyone', 'read-only', 'Contact', BOX);
    expect(await refusal(here)).toMatchObject({ kind: 'field-read-only', exitCode: 3 });
  });

  it('a field that is not there', async () => {
    const here = aTown();
    here.plant('ann', opted);
    here.config = here.configured({
      salesforce: { optOutField: 'Sales_Opt_Out__c' },
      activecampaign: { lists: 'all' },
    });
    expect(await refusal(here)).toMatchObject({ kind: 'field-hidden', exitCode: 3 });
  });

  it('a key that ActiveCampaign refuses', async () => {
    const here = aTown();
    here.plant('ann', opted);
    here.config = here.configured({ activecampaign: { key: 'not-the-key' } });
    const { kind, exitCode, message } = await refusal(here);
    expect([kind, exitCode]).toEqual(['sign-in', 3]);
    expect(message).toContain('activecampaign.key');
    expect(message).not.toContain('not-the-key');
  });

  it('a login that Salesforce refuses', async () => {
    const here = aTown();
    here.plant('ann', opted);
    here.config = here.configured({
      salesforce: { auth: { kind: 'client-credentials', clientId: 'nobody', clientSecret: 'hush-hush' } },
    });
    const { kind, exitCode, message } = await refusal(here);
    expect([kind, exitCode]).toEqual(['sign-in', 3]);
    expect(message).toContain('salesforce.auth');
    expect(message).not.toContain('hush-hush');
  });

  it.each([
    [
      'a session that may not use the API',
      401,
      [{ message: 'This session is not valid for use with the REST API', errorCode: 'INVALID_SESSION_ID' }],
      /scope api/,
    ],
    [
      'an org without an API',
      403,
      [{ message: 'API is not enabled', errorCode: 'API_DISABLED_FOR_ORG' }],
      /API Enabled/,
    ],
    ['a redirect to another host', 302, '', /Check salesforce\.url/],
    [
      'an object that is not shown',
      404,
      [{ message: 'no such resource', errorCode: 'NOT_FOUND' }],
      /access to Contacts/,
    ],
  ])('%s, with the remedy for just that', async (_, status, body, remedy) => {
    const here = aTown();
    here.sandbox.faults.add({ service: 'salesforce', path: /data\/v/, kind: 'status', status, body });
    const { kind, message } = await refusal(here);
    expect(kind).toBe('sign-in');
    expect(message).toMatch(remedy);
  });

  it('an account that is not paid for, whose key is right', async () => {
    const here = aTown();
    const body = { message: 'Payment Required' };
    here.sandbox.faults.add({ service: 'activecampaign', kind: 'status', status: 402, body });
    const { kind, message } = await refusal(here);
    expect(kind).toBe('sign-in');
    expect(message).toMatch(/Payment Required\. The account is suspended or unpaid/);
  });

  it('a list in the configuration that is not shown, or that is for texts', async () => {
    const here = aTown();
    here.config = here.configured({ activecampaign: { lists: ['99'] } });
    expect(await refusal(here)).toMatchObject({ kind: 'lists', exitCode: 3 });
    const sms = here.sandbox.account.addList({ name: 'Texts', channel: 'sms' });
    here.config = here.configured({ activecampaign: { lists: [sms.id] } });
    expect((await refusal(here)).message).toContain('is an SMS list');
  });
});

describe('what changed since the last run', () => {
  async function settled() {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2, Offers: 2 } });
    await here.night();
    here.plant('ben', opted);
    return { here, ann };
  }

  it('a list that is gone from sight is refused, until the change is accepted', async () => {
    const { here } = await settled();
    here.sandbox.account.hideList(here.list('Offers'));
    const { kind, exitCode, message } = await refusal(here);
    expect([kind, exitCode]).toEqual(['changed', 3]);
    expect(message).toMatch(/Offers.*no longer shown.*--accept-change/);
    expect((await here.night({ acceptChange: true })).outcome).toBe('done');
    expect((await here.night()).outcome).toBe('done');
  });

  it('a list that is new is everyday life', async () => {
    const { here } = await settled();
    here.sandbox.account.addList({ name: 'Third' });
    expect((await here.night()).outcome).toBe('done');
  });

  it('the scope, the tags, and the ActiveCampaign user', async () => {
    const { here } = await settled();
    here.config = here.configured({ activecampaign: { lists: [here.list('News')] } });
    expect((await refusal(here)).message).toContain('list scope');
    here.config = here.configured({ activecampaign: { qualifyingTags: ['vip'] } });
    expect((await refusal(here)).message).toContain('qualifying tags');
  });

  it('another opt-out field: what was remembered is forgotten once it is accepted, and nothing is cleared', async () => {
    const { here, ann } = await settled();
    for (const type of ['Contact', 'Lead']) here.sandbox.org.addField(type, 'Sales_Opt_Out__c');
    here.config = here.configured({
      salesforce: { optOutField: 'Sales_Opt_Out__c' },
      activecampaign: { lists: 'all' },
    });
    expect(await refusal(here)).toMatchObject({ kind: 'changed' });
    const report = await here.night({ acceptChange: true });
    expect(decisionOn(report, ann)).toBe('unsubscribed-from-all: done');
    expect(here.sandbox.org.get('Contact', ann.contacts[0] ?? '')?.Sales_Opt_Out__c).toBe(true);
  });
});

describe('an emptied side', () => {
  /** Ten people, few of whom are out: that a side is empty is seen by who was there, not by who is out. */
  async function crowd() {
    const here = aTown();
    for (let n = 0; n < 10; n++) here.plant(`p${n}`, { contacts: [false], lists: { News: n === 0 ? 2 : 1 } });
    await here.night();
    return here;
  }
  type Crowd = Awaited<ReturnType<typeof crowd>>;
  const SIDES: [string, RegExp, (here: Crowd) => void][] = [
    [
      'Salesforce',
      /Salesforce shows no records with an address, where 10 were known/,
      ({ sandbox }) => {
        for (const { Id } of sandbox.org.all('Contact')) sandbox.org.remove('Contact', String(Id));
      },
    ],
    [
      'ActiveCampaign',
      /ActiveCampaign shows no contacts, where 10 were known/,
      ({ sandbox }) => {
        for (const { id } of [...sandbox.account.contacts]) sandbox.account.remove(id);
      },
    ],
  ];

  it.each(SIDES)(
    '%s shows nobody where ten were known: nothing is written until it is accepted, once',
    async (_, words, empty) => {
      const here = await crowd();
      empty(here);
      const refused = await refusal(here);
      expect(refused).toMatchObject({ kind: 'emptied', exitCode: 3 });
      expect(refused.message).toMatch(words);
      expect(refused.message).toContain('--accept-change');
      const accepted = await here.night({ acceptChange: true });
      expect(accepted.outcome).toBe('done');
      expect(accepted.warnings.join()).toMatch(words);
      expect((await here.night()).outcome).toBe('done');
    },
  );
});

describe('caps', () => {
  it('over the opt-out cap nothing is written, and the message says how many there would be', async () => {
    const here = aTown();
    for (let n = 0; n < 3; n++) here.plant(`p${n}`, opted);
    here.config = here.configured({ caps: { optOut: 2 } });
    const { kind, exitCode, message } = await refusal(here);
    expect([kind, exitCode]).toEqual(['opt-out-cap', 3]);
    expect(message).toContain('--cap-opt-out 3');
    const { decisions } = await here.night();
    expect(decisions.map(({ outcome }) => outcome)).toEqual(Array(3).fill('refused'));
    const report = await here.night({ caps: { optOut: 3 } });
    expect(report.outcome).toBe('done');
  });

  it('over the opt-in cap opt-outs go and opt-ins are held', async () => {
    const here = aTown();
    const back = ['a', 'b'].map((name) => here.plant(name, { contacts: [false], lists: { News: 2 } }));
    await here.night();
    for (const { ac } of back) here.sandbox.account.subscribe(ac, here.list('News'), { by: 'contact' });
    const out = here.plant('out', opted);
    here.config = here.configured({ caps: { optOut: 'none', optIn: 1 } });
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'refused', exitCode: 3, refusal: { kind: 'opt-in-cap' } });
    expect(back.map((person) => [decisionOn(report, person), here.box(person.contacts[0] ?? '')])).toEqual([
      ['subscribed-again: held', true],
      ['subscribed-again: held', true],
    ]);
    expect(decisionOn(report, out)).toBe('salesforce-opt-out: done');
    const after = await here.night({ caps: { optIn: 2 } });
    expect(back.map((person) => decisionOn(after, person))).toEqual(Array(2).fill('subscribed-again: done'));
  });
});

describe('another run', () => {
  it('is told by its lock, which does not outlive its holder', async () => {
    const here = aTown();
    const release = takeLock(here.config.store);
    await expect(here.night()).rejects.toThrow();
    release();
    expect((await here.night()).outcome).toBe('done');
  });
});
