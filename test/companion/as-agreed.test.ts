import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AcContact } from '../../src/activecampaign/activecampaign.ts';
import { decideAsAgreed } from '../../src/companion/as-agreed.ts';
import { enterContacts } from '../../src/companion/contacts.ts';
import { decided, makePlan } from '../../src/companion/plan.ts';
import { Reading } from '../../src/companion/reading.ts';
import { enterRecords } from '../../src/companion/records.ts';
import { Store } from '../../src/companion/store.ts';
import { outAgreement, sameAgreement } from '../../src/consent/agreement.ts';
import { decide } from '../../src/consent/decide.ts';
import type { Policy } from '../../src/consent/facts.ts';
import { settle } from '../../src/consent/settle.ts';

/** Whoever stands as agreed is decided about without the rules: as the rules would, and nobody else is. */

const AT = 1_700_000_000_000;
const READ = { salesforce: AT, activecampaign: AT };

const membership = fc.record({
  list: fc.constantFrom('1', '2'),
  status: fc.constantFrom(2, 2, 2, 2, 1, 3, 0),
  left: fc.constantFrom(AT - 5000, AT + 5000, null),
});
/** What may have happened to somebody since the agreement; mostly nothing. */
const person = fc.record({
  memberships: fc.uniqueArray(membership, { selector: ({ list }) => list, minLength: 1, maxLength: 2 }),
  boxes: fc.oneof(
    { weight: 4, arbitrary: fc.constant<(boolean | null)[]>([true]) },
    fc.array(fc.constantFrom<boolean | null>(true, true, false, null), { maxLength: 2 }),
  ),
  cause: fc.constantFrom('opt-out' as const, 'opt-out' as const, 'bounce' as const),
  bouncedHard: fc.constantFrom(0, 0, 0, 1),
  now: fc.constantFrom(
    ...['same', 'same', 'same', 'same', 'same', 'same', 'agreement gone', 'quiet', 'doubled', 'no tags', 'gone'],
    ...['another id', 'left again', 'bounced', 'one more record', 'another record', 'list more', 'vanished', 'moved'],
    ...['settled', 'cut off', 'no rows', 'subscribed', 'cleared', 'quoted', 'readdressed'],
  ),
});
type Person = typeof person extends fc.Arbitrary<infer P> ? P : never;

const policyOf = (lists: readonly string[]): Policy => ({ lists: new Set(lists), qualifyingTags: ['t'] });
const recordOf = (id: string, email: string, set: boolean | null) => ({
  id,
  object: 'Contact' as const,
  email,
  set,
  modifiedAt: AT - 9000,
});

function contactOf(n: number, email: string, { memberships, bouncedHard, now }: Person): AcContact {
  const left = now === 'no rows' ? [] : memberships;
  return {
    id: `${n}`,
    email,
    firstName: '',
    lastName: '',
    bouncedHard,
    bouncedSoft: 0,
    bouncedAt: null,
    gone: false,
    tags: ['t'],
    memberships: left.map(({ list, status, left }, at) => ({
      id: `${n}${list}`,
      list,
      status: now === 'subscribed' && at === 0 ? 1 : status,
      subscribedAt: AT - 90_000,
      unsubscribedAt: status === 2 ? left : null,
      sourceid: null,
      unsubscribeReason: null,
      campaign: null,
      form: null,
      unsubscribeAutomation: null,
      channel: null,
    })),
  };
}

