import { describe, expect, onTestFinished, test as when } from 'vitest';
import type { Wish } from '../../src/extension/background/wish.ts';
import { HOUR, type PlantedVillager, UNSUBSCRIBES_REFUSED, type Villager } from '../companion/town.ts';
import { Office, type OfficeOptions } from './office.ts';

/** A rep's click and the nights of the companion. See docs/what-happens.md. */

const BOXES_REFUSED = { service: 'salesforce', method: 'PATCH', kind: 'status', status: 503 } as const;

interface Scene {
  readonly here: Office;
  readonly ann: PlantedVillager;
  /** The first record. */
  readonly record: string;
  /** What both services say of Ann. */
  says(): { readonly boxes: readonly (boolean | undefined)[]; readonly lists: Readonly<Record<string, number>> };
}

function scene(said: Villager, options: OfficeOptions = {}): Scene {
  const here = new Office(options);
  onTestFinished(() => here.dispose());
  const ann = here.plant('ann', said);
  const records = [...ann.contacts, ...ann.leads];
  return {
    here,
    ann,
    record: records[0] ?? '',
    says: () => ({
      boxes: records.map((id) => here.box(id)),
      lists: Object.fromEntries(
        Object.keys(here.lists).flatMap((list) => {
          const status = here.status(ann.ac, list);
          return status === undefined ? [] : [[list, status]];
        }),
      ),
    }),
  };
}

const optIn = (...lists: readonly string[]): Wish => ({ kind: 'opt-in', reason: 'phone', words: '', lists });
const IN: Villager = { contacts: [false], leads: [false], lists: { News: 1, Offers: 2 } };
const OUT: Villager = { contacts: [true], leads: [true], lists: { News: 2, Offers: 2 } };
const SAYS_IN = { boxes: [false, false], lists: { News: 1, Offers: 2 } };
const SAYS_OUT = { boxes: [true, true], lists: { News: 2, Offers: 2 } };

/** Nights after which nothing more is to come: they write nothing. */
async function quietNights(here: Office): Promise<void> {
  for (const rep of here.reps) await rep.hurry();
  await here.night();
  await here.night();
  const before = here.writes().length;
  await here.night();
  expect(here.writes().slice(before)).toEqual([]);
}

const person = (here: Office, ann: PlantedVillager) => ({
  subscribes: (list: string) => {
    here.clock.advance(HOUR);
    here.sandbox.account.subscribe(ann.ac, here.list(list), { by: 'contact', sourceid: 1 });
  },
  leaves: (list: string) => {
    here.clock.advance(HOUR);
    here.sandbox.account.unsubscribe(ann.ac, here.list(list), { by: 'contact' });
  },
});

describe('a click that arrives', () => {
  when('A rep opts somebody out', async () => {
    const { here, record, says } = scene(IN);
    await here.night();
    await here.reps[0].click(record);
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('The same, and takes it back before the night', async () => {
    const { here, record, says } = scene(IN);
    await here.night();
    const act = await here.reps[0].click(record);
    here.clock.advance(HOUR);
    await here.reps[0].undo(act);
    await quietNights(here);
    expect(says()).toEqual(SAYS_IN);
  });

  when('The same, and takes it back after a night has seen it', async () => {
    const { here, record, says } = scene(IN);
    const act = await here.reps[0].click(record);
    await here.night();
    expect((await here.reps[0].about(record)).undo).toBe(act.id);
    await here.reps[0].undo(act);
    await quietNights(here);
    expect(says()).toEqual(SAYS_IN);
  });

  when('A rep opts somebody in whom a night has seen out, and picks lists', async () => {
    const { here, record, says } = scene(OUT);
    await here.night();
    await here.reps[0].click(record, optIn(here.list('News')));
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 1, Offers: 2 } });
  });

  when('The same, and picks no list', async () => {
    const { here, record, says } = scene(OUT);
    await here.night();
    await here.reps[0].click(record, optIn());
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 2 } });
  });

  when('The same, before any night has seen them out', async () => {
    const { here, record, says } = scene(OUT, { history: true });
    here.clock.advance(HOUR);
    await here.reps[0].click(record, optIn());
    expect(says()).toEqual({ ...SAYS_OUT, boxes: [false, false] });
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('A list is picked, and `personSources` does not name what a click comes with', async () => {
    const { here, record, says } = scene(OUT);
    here.config = here.configured({ activecampaign: { personSources: ['0'] } });
    await here.night();
    await here.reps[0].click(record, optIn(here.list('News')));
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 1, Offers: 2 } });
  });

  when('`nightly.enabled` is off', async () => {
    const { here, record, says } = scene(IN);
    here.config = here.configured({ nightly: { enabled: false } });
    const [rita] = here.reps;
    const act = await rita.click(record);
    expect(says()).toEqual(SAYS_OUT);
    here.clock.advance(HOUR);
    await rita.undo(act);
    await rita.drain();
    expect(says()).toEqual(SAYS_IN);
  });
});

/** A click that opts out of somebody whom a night has seen in, and that another night has not seen. */
async function optOutThatWaits() {
  const { record, ...rest } = scene(IN);
  await rest.here.night();
  const [rita] = rest.here.reps;
  rita.wire.offline = true;
  await rita.click(record);
  await rest.here.night();
  return { ...rest, rita };
}

