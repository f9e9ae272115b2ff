import { type Random, seededRandom } from './random.ts';
import { CHARACTERS } from './world/characters.ts';
import { COMPANIES, DOMAINS, FIRST_NAMES, LAST_NAMES, REASONS, TITLES } from './world/names.ts';
import {
  LISTS,
  type ListName,
  type Person,
  type PlannedContact,
  type PlannedMembership,
  type PlannedRecord,
} from './world/world.ts';

const DAY = 86_400_000;
/** Everything that is told of happened between these two instants, whenever the sandbox runs. */
const FIRST = Date.parse('2023-01-09T14:00:00Z');
export const LAST = Date.parse('2025-06-30T22:00:00Z');
const EMAIL_LISTS: readonly ListName[] = LISTS.filter(({ channel }) => channel === 'email').map(({ name }) => name);

/** The tags by which ActiveCampaign's own integration marks whom Salesforce knows (facts section 12). */
const QUALIFYING = {
  Contact: ['added-to-salesforce-contact', 'created-from-salesforce-contact'],
  Lead: ['added-to-salesforce-lead', 'created-from-salesforce-lead'],
} as const;
const CONVERTED = 'salesforce-lead-converted-to-contact';

/** How a person stands, and what share of a hundred do so. `unsettled` ones are what a first night has to do. */
const STANDINGS = [
  ['in', 74],
  ['out', 11],
  ['partly left', 4],
  ['unconfirmed', 1.5],
  ['never joined', 1],
  ['soft bounced', 0.5],
  ['out, not qualified', 1],
  ['unsettled: box only', 2.3],
  ['unsettled: left all', 2.1],
  ['unsettled: hard bounce', 1.2],
  ['unsettled: box on some', 1],
] as const;
type Standing = (typeof STANDINGS)[number][0];

/** Where a person is known. */
const PLACES = [
  ['both', 72],
  ['salesforce', 15],
  ['activecampaign', 10],
  ['no address', 3],
] as const;

/** Which Salesforce records a person has. */
const SHAPES = [
  ['contact', 54],
  ['lead', 26],
  ['contact and lead', 7],
  ['two contacts', 5],
  ['converted lead', 5],
  ['merged contacts', 2],
  ['deleted lead', 1],
] as const;
type Shape = (typeof SHAPES)[number][0];

/** The people of a world, the fixed characters first. The same seed and number give the same people. */
export function drawPeople(seed: number, count: number): readonly Person[] {
  const people: Person[] = CHARACTERS.slice(0, count);
  const taken = new Set<string>();
  const random = seededRandom(seed);
  while (people.length < count) people.push(new Draw(random, taken).person());
  return people;
}

/** One person being thought up. */
class Draw {
  readonly #random: Random;
  readonly #taken: Set<string>;

  constructor(random: Random, taken: Set<string>) {
    this.#random = random;
    this.#taken = taken;
  }

  person(): Person {
    const firstName = this.#pick(FIRST_NAMES);
    const lastName = this.#pick(LAST_NAMES);
    const [company, label] = this.#pick(COMPANIES);
    const title = this.#pick(TITLES);
    const phone = `+1 ${this.#whole(200, 989)} 555 01${String(this.#whole(0, 99)).padStart(2, '0')}`;
    const createdAt = this.#between(FIRST, LAST - 120 * DAY);
    const known = { firstName, lastName, company, title, phone };
    const place = this.#share(PLACES);
    if (place === 'no address') {
      const inSalesforce = this.#random() < 0.9;
      const record = {
        type: this.#random() < 0.6 ? 'Contact' : 'Lead',
        email: null,
        optedOut: false,
        createdAt,
      } as const;
      const contact = { email: null, createdAt, memberships: [this.#membership('Text alerts', createdAt)], tags: [] };
      return {
        ...known,
        records: inSalesforce ? [record] : [],
        contact: inSalesforce ? null : { ...contact, bounces: [] },
      };
    }
    const address = this.#address(firstName, lastName, label);
    const standing = this.#standing(place);
    const shape =
      standing === 'unsettled: box on some'
        ? this.#pick<Shape>(['contact and lead', 'two contacts'])
        : this.#share(SHAPES);
    return {
      ...known,
      records: place === 'activecampaign' ? [] : this.#records(shape, address, createdAt, standing),
      contact: place === 'salesforce' ? null : this.#contact(place, shape, address, createdAt, standing),
    };
  }

  /** Somebody known on one side only has nothing to settle, but for a box set on some records of the same address. */
  #standing(place: 'both' | 'salesforce' | 'activecampaign'): Standing {
    const standing = this.#share(STANDINGS);
    return place === 'both' || !standing.startsWith('unsettled') ? standing : 'in';
  }

  #records(shape: Shape, address: string, createdAt: number, standing: Standing): PlannedRecord[] {
    const boxed = standing === 'out' || standing === 'unsettled: box only' || standing === 'unsettled: box on some';
    const make = (type: 'Contact' | 'Lead', after: number, fate?: PlannedRecord['fate']): PlannedRecord => {
      const made = Math.min(createdAt + after * DAY, LAST - 60 * DAY);
      return {
        type,
        email: this.#asTyped(address),
        optedOut: boxed,
        createdAt: made,
        ...(boxed ? { optedOutAt: LAST - 30 * DAY } : {}),
        ...(fate ? { fate } : {}),
      };
    };
    const later = LAST - this.#whole(2, 29) * DAY;
    switch (shape) {
      case 'contact':
        return [make('Contact', 0)];
      case 'lead':
        return [make('Lead', 0)];
      case 'contact and lead': {
        const [contact, lead] = [make('Contact', 0), make('Lead', 40)];
        return standing === 'unsettled: box on some' ? [contact, { ...lead, optedOut: false }] : [contact, lead];
      }
      case 'two contacts': {
        const [first, second] = [make('Contact', 0), make('Contact', 55)];
        return standing === 'unsettled: box on some' ? [{ ...first, optedOut: false }, second] : [first, second];
      }
      case 'converted lead':
        return [make('Contact', 20), make('Lead', 0, { kind: 'converted', at: later })];
      case 'merged contacts':
        return [make('Contact', 0), make('Contact', 30, { kind: 'merged', at: later })];
      case 'deleted lead':
        return [make('Contact', 0), { ...make('Lead', 10, { kind: 'deleted', at: later }), optedOut: false }];
    }
  }

