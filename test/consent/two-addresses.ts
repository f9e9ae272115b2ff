import type { AddressChange, Carriage, Leaver } from '../../src/consent/carry.ts';
import { copyOf, packWith } from './canonical.ts';
import { clearOne, join, leave, sayNo } from './said.ts';
import { type Event, happen, LISTS, live, type ModelRecord, newWorld, touch, type World, weigh } from './world.ts';

/**
 * A model of two addresses in both systems: records and contacts that get the other address, or none. Each address is a
 * world of one person as the other search has it; beside them stands what the companion keeps about address changes.
 */

export const WHERE = ['a', 'b'] as const;
export type Where = (typeof WHERE)[number];
export const otherThan = (where: Where): Where => (where === 'a' ? 'b' : 'a');

/** Something that left an address, until a run has looked at both (src/companion/readdressed.ts). */
export interface Readdressed extends Leaver {
  readonly was: Where;
}

/** An address change that a run has noticed (src/companion/moves.ts). `address`: where it counts. */
export interface Move {
  readonly side: Leaver['side'];
  readonly id: string;
  readonly was: Where;
  readonly address: Where;
  readonly how: Carriage | 'behind';
  readonly settled: boolean;
  /** Not itself, but a record that was merged into it had that address. */
  readonly heir: boolean;
}

export interface Pair {
  readonly addressChange: AddressChange;
  readonly at: Readonly<Record<Where, World>>;
  /** Live records that have no address. */
  bare: ModelRecord[];
  /** Where the last reading saw each record and each contact. */
  seen: Record<string, Where>;
  readdressed: readonly Readdressed[];
  moves: readonly Move[];
  /** Where each was when a run last looked at both addresses: the ground truth, which no run reads. */
  base: Record<string, Where>;
  /** Into which record one that was clear was merged since. */
  heirs: Readonly<Record<string, string>>;
  /** Records that were set when they left an address. */
  leftSet: readonly string[];
  /** Records and contacts that came with a no of which a run had taken note where they were before, or that was its own. */
  noted: readonly { readonly id: string; readonly from: Where }[];
  /** For whom an opt-out of the other address is to count until a run has finished with them, because of what moved. */
  owed: readonly { readonly id: string; readonly from: Where; readonly where: Where }[];
}

export type PairEvent =
  | { readonly at: Where; readonly event: Event }
  /** A record gets another address, or loses its own. */
  | { readonly record: number; readonly from: Where | 'none'; readonly to: Where | 'none' }
  /** A clear or set record is merged into one with the other address, which keeps its own box. */
  | { readonly loser: Where }
  /** A contact gets the other address; where somebody has it, they change places by way of a third. */
  | { readonly contactOf: Where };

export function newPair(addressChange: AddressChange): Pair {
  const at = { a: newWorld(), b: newWorld() };
  // Ids are never the same on both sides.
  at.b.next = 1000;
  return {
    addressChange,
    at,
    bare: [],
    seen: {},
    readdressed: [],
    moves: [],
    base: {},
    heirs: {},
    leftSet: [],
    noted: [],
    owed: [],
  };
}

export function copyOfPair(pair: Pair): Pair {
  return {
    ...pair,
    at: { a: copyOf(pair.at.a), b: copyOf(pair.at.b) },
    bare: pair.bare.map((record) => ({ ...record })),
    seen: { ...pair.seen },
    base: { ...pair.base },
  };
}

/** Both worlds have one clock. */
export function sameTime({ at: { a, b } }: Pair): void {
  a.second = Math.max(a.second, b.second);
  b.second = a.second;
}

/** Lets one thing happen, in place. What cannot happen here does nothing. */
export function happenTo(pair: Pair, event: PairEvent): void {
  sameTime(pair);
  if ('event' in event) {
    happen(pair.at[event.at], event.event);
    if (event.event.kind === 'box cleared') {
      const cleared = new Set(live(pair.at[event.at]).flatMap(({ id, set }) => (set ? [] : [id])));
      pair.noted = pair.noted.filter(({ id }) => !cleared.has(id));
      // Taken back by hand at this address.
      if (cleared.size === live(pair.at[event.at]).length)
        pair.owed = pair.owed.filter(({ where }) => where !== event.at);
    }
    // A yes after all that was said before.
    if (event.event.kind === 'person subscribes') pair.owed = pair.owed.filter(({ where }) => where !== event.at);
  } else {
    for (const where of WHERE) pair.at[where].second += 1;
    if ('record' in event) readdress(pair, event.record, event.from, event.to);
    else if ('loser' in event) merge(pair, event.loser);
    else moveContacts(pair, event.contactOf);
    for (const where of WHERE) weigh(pair.at[where]);
  }
  sameTime(pair);
}

/** A box travels with its record: at the new address it says no like any other. */
function readdress(pair: Pair, which: number, from: Where | 'none', to: Where | 'none'): void {
  const records = from === 'none' ? pair.bare : live(pair.at[from]);
  const record = records[which];
  if (!record || from === to) return;
  if (from === 'none') pair.bare = pair.bare.filter((one) => one !== record);
  else pair.at[from].records = pair.at[from].records.filter((one) => one !== record);
  touch(pair.at.a, record, false);
  if (record.set && !record.byHand && from !== 'none') noteNo(pair, record.id, from);
  const leftSet = pair.leftSet.includes(record.id);
  if (record.set !== leftSet)
    pair.leftSet = record.set ? [...pair.leftSet, record.id] : pair.leftSet.filter((id) => id !== record.id);
  if (to === 'none') {
    pair.bare.push(record);
    return;
  }
  pair.at[to].records.push(record);
  if (!record.set) {
    if (leftSet) clearOne(pair.at[to].said);
    return;
  }
  // The old box is back, and says nothing new.
  if (pair.noted.some(({ id, from }) => id === record.id && from === to)) return;
  record.byHand = true;
  sayNo(pair.at[to].said);
}

