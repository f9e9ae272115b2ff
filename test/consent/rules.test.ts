import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../src/consent/agreement.ts';
import { decide } from '../../src/consent/decide.ts';
import type { ContactFact, Membership, PersonFacts, Policy } from '../../src/consent/facts.ts';
import { settle } from '../../src/consent/settle.ts';
import { acStanding } from '../../src/consent/standing.ts';
import { rulesTable } from '../../src/consent/table.ts';

/** One block for each reason code: what the cells cannot say, such as times, lists and what is remembered. */

const policy: Policy = { lists: new Set(['1', '2']), qualifyingTags: ['added-to-salesforce-lead'] };
const T = Date.UTC(2026, 10, 20, 4);
const read = { salesforce: T, activecampaign: T };
const row = (over: Partial<Membership> = {}): Membership => ({
  id: 'm1',
  list: '1',
  status: 1,
  subscribedAt: T - 1000,
  unsubscribedAt: null,
  ...over,
});
const contact = (over: Partial<ContactFact> = {}): ContactFact => ({
  id: '7',
  bouncedHard: 0,
  memberships: [row()],
  tags: ['added-to-salesforce-lead'],
  ...over,
});
const person = (over: Partial<PersonFacts> = {}): PersonFacts => ({
  address: 'ann.lee@example.com',
  records: [{ id: '003A', set: true }],
  vanished: [],
  contact: contact(),
  ...over,
});
const agreedOut: Agreement = {
  kind: 'out',
  cause: 'opt-out',
  records: ['003A'],
  contact: '7',
  fingerprint: 'b0 m1.2..',
  lists: ['1'],
  at: read,
};
const later = row({ subscribedAt: T + 1000 });
const reason = (facts: PersonFacts, agreement: Agreement | null = agreedOut) => decide(facts, agreement, policy).reason;

describe('unknown', () => {
  it('comes before everything else, an opt-out in Salesforce included', () => {
    expect(reason(person({ unknown: 'the page was cut' }))).toBe('unknown');
  });
});

describe('subscribed-again', () => {
  it('holds for a subscription later than the agreement, on a list of the agreement', () => {
    expect(reason(person({ contact: contact({ memberships: [later] }) }))).toBe('subscribed-again');
  });
  it('in the very second of the agreement, only by an sdate that the agreement had not seen', () => {
    const facts = person({ contact: contact({ memberships: [row({ subscribedAt: T })] }) });
    expect(reason(facts)).toBe('subscribed-again');
    const seen: Agreement = { ...agreedOut, fingerprint: `b0 m1.2.${(T / 1000).toString(36)}.` };
    expect(reason(facts, seen)).toBe('salesforce-opt-out');
  });
  it('does not hold on a list that was not known then', () => {
    const elsewhere = row({ list: '2', subscribedAt: T + 1000 });
    const decision = decide(person({ contact: contact({ memberships: [elsewhere] }) }), agreedOut, policy);
    expect([decision.reason, decision.conflict]).toEqual(['salesforce-opt-out', true]);
  });
  it('does not hold for another contact with the same address', () => {
    expect(reason(person({ contact: contact({ id: '8', memberships: [later] }) }))).toBe('salesforce-opt-out');
  });
  it('does not hold when a record was set that the agreement does not know', () => {
    const records = [
      { id: '003A', set: true },
      { id: '003B', set: true },
    ];
    expect(reason(person({ records, contact: contact({ memberships: [later] }) }))).toBe('salesforce-opt-out');
  });
  it('does not hold when field history shows the box touched since', () => {
    const records = [{ id: '003A', set: true, changedAt: T + 500 }];
    expect(reason(person({ records, contact: contact({ memberships: [later] }) }))).toBe('salesforce-opt-out');
    const before = [{ id: '003A', set: true, changedAt: T - 500 }];
    expect(reason(person({ records: before, contact: contact({ memberships: [later] }) }))).toBe('subscribed-again');
    // The stamp of the run's own write, which the agreement has seen.
    const ours = [{ id: '003A', set: true, changedAt: T }];
    expect(reason(person({ records: ours, contact: contact({ memberships: [later] }) }))).toBe('subscribed-again');
  });
  it('holds where only a record of the agreement that is clear was touched, and not where another one was', () => {
    const half = (id: string) => [
      { id: '003A', set: true },
      { id, set: false, changedAt: T + 500 },
    ];
    const both = { ...agreedOut, records: ['003A', '003B'] };
    const facts = (id: string) => person({ records: half(id), contact: contact({ memberships: [later] }) });
    expect([reason(facts('003B'), both), reason(facts('003C'), both)]).toEqual([
      'subscribed-again',
      'salesforce-opt-out',
    ]);
  });
  it('does not hold when a run that was cut off may have cleared the box before somebody set it', () => {
    const records = [{ id: '003A', set: true, unsure: true as const }];
    expect(reason(person({ records, contact: contact({ memberships: [later] }) }))).toBe('salesforce-opt-out');
  });
  it('holds, where the admin names sources, only for a row that says one of them', () => {
    const own: Policy = { ...policy, personSources: ['4'] };
    const from = (source: string | undefined) =>
      decide(
        person({ contact: contact({ memberships: [{ ...later, ...(source === undefined ? {} : { source }) }] }) }),
        agreedOut,
        own,
      ).reason;
    expect([from('4'), from('3'), from(undefined)]).toEqual([
      'subscribed-again',
      'salesforce-opt-out',
      'salesforce-opt-out',
    ]);
  });
  it('never holds where no clock of ActiveCampaign was seen', () => {
    const blind: Agreement = { ...agreedOut, at: { salesforce: T, activecampaign: null } };
    expect(reason(person({ contact: contact({ memberships: [later] }) }), blind)).toBe('salesforce-opt-out');
  });
  it('does not hold for an address that bounces', () => {
    const facts = person({ contact: contact({ bouncedHard: 1, memberships: [later] }) });
    expect(decide(facts, agreedOut, policy)).toMatchObject({ reason: 'salesforce-opt-out', conflict: true });
  });
});