  #contact(
    place: 'both' | 'activecampaign',
    shape: Shape,
    address: string,
    createdAt: number,
    standing: Standing,
  ): PlannedContact {
    const qualified =
      place === 'both' &&
      standing !== 'out, not qualified' &&
      (this.#random() < 0.9 || standing.startsWith('unsettled'));
    const hard = standing === 'unsettled: hard bounce' || (standing === 'out' && this.#random() < 0.15);
    const soft = standing === 'soft bounced' ? 3 : this.#random() < 0.02 ? 1 : 0;
    const bounces = Array.from({ length: hard ? 1 : soft }, (_, index) => ({
      hard,
      at: LAST - (30 - index * 7) * DAY,
      reason: hard ? '550 5.1.1 User unknown' : '452 4.2.2 Mailbox full',
    }));
    return {
      email: this.#asTyped(address),
      createdAt,
      memberships: this.#memberships(hard ? 'in' : standing, createdAt),
      tags: [...(qualified ? [this.#tagFor(shape)] : []), ...(this.#random() < 0.2 ? ['webinar-2024'] : [])],
      bounces,
    };
  }

  #memberships(standing: Standing, createdAt: number): PlannedMembership[] {
    const lists = this.#lists();
    const texts = this.#random() < 0.08 ? [this.#membership('Text alerts', createdAt)] : [];
    switch (standing) {
      case 'never joined':
        return texts;
      case 'unconfirmed':
        return [...lists.map((list) => ({ list, status: 0 as const, joinedAt: createdAt + DAY })), ...texts];
      case 'out':
      case 'out, not qualified':
      case 'unsettled: left all':
        return [...lists.map((list) => this.#left(list, createdAt)), ...texts];
      case 'unsettled: box on some':
        // Half of them still get mail, the others do not.
        return lists.map((list) =>
          createdAt % 2 === 0 ? this.#left(list, createdAt) : this.#membership(list, createdAt),
        );
      case 'partly left': {
        const [kept = 'Newsletter', ...others] = lists;
        const all = others.length > 0 ? others : EMAIL_LISTS.filter((list) => list !== kept).slice(0, 1);
        return [this.#membership(kept, createdAt), ...all.map((list) => this.#left(list, createdAt)), ...texts];
      }
      default:
        return [...lists.map((list) => this.#membership(list, createdAt)), ...texts];
    }
  }

  /** Some of the e-mail lists, at least one. */
  #lists(): ListName[] {
    const some = EMAIL_LISTS.filter(() => this.#random() < 0.55);
    return some.length > 0 ? some : [this.#pick(EMAIL_LISTS)];
  }

  /** An active row; now and then of somebody who had left and come back, whose `udate` stays. */
  #membership(list: ListName, createdAt: number): PlannedMembership {
    const joinedAt = this.#between(createdAt, Math.min(createdAt + 90 * DAY, LAST - 60 * DAY));
    return { list, status: 1, joinedAt, ...(this.#random() < 0.04 ? { leftAt: joinedAt + 35_000 } : {}) };
  }

  #left(list: ListName, createdAt: number): PlannedMembership {
    const { joinedAt } = this.#membership(list, createdAt);
    const leftAt = this.#between(joinedAt + DAY, LAST - 30 * DAY);
    return { list, status: 2, joinedAt, leftAt, reason: this.#pick(REASONS), campaign: String(this.#whole(1, 40)) };
  }

  #tagFor(shape: Shape): string {
    if (shape === 'converted lead') return CONVERTED;
    return this.#pick(QUALIFYING[shape === 'lead' ? 'Lead' : 'Contact']);
  }

  /** An address that nobody else in this world has. */
  #address(firstName: string, lastName: string, label: string): string {
    const name = `${firstName}.${lastName}`.toLowerCase();
    const top = this.#pick(DOMAINS);
    const domain = this.#random() < 0.75 ? `${label}.${top}` : top;
    let address = `${name}@${domain}`;
    for (let next = 2; this.#taken.has(address); next++) address = `${name}${next}@${domain}`;
    this.#taken.add(address);
    return address;
  }

  /** People and forms write one address in many ways. */
  #asTyped(address: string): string {
    const luck = this.#random();
    if (luck < 0.86) return address;
    if (luck < 0.95) return address.replace(/(^|[.@])([a-z])/g, (letter) => letter.toUpperCase());
    return address.toUpperCase();
  }

  #pick<T>(choices: readonly T[]): T {
    const choice = choices[Math.floor(this.#random() * choices.length)];
    if (choice === undefined) throw new Error('nothing to pick from');
    return choice;
  }

  #share<T extends string>(shares: readonly (readonly [T, number])[]): T {
    let luck = this.#random() * shares.reduce((sum, [, share]) => sum + share, 0);
    for (const [choice, share] of shares) {
      luck -= share;
      if (luck < 0) return choice;
    }
    return this.#pick(shares)[0];
  }

  #whole(low: number, high: number): number {
    return low + Math.floor(this.#random() * (high - low + 1));
  }

  #between(start: number, end: number): number {
    return start + Math.floor((this.#random() * Math.max(end - start, 0)) / 1000) * 1000;
  }
}
