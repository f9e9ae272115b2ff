import { describe, expect, it } from 'vitest';
import { centralOffset, parseStamp, stamp, wallStamp } from '../../../src/sandbox/activecampaign/stamps.ts';

describe('Central time', () => {
  it('is right at every hour of four years, as the time zone database says', () => {
    const chicago = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Chicago', timeZoneName: 'longOffset' });
    const wrong: string[] = [];
    for (let at = Date.UTC(2023, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      const name = chicago.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value;
      if (name !== `GMT-0${centralOffset(at)}:00`) wrong.push(new Date(at).toISOString());
    }
    expect(wrong).toEqual([]);
  });

  it('is written with its offset, and without one', () => {
    expect(stamp(Date.parse('2025-07-01T03:30:15.900Z'))).toBe('2025-06-30T22:30:15-05:00');
    expect(stamp(Date.parse('2025-01-01T03:30:15Z'))).toBe('2024-12-31T21:30:15-06:00');
    expect(wallStamp(Date.parse('2025-01-01T03:30:15Z'))).toBe('2024-12-31 21:30:15');
  });

  it('is read in every form that clients send', () => {
    const noon = Date.parse('2025-07-01T17:00:00Z');
    for (const text of [
      '2025-07-01T17:00:00Z',
      '2025-07-01T17:00:00.000Z',
      '2025-07-01T12:00:00-05:00',
      '2025-07-01 12:00:00',
      '2025-07-01T12:00',
    ]) {
      expect(parseStamp(text), text).toBe(noon);
    }
    expect(parseStamp('2025-01-15')).toBe(Date.parse('2025-01-15T06:00:00Z'));
    expect(parseStamp('yesterday')).toBeUndefined();
    expect(parseStamp('2025-13-45')).toBeUndefined();
  });

  it('comes back from its own writing', () => {
    for (let at = Date.UTC(2024, 0, 1); at < Date.UTC(2025, 0, 1); at += 31 * 3_600_000) {
      expect(parseStamp(stamp(at))).toBe(at);
    }
  });
});
