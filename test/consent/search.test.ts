import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOf, pack, unpack } from './canonical.ts';
import { KNOWN_FAULTS } from './known-faults.ts';
import { type RunMode, run } from './run.ts';
import { eventsIn, type Found, type Searched, search } from './search.ts';
import { type Event, happen, newWorld, type World } from './world.ts';

/**
 * Exhaustive as well as random: every history of up to so many events, runs that fail or are killed among them.
 * `OPTBRIDGE_DEPTH` asks for longer histories: 4 takes minutes, 5 most of an hour on one core.
 */
const LONG = process.env.OPTBRIDGE_DEPTH === undefined ? undefined : Number(process.env.OPTBRIDGE_DEPTH);

/** Typical worlds to start from; with field history tracked, or without. */
function starts(history: boolean) {
  const begin = (...steps: (Event | 'run')[]): World => {
    const world = newWorld(history);
    const first: typeof steps = [
      { kind: 'record born', set: false },
      { kind: 'contact created' },
      { kind: 'person subscribes', list: '1' },
      'run',
    ];
    for (const step of [...first, ...steps])
      if (step === 'run') run(world);
      else happen(world, step);
    return world;
  };
  const left: Event = { kind: 'person unsubscribes', list: '1' };
  return [
    { name: 'in on both sides', world: begin() },
    { name: 'out by a box, and agreed', world: begin({ kind: 'box set', which: 0 }, 'run') },
    { name: 'out by unsubscribing, and agreed', world: begin(left, 'run') },
    { name: 'bounced, and agreed', world: begin({ kind: 'hard bounce' }, 'run') },
    { name: 'quiet', world: begin(left, 'run', { kind: 'box cleared', which: 0 }, 'run') },
  ].map(({ name, world }) => ({ name: history ? `${name}, with field history` : name, world }));
}

/** Searches, and sorts what is found into what is known and what is not; of each kind the first, so the shortest. */
function hunt(history: boolean, depth: number, races: boolean) {
  const known = new Map<string, { times: number; shortest: string }>();
  const unknown = new Map<string, string>();
  const story = (found: Found) => `${found.fault}: ${found.history().join(' > ')}`;
  const searched: Searched = search(starts(history), { depth, races }, (found) => {
    const entry = KNOWN_FAULTS.find(({ matches }) => matches(found));
    if (entry) {
      const met = known.get(entry.name) ?? { times: 0, shortest: story(found) };
      met.times += 1;
      known.set(entry.name, met);
      return;
    }
    const kind = `${found.fault} by ${found.result.decision.reason}`;
    if (!unknown.has(kind)) unknown.set(kind, story(found));
  });
  process.stdout.write(
    `${searched.states} states (${searched.byDepth.join(' + ')}), ${searched.steps} steps; ${depth} events${races ? ' and races' : ''}${history ? ' with field history' : ''}\n`,
  );
  return { known, unknown: [...unknown.values()], searched };
}

describe('over every history, no run loses an opt-out, takes one back without a person’s act, ping-pongs or stirs a quiet world', () => {
  const cases: [boolean, number, boolean][] =
    LONG === undefined
      ? [
          [false, 3, false],
          [true, 2, false],
          [false, 2, true],
        ]
      : [
          [false, LONG, false],
          [true, LONG, false],
          [false, LONG - 1, true],
        ];
  const met = new Set<string>();
  for (const [history, depth, races] of cases)
    it(`${depth} events, ${races ? 'also in the middle of a run' : 'between runs'}, ${history ? 'with' : 'without'} field history`, {
      timeout: 4 * 3_600_000,
    }, () => {
      const { known, unknown } = hunt(history, depth, races);
      for (const name of known.keys()) met.add(name);
      expect(unknown).toEqual([]);
      if (process.env.OPTBRIDGE_SHOW)
        for (const [name, { times, shortest }] of known)
          process.stdout.write(`  ${times} x ${name}\n    ${shortest}\n`);
    });

  it('every known fault is still there; one that is mended is to be struck off the list', () => {
    const longest = Math.max(...cases.map(([, depth]) => depth));
    const expected = KNOWN_FAULTS.filter(({ events }) => events <= longest).map(({ name }) => name);
    expect(expected.filter((name) => !met.has(name))).toEqual([]);
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

  it('goes on as the world it was made of, through any history', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.array(fc.nat(), { maxLength: 12 }), (start, choices) => {
        let world = [...starts(false), ...starts(true)][start]?.world ?? newWorld();
        for (const choice of choices) {
          const packed = pack(world);
          expect(pack(unpack(packed))).toBe(packed);
          const next = successors(world);
          const ways = (worlds: World[]) => [...new Set(worlds.map(pack))].sort();
          expect(ways(successors(unpack(packed)))).toEqual(ways(next));
          world = next[choice % next.length] ?? world;
        }
      }),
      { numRuns: 150 },
    );
  });
});
