import type { Agreement } from '../../src/consent/agreement.ts';
import type { ContactFact, Membership, PersonFacts, Policy } from '../../src/consent/facts.ts';
import type { Stamps } from '../../src/consent/interrupted.ts';
import { acStanding } from '../../src/consent/standing.ts';
import { bringNo, clearOne, fade, join, leave, type Said, sayNo, silence } from './said.ts';

/**
 * A model of one person in both systems, in memory: what the property tests and the exhaustive search walk through.
 * Time is a count of seconds; every event takes one. What people said is written down beside it, by their acts alone.
 */

export interface ModelRecord {
  id: string;
  set: boolean;
  state: 'live' | 'gone';
  /** Set by people, not by a run, and no finished run has taken note yet. */
  byHand: boolean;
  /** When the box last changed, in milliseconds, where the org tracks the field. */
  changedAt: number | null;
  /** When the record last changed. */
  modifiedAt: number;
  /** A run was the last to change it. */
  byUs: boolean;
}

export interface Intended {
  /** What it was to set and to remember as a bounce. */
  readonly bounce: { readonly set: readonly string[]; readonly fingerprint: string | null } | null;
  /** When each record had last changed before a run that was to clear boxes. */
  readonly stamps: Stamps | null;
}

export interface World {
  second: number;
  next: number;
  /** Whether Salesforce keeps the field's history. */
  readonly history: boolean;
  /** Whether the admin has named the sources of a membership that are the person's own act. */
  readonly sourcesNamed: boolean;
  /** Live ones and those in the bin; what is purged is not here any more. */
  records: ModelRecord[];
  /** Set records that vanished and that no finished run has counted yet. `noted`: a run has written them down. */
  vanished: { id: string; noted: boolean; byHand: boolean }[];
  contact: { id: string; bouncedHard: number; tags: string[]; memberships: Membership[] } | null;
  /** Lists that `/lists` shows. */
  shown: string[];
  agreement: Agreement | null;
  /** What is left of a run that was cut off (src/companion/recover.ts). */
  intention: Intended | null;
  said: Said;
  /** The latest second in which the person subscribed by an act of their own, by list. */
  personSubscribed: Record<string, number>;
}

export const LISTS = ['1', '2'];
export const QUALIFYING = 'added-to-salesforce-contact';
/** Sources of a membership. */
export const [FORM, IMPORT] = ['form', 'import'];

/** How the model's org and account are set up. */
export type Setting = Partial<Pick<World, 'history' | 'sourcesNamed'>>;

export function newWorld({ history = false, sourcesNamed = false }: Setting = {}): World {
  return {
    second: 1,
    next: 1,
    history,
    sourcesNamed,
    records: [],
    vanished: [],
    contact: null,
    shown: [...LISTS],
    agreement: null,
    intention: null,
    said: silence(),
    personSubscribed: {},
  };
}

export type Event =
  | { kind: 'record born'; set: boolean }
  | { kind: 'box set'; which: number }
  | { kind: 'box cleared'; which: number }
  | { kind: 'record deleted'; which: number }
  | { kind: 'record purged'; which: number }
  | { kind: 'record undeleted'; which: number }
  | { kind: 'bin emptied' }
  | { kind: 'lead converted'; which: number; carried: boolean }
  | { kind: 'records merged'; which: number; into: number; keeps: 'winner' | 'loser' }
  | { kind: 'contact created' }
  | { kind: 'contact deleted' }
  | { kind: 'person subscribes'; list: string }
  | { kind: 'person unsubscribes'; list: string }
  | { kind: 'joins unconfirmed'; list: string }
  | { kind: 'person confirms'; list: string }
  | { kind: 'admin reactivates'; list: string }
  | { kind: 'admin imports'; list: string }
  | { kind: 'hard bounce' }
  | { kind: 'soft bounce' }
  | { kind: 'bounce reset' }
  | { kind: 'tag gained' }
  | { kind: 'tag lost' }
  | { kind: 'list hidden'; list: string }
  | { kind: 'list shown'; list: string };

export const at = (world: World) => world.second * 1000;
const freshId = (world: World) => String(world.next++);
export const live = (world: World) => world.records.filter((record) => record.state === 'live');
export const statusOn = (world: World, list: string) =>
  world.contact?.memberships.find((row) => row.list === list)?.status;

