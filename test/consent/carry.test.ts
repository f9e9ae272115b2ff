import { describe, expect, it } from 'vitest';
import type { OutAgreement } from '../../src/consent/agreement.ts';
import { carriage, onThatDay } from '../../src/consent/carry.ts';
import type { PersonFacts, Policy } from '../../src/consent/facts.ts';
import { acStanding } from '../../src/consent/standing.ts';

/** Whether an opt-out goes along to another address. */

const policy: Policy = { lists: new Set(['1', '2']), qualifyingTags: ['good'] };
const agreement: OutAgreement = {
  kind: 'out',
  cause: 'opt-out',
  records: ['003A'],
  contact: '7',
  fingerprint: 'b0',
  lists: ['1'],
  at: { salesforce: 1000, activecampaign: 1000 },
};
const row = { id: '1', list: '1', status: 1, subscribedAt: 2000, unsubscribedAt: null };
/** The agreement's contact under the new address, active by a subscription newer than the agreement. */
const contact = {
  id: '7',
  bouncedHard: 0,
  tags: ['good'],
  memberships: [row],
};
const there = (over: Partial<PersonFacts> = {}): PersonFacts => ({
  address: 'new@example.com',
  records: [],
  vanished: [],
  contact: null,
  ...over,
});

const old = (over: Partial<PersonFacts> = {}) =>
  there({ address: 'old@example.com', records: [{ id: '003A', set: true }], ...over });

describe('an opt-out, when an address changes', () => {
  it('is carried', () => {
    expect(carriage(agreement, old(), there(), policy, 'carry')).toBe('carried');
  });

  it('is left where the admin wants that', () => {
    expect(carriage(agreement, old(), there(), policy, 'leave')).toBe('left');
  });

  it('is not carried when it was a bounce, whatever the setting', () => {
    const bounce = { ...agreement, cause: 'bounce' } as const;
    expect(carriage(bounce, old(), there(), policy, 'carry')).toBe('bounce');
    expect(carriage(bounce, old(), there(), policy, 'leave')).toBe('bounce');
  });

  it('is not carried when the contact came along and subscribed since', () => {
    expect(carriage(agreement, old(), there({ contact }), policy, 'carry')).toBe('subscribed');
  });

  const anew: [string, Partial<PersonFacts>][] = [
    ['another record is set', { records: [{ id: '003B', set: true }] }],
    ['one that was set vanished', { vanished: ['003C'] }],
    ['a run was cut off before somebody set the box again', { records: [{ id: '003A', set: true, unsure: true }] }],
  ];
  for (const [why, facts] of anew)
    it(`is carried when ${why} at the old address, although the contact subscribed or it was a bounce`, () => {
      expect(carriage(agreement, old(facts), there({ contact }), policy, 'carry')).toBe('carried');
      expect(carriage({ ...agreement, cause: 'bounce' }, old(facts), there(), policy, 'carry')).toBe('carried');
    });

  const carried: [string, Partial<PersonFacts>][] = [
    ['another contact subscribed', { contact: { ...contact, id: '8' } }],
    ['the subscription is older', { contact: { ...contact, memberships: [{ ...row, subscribedAt: 500 }] } }],
    ['the list was not known then', { contact: { ...contact, memberships: [{ ...row, list: '2' }] } }],
    ['the contact is not qualified', { contact: { ...contact, tags: [] } }],
    ['the contact is hard bounced', { contact: { ...contact, bouncedHard: 1 } }],
    ['the contact is not wholly known', { contact, unknown: 'cut' }],
  ];
  for (const [what, facts] of carried)
    it(`is carried when ${what}: in doubt the opt-out wins`, () => {
      expect(carriage(agreement, old(), there(facts), policy, 'carry')).toBe('carried');
    });
});