/** The first record is merged into the first one of the other address; a box that vanishes so counts for both. */
function merge(pair: Pair, where: Where): void {
  const [world, others] = [pair.at[where], pair.at[otherThan(where)]];
  const [loser, winner] = [live(world)[0], live(others)[0]];
  if (!loser || !winner) return;
  world.records = world.records.filter((one) => one !== loser);
  touch(others, winner, false);
  if (loser.set) {
    for (const one of [world, others])
      one.vanished.push({ id: loser.id, noted: true, byHand: one === others || loser.byHand });
    sayNo(others.said);
    return;
  }
  // A clear one leaves its address; what becomes of it is looked at by the winner's id.
  pair.heirs = { ...pair.heirs, [loser.id]: winner.id };
  for (const { id, was } of pair.readdressed)
    if (id === loser.id) note(pair, { side: 'salesforce', id: winner.id, via: 'heir', was });
  const was = pair.seen[loser.id];
  if (was !== undefined) note(pair, { side: 'salesforce', id: winner.id, via: 'heir', was });
}

export function note(pair: Pair, one: Readdressed): void {
  const known = pair.readdressed.some(({ side, id, was }) => side === one.side && id === one.id && was === one.was);
  if (!known) pair.readdressed = [...pair.readdressed, one];
}

export function isNoted(pair: Pair, id: string): boolean {
  return pair.noted.some((one) => one.id === id);
}

function noteNo(pair: Pair, id: string, from: Where): void {
  if (!isNoted(pair, id)) pair.noted = [...pair.noted, { id, from }];
}

/** An unsubscribe travels with its contact. */
function moveContacts(pair: Pair, from: Where): void {
  const { a, b } = pair.at;
  if (!pair.at[from].contact) return;
  [a.contact, b.contact] = [b.contact, a.contact];
  const then = { a: { ...a.said }, b: { ...b.said } };
  for (const where of WHERE) {
    const { contact, said } = pair.at[where];
    const rows = contact?.memberships ?? [];
    const left = rows.find(({ status }) => status === 2);
    const before = then[otherThan(where)];
    // Back where it was, with what was said by it meanwhile.
    const isHome = (id: string) =>
      pair.base[id] === where || pair.noted.some((one) => one.id === id && one.from === where);
    if (contact && isHome(contact.id) && before.joined) join(said);
    if (!contact || !left || rows.some(({ status }) => status === 1)) continue;
    if (before.left === null || before.known) noteNo(pair, contact.id, otherThan(where));
    // It may have been a run that unsubscribed them, and a rep who took that back here.
    if (isNoted(pair, contact.id) && said.cleared) continue;
    leave(said, left.list);
    Object.assign(said, { joined: before.joined, cleared: before.cleared });
  }
}

/** Where a record or a contact is now. */
export function placeOf(pair: Pair, id: string): Where | undefined {
  return WHERE.find((where) => {
    const { contact } = pair.at[where];
    return contact?.id === id || live(pair.at[where]).some((record) => record.id === id);
  });
}

/** A string that is the same for pairs that differ only in names and in how much time passed. */
export function keyOf(pair: Pair): string {
  const knows = (where: Where, id: string) => {
    const { agreement, intention } = pair.at[where];
    const agreed = agreement?.kind === 'out' && (agreement.contact === id || agreement.records.includes(id));
    return `${agreed ? 'k' : '.'}${intention?.bounce?.set.includes(id) ? 'i' : '.'}${id in (intention?.stamps ?? {}) ? 's' : '.'}`;
  };
  const more = (id: string) =>
    [
      knows('a', id),
      knows('b', id),
      pair.seen[id] ?? '-',
      pair.base[id] ?? '-',
      ...pair.readdressed.filter((one) => one.id === id).map(({ was, via }) => `r${was}${via}`),
      ...pair.moves
        .filter((one) => one.id === id)
        .map(({ was, address, how, settled, heir }) => `m${was}${address}${how}${settled}${heir}`),
      ...pair.noted.filter((one) => one.id === id).map(({ from }) => `n${from}`),
      pair.leftSet.includes(id) ? 'l' : '',
      ...pair.owed.filter((one) => one.id === id).map(({ from, where }) => `o${from}${where}`),
    ].join('');
  const of = (world: World) => packWith(world, ({ id }) => more(id));
  const { a, b } = pair.at;
  const bare = pair.bare.map((record) => `${record.set}${record.byHand}${more(record.id)}`).sort();
  const contacts = WHERE.map((where) => (pair.at[where].contact ? more(pair.at[where].contact.id) : ''));
  // What an agreement remembers of a contact that has the other address now, and may come back.
  const elsewhere = WHERE.map((where) => {
    const other = pair.at[otherThan(where)].contact;
    const { agreement } = pair.at[where];
    const mayComeBack = agreement?.kind === 'quiet' || (agreement?.kind === 'out' && agreement.contact === other?.id);
    return mayComeBack && other ? of({ ...pair.at[where], contact: other }) : '';
  });
  const heirs = Object.entries(pair.heirs).map(([id, heir]) => `${pair.base[id]}${placeOf(pair, heir)}${more(heir)}`);
  return [of(a), of(b), ...heirs.sort(), ...bare, ...contacts, ...elsewhere].join('|');
}

/** One list is enough here. */
export const LIST = LISTS[0]!;