export function setMembership(world: World, list: string, status: number, change: Partial<Membership>): void {
  const { contact } = world;
  if (!contact) return;
  const old = contact.memberships.find((row) => row.list === list);
  const row: Membership = {
    id: old?.id ?? `m${freshId(world)}`,
    list,
    status,
    subscribedAt: old?.subscribedAt ?? null,
    unsubscribedAt: old?.unsubscribedAt ?? null,
    ...(old?.source === undefined ? {} : { source: old.source }),
    ...change,
  };
  contact.memberships = [...contact.memberships.filter((other) => other.list !== list), row];
}

/** Changes a record, in whatever. */
export function touch(world: World, record: ModelRecord, byUs: boolean): void {
  Object.assign(record, { modifiedAt: at(world), byUs });
}

/** Sets or clears a box, by whomever; a record that is written as it is counts as changed, too. */
export function setBox(world: World, record: ModelRecord, set: boolean, byUs = false): void {
  touch(world, record, byUs);
  if (record.set === set) return;
  record.set = set;
  if (!set) record.byHand = false;
  if (world.history) record.changedAt = at(world);
}

function setByHand(world: World, record: ModelRecord, set: boolean): void {
  if (record.set === set) return;
  setBox(world, record, set);
  record.byHand = set;
  if (set) sayNo(world.said);
  else clearOne(world.said);
}

function bear(world: World, set: boolean, byHand: boolean): void {
  world.records.push({
    id: `r${freshId(world)}`,
    set,
    state: 'live',
    byHand,
    changedAt: null,
    modifiedAt: at(world),
    byUs: false,
  });
}

function toBin(world: World, record: ModelRecord): void {
  record.state = 'gone';
  if (record.set) world.vanished.push({ id: record.id, noted: false, byHand: record.byHand });
}

function newContact(world: World, tags: string[]): void {
  world.contact = { id: `c${freshId(world)}`, bouncedHard: 0, tags, memberships: [] };
}

function subscribed(world: World, list: string): void {
  join(world.said);
  world.personSubscribed[list] = world.second;
}

function bounce(world: World): void {
  for (const row of world.contact?.memberships ?? [])
    if (row.status === 1) setMembership(world, row.list, 3, { unsubscribedAt: at(world) });
}

const seesBox = (world: World) => world.vanished.length > 0 || live(world).some((record) => record.set);

/** Whether a box is set, or has vanished set, other than by a cut-off run for a bounce, which tells of nothing that was said. */
export function seesBoxOfOthers({ intention, vanished, records }: World): boolean {
  const ours = intention?.bounce?.set ?? [];
  const isOthers = ({ id, state, set, byUs }: ModelRecord) => state === 'live' && set && !(byUs && ours.includes(id));
  return vanished.length > 0 || records.some(isOthers);
}

/**
 * Lets one thing happen, in place; an event that cannot happen here (no such record, no contact) does nothing.
 * @param pause seconds since what happened before
 */
export function happen(world: World, event: Event, pause: 0 | 1 = 1): void {
  world.second += pause;
  occur(world, event);
  weigh(world);
}

/** What of all that was said can still be seen after something has happened. */
export function weigh(world: World): void {
  const { active } = acStanding(world.contact, policyOf(world));
  const { left } = world.said;
  if (active.length > 0) world.said.mailedSince = left !== null && !world.said.known;
  const out = active.length === 0 && left !== null && statusOn(world, left) === 2 && !world.said.mailedSince;
  const isForBounce = world.agreement?.kind === 'out' && world.agreement.cause === 'bounce';
  const carried = !isForBounce && seesBoxOfOthers(world);
  const boxByHand = [...live(world), ...world.vanished].some((one) => one.byHand);
  fade(world.said, { box: seesBox(world), boxByHand, left: out || carried });
}

