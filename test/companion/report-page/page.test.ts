import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chart } from '../../../src/companion/report-page/chart.ts';
import { escaped, html } from '../../../src/companion/report-page/html.ts';
import { contactLink, recordLink } from '../../../src/companion/report-page/links.ts';
import { type Group, headline, reportPage } from '../../../src/companion/report-page/page.ts';
import { contentsOf, NASTY, summaryOf } from './contents.ts';

/** The page of a run: one file that needs nothing else. What it looks like is for test/e2e/report-page.test.ts. */

describe('what comes from outside', () => {
  it('is escaped wherever it stands', () => {
    const page = reportPage(contentsOf());
    expect(page).toContain(escaped(NASTY));
    expect(page).not.toContain(NASTY);
    expect(page).not.toMatch(/<script|<img|onerror=[^&]*>/i);
  });

  it('can never open or close a tag or an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const shown = html`<a title="${text}">${text}</a>`.text;
        expect(shown.match(/[<>"]/g)?.join('')).toBe('<"">' + '<>');
      }),
    );
  });
});

describe('the page', () => {
  it('is the same for the same contents', () => {
    expect(reportPage(contentsOf())).toBe(reportPage(contentsOf()));
  });

  it('loads nothing and runs nothing: its policy forbids all but its own style', () => {
    const page = reportPage(contentsOf());
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    const tags = page.match(/<[a-z][^>]*>/g)?.join('\n') ?? '';
    expect(tags).not.toMatch(/\ssrc=|<link|<script|\sstyle=|\son\w+=/);
    expect(style).not.toMatch(/@import|url\(/);
  });

  it('links only to the org and to the account', () => {
    const links = [...reportPage(contentsOf()).matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(new Set(links)).toEqual(
      new Set([
        'https://acme.lightning.force.com/lightning/r/Contact/003Qy0000004C9JIAU/view',
        'https://acme.lightning.force.com/lightning/r/Lead/00QQy0000004C9CMAU/view',
        'https://acme.activehosted.com/app/contacts/7',
      ]),
    );
  });

  it('does not say of somebody without a record in Salesforce that a box was set there', () => {
    const anna = { person: 'anna@example.com', records: [], contact: '7', conflict: false, changes: [], words: null };
    const group = {
      reason: 'unsubscribed-from-all',
      count: 1,
      outcomes: { nothing: 1 },
      people: [{ ...anna, outcome: 'nothing' }],
    } as const;
    const people = group.people.map((one) => ({ ...one, reason: group.reason }));
    const page = reportPage(contentsOf({ groups: [{ ...group, people }] }));
    expect(page).toContain('box set, where there is a record');
    expect(page).toMatch(/anna@example\.com.*No record in Salesforce has this address\./s);
  });

  const headings: [string, Group['outcomes'], string][] = [
    ['was done for everybody', { done: 3, nothing: 1 }, 'unsubscribed in ActiveCampaign'],
    ['was done but for some', { done: 3, failed: 1 }, 'unsubscribed in ActiveCampaign, but not 1 of them'],
    ['was held back', { nothing: 1, refused: 3 }, 'held back, over the opt-out cap'],
    ['was not tried', { 'not-tried': 4 }, 'not tried'],
    ['failed for some and was not tried for the others', { failed: 1, 'not-tried': 3 }, 'not done'],
  ];
  for (const [what, outcomes, heading] of headings)
    it(`says above the people that it ${what}`, () => {
      const group = { reason: 'salesforce-opt-out', count: 4, people: [], outcomes } as const;
      const page = reportPage(contentsOf({ groups: [group] }));
      expect(page).toContain(`<h3>Opted out in Salesforce: ${heading}</h3>`);
    });

  it('says what to do about every failure, and how long an opt-out has waited', () => {
    const page = reportPage(contentsOf());
    expect(page).toContain('Somebody else was changing the record.');
    expect(page).toContain('Something put the old value back');
    expect(page).toContain('has not crossed since 2026-11-19 04:00 UTC</strong> (3 days)');
  });

  it('says the same of many people once, and names the first of them', () => {
    const failures = Array.from({ length: 30 }, (_, n) => ({
      person: `p${n}@example.com`,
      words: `PUT /api/3/contactLists/${n}: Forbidden`,
    }));
    const page = reportPage(contentsOf({ summary: summaryOf({ failures }) }));
    expect(page.match(/does not accept the key any more/g)).toHaveLength(1);
    expect(page).toContain('<strong>30 people</strong>: PUT /api/3/contactLists/0: Forbidden<span');
    expect(page).toMatch(/<span class="remedy">p0@example\.com, .* and 5 more<\/span>/);
  });

  it('claims nothing of people whom a run did not come to read', () => {
    const failures = [{ person: null, words: 'GET /api/3/lists: no connection: ECONNREFUSED' }];
    const cut = summaryOf({ outcome: 'failed', failures, reading: null, warnings: [] });
    const page = reportPage(contentsOf({ summary: cut, groups: [] }));
    expect(page).toContain('It ended before both sides were read');
    expect(page).toContain('ActiveCampaign could not be reached.');
    expect(page).not.toMatch(/Nobody had to be changed|Salesforce shows|people done/);
  });

  it('names how many more there are than it names', () => {
    expect(reportPage(contentsOf())).toContain('and 3 more;');
  });

  it('counts whoever was accepted apart', () => {
    expect(reportPage(contentsOf())).toContain('names them; 1 more was accepted.');
  });

  it('says so when there is nothing to show', () => {
    const quiet = summaryOf({
      outcome: 'done',
      failures: [],
      warnings: [],
      counts: { ...summaryOf().counts, optOuts: 0, optIns: 0, failed: 0 },
      differences: { open: 0, accepted: 0, byCause: {}, oldestOptOut: null },
    });
    const page = reportPage(contentsOf({ summary: quiet, groups: [] }));
    expect(page).toContain('Nobody had to be changed');
    expect(page).toContain('no opt-out waits to cross');
    for (const absent of ['id="failures"', 'id="differences"', 'id="warnings"']) expect(page).not.toContain(absent);
  });
});

describe('the sentence at the top', () => {
  const none = { ...summaryOf().counts, optOuts: 0, optIns: 0, failed: 0, held: 0, done: 0 };
  const quiet = { open: 0, accepted: 0, byCause: {}, oldestOptOut: null };
  const cases: [string, Parameters<typeof summaryOf>[0], string][] = [
    ['done', { counts: { ...none, optOuts: 1, optIns: 2 } }, 'Done: 1 person opted out and 2 people opted in again.'],
    ['done', { counts: none }, 'Done: everybody was settled already.'],
    ['partly', { counts: { ...none, failed: 2 } }, 'Done, but not for everybody: it failed for 2 people.'],
    ['refused', { counts: none }, 'Refused: nothing was written.'],
    ['refused', { counts: { ...none, held: 30, done: 4 } }, 'Refused in part: 30 people held back; the opt-outs went.'],
    [
      'refused',
      { counts: { ...none, held: 2, failed: 2 } },
      'Refused in part: 2 people held back; the opt-outs went, but not for 2 people.',
    ],
    [
      'done',
      { plan: 'a dry run', counts: { ...none, optOuts: 3, done: 1, changed: 3 } },
      'Done: the plan was carried out for 1 person. 2 people not in it: left for the next run.',
    ],
    ['failed', { counts: none }, 'Failed: the run ended before its end. The next one goes on.'],
    ['stopped', { counts: none }, 'Stopped before its end. The next run does the rest.'],
  ];
  for (const [outcome, over, sentence] of cases)
    it(`says "${sentence}"`, () => {
      expect(headline(summaryOf({ differences: quiet, ...over, outcome: outcome as 'done' }))).toBe(sentence);
    });
});

describe('the chart', () => {
  const bar = (optOuts: number, optIns = 0, trouble: string | null = null) => ({
    at: '2026-11-01T04:00:00.000Z',
    optOuts,
    optIns,
    trouble,
  });
  it('cuts off the bar of a first run, so that those that follow can be seen, and writes its number over it', () => {
    const drawn = chart([bar(5000), ...Array.from({ length: 9 }, () => bar(4))]).text;
    expect(drawn).toContain('class="cut"');
    expect(drawn).toContain('>5,000</text>');
    expect(drawn).toContain('>5</text>');
    // Left of the axis there is room for four or five figures.
    expect(chart([bar(180_000)]).text).toContain('text-anchor="end">200K</text>');
  });
  it('says in words what it shows, and marks what was not done by more than a colour', () => {
    const drawn = chart([bar(3, 1), bar(0, 0, 'failed')]).text;
    expect(drawn).toContain('Bar chart of the last 2 runs. Most people in one run: 4. Runs that were not done: 1.');
    expect(drawn).toContain('>!</text>');
    expect(drawn).toContain('2026-11-01: 0 to opt out, 0 to opt in; failed');
  });
  it('has room for the mark over a bar that is cut off', () => {
    const drawn = chart([bar(900, 0, 'failed'), ...Array.from({ length: 5 }, () => bar(4))]).text;
    const mark = /<text class="mark" x="[\d.]+" y="([\d.]+)"/.exec(drawn);
    expect(Number(mark?.[1])).toBeGreaterThanOrEqual(14);
  });
  it('holds whatever there is', () => {
    const any = fc.array(fc.tuple(fc.nat(2_000_000), fc.nat(1000), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(any, (bars) => {
        const drawn = chart(bars.map(([outs, ins, ok]) => bar(outs, ins, ok ? null : 'failed'))).text;
        expect(drawn).not.toMatch(/NaN|Infinity|undefined|="-\d/);
      }),
    );
  });
});

describe('links', () => {
  const to = (salesforceUrl: string, activecampaignUrl = 'https://acme.api-us1.com') => ({
    salesforceUrl,
    activecampaignUrl,
  });
  it('lead to Lightning in production, sandboxes and scratch orgs, and stay on this machine', () => {
    const id = '003Qy0000004C9JIAU';
    for (const [api, page] of [
      ['https://acme.my.salesforce.com', 'https://acme.lightning.force.com'],
      ['https://acme--dev.sandbox.my.salesforce.com', 'https://acme--dev.sandbox.lightning.force.com'],
      ['https://acme.my.salesforce.mil', 'https://acme.lightning.force.mil'],
      ['http://127.0.0.1:8480', 'http://127.0.0.1:8480'],
    ])
      expect(recordLink(to(api ?? ''), id)).toBe(`${page}/lightning/r/Contact/${id}/view`);
  });
  it('lead to the contact in ActiveCampaign', () => {
    expect(contactLink(to('x'), '7')).toBe('https://acme.activehosted.com/app/contacts/7');
    expect(contactLink(to('x', 'http://127.0.0.1:8481'), '7')).toBe('http://127.0.0.1:8481/app/contacts/7');
  });
});
