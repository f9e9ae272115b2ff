import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nightsOf } from '../../src/companion/nights.ts';
import type { RunOutcome } from '../../src/companion/report.ts';
import { keepSchedule } from '../../src/companion/schedule.ts';
import { type PastRuns, pastRuns, standingNow } from '../../src/companion/settled-night.ts';
import { Store } from '../../src/companion/store.ts';
import { HOUR } from './town.ts';

/** A machine with a clock of its own: it moves when somebody waits or works, and nothing else happens. */
class Machine {
  now: number;
  readonly until: number;
  readonly log: string[] = [];
  readonly runs: string[] = [];
  past: PastRuns = { any: false, settled: null };
  nights = nightsOf('0 20 * * *', 'America/Los_Angeles');
  /** How long a run takes, and how it ends. */
  takes = HOUR;
  ends: RunOutcome | 'thrown' = 'done';
  /** Called after each wait. */
  meanwhile: () => void = () => undefined;

  constructor(from: string, until: string) {
    this.now = Date.parse(from);
    this.until = Date.parse(until);
  }

  async keep(): Promise<string[]> {
    await keepSchedule({
      nights: this.nights,
      now: () => this.now,
      wait: async (ms) => {
        this.now += ms;
        this.meanwhile();
      },
      stopping: () => this.now >= this.until,
      past: () => this.past,
      run: async () => {
        const startedAt = this.now;
        const run = new Date(startedAt).toISOString().slice(0, 16);
        this.runs.push(run);
        this.now += this.takes;
        const settled = ['done', 'partly', 'refused'].includes(this.ends);
        this.past = { any: true, settled: settled ? { run, startedAt } : this.past.settled };
      },
      log: (event) => this.log.push(event.kind),
    });
    return this.runs;
  }
}

