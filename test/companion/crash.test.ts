import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../src/companion/sync.ts';
import { seededRandom } from '../../src/sandbox/random.ts';
import { LONG, often, progress, random, seeds } from '../long.ts';
import { livedIn, state, withoutReasons } from './crash-town.ts';
import { crowd, inBulk } from './crowd.ts';
import { Fuse, nightWith } from './fuse.ts';
import { townOf } from './random-town.ts';
import type { Town } from './town.ts';

/**
 * A run that is killed before or after any call to a service, or any transaction of the store, and run again ends where
 * a run that was left alone ends (I6), with exactly one audit row for every change (I10).
 */

async function inTown<T>(make: () => Promise<Town>, work: (town: Town) => Promise<T>): Promise<T> {
  const town = await make();
  try {
    return await work(town);
  } finally {
    town.dispose();
  }
}

/** Where a run that is left alone ends, and in how many steps. */
async function uninterrupted(make: () => Promise<Town>): Promise<{ expected: unknown; steps: number }> {
  return inTown(make, async (town) => {
    const fuse = new Fuse(Number.POSITIVE_INFINITY);
    expect(await nightWith(town, fuse)).toMatchObject({ outcome: 'done' });
    return { expected: withoutReasons(state(town)), steps: fuse.steps };
  });
}

async function killedAt(make: () => Promise<Town>, kills: readonly number[], expected: unknown): Promise<void> {
  await inTown(make, async (town) => {
    for (const at of kills) await nightWith(town, new Fuse(at));
    expect(await nightWith(town, new Fuse(Number.POSITIVE_INFINITY))).toMatchObject({ outcome: 'done' });
    expect(withoutReasons(state(town)), `killed at step ${kills.join(', then ')}`).toEqual(expected);
  });
}

describe('a run that is killed', () => {
  it('anywhere, and run again, ends where an uninterrupted run ends', { timeout: 3_600_000 }, async () => {
    const { expected, steps } = await uninterrupted(livedIn);
    expect(steps).toBeGreaterThan(40);
    for (let at = 1; at <= steps; at++) await killedAt(livedIn, [at], expected);
  });

  it('several times in a row ends there too', { timeout: 3_600_000 }, async () => {
    const { expected } = await uninterrupted(livedIn);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 2, maxLength: 4 }), (kills) =>
        killedAt(livedIn, kills, expected),
      ),
      random(30, 400),
    );
  });
});

/** Jobs and imports at every step: create, hand in, wait, look, read back; a dozen people are many here. */
describe('a run that is killed while many are written at once', () => {
  it('anywhere after its plan, and run again, ends where an uninterrupted run ends', {
    timeout: 3_600_000,
  }, async () => {
    let planned = 0;
    const { expected, steps } = await inTown(crowd, async (town) => {
      const fuse = new Fuse(Number.POSITIVE_INFINITY);
      const surroundings = inBulk(town);
      const watch: Surroundings['watch'] = ({ kind }) => {
        if (kind === 'planned') planned = fuse.steps;
      };
      expect(await nightWith(town, fuse, {}, { ...surroundings, watch })).toMatchObject({
        outcome: 'done',
        written: { salesforce: { bulk: 13 }, activecampaign: { imported: 12 } },
      });
      return { expected: withoutReasons(state(town)), steps: fuse.steps };
    });
    expect(steps - planned).toBeGreaterThan(20);
    for (let at = planned + 1; at <= steps; at++)
      await inTown(crowd, async (town) => {
        expect(await nightWith(town, new Fuse(at), {}, inBulk(town))).toBe('killed');
        const unharmed = new Fuse(Number.POSITIVE_INFINITY);
        expect(await nightWith(town, unharmed, {}, inBulk(town))).toMatchObject({ outcome: 'done' });
        expect(withoutReasons(state(town)), `killed at step ${at} of ${steps}`).toEqual(expected);
      });
  });
});

/** As the two above, in a town of its own for each seed: at every step, and at 200 random moments once or more often. */
describe('in any town, a run that is killed and run again ends where an uninterrupted run ends', () => {
  for (const seed of seeds())
    it(`seed ${seed}`, { timeout: 3_600_000 }, async () => {
      const town = () => townOf(seed);
      const { expected, steps } = await uninterrupted(town);
      progress(`crash harness, seed ${seed}: ${steps} steps, and ${often(5, 200)} random moments`);
      const dice = seededRandom(seed);
      const moment = () => 1 + Math.floor(dice() * steps);
      if (LONG) for (let at = 1; at <= steps; at++) await killedAt(town, [at], expected);
      for (let time = 0; time < often(5, 200); time++)
        await killedAt(town, Array.from({ length: 1 + Math.floor(dice() * 3) }, moment), expected);
    });
});