/** A store that was agreed on these people, if they bore that out, and a reading of what has become of them. */
function world(people: readonly Person[], policy: Policy) {
  const store = new Store(':memory:');
  const reading = new Reading(store, policy, 'remembered');
  const contacts: AcContact[] = [];
  const records: ReturnType<typeof recordOf>[] = [];
  for (const [at, one] of people.entries()) {
    const n = at + 100;
    const address = one.now === 'quoted' ? `"a\\b ${n}"@example.com` : `p${n}@example.com`;
    const contact = contactOf(n, address, one);
    const boxes = one.boxes.map((set, i) => recordOf(`003Qy0000${n}00${i}AAA`, address, set));
    const facts = {
      address,
      records: boxes.map(({ id, set }) => ({ id, set: set === true })),
      vanished: [],
      contact: { id: contact.id, bouncedHard: contact.bouncedHard, memberships: contact.memberships ?? [], tags: [] },
    };
    const agreement =
      one.now === 'quiet'
        ? ({ kind: 'quiet', fingerprint: null } as const)
        : outAgreement(facts, policyOf(one.now === 'list more' ? ['1', '2'] : ['1']), one.cause, READ);
    const later = ['left again', 'bounced'].includes(one.now);
    if (one.now !== 'agreement gone') store.setAgreement(address, agreement, 'run');
    if (one.now === 'vanished' || one.now === 'settled')
      store.addVanished({ record: `v${n}`, address, how: 'deleted', stamp: 1 });
    if (one.now === 'settled') store.settleVanished(address);
    if (one.now === 'moved')
      store.run("INSERT INTO moves VALUES ('salesforce', ?, 'old@example.com', ?, 'carried', 0, 0)", `m${n}`, address);
    if (one.now === 'cut off')
      store.setIntention({
        address,
        run: 'run',
        reason: 'agreed',
        next: 'kept',
        fingerprint: null,
        changes: [],
        stamps: null,
        contact: null,
      });
    if (one.now !== 'gone')
      contacts.push({
        ...contact,
        ...(one.now === 'another id' ? { id: `9${n}` } : {}),
        ...(one.now === 'readdressed' ? { email: `new.${address}` } : {}),
        ...(one.now === 'no tags' ? { tags: undefined } : {}),
        ...(one.now === 'bounced' ? { bouncedHard: 2 } : {}),
        memberships: (contact.memberships ?? []).map((row) =>
          later && one.now === 'left again' && row.status === 2 ? { ...row, unsubscribedAt: AT + 70_000 } : row,
        ),
      });
    if (one.now === 'doubled') contacts.push({ ...contact, id: `8${n}`, email: address.toUpperCase() });
    for (const record of boxes)
      records.push({
        ...record,
        ...(one.now === 'cleared' ? { set: false } : {}),
        ...(one.now === 'another record' ? { id: record.id.replace('Qy', 'Qz') } : {}),
      });
    if (one.now === 'one more record') records.push(recordOf(`003Qx0000${n}000AAA`, address, true));
  }
  reading.addContacts(contacts, AT + 100_000);
  reading.addRecords(records);
  store.transaction(() => {
    enterRecords(store, 'full');
    enterContacts(store, 'everybody');
  });
  reading.finish();
  return { store, reading };
}

const NOBODY: ReadonlySet<string> = new Set();

it('is decided about as by the rules, and is settled', () => {
  let without = 0;
  fc.assert(
    fc.property(fc.array(person, { minLength: 20, maxLength: 40 }), (people) => {
      const policy = policyOf(['1']);
      const { store, reading } = world(people, policy);
      const before = [...reading.people()];
      const byRules = before.map((known) => ({ ...known, decision: decide(known.facts, known.agreement, policy) }));
      store.transaction(() => decideAsAgreed(store, policy));
      const after = new Set([...reading.people()].map(({ facts }) => facts.address));
      const passed = byRules.filter(({ facts }) => !after.has(facts.address));
      expect([...decided(store)]).toEqual(
        passed.map(({ decision }) => ({ decision, outcome: 'nothing', words: null })),
      );
      for (const { decision, facts, agreement } of passed) {
        const settled = settle(decision, agreement, facts, policy, READ);
        expect(settled.reached && sameAgreement(settled.agreement, agreement)).toBe(true);
        expect(store.intention(facts.address)).toBeUndefined();
        expect(facts.vanished).toEqual([]);
      }
      without += passed.length;
      store.close();
    }),
    { numRuns: 25 },
  );
  expect(without).toBeGreaterThan(25);
});

it('stands in the plan among the others, in the order of the addresses', () => {
  const same: Person = {
    memberships: [{ list: '1', status: 2, left: AT - 5000 }],
    boxes: [true],
    cause: 'opt-out',
    bouncedHard: 0,
    now: 'same',
  };
  const policy = policyOf(['1']);
  const { store, reading } = world([{ ...same, now: 'quoted' }, same, { ...same, now: 'subscribed' }, same], policy);
  makePlan(store, reading, policy, NOBODY);
  expect([...decided(store)].map(({ decision, outcome }) => [decision.address, decision.reason, outcome])).toEqual([
    ['"a\\b 100"@example.com', 'agreed', 'nothing'],
    ['p101@example.com', 'agreed', 'nothing'],
    ['p102@example.com', 'salesforce-opt-out', 'nothing'],
    ['p103@example.com', 'agreed', 'nothing'],
  ]);
  store.close();
});