describe('salesforce-opt-out', () => {
  it('unsubscribes every active membership in scope, and no row on a list out of sight', () => {
    const memberships = [row(), row({ id: 'm2', list: '2', status: 2 }), row({ id: 'm9', list: '9' })];
    const decision = decide(person({ contact: contact({ memberships }) }), null, policy);
    expect(decision.unsubscribe.map((membership) => membership.id)).toEqual(['m1']);
  });
  it('needs no tag: an opt-out is about the person', () => {
    expect(reason(person({ contact: contact({ tags: [] }) }), null)).toBe('salesforce-opt-out');
  });
});

describe('same-address', () => {
  it('sets the other records with the address', () => {
    const records = [
      { id: '003A', set: true },
      { id: '00QB', set: false },
    ];
    expect(decide(person({ records, contact: null }), null, policy)).toMatchObject({
      reason: 'same-address',
      set: ['00QB'],
    });
  });
  it('a merge loser’s box goes to the winner', () => {
    const records = [{ id: '003A', set: false }];
    const decision = decide(person({ records, vanished: ['003B'], contact: null }), null, policy);
    expect(decision).toMatchObject({ reason: 'same-address', set: ['003A'] });
  });
});

describe('agreed', () => {
  const bounced: Agreement = { ...agreedOut, cause: 'bounce', fingerprint: 'b1 m1.3..' };
  const bouncedRow = row({ status: 3 });
  it('keeps the cause while nothing was said since', () => {
    const facts = person({ contact: contact({ bouncedHard: 1, memberships: [bouncedRow] }) });
    expect(decide(facts, bounced, policy).next).toEqual({ out: 'bounce' });
  });
  it('turns a bounce into an opt-out when the person unsubscribes since', () => {
    const left = row({ status: 2, unsubscribedAt: T + 1000 });
    const facts = person({ contact: contact({ bouncedHard: 1, memberships: [left] }) });
    expect(decide(facts, bounced, policy).next).toEqual({ out: 'opt-out' });
  });
  it('turns a bounce into an opt-out when a list comes to sight that was left after mail had bounced', () => {
    const seen = (unsubscribedAt: number | null) =>
      person({
        contact: contact({
          bouncedHard: 1,
          memberships: [
            row({ status: 3, unsubscribedAt: T - 5000 }),
            row({ id: 'm2', list: '2', status: 2, unsubscribedAt }),
          ],
        }),
      });
    const hidden = { ...policy, lists: new Set(['1']) };
    const { agreement } = settle(decide(seen(null), bounced, hidden), bounced, seen(null), hidden, read);
    expect(agreement).toMatchObject({ cause: 'bounce', lists: ['1'] });
    const next = (left: number | null) => decide(seen(left), agreement, policy).next;
    expect([next(T - 3000), next(null), next(T - 8000)]).toEqual([
      { out: 'opt-out' },
      { out: 'opt-out' },
      { out: 'bounce' },
    ]);
  });
  it('turns a bounce into an opt-out when a box was set that is not ours', () => {
    const records = [
      { id: '003A', set: true },
      { id: '003B', set: true },
    ];
    const facts = person({ records, contact: contact({ bouncedHard: 1, memberships: [bouncedRow] }) });
    expect(decide(facts, bounced, policy).next).toEqual({ out: 'opt-out' });
  });
  it('turns a bounce into an opt-out when the person unsubscribes and nobody knows when', () => {
    const left = row({ status: 2 });
    const facts = person({ contact: contact({ bouncedHard: 1, memberships: [left] }) });
    expect(decide(facts, bounced, policy).next).toEqual({ out: 'opt-out' });
  });
  it('keeps the cause where ActiveCampaign does not say the time and all is as it was', () => {
    const memberships = [bouncedRow, row({ id: 'm2', list: '2', status: 2, subscribedAt: null, unsubscribedAt: null })];
    const facts = person({ contact: contact({ bouncedHard: 1, memberships }) });
    const { fingerprint } = acStanding(facts.contact, policy);
    const undated: Agreement = {
      ...bounced,
      fingerprint,
      lists: ['1', '2'],
      at: { salesforce: T, activecampaign: null },
    };
    expect(decide(facts, undated, policy).next).toEqual({ out: 'bounce' });
  });
});

