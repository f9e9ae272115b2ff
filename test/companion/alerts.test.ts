import { describe, expect, it } from 'vitest';
import { type AlertReason, alertAbout, type Night, oddAbove, pastVolumes } from '../../src/companion/alerts.ts';
import type { Report } from '../../src/companion/report.ts';
import { Store } from '../../src/companion/store.ts';
import { type Channels, tell } from '../../src/companion/tell.ts';

const counts: Report['counts'] = {
  people: 1000,
  both: 900,
  salesforceRecords: 1000,
  activecampaignContacts: 950,
  optOuts: 8,
  optIns: 2,
  done: 10,
  failed: 0,
  held: 0,
  writes: 12,
  byReason: {},
};
function night(over: Partial<Night['summary']> = {}, rest: Partial<Omit<Night, 'summary'>> = {}): Night {
  return {
    summary: {
      run: '20261122T040000Z-abcd',
      outcome: 'done',
      failures: [],
      refusal: null,
      finishedAt: '2026-11-22T04:10:00.000Z',
      counts,
      ...over,
    },
    history: [],
    waitingSince: null,
    ...rest,
  };
}
const reasons = (of: Night): readonly AlertReason[] => alertAbout(of)?.reasons ?? [];
const usual = (optOuts: number, optIns = 0, nights = 30) => Array.from({ length: nights }, () => ({ optOuts, optIns }));

describe('an alert', () => {
  it('is not given about a night on which all is well', () => expect(alertAbout(night())).toBeNull());
  it('is not given about a run that somebody stopped', () =>
    expect(reasons(night({ outcome: 'stopped' }))).toEqual([]));

  it('is given about a run that failed, was refused, or failed for some people', () => {
    expect(reasons(night({ outcome: 'failed' }))).toEqual(['failed']);
    const refusal = { kind: 'opt-out-cap', message: 'm' } as const;
    expect(reasons(night({ outcome: 'refused', refusal }))).toEqual(['refused']);
    const partly = alertAbout(night({ outcome: 'partly', counts: { ...counts, done: 9, failed: 1 } }));
    expect(partly?.reasons).toEqual(['partly']);
    expect(partly?.text).toContain('It failed for 1 person');
  });

  it("holds counts and the run's id, and neither names nor a service's words", () => {
    const text = alertAbout(
      night({
        outcome: 'refused',
        refusal: { kind: 'sign-in', message: 'Salesforce refused the sign-in of ann@example.com: INVALID' },
      }),
    )?.text;
    expect(text).toContain('20261122T040000Z-abcd');
    expect(text).toContain('8 people to opt out');
    expect(text).not.toMatch(/@|INVALID/);
  });

  it('says what to do, also where it keeps the words of a service to itself', () => {
    const text = (over: Partial<Night['summary']>) => alertAbout(night(over))?.text ?? '';
    const gone = [{ person: null, words: 'GET /api/3/users/me: no connection: ECONNREFUSED' }];
    expect(text({ outcome: 'failed', failures: gone })).toContain(
      'The run failed. ActiveCampaign could not be reached. Look at the network and at activecampaign.url',
    );
    const forbidden = (person: string) => ({ person, words: `POST /api/3/contactLists: Forbidden for ${person}` });
    const partly = { outcome: 'partly', counts: { ...counts, failed: 2 } } as const;
    expect(text({ ...partly, failures: [forbidden('a'), forbidden('a')] })).toContain(
      'It failed for 2 people. ActiveCampaign does not accept the key any more',
    );
    const other = { person: 'ben', words: 'PATCH /x: (UNABLE_TO_LOCK_ROW)' };
    expect(text({ ...partly, failures: [forbidden('a'), forbidden('a'), other] })).toContain(
      'For 2 people: ActiveCampaign does not accept the key any more',
    );
    const refusal = { kind: 'opt-out-cap', message: 'm' } as const;
    expect(text({ outcome: 'refused', refusal })).toContain('run sync once with --cap-opt-out 8');
  });

  it('is given about an opt-out that has not crossed for more than two days', () => {
    expect(reasons(night({}, { waitingSince: '2026-11-20T04:10:00.000Z' }))).toEqual([]);
    expect(reasons(night({}, { waitingSince: '2026-11-20T04:09:59.000Z' }))).toEqual(['overdue']);
  });
});

