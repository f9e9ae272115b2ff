import fc from 'fast-check';
import { BOX, HOUR, type PlantedVillager, QUALIFYING, Town, type Villager } from './town.ts';

/** Towns made of a seed: people as they come, nights, and a life in between. */

const status = fc.constantFrom(0, 1, 2, 3);
/** Anybody, in any state on both sides. */
export const villager: fc.Arbitrary<Villager> = fc.record({
  contacts: fc.array(fc.boolean(), { maxLength: 2 }),
  leads: fc.array(fc.boolean(), { maxLength: 1 }),
  lists: fc.option(fc.record({ News: status, Offers: status }, { requiredKeys: [] })) as fc.Arbitrary<
    Villager['lists']
  >,
  qualified: fc.boolean(),
  hardBounced: fc.boolean(),
} as const) as fc.Arbitrary<Villager>;

/** What can happen to somebody by day, in words. */
const ACTS = [
  'subscribes',
  'unsubscribes',
  'has the box set',
  'has the box cleared',
  'bounces',
  'loses the tag',
  'gains the tag',
  'gets another address in Salesforce',
  'gets another address in ActiveCampaign',
  'loses a record',
  'is converted',
  'is merged',
] as const;
interface Act {
  readonly whom: number;
  readonly does: (typeof ACTS)[number];
  readonly list: 'News' | 'Offers';
}
const act: fc.Arbitrary<Act> = fc.record({
  whom: fc.nat(11),
  does: fc.constantFrom(...ACTS),
  list: fc.constantFrom('News', 'Offers'),
});
const life = fc.record({
  people: fc.array(villager, { minLength: 6, maxLength: 12 }),
  days: fc.array(fc.array(act, { maxLength: 12 }), { minLength: 2, maxLength: 3 }),
});

function happen(town: Town, { whom, does, list }: Act, people: readonly PlantedVillager[], day: number): void {
  const { org, account } = town.sandbox;
  const person = people[whom % people.length]!;
  const alive = (type: string, ids: readonly string[]) =>
    ids.filter((id) => org.all(type).some((row) => row.Id === id && row.IsConverted !== true));
  const [contact, twin] = alive('Contact', person.contacts);
  const [lead] = alive('Lead', person.leads);
  const record = contact ?? lead;
  const type = contact ? 'Contact' : 'Lead';
  const box = (set: boolean) => record && org.update(type, record, { [BOX]: set });
  const { ac } = person;
  switch (does) {
    case 'subscribes':
      return void (ac && account.subscribe(ac, town.list(list), { by: 'contact' }));
    case 'unsubscribes':
      return void (ac && town.status(ac, list) === 1 && account.unsubscribe(ac, town.list(list), { by: 'contact' }));
    case 'has the box set':
      return void box(true);
    case 'has the box cleared':
      return void box(false);
    case 'bounces':
      return void (ac && account.bounceHard(ac));
    case 'loses the tag':
      return void (ac && account.untag(ac, QUALIFYING));
    case 'gains the tag':
      return void (ac && account.tag(ac, QUALIFYING));
    case 'gets another address in Salesforce':
      return void (record && org.update(type, record, { Email: `day${day}.${person.email}` }));
    case 'gets another address in ActiveCampaign':
      return void (ac && account.rename(ac, `day${day}.${person.email}`));
    case 'loses a record':
      return void (record && org.remove(type, record));
    case 'is converted':
      return void (lead && org.convert(lead, contact ? { contactId: contact } : {}));
    case 'is merged':
      return void (contact && twin && org.merge('Contact', contact, [twin]));
  }
}

/** A town with a few nights and days behind it; the last thing is a day. The same seed makes the same town. */
export async function townOf(seed: number): Promise<Town> {
  const [{ people, days } = { people: [], days: [] }] = fc.sample(life, { seed, numRuns: 1 });
  const town = new Town();
  const planted = people.map((said, index) => town.plant(`p${index}`, said));
  for (const [day, acts] of days.entries()) {
    await town.night();
    for (const one of acts) {
      town.clock.advance(HOUR / 4);
      happen(town, one, planted, day);
    }
  }
  return town;
}
