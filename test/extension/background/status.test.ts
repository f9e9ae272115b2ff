import { describe, expect, test } from 'vitest';
import { type Act, newAct, withHalf } from '../../../src/extension/background/act.ts';
import type { Reading } from '../../../src/extension/background/reading.ts';
import { NOTHING_KNOWN, statusOf } from '../../../src/extension/background/status.ts';
import type { Problem } from '../../../src/extension/messages.ts';

const RECORD = '003000000000001AAA';
const READING: Reading = {
  state: 'subscribed',
  name: 'Ann Lee',
  address: 'ann@example.com',
  optedOut: false,
  lists: [{ list: '1', name: 'Newsletter', status: 'active', since: null, reason: null, via: null }],
  records: [],
  activeCampaignUrl: null,
  readAt: '2026-11-21T20:00:00.000Z',
};
const KNOWN = { ...NOTHING_KNOWN, reading: READING };
const ACT = newAct('act', { host: 'acme.my.salesforce.com', record: RECORD, address: 'ann@example.com' }, 0);
const problem = (service: Problem['service'], kind: Problem['kind'], retryAt: string | null = null): Problem => ({
  service,
  kind,
  words: 'words',
  retryAt,
});

describe('the state', () => {
  test('is loading until something is known', () => {
    expect(statusOf(RECORD, NOTHING_KNOWN, undefined)).toMatchObject({
      state: 'loading',
      optedOut: false,
      readAt: null,
    });
  });

  test('is what was read', () => {
    expect(statusOf(RECORD, KNOWN, undefined)).toMatchObject({ state: 'subscribed', readAt: READING.readAt });
  });

  test('is loading again once something was written since', () => {
    expect(statusOf(RECORD, { ...KNOWN, outdated: true }, undefined).state).toBe('loading');
  });

  test('is pending from the click on, whatever else is known', () => {
    const failed = { ...KNOWN, problem: problem('salesforce', 'unauthorised') };
    for (const known of [NOTHING_KNOWN, KNOWN, failed])
      expect(statusOf(RECORD, known, ACT)).toMatchObject({ state: 'pending', optedOut: true });
  });

  test('is signed-out when Salesforce wants a sign-in', () => {
    expect(statusOf(RECORD, { ...KNOWN, problem: problem('salesforce', 'unauthorised') }, undefined).state).toBe(
      'signed-out',
    );
  });

  test.each([
    problem('salesforce', 'unreachable'),
    problem('salesforce', 'forbidden'),
    problem('salesforce', 'not-configured'),
    problem('activecampaign', 'unauthorised'),
    problem('activecampaign', 'rate-limited'),
    problem('optbridge', 'malformed'),
  ])('is unavailable after %o, and what was read before is shown only beside it', (wrong) => {
    const status = statusOf(RECORD, { ...KNOWN, problem: wrong }, undefined);
    expect(status).toMatchObject({ state: 'unavailable', problem: wrong, lists: READING.lists });
  });
});

describe('what is done of a click on its way', () => {
  const records = [{ id: RECORD, object: 'Contact', name: 'Ann Lee', company: null, optedOut: false } as const];
  const row = { of: 'Contact', contact: null, at: 0 };
  const verified = (service: 'salesforce' | 'activecampaign', verifiedAt: number): Act =>
    withHalf(ACT, service, {
      step: 'verified',
      verifiedAt,
      before: [
        { ...row, id: RECORD, value: false },
        { ...row, id: '901', of: '1', contact: '7', value: 1 },
      ],
      left: service === 'salesforce' ? [{ id: RECORD, value: true, stamp: '' }] : [{ id: '901', value: 2, stamp: '' }],
    });
  const known = { ...KNOWN, reading: { ...READING, records } };
  const LATER = Date.parse(READING.readAt) + 1_000;
  const rows = (act: Act) => {
    const status = statusOf(RECORD, known, act);
    return [status.records[0]?.optedOut, status.lists[0]?.status];
  };

  test('shows, each side for itself, though neither was read again', () => {
    expect(rows(ACT)).toEqual([false, 'active']);
    expect(rows(verified('salesforce', LATER))).toEqual([true, 'active']);
    expect(rows(verified('activecampaign', LATER))).toEqual([false, 'unsubscribed']);
    expect(statusOf(RECORD, known, verified('activecampaign', LATER)).lists[0]).toMatchObject({
      since: null,
      via: null,
    });
  });

  test('gives way to what was read after it', () => {
    expect(rows(verified('salesforce', LATER - 2_000))).toEqual([false, 'active']);
  });
});

describe('the click on its way', () => {
  const pending = (act: Act) => statusOf(RECORD, KNOWN, act).pending;

  test('waits on both sides at first', () => {
    expect(pending(ACT)).toEqual({
      wish: 'opt-out',
      since: '1970-01-01T00:00:00.000Z',
      attempt: 1,
      retryAt: null,
      salesforce: 'waiting',
      activecampaign: 'waiting',
      problem: null,
    });
  });

  test('shows the half that is done, and why and until when the other one waits', () => {
    const wrong = problem('activecampaign', 'unreachable', '2026-11-21T20:00:40.000Z');
    const done = withHalf(ACT, 'salesforce', { step: 'verified', attempt: 4 });
    expect(pending(withHalf(done, 'activecampaign', { attempt: 1, problem: wrong }))).toMatchObject({
      attempt: 2,
      salesforce: 'done',
      activecampaign: 'waiting',
      retryAt: wrong.retryAt,
      problem: wrong,
    });
  });

  test('names the earlier of two tries, and none while both wait for somebody', () => {
    const late = problem('salesforce', 'unreachable', '2026-11-21T20:10:00.000Z');
    const soon = problem('activecampaign', 'unreachable', '2026-11-21T20:01:00.000Z');
    const both = (a: Problem, b: Problem) =>
      pending(withHalf(withHalf(ACT, 'salesforce', { problem: a }), 'activecampaign', { problem: b }))?.retryAt;
    expect(both(late, soon)).toBe(soon.retryAt);
    expect(both(problem('salesforce', 'unauthorised'), problem('activecampaign', 'not-configured'))).toBeNull();
  });
});