describe('an odd volume', () => {
  it('is more than 25 people, and more than five times what is usual', () => {
    expect(reasons(night({ counts: { ...counts, optOuts: 25 } }, { history: usual(1) }))).toEqual([]);
    expect(reasons(night({ counts: { ...counts, optOuts: 26 } }, { history: usual(1) }))).toEqual(['odd-volume']);
    expect(reasons(night({ counts: { ...counts, optOuts: 500 } }, { history: usual(100) }))).toEqual([]);
    const alert = alertAbout(night({ counts: { ...counts, optOuts: 501 } }, { history: usual(100) }));
    expect(alert?.text).toContain('501 people to opt out; usual is 100');
  });

  it('is looked for in each direction by itself: many opt-outs hide no flood of opt-ins', () => {
    expect(reasons(night({ counts: { ...counts, optOuts: 100, optIns: 40 } }, { history: usual(100, 2) }))).toEqual([
      'odd-volume',
    ]);
  });

  it('is not known before five runs have said what is usual', () => {
    expect(oddAbove([0, 0, 0, 0])).toBeNull();
    expect(oddAbove([0, 0, 0, 0, 0])).toBe(25);
    expect(reasons(night({ counts: { ...counts, optOuts: 9000 } }, { history: usual(1, 0, 4) }))).toEqual([]);
  });

  it('is measured by the median, which one mad night does not move', () => {
    expect(oddAbove([10, 10, 10, 10, 9000])).toBe(50);
    expect(oddAbove([10, 10, 20, 20, 9000, 9000])).toBe(100);
  });

  it('is measured by the last 30 runs that got to their end', () => {
    const store = new Store(':memory:');
    const add = (day: number, outcome: string, optOuts: number) =>
      store.run(
        'INSERT INTO runs (id, started_at, outcome, summary) VALUES (?, ?, ?, ?)',
        `run${day}`,
        new Date(Date.UTC(2026, 0, day)).toISOString(),
        outcome,
        JSON.stringify({ counts: { optOuts, optIns: 1 } }),
      );
    for (let day = 1; day <= 40; day++) add(day, day % 2 ? 'done' : 'partly', day);
    add(41, 'refused', 5000);
    add(42, 'failed', 0);
    add(43, 'stopped', 0);
    store.run("INSERT INTO runs (id, started_at) VALUES ('killed', '2026-03-01T00:00:00.000Z')");
    const volumes = pastVolumes(store, 'run40');
    expect(volumes.map(({ optOuts }) => optOuts)).toEqual(Array.from({ length: 30 }, (_, index) => 39 - index));
    expect(volumes[0]?.optIns).toBe(1);
    store.close();
  });
});

describe('telling', () => {
  const alert = { reasons: ['failed'], text: 'OptBridge\nThe run failed.' } as const;
  const HOOK = 'https://hooks.example.com/services/s3cr3t';
  class Outside implements Channels {
    readonly posted: string[] = [];
    readonly ran: [readonly string[], string][] = [];
    readonly slept: number[] = [];
    answers: (number | Error)[] = [];
    exits: number | Error = 0;
    readonly post = async (url: string, body: string) => {
      this.posted.push(`${url} ${body}`);
      const answer = this.answers.shift() ?? 200;
      if (typeof answer !== 'number') throw answer;
      return answer;
    };
    readonly execute = async (command: readonly string[], input: string) => {
      this.ran.push([command, input]);
      if (typeof this.exits !== 'number') throw this.exits;
      return this.exits;
    };
    readonly sleep = async (ms: number) => {
      this.slept.push(ms);
    };
  }

  it('posts what Slack understands, and gives the command the whole summary', async () => {
    const outside = new Outside();
    const summary = { run: 'r', failures: [{ person: 'ann@example.com', words: 'locked' }] };
    expect(await tell(alert, summary, { webhook: HOOK, command: ['tell', '-x'] }, outside)).toEqual([]);
    expect(outside.posted).toEqual([`${HOOK} {"text":"OptBridge\\nThe run failed."}`]);
    const [command, input] = outside.ran[0] ?? [[], '{}'];
    expect(command).toEqual(['tell', '-x']);
    expect(JSON.parse(input)).toEqual({ alert, ...summary });
  });

  it('tells nobody where nobody is to be told', async () => {
    const outside = new Outside();
    expect(await tell(alert, {}, { webhook: null, command: null }, outside)).toEqual([]);
    expect([outside.posted, outside.ran]).toEqual([[], []]);
  });

  it('tries a webhook again that is not there for a moment', async () => {
    const outside = new Outside();
    outside.answers = [new TypeError('fetch failed'), 503, 200];
    expect(await tell(alert, {}, { webhook: HOOK, command: null }, outside)).toEqual([]);
    expect(outside.slept).toEqual([2000, 10_000]);
  });

  it('gives up after three tries, and at once when the webhook says no', async () => {
    const outside = new Outside();
    outside.answers = [429, 500, 502, 200];
    expect(await tell(alert, {}, { webhook: HOOK, command: null }, outside)).toEqual([
      'alerts.webhook: it answered 502, 3 times. Look at the network here, and at the address.',
    ]);
    outside.answers = [404, 200];
    expect(await tell(alert, {}, { webhook: HOOK, command: null }, outside)).toEqual([
      'alerts.webhook: it answered 404. Copy the address anew from the chat tool.',
    ]);
    expect(outside.posted).toHaveLength(4);
  });

  it('takes a redirect for a no: the address is a secret', async () => {
    const outside = new Outside();
    outside.answers = [302];
    expect(await tell(alert, {}, { webhook: HOOK, command: null }, outside)).toEqual([
      'alerts.webhook: it answered 302. A redirect is not followed, because the address is a secret: name the one that it leads to.',
    ]);
  });

  it("says what went wrong without the webhook's address, and runs the command all the same", async () => {
    const outside = new Outside();
    const refused = () =>
      new TypeError(`fetch failed for ${HOOK}`, { cause: Object.assign(new Error(HOOK), { code: 'ECONNREFUSED' }) });
    outside.answers = [refused(), refused(), refused()];
    outside.exits = 3;
    const problems = await tell(alert, {}, { webhook: HOOK, command: ['tell'] }, outside);
    expect(problems).toEqual([
      'alerts.webhook: it could not be reached (ECONNREFUSED), 3 times. Look at the network here, and at the address.',
      'alerts.command: tell exited with 3. What it printed says why.',
    ]);
    outside.exits = Object.assign(new Error('spawn tell ENOENT'), { code: 'ENOENT' });
    expect(await tell(alert, {}, { webhook: null, command: ['tell'] }, outside)).toEqual([
      'alerts.command: tell could not be run (ENOENT). Look whether it is there, and whether this user may run it.',
    ]);
  });
});