describe('a click that waits over a night', () => {
  when('A click that opts out waits, and the person subscribes to a list again from none meanwhile', async () => {
    const { here, ann, says, rita } = await optOutThatWaits();
    person(here, ann).leaves('News');
    await here.night();
    person(here, ann).subscribes('Offers');
    await here.night();
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 1 } });
  });

  when('A click that opts out waits, and the person is put on one more list meanwhile', async () => {
    const { here, ann, says, rita } = await optOutThatWaits();
    person(here, ann).subscribes('Offers');
    await here.night();
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('It has reached Salesforce alone, and the person subscribes after the night', async () => {
    const { here, ann, record, says } = scene(IN);
    await here.night();
    const [rita] = here.reps;
    rita.wire.down = 'activecampaign';
    await rita.click(record);
    expect(says()).toEqual({ boxes: [true, true], lists: { News: 1, Offers: 2 } });
    await here.night();
    expect(says()).toEqual(SAYS_OUT);
    person(here, ann).subscribes('Offers');
    await here.night();
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 1 } });
    rita.wire.down = null;
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 1 } });
  });

  when('It has reached ActiveCampaign alone, and the person subscribes after the night', async () => {
    const { here, ann, record, says } = scene(IN);
    await here.night();
    const [rita] = here.reps;
    const refused = here.sandbox.faults.add(BOXES_REFUSED);
    await rita.click(record);
    refused.off();
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 2 } });
    rita.wire.offline = true;
    await here.night();
    expect(says()).toEqual(SAYS_OUT);
    person(here, ann).subscribes('Offers');
    await here.night();
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 1 } });
  });

  when('A click that opts in waits, and the person leaves a list meanwhile', async () => {
    const { here, ann, record, says } = scene({ ...OUT, lists: { News: 2, Offers: 1 } });
    const [rita] = here.reps;
    rita.wire.offline = true;
    await rita.click(record, optIn(here.list('News')));
    person(here, ann).leaves('Offers');
    await here.night();
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('The same, and another rep sets a box meanwhile', async () => {
    const { here, record, ann, says } = scene({ ...OUT, contacts: [true], leads: [false] });
    const [rita] = here.reps;
    rita.wire.offline = true;
    await rita.click(record, optIn(here.list('News')));
    here.clock.advance(HOUR);
    here.sandbox.org.update('Lead', ann.leads[0] ?? '', { [here.field]: true });
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('The same, and the night carries an older opt-out over meanwhile', async () => {
    const { here, record, says } = scene({ ...OUT, lists: { News: 2, Offers: 1 } });
    const [rita] = here.reps;
    rita.wire.offline = true;
    const act = await rita.click(record, optIn(here.list('News')));
    await here.night();
    expect(says()).toEqual(SAYS_OUT);
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
    expect(rita.act(act.id).ended).toBe('changed');
    await rita.click(record, optIn(here.list('News')));
    await quietNights(here);
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 1, Offers: 2 } });
  });

  when('It has reached Salesforce alone, and another rep opts the person out', async () => {
    const { here, record, says } = scene(OUT);
    await here.night();
    const [rita, sam] = here.reps;
    const refused = here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    await rita.click(record, optIn(here.list('News')));
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 2 } });
    refused.off();
    rita.wire.offline = true;
    here.clock.advance(HOUR);
    await sam.click(record);
    expect(says()).toEqual(SAYS_OUT);
    rita.wire.offline = false;
    here.clock.advance(HOUR);
    await rita.hurry();
    expect(says()).toEqual(SAYS_OUT);
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('It was done, its answer was lost, and the person leaves the list before it is tried again', async () => {
    const { here, ann, record, says } = scene({ ...OUT, contacts: [false], leads: [false] });
    const [rita] = here.reps;
    rita.wire.lost = 1;
    await rita.click(record, optIn(here.list('News')));
    expect(says().lists).toEqual({ News: 1, Offers: 2 });
    here.clock.advance(1000);
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.clock.advance(HOUR);
    await rita.drain();
    expect(says().lists).toEqual({ News: 2, Offers: 2 });
  });

  when('An undo has reached Salesforce alone, and another rep opts the person out', async () => {
    const { here, record, says } = scene(IN);
    const [rita, sam] = here.reps;
    const act = await rita.click(record);
    await here.night();
    const refused = here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    await rita.undo(act);
    await rita.drain();
    expect(says()).toEqual({ boxes: [false, false], lists: { News: 2, Offers: 2 } });
    refused.off();
    rita.wire.offline = true;
    here.clock.advance(HOUR);
    await sam.click(record);
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });

  when('The same, and the rep clicks once more', async () => {
    const { here, ann, record, says } = scene(IN);
    const [rita] = here.reps;
    rita.wire.offline = true;
    await rita.click(record);
    await here.night();
    person(here, ann).subscribes('Offers');
    here.clock.advance(HOUR);
    await rita.click(record);
    rita.wire.offline = false;
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });
});

describe('a click while the night writes', () => {
  when('A rep opts somebody out whose box the night is about to clear', async () => {
    const { here, ann, record, says } = scene(OUT);
    await here.night();
    person(here, ann).subscribes('Offers');
    const [rita] = here.reps;
    let clicked = 0;
    here.duringNight = async (_number, method) => {
      if (method === 'PATCH' && clicked++ === 0) await rita.click(record);
    };
    await here.night();
    expect(here.changes.filter(({ by, is }) => by === 'night' && is === false)).toHaveLength(2);
    expect(says()).toEqual(SAYS_OUT);
    await quietNights(here);
    expect(says()).toEqual(SAYS_OUT);
  });
});
