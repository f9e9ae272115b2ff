import type { Summary } from '../../../src/companion/ledger.ts';
import type { PageContents } from '../../../src/companion/report-page/page.ts';

/** A page with everything on it, and something nasty in every text. */

export const NASTY = `"><script>alert('x')</script>&amp;<img src=x onerror=alert(1)>`;

export function summaryOf(over: Partial<Summary> = {}): Summary {
  return {
    run: '20261122T040000Z-abcd',
    outcome: 'partly',
    exitCode: 5,
    dryRun: false,
    newStore: false,
    startedAt: '2026-11-22T04:00:00.000Z',
    finishedAt: '2026-11-22T04:03:20.000Z',
    counts: {
      people: 12_345,
      both: 10_000,
      salesforceRecords: 11_000,
      activecampaignContacts: 12_000,
      optOuts: 4,
      optIns: 1,
      done: 3,
      failed: 2,
      held: 0,
      writes: 5,
      byReason: { agreed: 900, 'salesforce-opt-out': 4, 'subscribed-again': 1 },
    },
    written: { salesforce: { bulk: 2500, rest: 3 }, activecampaign: { imported: 0, single: 4 } },
    failures: [
      { person: `stuck${NASTY}@example.com`, words: `PATCH /x: ${NASTY} (UNABLE_TO_LOCK_ROW)` },
      { person: 'ben@example.com', words: 'read back, the change was not there' },
    ],
    refusal: null,
    warnings: [`The store is new ${NASTY}`],
    differences: {
      open: 3,
      accepted: 1,
      byCause: { failed: 2, 'not-qualified': 1 },
      oldestOptOut: { person: `stuck${NASTY}@example.com`, since: '2026-11-19T04:00:00.000Z' },
    },
    calls: { salesforce: 42, activecampaign: 130 },
    page: null,
    ...over,
  };
}

export function contentsOf(over: Partial<PageContents> = {}): PageContents {
  const summary = over.summary ?? summaryOf();
  const day = (n: number) => new Date(Date.UTC(2026, 9, 24 + n, 4)).toISOString();
  return {
    summary,
    groups: [
      {
        reason: 'salesforce-opt-out',
        count: 4,
        outcomes: { done: 3, failed: 1 },
        people: [
          {
            person: `stuck${NASTY}@example.com`,
            records: ['003Qy0000004C9JIAU', '00QQy0000004C9CMAU'],
            contact: '7',
            reason: 'salesforce-opt-out',
            conflict: true,
            outcome: 'failed',
            changes: [],
            words: NASTY,
          },
        ],
      },
    ],
    history: Array.from({ length: 30 }, (_, n) => ({
      run: n === 29 ? summary.run : `run-${n}`,
      startedAt: day(n),
      summary:
        n === 11
          ? null
          : summaryOf({
              outcome: n === 5 ? 'failed' : 'done',
              counts: { ...summary.counts, optOuts: n === 0 ? 5000 : n % 7, optIns: n % 3 },
            }),
    })),
    places: { salesforceUrl: 'https://acme.my.salesforce.com', activecampaignUrl: 'https://acme.api-us1.com' },
    audit: { rows: 77, hash: 'ab'.repeat(32) },
    ...over,
  };
}
