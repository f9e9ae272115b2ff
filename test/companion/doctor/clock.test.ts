import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockFinding, skewOf } from '../../../src/companion/doctor/clock.ts';

const AT = Date.UTC(2026, 10, 1, 4);
/** What is seen when this machine is so many seconds ahead and the answer takes its time, half of it on the way back. */
const seen = (ahead: number, took: number, at = AT) => ({
  before: at + ahead * 1000,
  after: at + took + ahead * 1000,
  service: Math.floor((at + took / 2) / 1000) * 1000,
});

describe('how far a clock is surely off', () => {
  it('is never more than it really is, however long the answer took', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 0, max: 60_000 }),
        fc.integer({ min: 0, max: 999 }),
        (ahead, took, within) => {
          const skew = skewOf(seen(ahead, took, AT + within)) ?? Number.NaN;
          expect(Math.abs(skew)).toBeLessThanOrEqual(Math.abs(ahead) + 1);
          expect(Math.abs(skew)).toBeGreaterThanOrEqual(Math.abs(ahead) - took / 1000 - 2);
          expect([0, Math.sign(ahead)]).toContain(Math.sign(skew));
        },
      ),
    );
  });

  it('is not known where the service does not say the time', () => {
    const facts = { before: AT, after: AT, service: undefined };
    expect(skewOf(facts)).toBeUndefined();
    expect(clockFinding('Salesforce', facts, 'assertions').status).toBe('unknown');
  });
});

describe('a clock that is off', () => {
  const cases: [number, 'ok' | 'warning' | 'problem', 'ok' | 'warning'][] = [
    [0, 'ok', 'ok'],
    [50, 'ok', 'ok'],
    [90, 'warning', 'warning'],
    [150, 'problem', 'warning'],
    [-150, 'warning', 'warning'],
    [-200, 'problem', 'warning'],
    [86_400, 'problem', 'warning'],
  ];
  it.each(cases)('by %i seconds: %s where it dates the sign-in, else %s', (ahead, dated, undated) => {
    const facts = seen(ahead, 200);
    expect(clockFinding('Salesforce', facts, 'assertions').status).toBe(dated);
    expect(clockFinding('Salesforce', facts, 'nothing').status).toBe(undated);
  });

  it('by hours behind a service may be the service’s, and then a new yes waits: that is said', () => {
    const words = (ahead: number) => clockFinding('ActiveCampaign', seen(ahead, 200), 'nothing').words;
    expect(words(-2 * 86_400)).toContain('whoever subscribes again within that time is taken for out still');
    expect(words(2 * 86_400)).not.toContain('subscribes again');
    expect(words(-120)).not.toContain('subscribes again');
  });
});
