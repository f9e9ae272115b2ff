import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronFields, cronText } from '../../src/companion/cron-fields.ts';
import { nightsOf } from '../../src/companion/nights.ts';
import { random } from '../long.ts';

const at = (text: string) => Date.parse(text);
const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString().slice(0, 16));

describe('20:00 in Los Angeles', () => {
  const nights = nightsOf('0 20 * * *', 'America/Los_Angeles');
  const from = (start: string, count: number) => {
    const times: (string | null)[] = [];
    for (let now: number | null = at(start); now !== null && times.length < count; ) {
      now = nights.next(now);
      times.push(iso(now));
    }
    return times;
  };

  it('moves from 04:00 to 03:00 UTC when the clocks go forward', () => {
    expect(from('2026-03-07T00:00Z', 4)).toEqual([
      '2026-03-07T04:00',
      '2026-03-08T04:00',
      '2026-03-09T03:00',
      '2026-03-10T03:00',
    ]);
  });

  it('moves back to 04:00 UTC when they go back', () => {
    expect(from('2026-10-30T12:00Z', 4)).toEqual([
      '2026-10-31T03:00',
      '2026-11-01T03:00',
      '2026-11-02T04:00',
      '2026-11-03T04:00',
    ]);
  });

  it('was last when it comes exactly now, and not before', () => {
    expect(iso(nights.last(at('2026-03-09T03:00:00Z')))).toBe('2026-03-09T03:00');
    expect(iso(nights.last(at('2026-03-09T03:00:00.700Z')))).toBe('2026-03-09T03:00');
    expect(iso(nights.last(at('2026-03-09T02:59:59.999Z')))).toBe('2026-03-08T04:00');
    expect(iso(nights.next(at('2026-03-09T03:00:00Z')))).toBe('2026-03-10T03:00');
    expect(iso(nights.next(at('2026-03-09T02:59:59.999Z')))).toBe('2026-03-09T03:00');
  });
});

describe('a time that a clock change touches', () => {
  it('and that does not exist comes once, right after the gap', () => {
    const nights = nightsOf('30 2 * * *', 'America/Los_Angeles');
    expect(iso(nights.next(at('2026-03-08T00:00-08:00')))).toBe('2026-03-08T10:00');
    expect(iso(nights.next(at('2026-03-08T10:00Z')))).toBe('2026-03-09T09:30');
  });
  it('and that exists twice comes once, the first time', () => {
    const nights = nightsOf('30 1 * * *', 'America/Los_Angeles');
    expect(iso(nights.next(at('2026-11-01T00:00-07:00')))).toBe('2026-11-01T08:30');
    expect(iso(nights.next(at('2026-11-01T08:30Z')))).toBe('2026-11-02T09:30');
  });
});

describe('the fields of a cron pattern', () => {
  it('are numbers in order, whatever names, lists, ranges and steps they came from', () => {
    expect(cronFields('*/20 8-18/5,20 * jan,Dec 5-7')).toEqual({
      minutes: [0, 20, 40],
      hours: [8, 13, 18, 20],
      days: null,
      months: [1, 12],
      weekdays: [0, 5, 6],
    });
    expect(cronText(cronFields('0 20 * * mon-fri'))).toBe('0 20 * * 1,2,3,4,5');
  });

  it('that cron tools read in different ways are refused', () => {
    for (const pattern of [
      '5/10 * * * *',
      '*-5 * * * *',
      '0 0 * * FRI#2',
      '0 0 15W * *',
      '* * ? * *',
      '0 20-8 * * *',
      '*/0 * * * *',
      '1, * * * *',
    ])
      expect(() => cronFields(pattern), pattern).toThrow(/ is no /);
  });

  it('mean the same to croner as written and as numbers', () => {
    const some = (from: number, to: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: from, max: to }).map(String),
        fc
          .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
        fc.integer({ min: 1, max: to }).map((step) => `*/${step}`),
      );
    const pattern = fc
      .tuple(some(0, 59), some(0, 23), some(1, 28), some(1, 12), some(0, 6), fc.boolean())
      .map(
        ([minute, hour, day, month, weekday, byDay]) =>
          `${minute} ${hour} ${byDay ? day : '*'} ${month} ${byDay ? '*' : weekday}`,
      );
    fc.assert(
      fc.property(pattern, (written) => {
        const fields = cronFields(written);
        const nights = nightsOf(written, 'UTC');
        const same = nightsOf(cronText(fields), 'UTC');
        for (let time = nights.next(0), n = 0; time !== null && n < 5; time = nights.next(time), n++) {
          expect(same.last(time)).toBe(time);
          const date = new Date(time);
          expect(fields.minutes ?? [date.getUTCMinutes()]).toContain(date.getUTCMinutes());
          expect(fields.hours ?? [date.getUTCHours()]).toContain(date.getUTCHours());
          expect(fields.days ?? [date.getUTCDate()]).toContain(date.getUTCDate());
          expect(fields.months ?? [date.getUTCMonth() + 1]).toContain(date.getUTCMonth() + 1);
          expect(fields.weekdays ?? [date.getUTCDay()]).toContain(date.getUTCDay());
        }
      }),
      random(100, 2000),
    );
  });
});
