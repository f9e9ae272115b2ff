import fc from 'fast-check';
import type { Act } from '../../src/extension/background/act.ts';
import { isDone } from '../../src/extension/background/act.ts';
import type { Wish } from '../../src/extension/background/wish.ts';
import { Fuse, nightWith } from '../companion/fuse.ts';
import { HOUR, type PlantedVillager, QUALIFYING, UNSUBSCRIBES_REFUSED, type Villager } from '../companion/town.ts';
import { Office } from './office.ts';
import { Words } from './words.ts';

/** Histories of people, reps and nights, as plain data, and what plays them. */

const KINDS = [
  'opts out',
  'opts out',
  'opts in',
  'opts in',
  'leaves one list',
  'undoes',
  'undoes',
  'sets the box by hand',
  'clears the box by hand',
  'the person subscribes',
  'the person unsubscribes',
  'the person bounces',
  'loses the tag',
  'gains the tag',
  'goes offline',
  'is online',
  'one service is down',
  'an answer is lost',
  'the worker dies',
  'night',
  'night',
  'night',
  'night fails',
  'night is killed',
  'night with a push in it',
] as const;

export interface Event {
  readonly what: (typeof KINDS)[number];
  readonly whom: number;
  readonly rep: 0 | 1;
  readonly list: 'News' | 'Offers';
  readonly number: number;
}

export interface History {
  readonly custom: boolean;
  readonly tracked: boolean;
  readonly people: readonly Villager[];
  readonly events: readonly Event[];
}

const often = (flag: boolean) => fc.constantFrom(flag, flag, flag, flag, !flag);

/** Somebody with a record, and in most cases with a contact that counts. */
const person = fc.record({
  contacts: fc.array(fc.boolean(), { minLength: 1, maxLength: 2 }),
  leads: fc.array(fc.boolean(), { maxLength: 1 }),
  lists: fc.option(fc.record({ News: fc.constantFrom(0, 1, 1, 2, 2, 3), Offers: fc.constantFrom(1, 2) }), {
    freq: 10,
  }),
  qualified: often(true),
  hardBounced: often(false),
}) as fc.Arbitrary<Villager>;

/** @param most events */
export const histories = (most: number): fc.Arbitrary<History> =>
  fc.record({
    custom: fc.boolean(),
    tracked: fc.boolean(),
    people: fc.array(person, { minLength: 1, maxLength: 2 }),
    events: fc.array(
      fc.record({
        what: fc.constantFrom(...KINDS),
        whom: fc.constantFrom(0, 0, 0, 1),
        rep: fc.constantFrom(0, 0, 1),
        list: fc.constantFrom('News', 'Offers'),
        number: fc.nat(40),
      } as const),
      { minLength: most / 2, maxLength: most },
    ) as fc.Arbitrary<readonly Event[]>,
  });

/** One history in one office, event by event, with what was said of whom. */
export class Play {
  readonly here: Office;
  readonly people: readonly PlantedVillager[];
  readonly words: Words;

  constructor({ custom, tracked, people }: History) {
    this.here = new Office({ custom, history: tracked });
    this.people = people.map((said, index) => this.here.plant(`p${index}`, said));
    this.words = new Words(this.here, tracked);
  }

  dispose(): void {
    this.here.dispose();
  }

  /** Something happens, some time after what happened before; then every browser that can works off what is due. */
  async happens(event: Event): Promise<void> {
    const { here } = this;
    here.clock.advance(HOUR / 4);
    await this.#happens(event);
    for (const rep of here.reps) await rep.drain();
  }

  /** All browsers are online and work off everything; then nights until nothing more is to come. */
  async settles(): Promise<void> {
    const { here } = this;
    for (const { wire } of here.reps)
      Object.assign(wire, { offline: false, down: null, lost: 0, diesAt: Number.POSITIVE_INFINITY });
    for (let tries = 0; tries < 3; tries++) {
      here.clock.advance(7 * HOUR);
      for (const rep of here.reps) await rep.hurry();
    }
    for (let nights = 0; nights < 2; nights++) await here.night();
  }

