import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Store } from '../../src/companion/store.ts';
import { Town, UNSUBSCRIBES_REFUSED } from '../companion/town.ts';
import { configFile, tell } from './told.ts';

/** The commands that look into the store: no service is asked, no secret is needed, nothing is changed. */

let here: Town;
function town(): Town {
  here = new Town();
  return here;
}
afterEach(() => here.dispose());

/** Everybody who may differ, and one who is settled. */
async function lived(): Promise<string> {
  const { sandbox } = town();
  here.plant('left', { contacts: [false], lists: { News: 2 } });
  here.plant('stranger', { contacts: [false], lists: { News: 2 }, qualified: false });
  await here.night();
  here.plant('stuck', { contacts: [true], lists: { News: 1 } });
  sandbox.faults.add(UNSUBSCRIBES_REFUSED);
  await here.night();
  return configFile(here);
}

describe('optbridge status', () => {
  it('says when the last run was and how it ended, who is out, and what waits', async () => {
    const { code, out } = await tell({}, 'status', '--config', await lived());
    expect(code).toBe(0);
    expect(out).toMatch(/^Last run +Done, but not for everybody, 2026-11-\d\d \d\d:\d\d UTC/);
    expect(out).toMatch(/Last good run +2026-11/);
    expect(out).toMatch(/People out +1 on each side that has them, 0 by a bounce/);
    expect(out).toMatch(/Left open +1 person whose writes were begun/);
    expect(out).toMatch(/Differences +2 people/);
    expect(out).toMatch(/1 not-qualified: out in ActiveCampaign/);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('the opt-out of stuck@example.com has not crossed since');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('prints one JSON object for machines', async () => {
    const { out } = await tell({}, 'status', '--config', await lived(), '--json');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      lastRun: { summary: { outcome: 'partly' } },
      lastDone: { outcome: 'done' },
      people: { out: 1, bounced: 0, quiet: 0 },
      openIntentions: 1,
      differences: { open: 2, oldestOptOut: { person: 'stuck@example.com' } },
    });
  });

  it('says that a run goes on still, or was cut off', async () => {
    const file = configFile(town());
    const store = new Store(here.config.store);
    store.run("INSERT INTO runs (id, started_at) VALUES ('20261101T040000Z-abcd', '2026-11-01T04:00:00.000Z')");
    store.close();
    const { out } = await tell({}, 'status', '--config', file);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('still going on, or cut off (20261101T040000Z-abcd)');
  });

  it('says when the next run is due, or that none is', async () => {
    const schedule = { cron: '30 4 * * *', timeZone: 'UTC' };
    const on = configFile(town(), undefined, { schedule });
    expect((await tell({}, 'status', '--config', on)).out).toMatch(/Next run +\d{4}-\d\d-\d\d 04:30 UTC/);
    const off = configFile(here, undefined, { schedule, nightly: { enabled: false } });
    expect((await tell({}, 'status', '--config', off)).out).toMatch(/Next run +none: nightly\.enabled is false/);
  });

  it('needs no secret, also where an alert has one', async () => {
    const file = configFile(town(), undefined, { alerts: { webhook: { env: 'HOOK' } } });
    expect((await tell({}, 'status', '--config', file)).code).toBe(0);
  });

  it('makes no store where there is none', async () => {
    const { code, out } = await tell({}, 'status', '--config', configFile(town()));
    expect([code, existsSync(here.config.store)]).toEqual([0, false]);
    expect(out).toContain('none yet');
  });
});

