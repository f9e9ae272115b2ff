import { describe, expect, it } from 'vitest';
import { WorldClock } from '../../src/sandbox/clock.ts';
import { seededRandom } from '../../src/sandbox/random.ts';

const NOON = Date.parse('2025-07-01T12:00:00Z');

describe('the world’s clock', () => {
  it('stands where it was put, and goes on only when told', () => {
    const clock = new WorldClock(NOON);
    expect(clock.now()).toBe(NOON);
    clock.advance(1_500);
    expect(clock.now()).toBe(NOON + 1_500);
  });

  it('runs with real time and an offset otherwise', () => {
    const clock = new WorldClock();
    clock.advance(86_400_000);
    const before = Date.now();
    const now = clock.now();
    expect(now).toBeGreaterThanOrEqual(before + 86_400_000);
    expect(now).toBeLessThanOrEqual(Date.now() + 86_400_000);
  });

  it('can be stopped, and runs on from where it stood', () => {
    const clock = new WorldClock();
    clock.freeze(NOON);
    expect(clock.now()).toBe(NOON);
    clock.run();
    expect(clock.now()).toBeGreaterThanOrEqual(NOON);
    expect(clock.now()).toBeLessThan(NOON + 60_000);
  });
});

describe('seeded randomness', () => {
  it('is the same for the same seed and another for another', () => {
    const draw = (seed: number) => {
      const random = seededRandom(seed);
      return Array.from({ length: 5 }, random);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('lies between 0 and 1 and is spread evenly enough', () => {
    const random = seededRandom(1);
    const tenths = new Array<number>(10).fill(0);
    for (let count = 0; count < 10_000; count++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(count).toBeGreaterThan(850);
  });
});
