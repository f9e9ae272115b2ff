import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../src/sandbox/listen.ts';
import { type PlantedVillager, Town, UNSUBSCRIBES_REFUSED } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** `optbridge show` over http, as a user types it. */

const here = new Town();
let running: Running;
let ann: PlantedVillager;
let run: string;
let file: string;
const show = (...args: string[]) => tell(SECRETS, 'show', ...args, '--config', file);

beforeAll(async () => {
  running = await here.sandbox.listen();
  ann = here.plant('ann', { contacts: [false], leads: [false], lists: { News: 2 } });
  here.plant('ben', { contacts: [true], lists: { News: 1 } });
  run = (await here.night()).run;
  file = configFile(here, running);
});
afterEach(() => here.sandbox.faults.clear());
afterAll(async () => {
  await running.close();
  here.dispose();
});

describe('optbridge show', () => {
  it('answers for an address first, then tells all', async () => {
    const { code, out } = await show('Ann@example.com');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^ann@example\.com is opted out on both sides: they unsubscribed from all lists in\nActiveCampaign/,
    );
    for (const part of [
      'Salesforce, now',
      'ActiveCampaign, now',
      'Remembered',
      'What the rules say now',
      'Changes made',
    ])
      expect(out).toContain(part);
    expect(out).toMatch(/News +unsubscribed/);
    expect(out).toContain(`box set on ${ann.contacts[0]}`);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    for (const secret of Object.values(SECRETS)) expect(out).not.toContain(secret);
  });

  it('finds the person by the id of a record, of either length', async () => {
    const id = ann.leads[0] ?? '';
    // At 20:00 in Los Angeles it is the next day already by the days that the sentence names.
    for (const word of [id, id.slice(0, 15)])
      expect((await show(word)).out).toMatch(
        /^ann@example\.com is opted out on both sides[^(]*\([^)]*\)[^(]*\(Days and times are in UTC\.\)\n\n/,
      );
    expect((await show(id, '--offline')).out).toMatch(/^ann@example\.com was opted out/);
  });

  it('prints one JSON object for machines', async () => {
    const { out } = await show('ann@example.com', '--json');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      person: 'ann@example.com',
      decision: { reason: 'agreed' },
      now: { policy: { lists: ['1', '2'] }, contact: { id: ann.ac } },
      audit: [{ reason: 'unsubscribed-from-all' }, { reason: 'unsubscribed-from-all' }],
    });
  });

  it('asks no service with --offline, and needs no secret', async () => {
    here.sandbox.requests.reset();
    const { code } = await tell({}, 'show', 'ann@example.com', '--offline', '--config', file);
    expect([code, here.sandbox.requests.all.length]).toEqual([0, 0]);
  });

  it('shows the rest and exits with 1 when a service cannot be read', async () => {
    here.sandbox.faults.add({ service: 'salesforce', path: /query/, kind: 'status', status: 400 });
    const { code, out } = await show('ann@example.com');
    expect(code).toBe(1);
    expect(out).toMatch(/Salesforce, now\n {2}could not be read: /);
    expect(out).toMatch(/News +unsubscribed/);
  });

  it('tells all about a run', async () => {
    const { code, out } = await show(run);
    expect(code).toBe(0);
    expect(out).toContain(`Run ${run}\nDone, after`);
    expect(out).toMatch(/ann@example\.com +unsubscribed-from-all +done/);
    expect(out).toMatch(/ben@example\.com +list 1: active -> unsubscribed/);
    const json = JSON.parse((await show(run, '--json')).out) as unknown;
    expect(json).toMatchObject({ run, summary: { outcome: 'done' }, decisions: [{}, {}], audit: [{}, {}, {}] });
  });
});

