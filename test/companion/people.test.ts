import { expect, it } from 'vitest';
import type { AcContact, AcMembership } from '../../src/activecampaign/activecampaign.ts';
import { enterContacts } from '../../src/companion/contacts.ts';
import { Reading, type ReadRecord } from '../../src/companion/reading.ts';
import { enterRecords } from '../../src/companion/records.ts';
import { Store } from '../../src/companion/store.ts';

/** Everybody about whom there may be something to decide, read in one go. */

const ON = { unsubscribeReason: null, campaign: null, form: null, unsubscribeAutomation: null, channel: null };
const on = (id: string, status: number): AcMembership => ({
  ...ON,
  id,
  list: '1',
  status,
  subscribedAt: 1000,
  unsubscribedAt: null,
  sourceid: null,
});
const contact = (id: string, email: string, status: number, tags?: readonly string[]): AcContact => ({
  id,
  email,
  firstName: '',
  lastName: '',
  bouncedHard: 0,
  bouncedSoft: 0,
  bouncedAt: null,
  gone: false,
  memberships: [on(`${id}0`, status)],
  tags,
});
const record = (n: number, email: string, set: boolean | null): ReadRecord => ({
  id: `003Qy00000000${`${n}`.padStart(2, '0')}AAA`,
  object: 'Contact',
  email,
  set,
  modifiedAt: 2000,
});

/** Both sides, entered: out on one side or both, unread, twice there, remembered, vanished; and somebody of no interest. */
function read() {
  const store = new Store(':memory:');
  const reading = new Reading(store, { lists: new Set(['1']), qualifyingTags: [] }, 'remembered');
  reading.addContacts(
    [
      contact('1', 'ann@example.com', 2, ['a tag']),
      contact('2', 'Ben@example.com', 1, []),
      contact('3', 'zoë@example.com', 2),
      contact('4', 'dup@example.com', 1, []),
      contact('10', 'DUP@example.com', 2, []),
      contact('5', 'dull@example.com', 1, []),
      contact('6', 'gone@example.com', 1, []),
    ],
    5000,
  );
  reading.addRecords([
    record(9, 'ben@example.com', true),
    record(3, 'ben@example.com', false),
    record(5, 'dull@example.com', false),
    record(6, 'unread@example.com', null),
    record(7, 'eve@example.com', false),
  ]);
  store.transaction(() => {
    enterRecords(store, 'full');
    enterContacts(store, 'everybody');
    store.setAgreement('ann@example.com', { kind: 'quiet', fingerprint: 'b0' }, 'run');
    const at = { salesforce: 1, activecampaign: null };
    const out = {
      kind: 'out',
      cause: 'bounce',
      records: ['x'],
      contact: null,
      fingerprint: null,
      lists: ['1'],
      at,
    } as const;
    store.setAgreement('eve@example.com', out, 'run');
    store.addVanished({ record: 'r2', address: 'gone@example.com', how: 'deleted', stamp: 1 });
    store.addVanished({ record: 'r1', address: 'gone@example.com', how: 'merged', stamp: 2 });
  });
  reading.finish();
  return { store, reading };
}

it('are the people of interest, with what is known of each by itself', () => {
  const { store, reading } = read();
  const people = [...reading.people()];
  expect(people.map(({ facts }) => facts.address)).toEqual([
    'ann@example.com',
    'ben@example.com',
    'dup@example.com',
    'eve@example.com',
    'gone@example.com',
    'unread@example.com',
    'zoë@example.com',
  ]);
  for (const { facts, agreement } of people) {
    expect(facts).toEqual(reading.facts(facts.address));
    expect(agreement).toEqual(store.agreement(facts.address));
  }
  expect(people.map(({ agreement }) => agreement?.kind)).toContain('out');
  expect(people.map(({ facts }) => facts.unknown === undefined)).toContain(false);
});

it('can be gone through again, and differ once something has changed', () => {
  const { store, reading } = read();
  const before = [...reading.people()];
  expect([...reading.people()]).toEqual(before);
  store.setAgreement('eve@example.com', null, 'run');
  expect([...reading.people()].map(({ facts }) => facts.address)).not.toContain('eve@example.com');
});

it('are counted by address, with those on both sides', () => {
  // On both: ben, with two records, and dull. In Salesforce alone: unread, eve. In ActiveCampaign alone: ann, zoë, dup, gone.
  expect(read().reading.totals()).toEqual({ people: 8, both: 2 });
});
