import { describe, expect, test } from 'vitest';
import { type FailureDetail, type FailureKind, ServiceFailure } from '../../src/service/failure.ts';
import { pauseBefore, persist } from '../../src/service/retry.ts';
import { standstill } from './standstill.ts';

function failure(kind: FailureKind, more: Partial<FailureDetail> = {}): ServiceFailure {
  return new ServiceFailure({ service: 'salesforce', kind, call: 'GET /x', words: 'no', ...more });
}

const next = { sent: 1, reads: true, random: () => 0.5 };

describe('a request is sent again', () => {
  test('as a write only after what says that nothing was done, such as 429', () => {
    const limited = failure('rate-limited', { status: 429 });
    expect(pauseBefore({ ...next, reads: false, failure: limited })).toBeGreaterThan(0);
    for (const kind of ['unreachable', 'malformed', 'rejected', 'forbidden'] as const) {
      expect(pauseBefore({ ...next, reads: false, failure: failure(kind) })).toBeUndefined();
    }
  });

  test('as a read after a lost connection and after an unreadable reply', () => {
    expect(pauseBefore({ ...next, failure: failure('unreachable') })).toBe(375);
    expect(pauseBefore({ ...next, failure: failure('malformed', { status: 200 }) })).toBe(375);
  });

  test('after pauses that grow up to eight seconds', () => {
    const pauses = [1, 2, 3].map((sent) =>
      pauseBefore({ ...next, sent, random: () => 1, failure: failure('unreachable') }),
    );
    expect(pauses).toEqual([500, 1000, 2000]);
  });

  test('four times at most', () => {
    expect(pauseBefore({ ...next, sent: 4, failure: failure('unreachable') })).toBeUndefined();
  });

  test('no sooner than Retry-After says, and not at all when that is more than a minute', () => {
    const limited = (retryAfter: number) => failure('rate-limited', { status: 429, retryAfter });
    expect(pauseBefore({ ...next, failure: limited(7) })).toBe(7000);
    expect(pauseBefore({ ...next, failure: limited(61) })).toBeUndefined();
  });

  test('not when the limit is for the day', () => {
    expect(pauseBefore({ ...next, failure: failure('rate-limited', { status: 403 }) })).toBeUndefined();
  });

  test('twice after a 403 of ActiveCampaign, which refuses a good key now and then', () => {
    const refused = failure('forbidden', { service: 'activecampaign', status: 403 });
    expect(pauseBefore({ ...next, failure: refused })).toBeGreaterThan(0);
    expect(pauseBefore({ ...next, sent: 2, failure: refused })).toBeGreaterThan(0);
    expect(pauseBefore({ ...next, sent: 3, failure: refused })).toBeUndefined();
    expect(pauseBefore({ ...next, reads: false, failure: refused })).toBeGreaterThan(0);
    expect(pauseBefore({ ...next, failure: failure('forbidden', { status: 403 }) })).toBeUndefined();
  });

  test('as a read after the 420 of what stands before Salesforce', () => {
    const edge = failure('rate-limited', { status: 420 });
    expect(pauseBefore({ ...next, failure: edge })).toBeGreaterThan(0);
    expect(pauseBefore({ ...next, reads: false, failure: edge })).toBeUndefined();
  });

  test('with the last failure handed on, and nothing else caught', async () => {
    const clock = standstill();
    let sent = 0;
    const again = persist(true, clock, async () => {
      throw failure('unreachable', { words: `try ${++sent}` });
    });
    await expect(again).rejects.toThrow('try 4');
    expect(clock.slept).toEqual([375, 750, 1500]);
    await expect(persist(true, clock, async () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  });
});
