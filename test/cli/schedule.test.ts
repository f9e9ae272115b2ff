import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../../src/companion/report.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { START, Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** `optbridge schedule` and stopping, where it matters in processes of their own, against the sandbox. */

let town: Town;
let running: Running;
let children: ChildProcess[] = [];

beforeEach(async () => {
  town = new Town();
  // These processes have the machine's clock; a service's clock agrees with it, as in life.
  town.clock.advance(Date.now() - START);
  running = await town.sandbox.listen();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await running.close();
  town.dispose();
});

/** A pattern that came at the last full hour of UTC, and comes again a day later. */
const dueNow = () => ({ cron: `0 ${new Date(Date.now() - 60_000).getUTCHours()} * * *`, timeZone: 'UTC' });
/** One that came half a day ago and more, and comes in some hours: in the time of a test it never does. */
const longAgo = () => ({ cron: `0 ${(new Date().getUTCHours() + 10) % 24} * * *`, timeZone: 'UTC' });
const config = (over: Record<string, unknown> = {}) => configFile(town, running, { caps: { optOut: 'none' }, ...over });

class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; signal: string | null; out: string; err: string }>;
  out = '';
  err = '';
  #waiting: { words: string; resolve: () => void }[] = [];

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, ['src/cli/optbridge.ts', ...args], {
      env: { ...process.env, ...SECRETS, npm_lifecycle_event: 'optbridge' },
    });
    children.push(this.child);
    this.child.stdout?.on('data', (chunk) => {
      this.out += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.err += String(chunk);
      this.#look();
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => ({ code, signal, out: this.out, err: this.err }));
  }

  /** Comes when these words stand on stderr. */
  said(words: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ words, resolve });
      this.#look();
    });
  }

  #look(): void {
    for (const { words, resolve } of this.#waiting) if (this.err.includes(words)) resolve();
  }
}

/** Stops at the n-th request of a kind, an unsubscribe unless said, until the test lets it go on. */
function heldAtWrite(skip: number, path = /contactLists/): { reached: Promise<void>; go: () => void } {
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  town.sandbox.faults.add({
    service: 'activecampaign',
    path,
    skip,
    times: 1,
    kind: 'run',
    run: () => {
      reached.resolve();
      return go.promise;
    },
  });
  return { reached: reached.promise, go: go.resolve };
}

/** Two batches of people whose opt-out in Salesforce has to reach ActiveCampaign. */
function twoBatches(): void {
  for (let index = 0; index < 205; index++)
    town.plant(`p${String(index).padStart(3, '0')}`, { contacts: [true], lists: { News: 1 } });
}
const unsubscribed = () => [...town.sandbox.account.memberships.values()].filter(({ status }) => status === 2).length;
const outcomes = () =>
  town.store((store) => store.all('SELECT outcome FROM runs ORDER BY started_at').map((row) => row.outcome));

const ONE_BY_ONE = { activecampaign: { bulkImport: 'never' } };