describe('an opt-out on the day on which an address changes, and that no agreement knows', () => {
  const left = { ...row, status: 2, unsubscribedAt: 3000 };
  const gone = there({ contact: { ...contact, memberships: [left] } });
  const nobodySays = {
    facts: there({ address: 'old@example.com', records: [{ id: '003B', set: false }] }),
    agreement: null,
  };
  const boxSet = {
    facts: there({ address: 'old@example.com', records: [{ id: '003B', set: true }] }),
    agreement: null,
  };
  const now = { facts: gone, agreement: null };
  const contactOf7 = { side: 'activecampaign', id: '7', via: 'itself' } as const;

  it('counts at the old address where only what has gone says no', () => {
    expect(onThatDay(contactOf7, nobodySays, now, policy, 'carry')).toBe('behind');
    expect(onThatDay(contactOf7, nobodySays, now, policy, 'leave')).toBe('stays');
  });

  it('counts at the new one where the old one is out itself, although what has gone says no, too, for now', () => {
    expect(onThatDay(contactOf7, boxSet, now, policy, 'carry')).toBe('carried');
    expect(onThatDay(contactOf7, boxSet, now, policy, 'leave')).toBe('left');
  });

  it('counts at the new one, where the record that took another one over is set for a bounce', () => {
    const heir = { side: 'salesforce', id: '003C', via: 'heir' } as const;
    const over = { facts: there({ records: [{ id: '003C', set: true }] }), agreement: null };
    expect(onThatDay(heir, boxSet, over, policy, 'carry')).toBe('carried');
    expect(onThatDay(heir, nobodySays, over, policy, 'carry')).toBe('behind');
  });

  it('counts where the old address was out by a bounce, and somebody has said no since', () => {
    const bounced = { ...agreement, cause: 'bounce', records: ['003B'], contact: null } as const;
    const was = (facts: PersonFacts) =>
      onThatDay(
        contactOf7,
        { facts, agreement: bounced },
        { facts: there({ contact }), agreement: null },
        policy,
        'carry',
      );
    expect(was(boxSet.facts)).toBeNull();
    expect(was({ ...boxSet.facts, records: [...boxSet.facts.records, { id: '003C', set: true }] })).toBe('carried');
  });

  it('counts where the one record left goes, although another one that was set vanished', () => {
    const record = { side: 'salesforce', id: '003B', via: 'itself' } as const;
    const nobody = { facts: there({ address: 'old@example.com' }), agreement: null };
    const over = { facts: there({ records: [{ id: '003B', set: false }] }), agreement: null };
    expect(onThatDay(record, nobody, over, policy, 'carry')).toBeNull();
    const vanished = { ...nobody, facts: { ...nobody.facts, vanished: ['003A'] } };
    expect(onThatDay(record, vanished, over, policy, 'carry')).toBe('carried');
    expect(onThatDay(record, vanished, over, policy, 'leave')).toBe('left');
  });

  it('counts at the old address, too, where a run that was to clear the box was cut off, and it is set', () => {
    const record = { side: 'salesforce', id: '003A', via: 'itself', unsure: true } as const;
    const was = { facts: old({ records: [], contact }), agreement };
    const at = (set: boolean) => ({ facts: there({ records: [{ id: '003A', set }] }), agreement: null });
    const leave = (set: boolean) => onThatDay(record, was, at(set), policy, 'carry');
    expect([leave(true), leave(false)]).toEqual(['behind', null]);
    expect(onThatDay({ ...record, via: 'bare' }, was, null, policy, 'carry')).toBe('behind');
    expect(onThatDay(record, was, at(true), policy, 'leave')).toBe('stays');
    const { unsure: _, ...sure } = record;
    expect(onThatDay(sure, was, at(true), policy, 'carry')).toBeNull();
  });

  it('is not looked for while somebody is not wholly known', () => {
    const unread = <S extends { facts: PersonFacts }>(side: S) => ({
      ...side,
      facts: { ...side.facts, unknown: 'cut' },
    });
    expect(onThatDay(contactOf7, unread(boxSet), now, policy, 'carry')).toBe('unknown');
    expect(onThatDay(contactOf7, boxSet, unread(now), policy, 'carry')).toBe('unknown');
  });

  it('is none of an agreement that knows who left: that one is carried by itself', () => {
    const known = { ...boxSet, agreement };
    const record = { side: 'salesforce', id: '003A', via: 'itself' } as const;
    expect(onThatDay(contactOf7, known, now, policy, 'carry')).toBeNull();
    expect(onThatDay(record, known, { facts: there(), agreement: null }, policy, 'carry')).toBeNull();
    expect(onThatDay({ ...contactOf7, id: '8' }, known, now, policy, 'carry')).toBe('carried');
  });

  it('is none where the contact that went may not say so, bounced after it left, or was taken back in Salesforce', () => {
    const says = (contact: PersonFacts['contact'], quiet = false) => {
      const { fingerprint } = acStanding(contact, policy);
      const before = quiet ? { ...nobodySays, agreement: { kind: 'quiet', fingerprint } as const } : nobodySays;
      return onThatDay(contactOf7, before, { facts: there({ contact }), agreement: null }, policy, 'carry');
    };
    const bounced = { id: '2', list: '2', status: 3, subscribedAt: 2000, unsubscribedAt: 4000 };
    expect(says(gone.contact)).toBe('behind');
    expect(says({ ...contact, memberships: [left], tags: [] })).toBeNull();
    expect(says({ ...contact, memberships: [left, bounced], bouncedHard: 1 })).toBeNull();
    expect(says({ ...contact, memberships: [left], bouncedHard: 1 })).toBe('behind');
    expect(says(gone.contact, true)).toBeNull();
  });
});
