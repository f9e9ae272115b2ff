import { expect, onTestFinished, test } from 'vitest';
import { aboutPerson } from '../../src/companion/about.ts';
import { readPerson } from '../../src/companion/person.ts';
import { Store } from '../../src/companion/store.ts';
import type { Wish } from '../../src/extension/background/wish.ts';
import type { Villager } from '../companion/town.ts';
import { Office } from './office.ts';

/** What `optbridge show` answers where a rep's click is behind it: as far as both services tell. */

function office(history: boolean, said: Villager) {
  const here = new Office({ history });
  onTestFinished(() => here.dispose());
  const ann = here.plant('ann', said);
  const record = ann.contacts[0] ?? '';
  const why = async () => {
    const store = new Store(here.config.store);
    try {
      return aboutPerson(store, ann.email, await readPerson(here.surroundings(), store, ann.email), here.field).why;
    } finally {
      store.close();
    }
  };
  const click = async (wish?: Wish) => {
    here.clock.advance(60_000);
    await here.reps[0].click(record, wish);
  };
  const optIn = (...lists: readonly string[]): Wish => ({ kind: 'opt-in', reason: 'phone', words: '', lists });
  return { here, ann, why, click, optIn };
}

const IN: Villager = { contacts: [false], lists: { News: 1 } };

test.each([true, false])(
  'names the rep who opted them out, before the night and after it (history %s)',
  async (history) => {
    const { here, why, click } = office(history, IN);
    await click();
    const rep = history ? 'on 2026-11-01 by Rita Rep' : 'the record was last changed on 2026-11-01 by Rita Rep';
    expect(await why()).toMatch(/^ann@example\.com is opted out on both sides: the box was set in Salesforce /);
    expect(await why()).toContain(rep);
    expect(await why()).toContain('no run has looked since');
    await here.night();
    expect(await why()).toContain(rep);
  },
);

test('names the rep who opted them out again, where a run had done so before and a rep had let them in', async () => {
  for (const history of [true, false]) {
    const { here, ann, why, click, optIn } = office(history, IN);
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night();
    expect(await why()).toContain('they unsubscribed from all lists');
    await click(optIn(here.list('News')));
    await here.night();
    await click();
    await here.night();
    expect(await why()).toContain('Rita Rep');
    expect(await why()).not.toContain('the run of');
  }
});

test('names the rep who let them in, where field history is kept', async () => {
  const { here, why, click, optIn } = office(true, { contacts: [true], lists: { News: 2, Offers: 2 } });
  await here.night();
  await click(optIn());
  await here.night();
  expect(await why()).toMatch(/is opted out in ActiveCampaign only: the box was cleared .* on 2026-11-02 by Rita Rep/);
  await click(optIn(here.list('Offers')));
  await here.night();
  expect(await why()).toBe(
    'ann@example.com is not opted out: the box was cleared on 2026-11-02 by Rita Rep, and one list is active.',
  );
});
