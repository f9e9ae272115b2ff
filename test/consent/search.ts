import { type Decision, directionOf } from '../../src/consent/decide.ts';
import { causeOf } from '../../src/consent/rules.ts';
import { copyOf, counts, pack, unpack } from './canonical.ts';
import { type Fault, faultsOfListing, faultsOfMishap, faultsOfRun, GRAVE, ignoresYes } from './faults.ts';
import { type RunMode, type RunResult, run } from './run.ts';
import { type Event, happen, LISTS, live, statusOn, type World } from './world.ts';

/**
 * Every history of up to so many events, from a few typical worlds, with any runs in between: a breadth-first search
 * over packed worlds. A history is counted in events; runs are free, so the first history found for a fault is one with
 * the fewest events.
 */

/** A fault, with the shortest history that leads to it. */
export interface Found {
  readonly fault: Fault;
  /** The start, then events and runs in words; the last one is the run at fault. */
  readonly history: () => readonly string[];
  readonly result: RunResult;
  /** The world after that run. */
  readonly world: World;
}

export interface Searched {
  /** Distinct states visited. */
  readonly states: number;
  /** The new ones by number of events. */
  readonly byDepth: readonly number[];
  /** Events and runs tried. */
  readonly steps: number;
}

/** At most so many records, in the bin or not; more say nothing new. */
const MOST_RECORDS = 3;
const MOST_BOUNCES = 2;

/** Everything that can happen here and changes something. */
export function eventsIn(world: World): Event[] {
  const events: Event[] = [];
  const { contact } = world;
  const records = live(world);
  const room = world.records.filter((record) => counts(world, record)).length < MOST_RECORDS;
  if (room) events.push({ kind: 'record born', set: false }, { kind: 'record born', set: true });
  for (const [which, record] of records.entries()) {
    events.push({ kind: record.set ? 'box cleared' : 'box set', which });
    events.push({ kind: 'record deleted', which }, { kind: 'record purged', which });
    if (room) events.push({ kind: 'lead converted', which, carried: false });
    if (room && record.set) events.push({ kind: 'lead converted', which, carried: true });
    for (const [into, other] of records.entries()) {
      if (into === which) continue;
      events.push({ kind: 'records merged', which, into, keeps: 'winner' });
      if (record.set !== other.set) events.push({ kind: 'records merged', which, into, keeps: 'loser' });
    }
  }
  const bin = world.records.filter((record) => record.state === 'gone');
  for (const [which, record] of bin.entries())
    if (counts(world, record)) events.push({ kind: 'record undeleted', which });
  if (bin.some((record) => counts(world, record))) events.push({ kind: 'bin emptied' });
  for (const list of LISTS) {
    const status = statusOn(world, list);
    events.push({ kind: world.shown.includes(list) ? 'list hidden' : 'list shown', list });
    events.push({ kind: 'person subscribes', list });
    if (status === undefined) events.push({ kind: 'admin imports', list });
    if (contact && status !== 1 && status !== 0) events.push({ kind: 'joins unconfirmed', list });
    if (status === 0) events.push({ kind: 'person confirms', list });
    if (status === 1) events.push({ kind: 'person unsubscribes', list });
    if (status === 2 || status === 3) events.push({ kind: 'admin reactivates', list });
  }
  if (!contact) return [...events, { kind: 'contact created' }];
  events.push({ kind: 'contact deleted' }, { kind: contact.tags.length > 0 ? 'tag lost' : 'tag gained' });
  if (contact.bouncedHard < MOST_BOUNCES) events.push({ kind: 'hard bounce' });
  if (contact.bouncedHard > 0) events.push({ kind: 'bounce reset' });
  if (contact.memberships.some((row) => row.status === 1)) events.push({ kind: 'soft bounce' });
  return events;
}

/** The ways in which a run of this decision can go wrong: those that leave something else behind than a whole one. */
function mishaps({ decision }: RunResult): RunMode[] {
  if (directionOf(decision) === 'none') return ['killed after both'];
  const records = decision.set.length + decision.clear.length;
  const lists = decision.unsubscribe.length;
  return [
    'killed before writing',
    'killed after both',
    ...(records > 0 ? (['salesforce fails'] as const) : []),
    ...(lists > 0 ? (['activecampaign fails'] as const) : []),
    ...(records > 1 ? (['one record fails', 'other record fails'] as const) : []),
    ...(lists > 1 ? (['one list fails', 'other list fails'] as const) : []),
  ];
}

/** Packed worlds that were seen, as 64-bit hashes in one flat table: eight bytes each and a quarter of them free. */
export class Seen {
  #table = new Uint32Array(1 << 17);
  size = 0;

  /** Whether it was not there before. */
  add(text: string): boolean {
    if (this.size * 4 > this.#table.length) this.#grow();
    let [a, b] = [0x9e3779b9, 0x85ebca6b];
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x5bd1e995);
      b ^= b >>> 15;
    }
    a = Math.imul(a ^ (a >>> 16), 0x7feb352d);
    a = (a ^ (a >>> 15)) >>> 0;
    const added = this.#put(a, (b >>> 0) | 1);
    if (added) this.size += 1;
    return added;
  }

  #put(a: number, b: number): boolean {
    const slots = this.#table.length / 2;
    for (let slot = a % slots; ; slot = (slot + 1) % slots) {
      const high = this.#table[slot * 2 + 1]!;
      if (high === 0) {
        this.#table[slot * 2] = a;
        this.#table[slot * 2 + 1] = b >>> 0;
        return true;
      }
      if (this.#table[slot * 2] === a && high === b >>> 0) return false;
    }
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Uint32Array(old.length * 2);
    for (let index = 0; index < old.length; index += 2)
      if (old[index + 1] !== 0) this.#put(old[index]!, old[index + 1]!);
  }
}

