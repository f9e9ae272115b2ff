import { describe, expect, it } from 'vitest';
import { summary } from '../../src/cli/texts.ts';
import type { Report } from '../../src/companion/report.ts';

/** What `sync` says at its end. */

function report(over: Partial<Report>): Report {
  return {
    run: '20261122T040000Z-abcd',
    outcome: 'done',
    exitCode: 0,
    dryRun: false,
    newStore: false,
    startedAt: '2026-11-22T04:00:00.000Z',
    finishedAt: '2026-11-22T04:03:20.000Z',
    counts: {
      people: 3,
      both: 3,
      salesforceRecords: 3,
      activecampaignContacts: 3,
      optOuts: 0,
      optIns: 0,
      done: 0,
      failed: 0,
      held: 0,
      writes: 0,
      byReason: {},
    },
    decisions: [],
    failures: [],
    refusal: null,
    warnings: [],
    written: { salesforce: { bulk: 0, rest: 0 }, activecampaign: { imported: 0, single: 0 } },
    differences: { open: 0, accepted: 0, byCause: {}, oldestOptOut: null },
    calls: { salesforce: 4, activecampaign: 2 },
    page: null,
    ...over,
  };
}

const decision = (person: string): Report['decisions'][number] => ({
  person,
  records: ['003Qy0000004C9JIAU'],
  contact: '7',
  reason: 'salesforce-opt-out',
  conflict: false,
  outcome: 'refused',
  changes: [{ side: 'activecampaign', target: '1', field: 'list:1', was: '1', now: '2' }],
  words: null,
});

describe('the summary', () => {
  it('of a run that did not come to read both sides claims nothing about people, and says what to do', () => {
    const words = 'GET /api/3/users/me: no connection: ECONNREFUSED';
    const said = summary(report({ outcome: 'failed', reading: null, failures: [{ person: null, words }] }));
    expect(said).toContain(`${words}\nActiveCampaign could not be reached. Look at the network`);
    expect(said).toContain('nobody was decided about, and nothing was written.');
    expect(said).not.toMatch(/people:|Nothing to write/);
  });

  it('says the same of many people once', () => {
    const failures = Array.from({ length: 7 }, (_, n) => ({
      person: `p${n}@x.org`,
      words: `PUT /api/3/a/${n}: HTTP 403`,
    }));
    const said = summary(report({ outcome: 'partly', failures }));
    expect(said).toContain('  7 people: PUT /api/3/a/0: HTTP 403\n    ActiveCampaign does not accept the key');
    expect(said).toContain('p0@x.org, p1@x.org, p2@x.org, p3@x.org, p4@x.org and 2 more');
  });

  it('does not call changes what a refusal kept from being made, and says who names everybody', () => {
    const decisions = Array.from({ length: 11 }, (_, n) => decision(`p${n}@x.org`));
    const said = summary(report({ outcome: 'refused', decisions }));
    expect(said).toContain('Would have changed (11 people):');
    expect(said).toContain('… and 1 more; optbridge show 20261122T040000Z-abcd names everybody');
    expect(summary(report({ dryRun: true, decisions }))).toContain('… and 1 more; --json names everybody');
  });
});