describe('a run that did not go well', () => {
  it('says what ended it and what to do, and claims nothing of people whom it did not read', async () => {
    here.sandbox.faults.add({ service: 'activecampaign', path: /lists/, kind: 'status', status: 503 });
    const failed = await here.night();
    const { out } = await show(failed.run);
    expect(out).toMatch(/lists: HTTP 503.*\nThe service had trouble of its own\./);
    expect(out.replace(/\s+/g, ' ')).toContain('nobody was decided about, and nothing was written. API calls:');
    expect(out).not.toContain('0 people:');
  });

  it('says the same of several people once', async () => {
    for (const name of ['ida', 'jon']) here.plant(name, { contacts: [true], lists: { News: 1 } });
    here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    const { out } = await show((await here.night()).run);
    expect(out).toMatch(/Failures:\n {2}2 people: POST \/api\/3\/contactLists/);
    expect(out).toContain('ida@example.com, jon@example.com');
    here.sandbox.faults.clear();
    await here.night();
  });
});

describe('what optbridge show cannot find', () => {
  const cases: [string, string[], RegExp][] = [
    ['nobody at all', [], /say whom/],
    ['a word that is nothing', ['ann'], /"ann" is no email address/],
    ['an account', ['001Qy0000004C9JIAU'], /is no email address, no id of a Contact or Lead/],
    ['a run that was not', ['20200101T000000Z-aaaa'], /there is no run 20200101T000000Z-aaaa/],
    ['a record that is not there', ['003Qy00000zzzzzIAA'], /Salesforce shows no record 003Qy00000zzzzzIAA/],
    ['a record id that was copied wrongly', ['003Qy00000zzzzzZZZ'], /last three characters do not fit/],
    ['a lead that is not there', ['00QQy00000zzzzz'], /Salesforce shows no record 00QQy00000zzzzzMAA/],
    ['a record the store does not know', ['003Qy00000zzzzzIAA', '--offline'], /the store knows no record/],
    ['two at once', ['a@b.c', 'd@e.f'], /"d@e.f" is one word too many/],
  ];
  for (const [what, args, message] of cases)
    it(`${what}: exits with 2 and says so`, async () => {
      expect(await show(...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    });

  it('a record id that Salesforce takes for none: exits with 2 and says so', async () => {
    const body = [{ message: 'invalid ID field: 003Qy00000zzzzzIAA', errorCode: 'INVALID_QUERY_FILTER_OPERATOR' }];
    here.sandbox.faults.add({ service: 'salesforce', path: /query/, kind: 'status', status: 400, body });
    expect(await show('003Qy00000zzzzzIAA')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Salesforce shows no record 003Qy00000zzzzzIAA'),
    });
  });

  it('a record without an address is of no concern', async () => {
    const id = here.sandbox.org.insert('Contact', { LastName: 'bare' });
    expect(await show(id)).toMatchObject({ code: 2, err: expect.stringContaining('has no email address') });
  });
});

describe('somebody whose address changed', () => {
  it('is told from and to which address, under both of them', async () => {
    const eve = here.plant('eve', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.org.update('Contact', eve.contacts[0] ?? '', { Email: 'eve.new@example.com' });
    await here.night();
    for (const address of ['eve@example.com', 'eve.new@example.com']) {
      const { out } = await show(address, '--offline');
      expect(out.replace(/\s+/g, ' ')).toContain(
        `Salesforce record ${eve.contacts[0]} went from eve@example.com to eve.new@example.com: the opt-out counts`,
      );
      for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });
});

describe('the words of both services', () => {
  it('stand below what they are about, and what would let somebody in again', async () => {
    const { account } = here.sandbox;
    account.name('campaign', '9', 'Autumn offer');
    const ola = here.plant('ola', { contacts: [false], lists: { News: 1 } });
    account.unsubscribe(ola.ac, here.list('News'), { by: 'contact', campaign: '9', reason: 'No more please' });
    await here.night();
    const { out } = await show('ola@example.com');
    expect(out).toContain('  News left through campaign “Autumn offer”: “No more please”\n');
    expect(out).toMatch(/agreed\n {2}if they subscribe again to a list themselves, the next run clears the box/);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('do not claim that both sides differ where one could not be read', async () => {
    here.sandbox.faults.add({ service: 'salesforce', path: /query/, kind: 'status', status: 400 });
    const { out } = await show('ann@example.com');
    expect(out).toContain('whether the two sides differ cannot be said: something could not be read');
    expect(out).not.toContain('the two sides differ:');
  });
});
