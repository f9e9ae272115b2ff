import { sameAgreement } from '../../src/consent/agreement.ts';
import { carriage, onThatDay } from '../../src/consent/carry.ts';
import type { PersonFacts } from '../../src/consent/facts.ts';
import { afterInterruption } from '../../src/consent/interrupted.ts';
import { acStanding } from '../../src/consent/standing.ts';
import { type Fault, faultsOfEnd } from './faults.ts';
import { type RunMode, type RunResult, run } from './run.ts';
import { heardNo, type Said, sayNo, stands } from './said.ts';
import {
  copyOfPair,
  isNoted,
  type Move,
  note,
  otherThan,
  type Pair,
  placeOf,
  type Readdressed,
  sameTime,
  WHERE,
  type Where,
} from './two-addresses.ts';
import { factsOf, live, policyOf } from './world.ts';

/** A run of the companion over both addresses: what it does about those that have changed, and then about each person. */

export type PairMode =
  | Exclude<RunMode, `${'one' | 'other'} ${string}`>
  /** Killed once both sides are read, or with the first person settled and the second not begun. */
  | 'killed after reading'
  | 'killed between two';

export interface PairResult {
  /** What was done about each person; nobody where the run did not get so far. */
  readonly results: Partial<Record<Where, RunResult>>;
  /** For whom an address change counted. */
  readonly moved: readonly Where[];
}

/** One run, in place. */
export function runPair(pair: Pair, mode: PairMode = 'whole'): PairResult {
  read(pair);
  if (mode === 'killed after reading') return { results: {}, moved: [] };
  notice(pair);
  owe(pair);
  for (const { where } of pair.owed) sayNo(pair.at[where].said);
  const results: Partial<Record<Where, RunResult>> = {};
  const moved: Where[] = [];
  const owed = pair.moves.filter(({ settled }) => !settled);
  for (const where of WHERE) {
    const mine = owed.filter(({ address }) => address === where);
    if (mine.length > 0) moved.push(where);
    const alone = mode === 'killed between two' ? (where === 'a' ? 'whole' : 'killed before writing') : mode;
    results[where] = runOne(pair, where, mine, alone);
  }
  sameTime(pair);
  pair.owed = pair.owed.filter(({ where }) => !results[where]?.finished);
  for (const where of moved) {
    const { said, agreement } = pair.at[where];
    if (results[where]?.finished && agreement?.kind === 'out' && heardNo(pair.at[otherThan(where)].said))
      said.known = true;
  }
  return { results, moved };
}

function runOne(pair: Pair, where: Where, mine: readonly Move[], mode: RunMode): RunResult {
  const world = pair.at[where];
  const carried = mine.map(({ id }) => id).filter((id) => !world.vanished.some((one) => one.id === id));
  world.vanished.push(...carried.map((id) => ({ id, noted: true, byHand: false })));
  const result = run(world, mode);
  world.vanished = world.vanished.filter(({ id }) => !carried.includes(id));
  if (result.finished)
    pair.moves = pair.moves.map((move) => (mine.some((one) => one === move) ? { ...move, settled: true } : move));
  return result;
}

/** Takes note of what has another address than at the last reading, or none: `noteRecords`, then `noteContacts`. */
function read(pair: Pair): void {
  const before = { ...pair.seen };
  for (const where of WHERE)
    for (const { id } of live(pair.at[where])) {
      const was = before[id];
      if (was !== undefined && was !== where) note(pair, { side: 'salesforce', id, via: 'itself', was });
    }
  for (const { id, set } of pair.bare) {
    const was = before[id];
    if (set) gone(pair, id);
    if (was !== undefined && set) note(pair, { side: 'salesforce', id, via: 'bare', was });
  }
  for (const where of WHERE)
    for (const { id } of pair.at[where].vanished) {
      const was = before[id];
      gone(pair, id);
      if (was !== undefined && was !== where) note(pair, { side: 'salesforce', id, via: 'bare', was });
    }
  for (const where of WHERE) {
    const { contact } = pair.at[where];
    const was = contact ? before[contact.id] : undefined;
    const isSeen = was !== undefined && (live(pair.at[was]).length > 0 || pair.at[was].vanished.length > 0);
    if (contact && was !== where && isSeen) note(pair, { side: 'activecampaign', id: contact.id, via: 'itself', was });
    // Nobody was left there, and nothing was said: what is said there after this reading is said after the contact had gone.
    else if (contact && was !== undefined && was !== where && !countsElsewhere(pair.at[was].said)) {
      if (pair.base[contact.id] === was) pair.base[contact.id] = where;
    }
  }
  pair.seen = placesOf(pair);
  // Nobody's any more, and clear: where it was is forgotten.
  for (const { id, set } of pair.bare) if (!set) delete pair.base[id];
}