describe('a schedule', () => {
  it('runs every night at 20:00 Pacific, on both sides of the change to summer time', async () => {
    const machine = new Machine('2026-03-06T12:00Z', '2026-03-11T00:00Z');
    expect(await machine.keep()).toEqual([
      '2026-03-07T04:00',
      '2026-03-08T04:00',
      '2026-03-09T03:00',
      '2026-03-10T03:00',
    ]);
  });

  it('and on both sides of the change back', async () => {
    const machine = new Machine('2026-10-30T12:00Z', '2026-11-03T12:00Z');
    expect(await machine.keep()).toEqual([
      '2026-10-31T03:00',
      '2026-11-01T03:00',
      '2026-11-02T04:00',
      '2026-11-03T04:00',
    ]);
  });

  it('says when the next run is, and that it ends', async () => {
    const machine = new Machine('2026-03-06T12:00Z', '2026-03-07T12:00Z');
    await machine.keep();
    expect(machine.log).toEqual(['waiting', 'due', 'waiting', 'ended']);
  });

  it('catches up at its start with a night that was missed, once, however many were', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-11T02:00Z');
    machine.past = { any: true, settled: { run: 'old', startedAt: Date.parse('2026-05-04T03:00Z') } };
    expect(await machine.keep()).toEqual(['2026-05-10T12:00']);
    expect(machine.log).toEqual(['missed', 'waiting', 'ended']);
  });

  it('does not catch up with a night that was run, were it by hand', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-11T02:00Z');
    machine.past = { any: true, settled: { run: 'by hand', startedAt: Date.parse('2026-05-10T05:00Z') } };
    expect(await machine.keep()).toEqual([]);
  });

  it('has nothing to catch up with where nothing was ever run', async () => {
    const machine = new Machine('2026-05-10T05:00Z', '2026-05-11T04:30Z');
    expect(await machine.keep()).toEqual(['2026-05-11T03:00']);
  });

  it('catches up at its start with a run that failed, was stopped or was killed', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-10T12:00:01Z');
    machine.past = { any: true, settled: { run: 'the night before', startedAt: Date.parse('2026-05-09T03:00Z') } };
    expect(await machine.keep()).toEqual(['2026-05-10T12:00']);
  });

  it('tries a night that failed again every hour, six times in all, and then waits for the next night', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-12T04:30Z');
    machine.ends = 'failed';
    const hours = ['03', '05', '07', '09', '11', '13'];
    expect(await machine.keep()).toEqual([...hours.map((hour) => `2026-05-11T${hour}:00`), '2026-05-12T03:00']);
    expect(machine.log.filter((kind) => kind === 'again')).toHaveLength(6);
  });

  it('tries no more once it is finished, be it by somebody else', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-12T02:00Z');
    machine.ends = 'failed';
    machine.takes = 0;
    machine.meanwhile = () => {
      if (machine.now >= Date.parse('2026-05-11T03:30Z')) machine.ends = 'done';
    };
    expect(await machine.keep()).toEqual(['2026-05-11T03:00', '2026-05-11T04:00']);

    const other = new Machine('2026-05-10T12:00Z', '2026-05-12T02:00Z');
    other.ends = 'thrown';
    other.takes = 0;
    other.meanwhile = () => {
      if (other.now >= Date.parse('2026-05-11T03:30Z'))
        other.past = { any: true, settled: { run: 'by hand', startedAt: Date.parse('2026-05-11T03:20Z') } };
    };
    expect(await other.keep()).toEqual(['2026-05-11T03:00']);
    expect(other.log).toEqual(['waiting', 'due', 'again', 'settled', 'waiting', 'ended']);
  });

  it('does not try a night again that was refused: asking again would not change it', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-12T02:00Z');
    machine.ends = 'refused';
    expect(await machine.keep()).toEqual(['2026-05-11T03:00']);
  });

  it('lets the next night come first where it comes before the hour is over', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-10T14:00Z');
    machine.nights = nightsOf('*/30 * * * *', 'UTC');
    machine.ends = 'failed';
    machine.takes = 0;
    expect(await machine.keep()).toEqual(['12:30', '13:00', '13:30'].map((time) => `2026-05-10T${time}`));
  });

  it('never runs twice at once: a time that passes during a run is said and let pass', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-13T12:00Z');
    machine.takes = 30 * HOUR;
    expect(await machine.keep()).toEqual(['2026-05-11T03:00', '2026-05-13T03:00']);
    expect(machine.log.filter((kind) => kind === 'passed')).toHaveLength(2);
  });

  it('leaves a night alone that somebody has run since its time', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-11T12:00Z');
    machine.meanwhile = () => {
      if (machine.now >= Date.parse('2026-05-11T03:00Z'))
        machine.past = { any: true, settled: { run: 'cron', startedAt: Date.parse('2026-05-11T03:00Z') } };
    };
    expect(await machine.keep()).toEqual([]);
    expect(machine.log).toContain('settled');
  });

  it('runs late, and once, when the machine was suspended over several nights', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-15T02:00Z');
    let suspended = false;
    machine.meanwhile = () => {
      if (!suspended) machine.now += 3 * 24 * HOUR;
      suspended = true;
    };
    expect(await machine.keep()).toEqual(['2026-05-13T12:01', '2026-05-14T03:00']);
  });

  it('does not run a night twice when the clock is set back after it', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-12T02:00Z');
    machine.takes = -5000;
    expect(await machine.keep()).toEqual(['2026-05-11T03:00']);
  });

  it('nor when it is set back in the middle of the run, and asks for nothing twice', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-11T12:00Z');
    machine.takes = -2 * HOUR;
    await machine.keep();
    expect([machine.runs, machine.log]).toEqual([['2026-05-11T03:00'], ['waiting', 'due', 'waiting', 'ended']]);
  });

  it('asks the clock at least once a minute, so that no timer is trusted for a day', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-10T13:00Z');
    let waits = 0;
    machine.meanwhile = () => {
      waits += 1;
    };
    await machine.keep();
    expect(waits).toBe(60);
  });

  it('is not ended by a store that cannot be read tonight', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-11T12:00Z');
    machine.meanwhile = () => {
      Object.defineProperty(machine, 'past', {
        get: () => {
          throw new Error('disk I/O error');
        },
        set: () => undefined,
      });
    };
    expect((await machine.keep()).slice(0, 2)).toEqual(['2026-05-11T03:00', '2026-05-11T05:00']);
  });

  it('ends at once when it is asked to stop while waiting', async () => {
    const machine = new Machine('2026-05-10T12:00Z', '2026-05-10T12:00:30Z');
    expect(await machine.keep()).toEqual([]);
    expect(machine.now).toBe(Date.parse('2026-05-10T12:01Z'));
  });
});

