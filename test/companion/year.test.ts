import { afterEach, describe, expect, it } from 'vitest';
import { often, progress, seeds } from '../long.ts';
import { Year, type YearOptions } from './year.ts';

/** The companion by its schedule, over the 29th of February, the ends of months and a change of the clocks, or all of a year. */

const years: Year[] = [];
afterEach(() => {
  for (const year of years.splice(0)) year.dispose();
});

async function lived(options: YearOptions, nights: number): Promise<Year> {
  const year = new Year(options);
  years.push(year);
  await year.live(nights);
  const { count, due, missed, nights: told } = year;
  progress(
    `seed ${options.seed}: ${told.length} runs, ${due.length} at their time, ${missed.length} caught up, ${JSON.stringify(count)}, store ${told.at(-1)?.store} bytes`,
  );
  return year;
}

const local = new Intl.DateTimeFormat('sv', {
  timeZone: 'America/Los_Angeles',
  dateStyle: 'short',
  timeStyle: 'short',
});
const from = '2028-02-20T12:00:00Z';

describe('a companion that is left alone', () => {
  it('runs at 20:00 Pacific on every day, and its quiet nights write nothing, ask for no more and let the store be', async () => {
    const year = await lived({ seed: 1, people: 16, from, perDay: 0, troubles: 0 }, often(30, 400));
    const days = year.due.map((at) => local.format(at));
    expect(days.slice(0, 10)).toEqual([
      ...['2028-02-20 20:00', '2028-02-21 20:00', '2028-02-22 20:00', '2028-02-23 20:00', '2028-02-24 20:00'],
      ...['2028-02-25 20:00', '2028-02-26 20:00', '2028-02-27 20:00', '2028-02-28 20:00', '2028-02-29 20:00'],
    ]);
    expect(days.every((day) => day.endsWith('20:00'))).toBe(true);
    expect(new Set(days).size).toBe(days.length);
    expect((year.due.at(-1) ?? 0) - (year.due[0] ?? 0)).toBeLessThan(days.length * 24 * 3_600_000);
    const [first, second, ...quiet] = year.nights;
    expect(first?.writes).toBeGreaterThan(0);
    expect(quiet.every(({ outcome, writes }) => outcome === 'done' && writes === 0)).toBe(true);
    for (const kind of [true, false]) {
      const calls = quiet.filter(({ full }) => full === kind).map((night) => night.calls);
      expect(Math.max(...calls)).toBe(Math.min(...calls));
    }
    // What a quiet night leaves is the row that says it was one, with its counts: those are kept.
    const left = (quiet.at(-1)?.store ?? Infinity) - (second?.store ?? 0);
    expect(left / quiet.length).toBeLessThan(2_000);
    expect(year.faults).toEqual([]);
  });
});

describe('nights with troubles, and days on which much happens', () => {
  for (const seed of seeds())
    it(`mail nobody who said no, let nobody in who did not subscribe, and change nobody of whom nothing is new (seed ${seed})`, async () => {
      const many = { people: often(16, 120), perDay: often(10, 30), troubles: 25 };
      const { faults, nights } = await lived({ seed, from, ...many }, often(25, 500));
      expect(faults).toEqual([]);
      expect(nights.filter(({ outcome }) => outcome === 'done').length).toBeGreaterThan(nights.length / 2);
    });
});