describe('SIGTERM', () => {
  it('lets optbridge sync finish the batch in hand; the next run does the rest', async () => {
    twoBatches();
    const file = config(ONE_BY_ONE);
    const held = heldAtWrite(3);
    const sync = new Started('sync', '--config', file, '--json');
    await held.reached;
    sync.child.kill('SIGTERM');
    await sync.said('Stopping; a batch in hand is finished first');
    held.go();
    const { code, out } = await sync.ended;
    expect(code).toBe(6);
    expect(JSON.parse(out)).toMatchObject({ outcome: 'stopped', exitCode: 6, counts: { done: 200, failed: 0 } });
    expect(unsubscribed()).toBe(200);
    const { code: after } = await tell(SECRETS, 'sync', '--config', file);
    expect(after).toBe(0);
    expect(unsubscribed()).toBe(205);
    expect(outcomes()).toEqual(['stopped', 'done']);
  });

  it('said twice ends it at once, and the next run still does the rest', async () => {
    twoBatches();
    const file = config(ONE_BY_ONE);
    const held = heldAtWrite(3);
    const sync = new Started('sync', '--config', file);
    await held.reached;
    sync.child.kill('SIGTERM');
    await sync.said('Stopping; a batch in hand is finished first');
    sync.child.kill('SIGTERM');
    expect((await sync.ended).signal).toBe('SIGTERM');
    held.go();
    expect((await tell(SECRETS, 'sync', '--config', file)).code).toBe(0);
    expect(unsubscribed()).toBe(205);
    expect(outcomes()).toEqual([null, 'done']);
  });

  it('lets optbridge sync look after whoever is in a bulk import', async () => {
    twoBatches();
    town.sandbox.switches.importDelay = 0;
    const file = config();
    const held = heldAtWrite(0, /import\/info/);
    const sync = new Started('sync', '--config', file, '--json');
    await held.reached;
    sync.child.kill('SIGTERM');
    await sync.said('Stopping; a batch in hand is finished first');
    held.go();
    const { code, out } = await sync.ended;
    expect([code, unsubscribed()]).toEqual([0, 205]);
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'done',
      written: { activecampaign: { imported: 205, single: 0 } },
    });
  });

  it('ends a schedule that waits, and had said at its start that no night can make its store', async () => {
    const store = join(town.folder, 'none/optbridge.sqlite');
    const schedule = new Started('schedule', '--config', config({ schedule: longAgo(), store }));
    await schedule.said('The next run is on');
    schedule.child.kill('SIGTERM');
    const { code, out, err } = await schedule.ended;
    expect(code).toBe(0);
    expect(out).toBe('');
    expect(err).toContain(`To stop this: Ctrl-C, or kill ${schedule.child.pid}.`);
    expect(err).toContain(`Z ! store: ${store}: the folder is not there. Make the folder, or correct "store".`);
    expect(err).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ The next run is on \w{3} \d+ \w{3} \d{4}, \d\d:00 UTC/m);
    expect(err).toMatch(/Z The schedule ends\.\n$/);
    expect(existsSync(store)).toBe(false);
  });

  it('ends a schedule in the middle of a run after its batch', async () => {
    const file = config({ ...ONE_BY_ONE, schedule: dueNow() });
    await tell(SECRETS, 'sync', '--config', file, '--cap-opt-out', '0');
    town.store((store) => store.run("UPDATE runs SET started_at = '2026-01-01T00:00:00.000Z'"));
    twoBatches();
    const held = heldAtWrite(3);
    const schedule = new Started('schedule', '--config', file);
    await held.reached;
    schedule.child.kill('SIGINT');
    await schedule.said('Stopping; a batch in hand is finished first');
    held.go();
    const { code, err } = await schedule.ended;
    expect(code).toBe(0);
    expect(err).toContain('catching up now');
    expect(err).toContain('Stopped as asked; the next run does the rest: 205 to opt out, 0 to opt in, 200 done');
    expect(err).not.toContain('@example.com');
    expect(unsubscribed()).toBe(200);
    expect(outcomes()).toEqual(['done', 'stopped']);
  });
});

describe('optbridge schedule', () => {
  it('catches up with a missed night at its start, and waits for the next', async () => {
    const left = town.plant('left', { contacts: [false], lists: { News: 2 } });
    const file = config({ schedule: dueNow() });
    town.store((store) => store.run("INSERT INTO runs (id, started_at) VALUES ('killed', '2026-01-01T00:00:00.000Z')"));
    const schedule = new Started('schedule', '--config', file);
    await schedule.said('The next run is on');
    schedule.child.kill('SIGTERM');
    const { code, err } = await schedule.ended;
    expect(code).toBe(0);
    expect(err).toMatch(/Z No run was finished since .* UTC: catching up now\./);
    expect(err).toMatch(/Z Done: 1 to opt out, 0 to opt in, 1 done, 0 failed; /);
    expect(town.box(left.contacts[0] ?? '')).toBe(true);
    for (const secret of Object.values(SECRETS)) expect(err).not.toContain(secret);
  });

  it('goes on after a run that failed, and says when it is tried again', async () => {
    const file = config({ schedule: dueNow(), activecampaign: { url: 'http://127.0.0.1:9', key: 'k' } });
    town.store((store) => store.run("INSERT INTO runs (id, started_at) VALUES ('killed', '2026-01-01T00:00:00.000Z')"));
    const schedule = new Started('schedule', '--config', file);
    await schedule.said('The run was not finished. It is tried again on');
    schedule.child.kill('SIGTERM');
    const { code, err } = await schedule.ended;
    expect(code).toBe(0);
    expect(err).toMatch(/Z Failed: 0 to opt out/);
  });

  it('runs nothing when nightly.enabled is false, and says so', async () => {
    const file = config({ nightly: { enabled: false } });
    for (const args of [['schedule'], ['schedule', '--due']]) {
      const { code, err } = await tell(SECRETS, ...args, '--config', file);
      expect(code).toBe(0);
      expect(err).toMatch(/Z nightly\.enabled is false: nothing runs\./);
    }
    expect(existsSync(town.config.store)).toBe(false);
  });
});