describe('bounce-reactivated', () => {
  it('leaves both sides alone, and reports', () => {
    const bounced: Agreement = { ...agreedOut, cause: 'bounce' };
    const decision = decide(person({ contact: contact({ bouncedHard: 1 }) }), bounced, policy);
    expect(decision).toMatchObject({ reason: 'bounce-reactivated', set: [], clear: [], unsubscribe: [], next: 'kept' });
  });
  it('does not hold where a list comes to sight that was left after mail had bounced', () => {
    const bounced: Agreement = {
      ...agreedOut,
      cause: 'bounce',
      fingerprint: `b1 m1.3..${((T - 5000) / 1000).toString(36)}`,
    };
    const left = (unsubscribedAt: number) => row({ id: 'm2', list: '2', status: 2, unsubscribedAt });
    const facts = (at: number) => person({ contact: contact({ bouncedHard: 1, memberships: [row(), left(at)] }) });
    expect([reason(facts(T - 3000), bounced), reason(facts(T - 8000), bounced)]).toEqual([
      'salesforce-opt-out',
      'bounce-reactivated',
    ]);
  });
  it('does not hold where somebody may have set the box again, or the record came from an address that was out', () => {
    const bounced: Agreement = { ...agreedOut, cause: 'bounce' };
    const again = person({ records: [{ id: '003A', set: true, unsure: true }], contact: contact({ bouncedHard: 1 }) });
    const back = person({ vanished: ['003A'], contact: contact({ bouncedHard: 1 }) });
    expect([reason(again, bounced), reason(back, bounced)]).toEqual(['salesforce-opt-out', 'salesforce-opt-out']);
  });
  it('is forgotten with the last record: nothing is set that could stay so', () => {
    const bounced: Agreement = { ...agreedOut, cause: 'bounce' };
    const facts = person({ records: [], vanished: ['003A'], contact: contact({ bouncedHard: 1 }) });
    expect(decide(facts, bounced, policy)).toMatchObject({ reason: 'bounce-reactivated', next: 'none' });
  });
});