/** What was noted of a record that has no address any more, or is deleted, while it is set. */
function gone(pair: Pair, id: string): void {
  pair.readdressed = pair.readdressed.map((one) => (one.id === id ? { ...one, via: 'bare' } : one));
}

function placesOf(pair: Pair): Record<string, Where> {
  const places: Record<string, Where> = {};
  for (const where of WHERE) {
    for (const { id } of live(pair.at[where])) places[id] = where;
    const { contact } = pair.at[where];
    if (contact) places[contact.id] = where;
  }
  return places;
}

function knows(pair: Pair, where: Where, id: string): boolean {
  const { agreement } = pair.at[where];
  return agreement?.kind === 'out' && (agreement.contact === id || agreement.records.includes(id));
}

function factsAt(pair: Pair, where: Where): PersonFacts {
  const facts = factsOf(pair.at[where]);
  const moved = pair.moves.filter(({ address, settled }) => address === where && !settled).map(({ id }) => id);
  return { ...facts, vanished: [...new Set([...facts.vanished, ...moved])] };
}

/** The same, seen after a run that was cut off. */
function lookedAt(pair: Pair, where: Where): PersonFacts {
  return afterInterruption(factsAt(pair, where), pair.at[where].intention?.stamps);
}

/** As `noticeMoves` of the companion has it. */
function notice(pair: Pair): void {
  const isOver = ({ id, was, how, settled, heir }: Move) =>
    (settled && (how === 'behind' || !knows(pair, was, id))) || (!heir && placeOf(pair, id) === was);
  pair.moves = pair.moves.filter((move) => !isOver(move));
  for (const was of WHERE) {
    const { agreement } = pair.at[was];
    const address = otherThan(was);
    if (agreement?.kind !== 'out') continue;
    for (const { side, id } of arrivals(pair, address)) {
      const before = pair.moves.find((move) => move.side === side && move.id === id && move.was === was);
      if (!knows(pair, was, id) || before?.settled || before?.how === 'behind') continue;
      const how = carriage(
        agreement,
        lookedAt(pair, was),
        factsAt(pair, address),
        policyOf(pair.at[was]),
        pair.addressChange,
      );
      enter(pair, { side, id, was, address, how, settled: how !== 'carried', heir: false });
    }
  }
  for (const change of pair.readdressed) noticeThatDay(pair, change);
  pair.readdressed = [];
}

function arrivals(pair: Pair, where: Where): Pick<Move, 'side' | 'id'>[] {
  const { contact } = pair.at[where];
  return [
    ...live(pair.at[where]).map(({ id }) => ({ side: 'salesforce' as const, id })),
    ...(contact ? [{ side: 'activecampaign' as const, id: contact.id }] : []),
  ];
}

function enter(pair: Pair, move: Move): void {
  const same = ({ side, id, was }: Move) => side === move.side && id === move.id && was === move.was;
  pair.moves = [...pair.moves.filter((one) => !same(one)), move];
}

function noticeThatDay(pair: Pair, change: Readdressed): void {
  const { side, id, was, via } = change;
  const now = placeOf(pair, id);
  if (now === was) return;
  const at = (where: Where) => ({ facts: lookedAt(pair, where), agreement: pair.at[where].agreement });
  const leaver = { ...change, ...(id in (pair.at[was].intention?.stamps ?? {}) ? { unsure: true as const } : {}) };
  const how = onThatDay(leaver, at(was), now === undefined ? null : at(now), policyOf(pair.at.a), pair.addressChange);
  if (how === 'behind' || how === 'carried')
    enter(pair, {
      side,
      id,
      was,
      address: how === 'behind' ? was : (now ?? was),
      how,
      settled: false,
      heir: via === 'heir',
    });
}

/** What has another address than when a run last finished with everybody. */
function linksOf(pair: Pair): { readonly id: string; readonly from: Where; readonly to: Where | undefined }[] {
  return Object.entries(pair.base).flatMap(([id, from]) => {
    const to = placeOf(pair, pair.heirs[id] ?? id);
    const isLeft = pair.bare.some((record) => record.id === id) || vanishedElsewhere(pair, id, from);
    return to === from || (to === undefined && !isLeft) ? [] : [{ id, from, to }];
  });
}

