import { describe, expect, it } from 'vitest';
import { type Decision, decide, directionOf } from '../../src/consent/decide.ts';
import { addressOf, DEFAULT_QUALIFYING_TAGS, type PersonFacts, type Policy } from '../../src/consent/facts.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { drawPeople, LAST } from '../../src/sandbox/seed.ts';
import { CHARACTERS } from '../../src/sandbox/world/characters.ts';

const policyOf = ({ account }: Sandbox): Policy => ({
  lists: new Set([...account.lists.values()].filter(({ channel }) => channel === 'email').map(({ id }) => id)),
  qualifyingTags: DEFAULT_QUALIFYING_TAGS,
});

/** What a perfect reader would find out about everybody with an address. */
function factsOf({ org, account }: Sandbox): PersonFacts[] {
  const people = new Map<string, { -readonly [K in keyof PersonFacts]: PersonFacts[K] }>();
  const person = (email: string) => {
    const address = addressOf(email);
    const known = people.get(address) ?? { address, records: [], vanished: [], contact: null };
    people.set(address, known);
    return known;
  };
  for (const row of [...org.all('Contact'), ...org.all('Lead')]) {
    if (typeof row.Email !== 'string' || row.IsConverted === true) continue;
    const found = person(row.Email);
    found.records = [...found.records, { id: String(row.Id), set: row.HasOptedOutOfEmail === true }];
  }
  for (const contact of account.contacts) {
    if (contact.email === '') continue;
    person(contact.email).contact = {
      id: contact.id,
      bouncedHard: contact.bouncedHard,
      memberships: [...contact.memberships.values()],
      tags: [...contact.tags.keys()].map((id) => account.tags.get(id)?.name ?? ''),
    };
  }
  return [...people.values()];
}

const firstNight = (sandbox: Sandbox): Map<string, Decision> =>
  new Map(factsOf(sandbox).map((facts) => [facts.address, decide(facts, null, policyOf(sandbox))]));

