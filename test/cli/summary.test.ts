import { describe, expect, it } from 'vitest';
import { progressTo } from '../../src/cli/progress.ts';
import { endLines } from '../../src/cli/texts/schedule.ts';
import { summary } from '../../src/cli/texts.ts';
import type { Report } from '../../src/companion/report.ts';
import type { ReasonCode } from '../../src/consent/rules.ts';

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

const reading: Report['reading'] = {
  kind: 'full',
  why: 'first',
  since: null,
  activecampaign: {
    kind: 'everybody',
    comparison: { state: 'never', on: null, why: null, calls: null },
    alarm: null,
  },
};

/** As one line. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('the summary', () => {
  it('has lines of at most 80 columns, whatever there is to say, and says what comes after a dry run', () => {
    const reasons: ReasonCode[] = [
      'unknown',
      'bounce-reactivated',
      'subscribed-again',
      'salesforce-opt-out',
      'same-address',
      'agreed',
      'cleared-in-salesforce',
      'durable-opt-out',
      'hard-bounce',
      'unsubscribed-from-all',
    ];
    const long = 'a sentence that is longer than a line of a terminal by far, '.repeat(3);
    const { counts } = report({});
    const byReason = Object.fromEntries(reasons.map((reason) => [reason, 123_456]));
    const said = summary(
      report({
        dryRun: true,
        warnings: [long],
        failures: [
          { person: null, words: long },
          { person: 'ann@x.org', words: long },
        ],
        decisions: [decision('ann@x.org')],
        counts: { ...counts, people: 1_234_567, byReason, changed: 1 },
        reading,
      }),
    );
    for (const line of said.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(said).toMatch(/To do this: the same without --dry-run.*\n$/);
    expect(said).not.toContain('Email Opt Out set');
  });

  it('of a run that did not come to read both sides claims nothing about people, and says what to do', () => {
    const words = 'GET /api/3/users/me: no connection: ECONNREFUSED';
    const said = summary(report({ outcome: 'failed', reading: null, failures: [{ person: null, words }] }));
    expect(said).toContain(`${words}\nActiveCampaign could not be reached. Look at the network`);
    expect(flat(said)).toContain('nobody was decided about, and nothing was written.');
    expect(said).not.toMatch(/people:|Nothing to write/);
  });

  it('says the same of many people once', () => {
    const failures = Array.from({ length: 7 }, (_, n) => ({
      person: `p${n}@x.org`,
      words: `PUT /api/3/a/${n}: HTTP 403`,
    }));
    const said = summary(report({ outcome: 'partly', failures }));
    expect(said).toContain('  7 people: PUT /api/3/a/0: HTTP 403\n    ActiveCampaign does not accept the key');
    expect(flat(said)).toContain('p0@x.org, p1@x.org, p2@x.org, p3@x.org, p4@x.org and 2 more');
  });

  it('does not call changes what a refusal kept from being made, and says who names everybody', () => {
    const decisions = Array.from({ length: 11 }, (_, n) => decision(`p${n}@x.org`));
    const said = summary(report({ outcome: 'refused', decisions }));
    expect(said).toContain('Would have changed (11 people):');
    expect(said).toContain('… and 1 more; optbridge show 20261122T040000Z-abcd --json names everybody');
    expect(summary(report({ dryRun: true, decisions }))).toContain('… and 1 more; --json names everybody');
  });
});

describe('the age of the oldest opt-out that has not crossed', () => {
  const waiting = {
    open: 3,
    accepted: 0,
    byCause: { failed: 3 },
    oldestOptOut: { person: 'ann.lee@example.com', since: '2026-11-19T04:00:00.000Z' },
  };
  const whenever: [string, Parameters<typeof report>[0], string | null][] = [
    [
      'is said with how many differ',
      { differences: waiting },
      '3 people are out on one side only (optbridge differences). The oldest opt-out that has not crossed has waited for 3 days.',
    ],
    ['is said where there is none', {}, 'No opt-out waits to cross.'],
    [
      'is said of a run that read nothing where one is known',
      { reading: null, outcome: 'failed', differences: waiting },
      'has waited for 3 days.',
    ],
    ['is not known to a run that read nothing', { reading: null, outcome: 'failed' }, null],
    ['is not known to a rehearsal', { dryRun: true }, null],
  ];
  for (const [what, over, words] of whenever)
    it(`${what}, in the summary and in the log`, () => {
      const of = report(Object.assign({ reading }, over));
      for (const said of [summary(of), endLines(of).join('\n')])
        if (words === null) expect(said).not.toContain('cross');
        else expect(flat(said)).toContain(words);
      expect(endLines(of).join()).not.toContain('ann.lee');
    });
});

describe('the log of a night', () => {
  it('says nobody’s address, whatever there is to say', () => {
    const warnings = ['Salesforce record 003Qy went from ann.lee@example.com to a+b@example.org: it counts there.'];
    const refusal = {
      kind: 'plan-moved',
      message: 'Something changed for ann.lee@example.com. Nothing was written.',
    } as const;
    const failures = [{ person: null, words: 'GET /x: no such user <ann@x.org>' }];
    expect(endLines(report({ outcome: 'refused', warnings, refusal, failures })).slice(0, 3)).toEqual([
      '! Salesforce record 003Qy went from (an address) to (an address): it counts there.',
      'Something changed for (an address). Nothing was written.',
      'GET /x: no such user <(an address)>',
    ]);
  });
});

describe('progress', () => {
  function lines(terminal: boolean): { told: string[]; tell: ReturnType<typeof progressTo> } {
    const told: string[] = [];
    return {
      told,
      tell: progressTo({ err: (text) => told.push(text), terminal }),
    };
  }

  it('is a few lines where lines stay, the last of each step among them', () => {
    const { told, tell } = lines(false);
    for (let done = 100; done <= 2000; done += 100) tell({ kind: 'reading', side: 'activecampaign', done, of: 2000 });
    for (const done of [150, 200]) tell({ kind: 'reading', side: 'salesforce', done, of: undefined });
    // The two sides are read at the same time, and their pages come in turns.
    tell({ kind: 'reading', side: 'activecampaign', done: 2000, of: 2100 });
    tell({ kind: 'reading', side: 'salesforce', done: 250, of: undefined });
    expect(told.map((line) => line.trim())).toEqual([
      ...[100, 200, 400, 800, 1600, 2000].map(
        (done) => `Reading ActiveCampaign: ${done.toLocaleString('en-US')} of 2,000`,
      ),
      'Reading Salesforce: 150',
    ]);
  });

  it('ends its line before anything else is said, once', () => {
    const { told, tell } = lines(true);
    tell({ kind: 'writing', done: 1, of: 1 });
    tell.end();
    tell.end();
    expect(told.join('')).toBe('Writing: 1 of 1 people\n');
    const whole = lines(false);
    whole.tell({ kind: 'writing', done: 1, of: 1 });
    whole.tell.end();
    expect(whole.told.join('')).toBe('Writing: 1 of 1 people\n');
  });

  it('ends its line before a result that goes to the same screen', () => {
    const { told, tell } = lines(true);
    tell({ kind: 'writing', done: 1, of: 1 });
    tell.before((text) => told.push(text))('{"run":null}\n');
    tell.end();
    expect(told.join('')).toBe('Writing: 1 of 1 people\n{"run":null}\n');
  });

  it('is no longer than a narrow terminal is wide, which could not write over it', () => {
    const told: string[] = [];
    const err = (text: string) => told.push(text);
    const tell = progressTo({ err, terminal: true, columns: () => 24 });
    for (const done of [100, 200]) tell({ kind: 'reading', side: 'activecampaign', done, of: 300 });
    expect(told).toEqual(
      ['Reading ActiveCampaign: ', '\r\u001b[KReading ActiveCampaign: '].map((text) => text.trimEnd()),
    );
  });

  it('is one line for each step on a terminal, written over', () => {
    const { told, tell } = lines(true);
    for (const done of [100, 200, 300]) tell({ kind: 'reading', side: 'activecampaign', done, of: 300 });
    expect(told).toHaveLength(3);
    expect(told.at(-1)).toBe('\r\u001b[KReading ActiveCampaign: 300 of 300');
  });
});