describe('optbridge schedule --due', () => {
  it('runs once where a run is due, and then no more', async () => {
    const left = town.plant('left', { contacts: [false], lists: { News: 2 } });
    const file = config({ schedule: dueNow() });
    const first = await tell(SECRETS, 'schedule', '--due', '--config', file, '--json');
    expect(first.code).toBe(0);
    expect(JSON.parse(first.out)).toMatchObject({ outcome: 'done', counts: { done: 1 } });
    expect(town.box(left.contacts[0] ?? '')).toBe(true);
    const second = await tell(SECRETS, 'schedule', '--due', '--config', file, '--json');
    expect(second.code).toBe(0);
    expect(JSON.parse(second.out)).toMatchObject({ run: null, outcome: 'done', decisions: [] });
    const { run } = JSON.parse(first.out) as Report;
    expect(second.err).toContain(`Nothing is due: run ${run} was finished since`);
  });

  it('tries again after a run that failed, with its exit code', async () => {
    const file = config({ schedule: dueNow() });
    const broken = config({ schedule: dueNow(), activecampaign: { url: 'http://127.0.0.1:9', key: 'k' } });
    expect((await tell(SECRETS, 'schedule', '--due', '--config', broken)).code).toBe(1);
    config({ schedule: dueNow() });
    expect((await tell(SECRETS, 'schedule', '--due', '--config', file)).code).toBe(0);
    expect(outcomes()).toEqual(['failed', 'done']);
  });

  it('waits for the first scheduled time where nothing was ever run', async () => {
    const { code, err } = await tell(SECRETS, 'schedule', '--due', '--config', config({ schedule: longAgo() }));
    expect(code).toBe(0);
    expect(err).toContain('Nothing is due: no scheduled time has come yet. The next run is on');
    expect(existsSync(town.config.store)).toBe(false);
  });
});

describe('optbridge schedule, wrongly used, exits with 2 and says how', () => {
  const cases: [string, string[], RegExp][] = [
    ['two things at once', ['--due', '--print', 'cron'], /use either --due or --print/],
    ['an unknown kind', ['--print', 'launchd'], /--print launchd is not known\. Use one of: systemd, cron, windows/],
    ['JSON without --due', ['--json'], /--json goes with --due only/],
    ['a word too many', ['now'], /"now" is one word too many/],
    ['no configuration', ['--print', 'cron'], /--config FILE is missing/],
  ];
  for (const [what, args, message] of cases)
    it(what, async () => {
      const { code, err } = await tell({}, 'schedule', ...args);
      expect(code).toBe(2);
      expect(err).toMatch(message);
    });

  it('prints for other schedulers without the secrets being there', async () => {
    const { code, out } = await tell({}, 'schedule', '--print', 'cron', '--config', config());
    expect(code).toBe(0);
    expect(out).toContain('CRON_TZ=America/Los_Angeles\n0 20 * * * ');
    expect(out).toContain("SF_SECRET='...'");
    expect(out).toContain(`--config ${join(town.folder, 'config.json')}`);
  });

  it('prints the variables of the secrets also where an editor on Windows wrote the file', async () => {
    const file = config();
    writeFileSync(file, `\ufeff${readFileSync(file, 'utf8').replaceAll(',', ',\r\n')}`);
    expect((await tell({}, 'schedule', '--print', 'cron', '--config', file)).out).toContain("AC_KEY='...'");
  });

  it('its help fits the screen', async () => {
    const { code, out } = await tell({}, 'schedule', '--help');
    expect(code).toBe(0);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