/** One step of a history and those before it. */
export interface Step {
  readonly up: Step | null;
  readonly step: string;
}

export function historyOf(last: Step): string[] {
  const steps: string[] = [];
  for (let here: Step | null = last; here; here = here.up) steps.push(here.step);
  return steps.reverse();
}

const STATUS = ['unconfirmed', 'active', 'unsubscribed', 'bounced'];

/** An event in words that need no names: packed worlds have none. */
export function inWords(event: Event, world: World): string {
  const record = (which: number, records = live(world)) => {
    const { id, set } = records[which]!;
    const agreed = world.agreement?.kind === 'out' && world.agreement.records.includes(id);
    return `${set ? 'set' : 'clear'}${agreed ? ', agreed' : ''}`;
  };
  const details: string[] = [];
  if (event.kind === 'record undeleted')
    details.push(
      record(
        event.which,
        world.records.filter((one) => one.state === 'gone'),
      ),
    );
  else if ('which' in event) details.push(record(event.which));
  if ('into' in event) details.push(`into ${record(event.into)}, keeps the ${event.keeps}'s box`);
  if ('carried' in event) details.push(event.carried ? 'box carried' : 'box not carried');
  if ('set' in event) details.push(event.set ? 'set' : 'clear');
  if ('list' in event) {
    const status = statusOn(world, event.list);
    details.push(status === undefined ? 'never joined' : STATUS[status]!);
    if (!world.shown.includes(event.list)) details.push('list hidden');
  }
  return details.length > 0 ? `${event.kind} (${details.join('; ')})` : event.kind;
}

export interface SearchOptions {
  /** At most so many events in a history. */
  readonly depth: number;
  /** Whether an event may also come between the reading and the writes of a run (see `Moment`), or in the second in which it ends. */
  readonly races: boolean;
  /** Told now and then how far it is: worlds done of those of this number of events, and states seen so far. */
  readonly watch?: (events: number, done: number, all: number, states: number) => void;
}

/** Before such a run writes, it looks at the boxes once more. */
function isForBounce({ next, set }: Decision): boolean {
  return causeOf(next) === 'bounce' && set.length > 0;
}

/** After so many worlds the search says how far it is. */
const WATCHED = 50_000;

/**
 * Walks all histories. Whatever is at fault is handed to `meet`; behind a run at grave fault the search does not go on,
 * or every later state would be at fault too.
 */
export function search(
  starts: readonly { readonly name: string; readonly world: World }[],
  { depth, races, watch }: SearchOptions,
  meet: (found: Found) => void,
): Searched {
  const seen = new Seen();
  const byDepth: number[] = [];
  let steps = 0;
  let level: { here: Step; packed: string }[] = [];

  /** Takes in a state, and all states to which runs lead from it. */
  function arrive(into: typeof level, here: Step, world: World, last: boolean, packed = pack(world)): void {
    if (!seen.add(packed)) return;
    if (!last) into.push({ here, packed });
    const report = (faults: readonly Fault[], mode: RunMode, result: RunResult, end: World) => {
      const history = () => [...historyOf(here), `RUN ${mode}`];
      for (const fault of faults) meet({ fault, history, result, world: end });
    };
    const whole = copyOf(world);
    const result = run(whole);
    const faults = faultsOfRun(whole, result);
    const end = pack(whole);
    if (faults.length === 0 && end === packed && ignoresYes(whole)) faults.push('yes ignored');
    report(faults, 'whole', result, whole);
    if (!faults.some((fault) => GRAVE.has(fault))) arrive(into, { up: here, step: 'RUN whole' }, whole, last, end);
    const modes = mishaps(result);
    steps += 1 + modes.length;
    for (const mode of modes) {
      const broken = copyOf(world);
      const how = run(broken, mode);
      report(faultsOfListing(broken, false), mode, how, broken);
      if (faults.length === 0) report(faultsOfMishap(broken, whole), mode, how, broken);
      arrive(into, { up: here, step: `RUN ${mode}` }, broken, last);
    }
  }

  for (const { name, world } of starts) arrive(level, { up: null, step: name }, world, depth === 0);
  byDepth.push(seen.size);
  for (let events = 1; events <= depth; events++) {
    const next: typeof level = [];
    for (const [index, { here, packed }] of level.entries()) {
      if (index % WATCHED === 0) watch?.(events, index, level.length, seen.size);
      const before = unpack(packed);
      for (const event of eventsIn(before)) {
        const after = copyOf(before);
        happen(after, event);
        const step = inWords(event, before);
        arrive(next, { up: here, step }, after, events === depth);
        steps += 1;
        if (!races) continue;
        const raced = copyOf(before);
        run(raced, 'whole', event);
        arrive(next, { up: here, step: `RUN whole, and during it ${step}` }, raced, events === depth);
        const tied = copyOf(before);
        const { decision } = run(tied);
        if (isForBounce(decision)) {
          const late = copyOf(before);
          run(late, 'whole', event, 'at the last moment');
          arrive(next, { up: here, step: `RUN whole, and at its last moment ${step}` }, late, events === depth);
          steps += 1;
        }
        happen(tied, event, 0);
        arrive(next, { up: here, step: `RUN whole, and in the same second ${step}` }, tied, events === depth);
        steps += 2;
      }
    }
    byDepth.push(seen.size - byDepth.reduce((sum, count) => sum + count, 0));
    level = next;
  }
  return { states: seen.size, byDepth, steps };
}