describe('optbridge runs', () => {
  it('lists a run that a clock dated ahead last, and says so', async () => {
    const file = configFile(town());
    const store = new Store(here.config.store);
    const begin = 'INSERT INTO runs (id, started_at) VALUES (?, ?)';
    store.run(begin, '22260101T040000Z-aaaa', '2226-01-01T04:00:00.000Z');
    for (const day of ['01', '02']) store.run(begin, `202511${day}T040000Z-bbbb`, `2025-11-${day}T04:00:00.000Z`);
    store.close();
    const { out } = await tell({}, 'runs', '--config', file);
    const names = out.split('\n').flatMap((line) => /^\d{8}T\d{6}Z/.exec(line) ?? []);
    expect(names).toEqual(['20251102T040000Z', '20251101T040000Z', '22260101T040000Z']);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      '! The last one here bears a date to come: this machine’s clock was ahead. When it really ran is not known.',
    );
  });

  it('shows the newest first with their counts', async () => {
    const file = await lived();
    const { out } = await tell({}, 'runs', '--config', file);
    const [head, newest, oldest] = out.split('\n');
    expect(head).toMatch(/^run +outcome +out +in +writes +failed +calls +took$/);
    expect(newest).toMatch(/ partly +1 +0 +0 +1 /);
    expect(oldest).toMatch(/ done +1 +0 +1 +0 /);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const { runs } = JSON.parse((await tell({}, 'runs', '--config', file, '--json')).out) as { runs: unknown[] };
    expect(runs).toHaveLength(2);
  });
});

describe('optbridge differences', () => {
  it('names everybody with the cause, since when, and the service’s words', async () => {
    const file = await lived();
    const { code, out } = await tell({}, 'differences', '--config', file);
    expect(code).toBe(0);
    expect(out).toMatch(/^2 people differ\.\n/);
    expect(out).toMatch(/stranger@example\.com +not-qualified +\d+ \w+ ago/);
    expect(out).toMatch(/stuck@example\.com: POST \/api\/3\/contactLists: /);
    const found = JSON.parse((await tell({}, 'differences', '--config', file, '--json')).out) as unknown;
    expect(found).toMatchObject({
      differences: [{ person: 'stranger@example.com' }, { person: 'stuck@example.com', reason: 'salesforce-opt-out' }],
    });
  });

  it('names those first whom a run could not bring along, however many a rule leaves as they are', async () => {
    const file = configFile(town());
    for (let one = 0; one < 60; one++)
      here.plant(`p${one}`, { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    here.plant('stuck', { contacts: [true], lists: { News: 1 } });
    here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    await here.night();
    const { out } = await tell({}, 'differences', '--config', file);
    expect(out).toMatch(
      /^61 people differ\.\n\npeople +why\n +1 +failed +not brought along.*\n +60 +not-qualified +out in/,
    );
    expect(out).toMatch(/first seen so\nstuck@example\.com +failed /);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says once what stands in the way of many', async () => {
    const file = configFile(town());
    for (const name of ['ann', 'ben', 'cleo']) here.plant(name, { contacts: [true], lists: { News: 1 } });
    await here.night({ caps: { optOut: 1 } });
    const { out } = await tell({}, 'differences', '--config', file);
    expect(out).toContain('\nann@example.com and 2 more: refused: more people than the opt-out cap allows\n');
    expect(out.match(/refused:/g)).toHaveLength(1);
  });

  it('says so when nobody differs, and that nobody knows before a run has looked', async () => {
    const file = configFile(town());
    expect((await tell({}, 'differences', '--config', file)).out).toMatch(/^No run has looked yet/);
    here.sandbox.faults.add({ service: 'activecampaign', path: /lists/, kind: 'status', status: 400 });
    await here.night();
    expect((await tell({}, 'differences', '--config', file)).out).toMatch(/^No run has looked yet/);
    const { out } = await tell({}, 'status', '--config', file);
    expect(out).toContain('nobody knows who is out');
    expect(out).not.toContain('People out');
    here.sandbox.faults.clear();
    await here.night();
    expect((await tell({}, 'differences', '--config', file)).out).toMatch(/^Nobody differs/);
  });
});

describe('wrong usage', () => {
  for (const command of ['status', 'runs', 'differences'])
    it(`of ${command} exits with 2 and says what is wrong; --help is no mistake`, async () => {
      town();
      expect(await tell({}, command)).toMatchObject({ code: 2, err: expect.stringContaining('--config FILE') });
      expect(await tell({}, command, 'more', '--config', 'x')).toMatchObject({
        code: 2,
        err: expect.stringContaining('"more" is one word too many'),
      });
      expect(await tell({}, command, '--help')).toMatchObject({
        code: 0,
        out: expect.stringContaining(`optbridge ${command}`),
      });
    });
});