  async #happens({ what, whom, rep, list, number }: Event): Promise<void> {
    const { here, words } = this;
    const { org, account } = here.sandbox;
    const person = this.people[whom % this.people.length];
    const browser = here.reps[rep];
    if (!person) return;
    const records = [...person.contacts, ...person.leads];
    const record = records[number % records.length];
    const status = person.ac === '' ? undefined : here.status(person.ac, list);
    const byHand = (set: boolean) => {
      if (!record || here.box(record) === set) return;
      org.update(record.startsWith('003') ? 'Contact' : 'Lead', record, { [here.field]: set });
      words.hand(person.email, set);
    };
    const click = async (wish: Wish) => {
      if (record) words.clicked(rep, person.email, await browser.want(record, wish));
    };
    const listId = here.list(list);
    switch (what) {
      case 'opts out':
        return click({ kind: 'opt-out' });
      case 'opts in': {
        const lists = Object.values(here.lists).filter((_, index) => (number >> index) % 2 === 1);
        return click({ kind: 'opt-in', reason: 'phone', words: '', lists });
      }
      case 'leaves one list':
        return click({ kind: 'unsubscribe', list: listId });
      case 'undoes': {
        const done = [...browser.acts.values()].filter(
          (act) => isDone(act) && !act.ended && records.includes(act.record),
        );
        const latest = done.sort((a: Act, b: Act) => b.wantedAt - a.wantedAt)[0];
        const undo = latest && (await browser.undo(latest));
        if (undo) words.clicked(rep, person.email, undo);
        return;
      }
      case 'sets the box by hand':
        return byHand(true);
      case 'clears the box by hand':
        return byHand(false);
      case 'the person subscribes':
        if (person.ac === '' || status === 1 || status === 3) return;
        account.subscribe(person.ac, listId, { by: 'contact', sourceid: 1 });
        return words.person(person.email, 'yes', listId);
      case 'the person unsubscribes':
        if (status !== 1) return;
        account.unsubscribe(person.ac, listId, { by: 'contact' });
        return words.person(person.email, 'no', listId);
      case 'the person bounces':
        if (person.ac === '') return;
        account.bounceHard(person.ac);
        return words.bounced(person.email);
      case 'loses the tag':
        if (person.ac !== '') account.untag(person.ac, QUALIFYING);
        return;
      case 'gains the tag':
        if (person.ac !== '') account.tag(person.ac, QUALIFYING);
        return;
      case 'goes offline':
        browser.wire.offline = true;
        return;
      case 'is online':
        Object.assign(browser.wire, { offline: false, down: null });
        return;
      case 'one service is down':
        browser.wire.down = number % 2 ? 'salesforce' : 'activecampaign';
        return;
      case 'an answer is lost':
        browser.wire.lost = 1;
        return;
      case 'the worker dies':
        browser.wire.diesAt = 1 + (number % 12);
        return;
      case 'night':
        return void (await here.night());
      case 'night fails': {
        const fault = here.sandbox.faults.add(
          number % 2 ? UNSUBSCRIBES_REFUSED : { service: 'salesforce', method: 'PATCH', kind: 'status', status: 500 },
        );
        await here.night();
        fault.off();
        return;
      }
      case 'night is killed':
        await nightWith(here, new Fuse(5 + number * 3));
        await here.endNight();
        if (number % 2) await here.night();
        return;
      case 'night with a push in it': {
        here.duringNight = async (request) => {
          if (request !== 1 + number) return;
          here.duringNight = async () => undefined;
          Object.assign(browser.wire, { offline: false, down: null });
          if (record) words.clicked(rep, person.email, await browser.want(record, { kind: 'opt-out' }));
          await browser.drain();
        };
        await here.night();
        here.duringNight = async () => undefined;
        return;
      }
    }
  }
}