describe('whether a run is due', () => {
  const nights = nightsOf('0 20 * * *', 'America/Los_Angeles');
  const settledAt = (text: string): PastRuns => ({ any: true, settled: { run: 'r', startedAt: Date.parse(text) } });
  const kind = (past: PastRuns, now: string) => standingNow(nights, past, Date.parse(now)).kind;

  it('is so from the scheduled time until a run is finished', () => {
    expect(kind(settledAt('2026-05-10T03:00Z'), '2026-05-11T02:59:59Z')).toBe('settled');
    expect(kind(settledAt('2026-05-10T03:00Z'), '2026-05-11T03:00:00Z')).toBe('due');
    expect(kind(settledAt('2026-05-11T03:00Z'), '2026-05-11T03:30:00Z')).toBe('settled');
  });

  it('is so in the first hours after the scheduled time where nothing was ever run', () => {
    const never = { any: false, settled: null };
    expect(kind(never, '2026-05-11T03:00Z')).toBe('due');
    expect(kind(never, '2026-05-11T14:59Z')).toBe('due');
    expect(kind(never, '2026-05-11T15:00Z')).toBe('not-yet');
  });

  /** A scheduler somewhere wakes us at these moments; the night before them was run. */
  function wokenAt(moments: readonly number[]): number[] {
    const runs: number[] = [];
    let past = settledAt(new Date((moments[0] ?? 0) - 1000).toISOString());
    for (const moment of moments)
      if (standingNow(nights, past, moment).kind === 'due') {
        runs.push(moment);
        past = { any: true, settled: { run: 'r', startedAt: moment } };
      }
    return runs;
  }
  /** Ten nights on either side of each change of the clocks. */
  const SEASONS = ['2026-02-26T12:00Z', '2026-10-22T12:00Z'].map((from) => {
    const start = Date.parse(from);
    const everyNight: number[] = [];
    while (everyNight.length < 20) everyNight.push(nights.next(everyNight.at(-1) ?? start) ?? 0);
    const end = (everyNight.at(-1) ?? 0) + HOUR - 1;
    const every = (ms: number, after = 0) => {
      const moments: number[] = [];
      for (let at = start + after; at <= end; at += ms) moments.push(at);
      return moments;
    };
    return { start, end, everyNight, every };
  });

  it('makes one run a night at the minute, woken every hour of UTC', () => {
    for (const { every, everyNight } of SEASONS) expect(wokenAt(every(HOUR))).toEqual(everyNight);
  });

  it('makes one run a night at the minute, woken at 03:00 and 04:00 UTC only', () => {
    for (const { every, everyNight } of SEASONS)
      expect(wokenAt(every(HOUR).filter((at) => [3, 4].includes(new Date(at).getUTCHours())))).toEqual(everyNight);
  });

  it('makes one run a night, minutes late, woken at five past every hour', () => {
    const late = 5 * 60_000;
    for (const { every, everyNight } of SEASONS)
      expect(wokenAt(every(HOUR, late))).toEqual(everyNight.map((at) => at + late));
  });

  it('makes one run a night by a cron that takes 20:00 for its own time, in Berlin, and asks every hour', () => {
    const berlin = nightsOf('0 20 * * *', 'Europe/Berlin');
    for (const { every, everyNight, start, end } of SEASONS) {
      const woken = every(HOUR, 5 * 60_000);
      for (let at = berlin.next(start); at !== null && at <= end; at = berlin.next(at)) woken.push(at);
      expect(wokenAt(woken.sort((a, b) => a - b))).toHaveLength(everyNight.length);
    }
  });
});

describe('what the store knows of past runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'optbridge-past-'));
  const path = join(folder, 'store.sqlite');
  const NOW = Date.parse('2026-05-10T12:00Z');

  it('is nothing where there is no store, and none is made', () => {
    expect(pastRuns(path, NOW)).toEqual({ any: false, settled: null });
    expect(existsSync(path)).toBe(false);
  });

  it('is the last run that was finished with its night, by a clock that was not ahead', () => {
    const store = new Store(path);
    const add = (id: string, startedAt: string, outcome: RunOutcome | null) =>
      store.run(
        'INSERT INTO runs (id, started_at, finished_at, outcome) VALUES (?, ?, ?, ?)',
        id,
        startedAt,
        outcome && startedAt,
        outcome,
      );
    add('a', '2026-05-01T03:00:00.000Z', 'done');
    add('b', '2026-05-02T03:00:00.000Z', 'refused');
    add('c', '2026-05-03T03:00:00.000Z', 'failed');
    add('d', '2026-05-04T03:00:00.000Z', 'stopped');
    add('killed', '2026-05-05T03:00:00.000Z', null);
    expect(pastRuns(path, NOW)).toEqual({
      any: true,
      settled: { run: 'b', startedAt: Date.parse('2026-05-02T03:00Z') },
    });
    add('e', '2026-05-06T03:00:00.000Z', 'partly');
    expect(pastRuns(path, NOW).settled?.run).toBe('e');
    const counts = (id: string, done: number) =>
      store.run(
        'UPDATE runs SET summary = ? WHERE id = ?',
        JSON.stringify({ plan: 'a dry run', counts: { changed: 3, done, failed: 1 } }),
        id,
      );
    add('of a plan', '2026-05-07T03:00:00.000Z', 'partly');
    counts('of a plan', 1);
    expect(pastRuns(path, NOW).settled?.run).toBe('e');
    counts('of a plan', 2);
    expect(pastRuns(path, NOW).settled?.run).toBe('of a plan');
    add('refused', '2026-05-08T03:00:00.000Z', 'refused');
    counts('refused', 3);
    expect(pastRuns(path, NOW).settled?.run).toBe('of a plan');
    add('from 2036', '2036-05-06T03:00:00.000Z', 'done');
    store.close();
    expect(pastRuns(path, NOW).settled?.run).toBe('of a plan');
    expect(standingNow(nightsOf('0 20 * * *', 'America/Los_Angeles'), pastRuns(path, NOW), NOW).kind).toBe('due');
    rmSync(folder, { recursive: true });
  });
});