describe('cleared-in-salesforce', () => {
  const left = row({ status: 2 });
  const agreed = settle(
    decide(person({ contact: contact({ memberships: [left] }) }), null, policy),
    null,
    person({ contact: contact({ memberships: [left] }) }),
    policy,
    read,
  ).agreement;
  const cleared = person({ records: [{ id: '003A', set: false }], contact: contact({ memberships: [left] }) });
  it('writes nothing and is quiet from then on', () => {
    const decision = decide(cleared, agreed, policy);
    expect(decision).toMatchObject({ reason: 'cleared-in-salesforce', set: [], unsubscribe: [], next: 'quiet' });
    const quiet = settle(decision, agreed, cleared, policy, read).agreement;
    expect(decide(cleared, quiet, policy)).toMatchObject({ reason: null, next: 'kept' });
  });
  it('ends when ActiveCampaign hears another no', () => {
    const quiet = settle(decide(cleared, agreed, policy), agreed, cleared, policy, read).agreement;
    const again = { ...cleared, contact: contact({ memberships: [row({ status: 2, unsubscribedAt: T + 9000 })] }) };
    expect(decide(again, quiet, policy).reason).toBe('unsubscribed-from-all');
  });
  it('is not read where the contact is another one, which has said nothing yet: what cleared the box may have been a run', () => {
    const agreedWithEmpty: Agreement = { ...agreedOut, fingerprint: 'b0' };
    const again = { ...cleared, contact: contact({ id: '8', memberships: [] }) };
    expect(reason({ ...again, contact: contact({ memberships: [] }) }, agreedWithEmpty)).toBe('cleared-in-salesforce');
    expect(decide(again, agreedWithEmpty, policy)).toMatchObject({ reason: 'durable-opt-out', set: ['003A'] });
  });
  it('is not read from an agreement without records: an opt-out outlives the last record', () => {
    const nobodyLeft: Agreement = { ...agreedOut, records: [], fingerprint: 'b0' };
    const born = person({ records: [{ id: '003N', set: false }], contact: contact({ memberships: [] }) });
    expect(reason(born, nobodyLeft)).toBe('durable-opt-out');
  });
  it('is not read where a run that was cut off may have cleared the box', () => {
    const byARun = { ...cleared, records: [{ id: '003A', set: false, unsure: true as const }] };
    expect([reason(cleared, agreed), reason(byARun, agreed)]).toEqual(['cleared-in-salesforce', 'durable-opt-out']);
  });
  it('is read while the person only asks to join, and not once they have left a list again', () => {
    const asking = (unsubscribedAt: number | null) =>
      reason({ ...cleared, contact: contact({ memberships: [row({ status: 0, unsubscribedAt })] }) }, agreed);
    expect([asking(null), asking(T + 9000)]).toEqual(['cleared-in-salesforce', 'durable-opt-out']);
  });
});

describe('durable-opt-out', () => {
  it('sets a record created again under the address of somebody who said no', () => {
    const facts = person({ records: [{ id: '003N', set: false }], contact: null });
    expect(decide(facts, agreedOut, policy)).toMatchObject({ reason: 'durable-opt-out', set: ['003N'] });
  });
  it('unsubscribes somebody who said no and has no record left, but not for a bounce', () => {
    const facts = person({ records: [], contact: contact({ bouncedHard: 0 }) });
    expect(decide(facts, agreedOut, policy)).toMatchObject({
      reason: 'durable-opt-out',
      set: [],
      next: { out: 'opt-out' },
    });
    expect(decide(facts, agreedOut, policy).unsubscribe).toHaveLength(1);
    expect(decide(facts, { ...agreedOut, cause: 'bounce' }, policy)).toMatchObject({ reason: null, next: 'kept' });
  });
  it('holds for an opt-out even when the address once bounced', () => {
    const facts = person({ records: [{ id: '003A', set: false }], contact: contact({ bouncedHard: 1 }) });
    expect(reason(facts)).toBe('durable-opt-out');
    expect(reason(facts, { ...agreedOut, cause: 'bounce' })).toBeNull();
  });
});

describe('hard-bounce', () => {
  it('sets the records and leaves the memberships', () => {
    const facts = person({
      records: [{ id: '003A', set: false }],
      contact: contact({ bouncedHard: 1, memberships: [row({ status: 3 })] }),
    });
    expect(decide(facts, null, policy)).toMatchObject({
      reason: 'hard-bounce',
      set: ['003A'],
      unsubscribe: [],
      next: { out: 'bounce' },
    });
  });
  it('of somebody who had left every list is remembered as the opt-out it is', () => {
    const facts = person({
      records: [{ id: '003A', set: false }],
      contact: contact({ bouncedHard: 1, memberships: [row({ status: 2 }), row({ id: 'm2', list: '2', status: 2 })] }),
    });
    expect(decide(facts, null, policy)).toMatchObject({ reason: 'hard-bounce', next: { out: 'opt-out' } });
  });
  it('of somebody who left a list after another had bounced is remembered as the opt-out it is', () => {
    const leftAt = (unsubscribedAt: number | null) => ({
      records: [{ id: '003A', set: false }],
      contact: contact({
        bouncedHard: 1,
        memberships: [row({ status: 3, unsubscribedAt: T }), row({ id: 'm2', list: '2', status: 2, unsubscribedAt })],
      }),
    });
    expect(decide(person(leftAt(T + 1000)), null, policy).next).toEqual({ out: 'opt-out' });
    expect(decide(person(leftAt(T - 1000)), null, policy).next).toEqual({ out: 'bounce' });
    // Nobody knows which came last: the opt-out wins.
    expect(decide(person(leftAt(null)), null, policy).next).toEqual({ out: 'opt-out' });
    expect(decide(person(leftAt(T)), null, policy).next).toEqual({ out: 'opt-out' });
  });
  it('is not a soft bounce: status 3 alone says nothing', () => {
    const facts = person({
      records: [{ id: '003A', set: false }],
      contact: contact({ memberships: [row({ status: 3 })] }),
    });
    expect(reason(facts, null)).toBeNull();
  });
});

