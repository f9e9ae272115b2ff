import type { Agreement, ServiceTimes } from '../../src/consent/agreement.ts';
import { type Decision, decide } from '../../src/consent/decide.ts';
import type { ContactFact, Membership, PersonFacts, Policy } from '../../src/consent/facts.ts';
import { settle } from '../../src/consent/settle.ts';

/**
 * A model of one person in both systems and of a run, in memory: what the property tests and the exhaustive search
 * walk through. Time is a count of seconds; every event takes one.
 */

export interface ModelRecord {
  id: string;
  set: boolean;
  state: 'live' | 'gone' | 'purged';
}

export interface World {
  second: number;
  next: number;
  records: ModelRecord[];
  /** Ids that vanished while set and that no finished run has counted yet. */
  vanished: string[];
  contact: { id: string; bouncedHard: number; tags: string[]; memberships: Membership[] } | null;
  /** Lists that `/lists` shows. */
  shown: string[];
  agreement: Agreement | null;
  /** The latest second in which the person subscribed by an act of their own, by list. */
  personSubscribed: Record<string, number>;
}

export const LISTS = ['1', '2'];
export const QUALIFYING = 'added-to-salesforce-contact';

export function newWorld(): World {
  return {
    second: 1,
    next: 1,
    records: [],
    vanished: [],
    contact: null,
    shown: [...LISTS],
    agreement: null,
    personSubscribed: {},
  };
}

const at = (world: World) => world.second * 1000;
const freshId = (world: World) => String(world.next++);
const live = (world: World) => world.records.filter((record) => record.state === 'live');

export type Event =
  | { kind: 'record born'; set: boolean }
  | { kind: 'box set'; which: number }
  | { kind: 'box cleared'; which: number }
  | { kind: 'record deleted'; which: number }
  | { kind: 'record purged'; which: number }
  | { kind: 'record undeleted'; which: number }
  | { kind: 'lead converted'; which: number; carried: boolean }
  | { kind: 'contact created' }
  | { kind: 'contact deleted' }
  | { kind: 'person subscribes'; list: string }
  | { kind: 'person unsubscribes'; list: string }
  | { kind: 'admin reactivates'; list: string }
  | { kind: 'joins unconfirmed'; list: string }
  | { kind: 'hard bounce' }
  | { kind: 'tag gained' }
  | { kind: 'tag lost' }
  | { kind: 'list hidden'; list: string }
  | { kind: 'list shown'; list: string };

function setMembership(world: World, list: string, status: number, change: Partial<Membership>): void {
  const { contact } = world;
  if (!contact) return;
  const old = contact.memberships.find((row) => row.list === list);
  const row: Membership = {
    id: old?.id ?? `m${freshId(world)}`,
    list,
    status,
    subscribedAt: old?.subscribedAt ?? null,
    unsubscribedAt: old?.unsubscribedAt ?? null,
    ...change,
  };
  contact.memberships = [...contact.memberships.filter((other) => other.list !== list), row];
}

function vanish(world: World, record: ModelRecord, state: 'gone' | 'purged'): void {
  record.state = state;
  if (record.set && state === 'gone') world.vanished.push(record.id);
}

