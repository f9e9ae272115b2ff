import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Surroundings } from '../../src/companion/sync.ts';
import { often, random } from '../long.ts';
import { state, withoutReasons } from './crash-town.ts';
import { inBulk } from './crowd.ts';
import { villager } from './random-town.ts';
import { BOX, Town, type Villager } from './town.ts';

/** Whatever the people and the way, two nights end in the same place. */

/** Two nights and a day in a town of these people; everything that is there afterwards. */
async function lived(people: readonly Villager[], surroundings: (town: Town) => Surroundings) {
  const town = new Town();
  try {
    const planted = people.map((said, n) => town.plant(`p${n}`, said));
    const first = await town.night({}, surroundings(town));
    for (const { contacts, ac } of planted.filter((_, n) => n % 2 === 0)) {
      if (contacts[0]) town.sandbox.org.update('Contact', contacts[0], { [BOX]: true });
      if (ac) town.sandbox.account.subscribe(ac, town.list('News'), { by: 'contact' });
    }
    const second = await town.night({}, surroundings(town));
    town.sandbox.requests.reset();
    const third = await town.night({}, surroundings(town));
    expect([first.outcome, second.outcome, third.outcome, third.counts.writes]).toEqual(['done', 'done', 'done', 0]);
    expect(town.writes()).toEqual([]);
    const bulk = first.written.salesforce.bulk + second.written.salesforce.bulk;
    const imported = first.written.activecampaign.imported + second.written.activecampaign.imported;
    return { state: withoutReasons(state(town)), bulk, imported };
  } finally {
    town.dispose();
  }
}

it('by bulk everybody ends where they end one by one, and a third night writes nothing', {
  timeout: often(600_000, 3_600_000),
}, async () => {
  const seen = { bulk: 0, imported: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(villager, { minLength: 40, maxLength: 60 }), async (people) => {
      const single = await lived(people, (town) => town.surroundings());
      const many = await lived(people, inBulk);
      expect(many.state).toEqual(single.state);
      expect(single).toMatchObject({ bulk: 0, imported: 0 });
      seen.bulk += many.bulk;
      seen.imported += many.imported;
    }),
    random(5, 100),
  );
  expect(Math.min(seen.bulk, seen.imported)).toBeGreaterThan(0);
});
