import type { AddressChange } from '../../src/consent/carry.ts';
import { directionOf } from '../../src/consent/decide.ts';
import { type Fault, GRAVE } from './faults.ts';
import { historyOf, inWords, Seen, type Step } from './search.ts';
import {
  copyOfPair,
  happenTo,
  keyOf,
  LIST,
  newPair,
  otherThan,
  type Pair,
  type PairEvent,
  WHERE,
  type Where,
} from './two-addresses.ts';
import { faultsOfPair, killMatters, type PairMode, type PairResult, restless, runPair } from './two-addresses-run.ts';
import { type Event, live, statusOn } from './world.ts';

/** Every history of up to so many events at two addresses, with any runs in between; as search.ts has it for one. */

/** More records than this say nothing new. */
const MOST_RECORDS = 2;

/** Everything that can happen here and changes something. */
export function eventsAt(pair: Pair): PairEvent[] {
  const events: PairEvent[] = [];
  for (const from of WHERE) {
    const world = pair.at[from];
    const to = otherThan(from);
    const at = (event: Event) => events.push({ at: from, event });
    for (const [which, record] of live(world).entries()) {
      at({ kind: record.set ? 'box cleared' : 'box set', which });
      if (record.set) at({ kind: 'record deleted', which });
      if (live(pair.at[to]).length < MOST_RECORDS) events.push({ record: which, from, to });
      if (pair.bare.length === 0) events.push({ record: which, from, to: 'none' });
    }
    for (const [record] of pair.bare.entries())
      if (live(world).length < MOST_RECORDS) events.push({ record, from: 'none', to: from });
    if (live(world).length === 0) at({ kind: 'record born', set: false });
    if (live(world).length > 0 && live(pair.at[to]).length > 0) events.push({ loser: from });
    if (!world.contact) continue;
    if (from === 'a' || !pair.at.a.contact) events.push({ contactOf: from });
    const status = statusOn(world, LIST);
    at({ kind: status === 1 ? 'person unsubscribes' : 'person subscribes', list: LIST });
    if (status !== 1) at({ kind: 'admin reactivates', list: LIST });
    if (world.contact.bouncedHard === 0) at({ kind: 'hard bounce' });
  }
  return events;
}

const IN = [
  { kind: 'record born', set: false },
  { kind: 'contact created' },
  { kind: 'person subscribes', list: LIST },
] as const satisfies Event[];

/** What has become of whoever has the first address, and whether anybody has the second one. */
const STARTS = [
  { name: 'both in', a: [], b: IN },
  { name: 'in, and nobody', a: [], b: [] },
  { name: 'out by a box, and in', a: [{ kind: 'box set', which: 0 }, 'run'], b: IN },
  { name: 'out by unsubscribing, and a record', a: [{ kind: 'person unsubscribes', list: LIST }, 'run'], b: [IN[0]] },
  { name: 'bounced, and in', a: [{ kind: 'hard bounce' }, 'run'], b: IN },
  {
    name: 'quiet, and a record',
    a: [{ kind: 'person unsubscribes', list: LIST }, 'run', { kind: 'box cleared', which: 0 }, 'run'],
    b: [IN[0]],
  },
] as const satisfies { name: string; a: readonly (Event | 'run')[]; b: readonly Event[] }[];
export type PairStart = (typeof STARTS)[number]['name'];

export function startPairs(addressChange: AddressChange): { name: string; pair: Pair }[] {
  return STARTS.map(({ name, a, b }) => {
    const pair = newPair(addressChange);
    for (const event of b) happenTo(pair, { at: 'b', event });
    for (const event of [...IN, 'run' as const, ...a])
      if (event === 'run') runPair(pair);
      else happenTo(pair, { at: 'a', event });
    return { name, pair };
  });
}

export interface FoundAt {
  readonly fault: Fault;
  /** At which address; null where it is about both. */
  readonly where: Where | null;
  readonly history: () => readonly string[];
  readonly result: PairResult;
  readonly pair: Pair;
}

/** The ways in which a run can go wrong: those that leave something else behind than a whole one. */
function mishapsOf({ results }: PairResult): PairMode[] {
  const writing = WHERE.filter((where) => {
    const result = results[where];
    return result && directionOf(result.decision) !== 'none';
  });
  if (writing.length === 0) return ['killed after reading', 'killed before writing', 'killed between two'];
  return [
    'killed after reading',
    'killed before writing',
    'killed after both',
    'killed between two',
    'salesforce fails',
    'activecampaign fails',
  ];
}

/** An event in words that need no names. */
export function inWordsAt(event: PairEvent, pair: Pair): string {
  if ('event' in event) return `at ${event.at} ${inWords(event.event, pair.at[event.at])}`;
  if ('record' in event) {
    const records = event.from === 'none' ? pair.bare : live(pair.at[event.from]);
    return `record (${records[event.record]?.set ? 'set' : 'clear'}) from ${event.from} to ${event.to}`;
  }
  if ('loser' in event) return `record of ${event.loser} merged into one of ${otherThan(event.loser)}`;
  return `contact of ${event.contactOf} gets the other address`;
}

/** Walks all histories; behind a run at grave fault it does not go on. */
export function searchAddresses(
  starts: readonly { readonly name: string; readonly pair: Pair }[],
  depth: number,
  meet: (found: FoundAt) => void,
): { states: number; byDepth: readonly number[]; steps: number } {
  const seen = new Seen();
  const byDepth: number[] = [];
  let steps = 0;
  let level: { here: Step; pair: Pair }[] = [];

  function arrive(into: typeof level, here: Step, pair: Pair, last: boolean, key = keyOf(pair)): void {
    if (!seen.add(key)) return;
    if (!last) into.push({ here, pair });
    const whole = copyOfPair(pair);
    const result = runPair(whole);
    const end = keyOf(whole);
    const faults = [...faultsOfPair(whole, result), ...(end === key ? [] : restless(whole))];
    const report = (fault: Fault, where: Where | null, mode: PairMode, end: Pair) =>
      meet({ fault, where, history: () => [...historyOf(here), `RUN ${mode}`], result, pair: end });
    for (const { fault, where } of faults) report(fault, where, 'whole', whole);
    steps += 1;
    if (!faults.some(({ fault }) => GRAVE.has(fault))) arrive(into, { up: here, step: 'RUN whole' }, whole, last, end);
    for (const mode of mishapsOf(result)) {
      const broken = copyOfPair(pair);
      runPair(broken, mode);
      if (faults.length === 0 && killMatters(broken, whole)) report('kill matters', null, mode, broken);
      arrive(into, { up: here, step: `RUN ${mode}` }, broken, last);
      steps += 1;
    }
  }

  for (const { name, pair } of starts) arrive(level, { up: null, step: name }, pair, depth === 0);
  byDepth.push(seen.size);
  for (let events = 1; events <= depth; events++) {
    const next: typeof level = [];
    for (const { here, pair } of level)
      for (const event of eventsAt(pair)) {
        const after = copyOfPair(pair);
        happenTo(after, event);
        arrive(next, { up: here, step: inWordsAt(event, pair) }, after, events === depth);
        steps += 1;
      }
    byDepth.push(seen.size - byDepth.reduce((sum, count) => sum + count, 0));
    level = next;
  }
  return { states: seen.size, byDepth, steps };
}