/** Whether a record was deleted while its box was set, after it had left this address. */
function vanishedElsewhere(pair: Pair, id: string, from: Where): boolean {
  const isIn = (where: Where) => pair.at[where].vanished.some((one) => one.id === id);
  return isIn(otherThan(from)) && !isIn(from);
}

/**
 * Ground truth of `addressChange`: whether an opt-out at one address is one at the other, too, told by what people said and
 * by what has moved since a run last looked, and by no rule. What is said after that look is about one address alone.
 */
function owe(pair: Pair): void {
  const links = pair.addressChange === 'leave' ? [] : linksOf(pair);
  const isMatter = (where: Where) => pair.at[where].contact !== null || pair.at[where].records.length > 0;
  const fresh = links.flatMap(({ id, from, to }) => {
    const wheres: Where[] = [];
    if (to !== undefined && countsElsewhere(pair.at[from].said)) wheres.push(to);
    if (!(id in pair.heirs) && saysNo(pair, id, to)) wheres.push(from);
    return wheres.filter(isMatter).map((where) => ({ id, from, where }));
  });
  const isOver = ({ id, from, where }: Pair['owed'][number]) => {
    const { contact, said } = pair.at[where];
    if (!isMatter(where)) return true;
    return placeOf(pair, pair.heirs[id] ?? id) === from || (where !== from && contact?.id === id && said.joined);
  };
  pair.owed = [...pair.owed, ...fresh].filter((one) => !isOver(one));
  pair.base = placesOf(pair);
  pair.heirs = {};
}

/** Whether somebody said no who did not say yes since, and nobody took that back in Salesforce. */
function countsElsewhere(said: Said): boolean {
  return stands(said) && (said.no || said.known || !said.cleared);
}

/** Whether what has left is opted out itself: a record by its box, a contact by having left its lists. */
function saysNo(pair: Pair, id: string, where: Where | undefined): boolean {
  const record = [...pair.bare, ...WHERE.flatMap((one) => live(pair.at[one]))].find((one) => one.id === id);
  if (record) return record.set && !record.byUs && !isNoted(pair, id);
  if (where === undefined) return !isNoted(pair, id);
  const { contact, said } = pair.at[where];
  const { out, qualified } = acStanding(contact, policyOf(pair.at[where]));
  if (isNoted(pair, id)) return false;
  return out && qualified && said.left !== null && !said.joined && !said.cleared;
}

interface FaultAt {
  readonly fault: Fault;
  readonly where: Where;
}

/** What is wrong with the end of a whole run. */
export function faultsOfPair(pair: Pair, { results, moved }: PairResult): FaultAt[] {
  return WHERE.flatMap((where) => {
    const result = results[where];
    if (!result?.finished) return [];
    const other = results[otherThan(where)]?.said ?? pair.at[otherThan(where)].said;
    const heardElsewhere = moved.includes(where) && heardNo(other);
    return faultsOfEnd(pair.at[where], result)
      .filter((fault) => !(heardElsewhere && (fault === 'unsubscribed unasked' || fault === 'set unasked')))
      .map((fault) => ({ fault, where }));
  });
}

/** Whether a run after a finished run, with no event between, writes or changes what is remembered. */
export function restless(pair: Pair): FaultAt[] {
  const idle = copyOfPair(pair);
  const { results } = runPair(idle);
  const stirs = (where: Where) =>
    (results[where]?.writes ?? 0) > 0 || !sameAgreement(idle.at[where].agreement, pair.at[where].agreement);
  return WHERE.filter(stirs).map((where) => ({ fault: 'restless', where }));
}

/** Whether a run that failed or was killed, and then a whole one, ends where a whole one alone has ended. */
export function killMatters(broken: Pair, whole: Pair): boolean {
  const again = copyOfPair(broken);
  runPair(again);
  return stateOf(again) !== stateOf(whole);
}

function stateOf(pair: Pair): string {
  return JSON.stringify(
    WHERE.map((where) => {
      const { records, contact, agreement } = pair.at[where];
      const boxes = records.map(({ id, set }) => `${id}${set}`).sort();
      return [boxes, contact?.memberships.map(({ list, status }) => `${list}${status}`), agreement?.kind];
    }),
  );
}