describe('a newer subscription', () => {
  it('is none when the person left again after it: somebody else made the row active', () => {
    const leftSince = row({ subscribedAt: T + 1000, unsubscribedAt: T + 2000 });
    expect(reason(person({ contact: contact({ memberships: [leftSince] }) }))).toBe('salesforce-opt-out');
  });
  it('of another contact with the same address does not end an opt-out', () => {
    const facts = person({
      records: [{ id: '003N', set: false }],
      contact: contact({ id: '8', memberships: [later] }),
    });
    expect(reason(facts)).toBe('durable-opt-out');
  });
  it('by a rep is one whatever sources are named, as long as every record of the agreement is there', () => {
    const named: Policy = { ...policy, personSources: ['1'] };
    const byRep = (id: string) =>
      person({ records: [{ id, set: false }], contact: contact({ memberships: [{ ...later, source: '4' }] }) });
    expect(decide(byRep('003A'), agreedOut, named)).toMatchObject({ reason: null, next: 'none' });
    expect(decide(byRep('003N'), agreedOut, named).reason).toBe('durable-opt-out');
  });
});

describe('unsubscribed-from-all', () => {
  it('does not hold while one list is active', () => {
    const memberships = [row({ status: 2 }), row({ id: 'm2', list: '2' })];
    expect(
      reason(person({ records: [{ id: '003A', set: false }], contact: contact({ memberships }) }), null),
    ).toBeNull();
  });
  it('asks for a qualified contact', () => {
    const memberships = [row({ status: 2 })];
    const facts = person({ records: [{ id: '003A', set: false }], contact: contact({ memberships, tags: ['vip'] }) });
    expect(reason(facts, null)).toBeNull();
  });
});

describe('what is remembered', () => {
  const facts = person({ contact: contact({ memberships: [later] }) });
  it('a failed half leaves the old agreement', () => {
    const decision = decide(person({ contact: contact() }), null, policy);
    expect(settle(decision, null, person({ contact: contact() }), policy, read)).toEqual({
      reached: false,
      agreement: null,
    });
  });
  it('an agreement is never older than the latest stamp it saw', () => {
    const ahead = row({ status: 2, subscribedAt: T + 5000, unsubscribedAt: T + 6000 });
    const after = person({ contact: contact({ memberships: [ahead] }) });
    const { agreement } = settle(decide(after, null, policy), null, after, policy, read);
    expect(agreement?.kind === 'out' && agreement.at.activecampaign).toBe(T + 6000);
  });
  it('a box that would not clear keeps the agreement', () => {
    expect(settle(decide(facts, agreedOut, policy), agreedOut, facts, policy, read)).toEqual({
      reached: false,
      agreement: agreedOut,
    });
  });
  it('somebody who could not be read back keeps the agreement, whatever was decided', () => {
    const asked = decide(facts, agreedOut, policy);
    const after = { ...facts, records: [], unknown: 'the page was cut' };
    for (const next of ['none', 'quiet', { out: 'opt-out' }] as const)
      expect(settle({ ...asked, next }, agreedOut, after, policy, read)).toEqual({
        reached: false,
        agreement: agreedOut,
      });
  });
});

describe('the table', () => {
  it('stands in docs/rules.md as the code has it (npx vitest -u writes it)', async () => {
    await expect(`# The rules

Tried in this order for each person; the first that holds decides. Made from \`src/consent/rules.ts\` by the tests.

${rulesTable()}
`).toMatchFileSnapshot('../../docs/rules.md');
  });
});