describe('a seeded world', () => {
  const sandbox = createSandbox();
  const facts = factsOf(sandbox);

  it('is the same for the same seed and number, with the same ids', () => {
    const again = createSandbox({ seed: 1, people: 1_000 });
    expect(again.people).toEqual(sandbox.people);
    expect(factsOf(again)).toEqual(facts);
    expect(createSandbox({ seed: 2 }).people).not.toEqual(sandbox.people);
  });

  it('has 1,000 people unless told otherwise', () => {
    expect(sandbox.people).toHaveLength(1_000);
    expect(createSandbox({ people: 0 }).account.contacts).toEqual([]);
    expect(createSandbox({ people: 5 }).people).toHaveLength(5);
  });

  it('leaves 3 to 6 people in a hundred to settle on a first night, by every rule of a first night', () => {
    const decisions = [...firstNight(sandbox).values()];
    const toSettle = decisions.filter((decision) => directionOf(decision) !== 'none');
    expect(toSettle.length).toBeGreaterThan(30);
    expect(toSettle.length).toBeLessThan(60);
    expect(new Set(toSettle.map(({ reason }) => reason))).toEqual(
      new Set(['salesforce-opt-out', 'same-address', 'hard-bounce', 'unsubscribed-from-all']),
    );
    expect(decisions.some(({ reason }) => reason === 'agreed')).toBe(true);
  });

  it('stays under a cap of a tenth of the people on both sides, whatever the seed', () => {
    for (const seed of [2, 3, 4, 5]) {
      const world = createSandbox({ seed });
      const both = factsOf(world).filter(({ records, contact }) => records.length > 0 && contact).length;
      const changes = [...firstNight(world).values()].filter((decision) => directionOf(decision) !== 'none').length;
      expect(changes).toBeLessThan(both / 10);
      expect(changes).toBeGreaterThan(20);
    }
  });

  it('has every status, every qualifying tag, and bounces with their logs', () => {
    const rows = [...sandbox.account.memberships.values()];
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set([0, 1, 2, 3]));
    const names = [...sandbox.account.tags.values()].map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...DEFAULT_QUALIFYING_TAGS]));
    const bounced = sandbox.account.contacts.filter(({ bounces }) => bounces.length > 0);
    expect(bounced.some(({ bouncedHard }) => bouncedHard > 0)).toBe(true);
    expect(bounced.some(({ bouncedHard, bouncedSoft }) => bouncedHard === 0 && bouncedSoft > 0)).toBe(true);
  });

  it('has four e-mail lists and one of texts, which some are on', () => {
    const lists = [...sandbox.account.lists.values()];
    expect(lists.map(({ name }) => name)).toEqual([
      'Newsletter',
      'Product news',
      'Events',
      'Customer updates',
      'Text alerts',
    ]);
    expect(lists.map(({ channel }) => channel)).toEqual(['email', 'email', 'email', 'email', 'sms']);
    for (const { members } of lists) expect(members.size).toBeGreaterThan(20);
  });

  it('has duplicates, people on one side only, and most linked ones qualified', () => {
    expect(facts.filter(({ records }) => records.length > 1).length).toBeGreaterThan(50);
    expect(facts.filter(({ contact }) => contact === null).length).toBeGreaterThan(50);
    expect(facts.filter(({ records }) => records.length === 0).length).toBeGreaterThan(50);
    const linked = facts.filter(({ records, contact }) => records.length > 0 && contact);
    const qualifying: readonly string[] = DEFAULT_QUALIFYING_TAGS;
    const qualified = linked.filter(({ contact }) => contact?.tags.some((tag) => qualifying.includes(tag)));
    expect(qualified.length / linked.length).toBeGreaterThan(0.8);
    expect(qualified.length).toBeLessThan(linked.length);
  });

  it('has converted, merged and deleted records, and some without an address', () => {
    const everything = [...sandbox.org.all('Contact', true), ...sandbox.org.all('Lead', true)];
    expect(everything.some(({ IsConverted }) => IsConverted === true)).toBe(true);
    expect(everything.some(({ MasterRecordId }) => typeof MasterRecordId === 'string')).toBe(true);
    expect(everything.some(({ IsDeleted, MasterRecordId }) => IsDeleted === true && !MasterRecordId)).toBe(true);
    expect(everything.some(({ Email }) => Email === null)).toBe(true);
    expect(sandbox.account.contacts.some(({ email }) => email === '')).toBe(true);
  });

  it('writes one address in different ways on the two sides', () => {
    const typed = new Map(sandbox.account.contacts.map(({ email }) => [email.toLowerCase(), email]));
    const records = sandbox.org.all('Contact').flatMap(({ Email }) => (typeof Email === 'string' ? [Email] : []));
    const differing = records.filter((email) => (typed.get(email.toLowerCase()) ?? email) !== email);
    expect(differing.length).toBeGreaterThan(20);
  });

  it('uses addresses that belong to nobody, each for one person', () => {
    const addresses = facts.map(({ address }) => address);
    expect(addresses.filter((address) => !/@([a-z]+\.)?example\.(com|org|net)$/.test(address))).toEqual([]);
    expect(sandbox.people.filter(({ address }) => address !== undefined)).toHaveLength(addresses.length);
  });

  it('happened before the sandbox runs', () => {
    for (const row of sandbox.account.memberships.values()) {
      expect(row.subscribedAt).toBeLessThanOrEqual(LAST);
      expect(row.unsubscribedAt ?? 0).toBeLessThanOrEqual(LAST);
    }
    for (const row of sandbox.org.all('Contact', true)) expect(row.SystemModstamp).toBeLessThanOrEqual(LAST);
  });
});

describe('the fixed characters', () => {
  const sandbox = createSandbox({ people: 40, seed: 99 });
  const night = firstNight(sandbox);
  const reasonOf = (name: string) => night.get(sandbox.character(name).address ?? '')?.reason;

  it('stand as they are described', () => {
    const reasons = Object.fromEntries(CHARACTERS.map(({ character = '' }) => [character, reasonOf(character)]));
    expect(reasons).toEqual({
      ann: null,
      ben: 'unsubscribed-from-all',
      cleo: 'salesforce-opt-out',
      dan: 'hard-bounce',
      eva: null,
      finn: undefined,
      gwen: 'same-address',
      hugo: 'agreed',
      iris: null,
      jack: null,
      kim: null,
      leo: null,
      mia: 'unsubscribed-from-all',
      nora: null,
    });
  });

  it('are found by name, with the ids of both sides', () => {
    const ann = sandbox.character('ann');
    expect(sandbox.org.get('Contact', ann.contactRecord)).toMatchObject({
      Name: 'Ann Lee',
      Email: 'ann.lee@example.com',
    });
    expect(sandbox.org.get('Lead', ann.leadRecord)).toMatchObject({ Email: 'Ann.Lee@Example.com' });
    const contact = sandbox.account.contact(ann.activecampaignId);
    expect([...(contact?.memberships.values() ?? [])].map(({ status }) => status)).toEqual([1, 2, 1]);
    expect(sandbox.character('finn').address).toBeUndefined();
    expect(sandbox.character('leo').leadRecord).toBe('');
    expect(() => sandbox.character('zorro')).toThrow('nobody here is called zorro');
  });

  it('are the same in every world', () => {
    expect(drawPeople(1, 100).slice(0, CHARACTERS.length)).toEqual(drawPeople(2, 50).slice(0, CHARACTERS.length));
  });
});