/** Lets one thing happen, in place; an event that cannot happen here (no such record, no contact) does nothing. */
export function happen(world: World, event: Event): void {
  world.second += 1;
  const pick = (which: number) => live(world)[which % Math.max(1, live(world).length)];
  switch (event.kind) {
    case 'record born':
      world.records.push({ id: `r${freshId(world)}`, set: event.set, state: 'live' });
      return;
    case 'box set':
    case 'box cleared': {
      const record = pick(event.which);
      if (record) record.set = event.kind === 'box set';
      return;
    }
    case 'record deleted':
    case 'record purged': {
      const record = pick(event.which);
      if (record) vanish(world, record, event.kind === 'record deleted' ? 'gone' : 'purged');
      return;
    }
    case 'record undeleted': {
      const gone = world.records.filter((record) => record.state === 'gone');
      const record = gone[event.which % Math.max(1, gone.length)];
      if (record) {
        record.state = 'live';
        world.vanished = world.vanished.filter((id) => id !== record.id);
      }
      return;
    }
    case 'lead converted': {
      const record = pick(event.which);
      if (!record) return;
      vanish(world, record, 'gone');
      world.records.push({ id: `r${freshId(world)}`, set: event.carried && record.set, state: 'live' });
      return;
    }
    case 'contact created':
      world.contact ??= { id: freshId(world), bouncedHard: 0, tags: [QUALIFYING], memberships: [] };
      return;
    case 'contact deleted':
      world.contact = null;
      return;
    case 'person subscribes':
      setMembership(world, event.list, 1, { subscribedAt: at(world) });
      if (world.contact) world.personSubscribed[event.list] = world.second;
      return;
    case 'person unsubscribes':
      if (world.contact?.memberships.some((row) => row.list === event.list && row.status === 1))
        setMembership(world, event.list, 2, { unsubscribedAt: at(world) });
      return;
    case 'admin reactivates':
      if (world.contact?.memberships.some((row) => row.list === event.list && row.status !== 1))
        setMembership(world, event.list, 1, {});
      return;
    case 'joins unconfirmed':
      if (!world.contact || world.contact.memberships.some((row) => row.list === event.list)) return;
      setMembership(world, event.list, 0, { subscribedAt: at(world) });
      world.personSubscribed[event.list] = world.second;
      return;
    case 'hard bounce':
      if (!world.contact) return;
      world.contact.bouncedHard += 1;
      for (const row of world.contact.memberships.filter((row) => row.status === 1))
        setMembership(world, row.list, 3, { unsubscribedAt: at(world) });
      return;
    case 'tag gained':
      if (world.contact) world.contact.tags = [QUALIFYING];
      return;
    case 'tag lost':
      if (world.contact) world.contact.tags = [];
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
  return { lists: new Set(world.shown), qualifyingTags: [QUALIFYING] };
}

/** What a run reads. Two readings of an unchanged world are equal and independent. */
export function factsOf(world: World): PersonFacts {
  const contact: ContactFact | null = world.contact ? structuredClone(world.contact) : null;
  return {
    address: 'ann.lee@example.com',
    records: live(world).map(({ id, set }) => ({ id, set })),
    vanished: [...world.vanished],
    contact,
  };
}

/** How a run goes: whole, one half failing, or killed after the first or the second half and before remembering. */
export type RunMode = 'whole' | 'salesforce fails' | 'activecampaign fails' | 'killed after one' | 'killed after both';

export interface RunResult {
  readonly before: PersonFacts;
  readonly decision: Decision;
  readonly agreementBefore: Agreement | null;
  readonly finished: boolean;
  readonly writes: number;
}

/** Carries a decision out: set to a state, never toggled; only active rows are unsubscribed. Counts what changed. */
function carryOut(world: World, decision: Decision, mode: RunMode): number {
  let writes = 0;
  if (mode !== 'activecampaign fails' && mode !== 'killed after one') {
    for (const row of decision.unsubscribe) {
      setMembership(world, row.list, 2, { unsubscribedAt: at(world) });
      writes += 1;
    }
  }
  if (mode !== 'salesforce fails') {
    for (const record of world.records) {
      const wanted = decision.set.includes(record.id) ? true : decision.clear.includes(record.id) ? false : record.set;
      if (wanted !== record.set) writes += 1;
      record.set = wanted;
    }
  }
  return writes;
}

/** One run, in place. */
export function run(world: World, mode: RunMode = 'whole'): RunResult {
  world.second += 1;
  const policy = policyOf(world);
  const before = factsOf(world);
  const agreementBefore = world.agreement;
  const decision = decide(before, agreementBefore, policy);
  const writes = carryOut(world, decision, mode);
  if (mode === 'killed after one' || mode === 'killed after both')
    return { before, decision, agreementBefore, finished: false, writes };
  world.second += 1;
  const read: ServiceTimes = { salesforce: at(world), activecampaign: at(world) };
  const settlement = settle(decision, agreementBefore, { ...factsOf(world), vanished: [] }, policy, read);
  if (settlement.reached) {
    world.agreement = settlement.agreement;
    world.vanished = [];
  }
  return { before, decision, agreementBefore, finished: settlement.reached, writes };
}
