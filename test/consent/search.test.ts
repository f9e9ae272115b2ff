import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { often, progress, random } from '../long.ts';
import { copyOf, pack, unpack } from './canonical.ts';
import { type Fault, faultsOfListing, faultsOfMishap, faultsOfRun, ignoresYes } from './faults.ts';
import { KNOWN_FAULTS } from './known-faults.ts';
import { type RunMode, run } from './run.ts';
import { eventsIn, type Found, search } from './search.ts';
import { sorting } from './sorted.ts';
import { live, startWorld, startWorlds } from './starts.ts';
import { happen, newWorld, type Setting, type World } from './world.ts';

/**
 * Exhaustive as well as random: every history of up to so many events, runs that fail or are killed among them.
 * `npm run test:long` goes to five, and tells how often each known fault was met, with its shortest history.
 */

/**
 * Searches, and sorts what is found into what is known and what is not; of each kind the first, so the shortest. A kind is
 * what happened, whatever runs went between: one search shows all families, and not the first of them alone.
 */
function hunt(setting: Setting, depth: number, races: boolean) {
  const story = (found: Found) => `${found.fault}: ${found.history().join(' > ')}`;
  const kindOf = ({ fault, result, history }: Found) => {
    const events = history().filter((step) => !/^RUN [a-z ]+$/.test(step));
    return [fault, result.decision.reason, ...events.map((step) => step.replace(/ \(.*/, ''))].join();
  };
  const sorted = sorting(KNOWN_FAULTS, kindOf, story);
  const watch = (events: number, done: number, all: number, states: number) =>
    progress(`${titleOf(setting, depth, races)}: ${events} events, ${done} of ${all} worlds done, ${states} states`);
  const searched = search(startWorlds(setting), { depth, races, watch }, sorted.meet);
  process.stdout.write(
    `${searched.states} states (${searched.byDepth.join(' + ')}) in ${searched.steps} steps: ${titleOf(setting, depth, races)}\n`,
  );
  return sorted.unknown();
}

function titleOf({ history, sourcesNamed }: Setting, depth: number, races: boolean): string {
  return [
    `${depth} events`,
    races ? 'also in the middle of a run and in its last second' : 'between runs',
    sourcesNamed ? 'sources named' : 'any source',
    history ? 'with field history' : 'without field history',
  ].join(', ');
}

describe('over every history, no run loses an opt-out, takes one back without a person’s act, ping-pongs or stirs a quiet world', () => {
  const cases: [Setting, number, boolean][] = [
    [{ sourcesNamed: true }, often(3, 5), false],
    [{ sourcesNamed: true, history: true }, often(2, 5), false],
    [{ sourcesNamed: true }, often(2, 4), true],
    [{}, often(3, 5), false],
  ];
  for (const [setting, depth, races] of cases)
    it(titleOf(setting, depth, races), { timeout: 4 * 3_600_000 }, () => {
      expect(hunt(setting, depth, races)).toEqual([]);
    });
});

describe('known faults, each to be struck off the list once it is mended', () => {
  for (const { name, example } of KNOWN_FAULTS)
    it(`${name}: ${example.fault}`, () => {
      const mode = example.steps.at(-1) as RunMode;
      const world = live(startWorld(example.start, example.setting), example.steps.slice(0, -1));
      expect(faultsOf(world, mode)).toContain(example.fault);
    });

  /** What is at fault with a run in this mode. */
  function faultsOf(world: World, mode: RunMode): Fault[] {
    const whole = copyOf(world);
    const result = run(whole);
    if (mode === 'whole')
      return [...faultsOfRun(whole, result), ...(ignoresYes(whole) ? ['yes ignored' as const] : [])];
    run(world, mode);
    return [...faultsOfListing(world, false), ...faultsOfMishap(world, whole)];
  }
});

describe('what the search holds to be said', () => {
  it('is that all is cleared, where one box was cleared by hand and the others went without a trace', () => {
    const world = live(startWorld('out by a box, and agreed'), [
      { kind: 'record born', set: false },
      'killed after both',
      { kind: 'box cleared', which: 0 },
      { kind: 'record born', set: true },
      { kind: 'record purged', which: 2 },
      { kind: 'record purged', which: 1 },
    ]);
    const result = run(world);
    expect(result.decision.reason).toBe('cleared-in-salesforce');
    expect(faultsOfRun(world, result)).toEqual([]);
  });
});

describe('a packed world', () => {
  const everyMode: RunMode[] = [
    'whole',
    'salesforce fails',
    'activecampaign fails',
    'killed after one',
    'killed after both',
  ];
  /** Where everything that can happen leads, packed. */
  const successors = (world: World) => {
    const events = eventsIn(world).map((event) => (next: World) => happen(next, event));
    const runs = everyMode.map((mode) => (next: World) => void run(next, mode));
    return [...events, ...runs].map((step) => {
      const next = copyOf(world);
      step(next);
      return next;
    });
  };

  it('goes on as the world it was made of, through any history', { timeout: 3_600_000 }, () => {
    fc.assert(
      fc.property(fc.nat(9), fc.array(fc.nat(), { maxLength: 12 }), (start, choices) => {
        let world =
          [...startWorlds(), ...startWorlds({ history: true, sourcesNamed: true })][start]?.world ?? newWorld();
        for (const choice of choices) {
          const packed = pack(world);
          expect(pack(unpack(packed))).toBe(packed);
          const next = successors(world);
          const ways = (worlds: World[]) => [...new Set(worlds.map(pack))].sort();
          expect(ways(successors(unpack(packed)))).toEqual(ways(next));
          world = next[choice % next.length] ?? world;
        }
      }),
      random(150, 20_000),
    );
  });
});