function occur(world: World, event: Event): void {
  const { contact } = world;
  const pick = (which: number) => live(world)[which % Math.max(1, live(world).length)];
  switch (event.kind) {
    case 'record born':
      bear(world, event.set, event.set);
      if (event.set) bringNo(world.said);
      return;
    case 'box set':
    case 'box cleared': {
      const record = pick(event.which);
      if (record) setByHand(world, record, event.kind === 'box set');
      return;
    }
    case 'record deleted': {
      const record = pick(event.which);
      if (record) toBin(world, record);
      return;
    }
    // Deleted and out of the bin before anybody looked, or its address changed to another person's.
    case 'record purged': {
      const record = pick(event.which);
      world.records = world.records.filter((other) => other !== record);
      return;
    }
    case 'record undeleted': {
      const gone = world.records.filter((record) => record.state === 'gone');
      const record = gone[event.which % Math.max(1, gone.length)];
      if (!record) return;
      record.state = 'live';
      touch(world, record, false);
      world.vanished = world.vanished.filter(({ id }) => id !== record.id);
      // An old no comes to light again, unless it is still remembered; it is not said anew.
      if (record.set && world.agreement?.kind !== 'out') {
        record.byHand = true;
        world.said.no = true;
      }
      return;
    }
    case 'bin emptied':
      world.records = live(world);
      world.vanished = world.vanished.filter(({ noted }) => noted);
      return;
    case 'lead converted': {
      const record = pick(event.which);
      if (!record) return;
      // A converted lead stays in the org for ever, and is nobody's record any more.
      world.records = world.records.filter((other) => other !== record);
      if (record.set) world.vanished.push({ id: record.id, noted: true, byHand: record.byHand });
      bear(world, event.carried && record.set, event.carried && record.byHand);
      return;
    }
    case 'records merged': {
      const [loser, winner] = [pick(event.which), pick(event.into)];
      if (!loser || !winner || loser === winner) return;
      const kept = event.keeps === 'winner' ? winner.set : loser.set;
      toBin(world, loser);
      // Choosing the clear value of two is a hand that clears; the other choice says nothing new.
      touch(world, winner, false);
      if (kept) {
        setBox(world, winner, true);
        winner.byHand ||= loser.byHand;
      } else setByHand(world, winner, false);
      return;
    }
    case 'contact created':
      if (!contact) newContact(world, [QUALIFYING]);
      return;
    case 'contact deleted':
      world.contact = null;
      return;
    case 'person subscribes':
      if (!contact) newContact(world, []);
      setMembership(world, event.list, 1, { subscribedAt: at(world), source: FORM });
      subscribed(world, event.list);
      return;
    case 'person unsubscribes':
      if (statusOn(world, event.list) !== 1) return;
      setMembership(world, event.list, 2, { unsubscribedAt: at(world) });
      if (world.contact?.memberships.every((row) => row.status !== 1)) leave(world.said, event.list);
      return;
    case 'joins unconfirmed':
      if (!contact || statusOn(world, event.list) === 1) return;
      setMembership(world, event.list, 0, { subscribedAt: at(world), source: FORM });
      world.personSubscribed[event.list] = world.second;
      return;
    case 'person confirms':
      if (statusOn(world, event.list) !== 0) return;
      setMembership(world, event.list, 1, {});
      subscribed(world, event.list);
      return;
    case 'admin reactivates':
      if ((statusOn(world, event.list) ?? 1) !== 1) setMembership(world, event.list, 1, {});
      return;
    // A bulk import passes over whoever has a row on the list, and makes the contact if there is none.
    case 'admin imports':
      if (!contact) newContact(world, [QUALIFYING]);
      if (statusOn(world, event.list) === undefined)
        setMembership(world, event.list, 1, { subscribedAt: at(world), source: IMPORT });
      return;
    case 'hard bounce':
      if (contact) contact.bouncedHard += 1;
      bounce(world);
      return;
    // Three soft bounces make the rows bounced and leave the counter of hard ones alone.
    case 'soft bounce':
      bounce(world);
      return;
    case 'bounce reset':
      if (contact) contact.bouncedHard = 0;
      return;
    case 'tag gained':
      if (contact) contact.tags = [QUALIFYING];
      return;
    case 'tag lost':
      if (contact) contact.tags = [];
      return;
    case 'list hidden':
      world.shown = world.shown.filter((list) => list !== event.list);
      return;
    case 'list shown':
      if (!world.shown.includes(event.list)) world.shown = [...world.shown, event.list].sort();
      return;
  }
}

export function policyOf(world: World): Policy {
  return {
    lists: new Set(world.shown),
    qualifyingTags: [QUALIFYING],
    personSources: world.sourcesNamed ? [FORM] : 'any',
  };
}

/** What a run reads. Two readings of an unchanged world are equal and independent. */
export function factsOf(world: World): PersonFacts {
  const { contact } = world;
  return {
    address: 'ann.lee@example.com',
    records: live(world).map(({ id, set, changedAt, modifiedAt }) => ({
      id,
      set,
      modifiedAt,
      ...(changedAt === null ? {} : { changedAt }),
    })),
    vanished: world.vanished.map(({ id }) => id),
    contact:
      contact && ({ ...contact, tags: [...contact.tags], memberships: [...contact.memberships] } satisfies ContactFact),
  };
}
