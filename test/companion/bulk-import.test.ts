import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import type { Report } from '../../src/companion/report.ts';
import type { Surroundings } from '../../src/companion/sync.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { BOX, decisionOn, type PlantedVillager, Town, UNSUBSCRIBES_REFUSED } from './town.ts';

/** Many people who opted out in Salesforce and are still subscribed in ActiveCampaign. */

let town: Town;
beforeEach(() => {
  town = new Town();
});
afterEach(() => town.dispose());

function boxed(count: number): PlantedVillager[] {
  return Array.from({ length: count }, (_, n) =>
    town.plant(`p${String(n).padStart(3, '0')}`, { contacts: [true], lists: { News: 1, Offers: 1 } }),
  );
}

/** A night in which pauses are time that passes, so that an import is worked off by and by. */
async function night(over: Partial<Surroundings> = {}): Promise<Report> {
  const sleep = async (ms: number) => town.clock.advance(ms);
  return town.night({}, { ...town.surroundings(), sleep, ...over });
}
const posts = (path: RegExp) => town.sandbox.requests.of('activecampaign', 'POST', path).length;
const imports = () => posts(/bulk_import/);
const singles = () => posts(/contactLists/);
const active = () => [...town.sandbox.account.memberships.values()].filter(({ status }) => status === 1).length;
const IMPORT = { service: 'activecampaign', method: 'POST', path: /bulk_import/ } as const;
const BY_IDS = { service: 'activecampaign', method: 'GET', path: /ids%5B%5D/ } as const;

/** The night after finds nothing to do, and every change is in the audit once. */
async function settled(changes: number): Promise<void> {
  expect(active()).toBe(0);
  town.sandbox.requests.reset();
  expect((await town.night()).counts.writes).toBe(0);
  expect(town.writes()).toEqual([]);
  town.store((store) => expect(verifyAudit(store)).toEqual({ rows: changes, brokenAt: null }));
}

describe('more than 50 contacts', () => {
  test('leave by one bulk import, are read back together, and the report says so', async () => {
    boxed(60);
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', counts: { done: 60, writes: 120 } });
    expect(report.written.activecampaign).toEqual({ imported: 60, single: 0 });
    expect([imports(), singles()]).toEqual([1, 0]);
    expect(report.calls.activecampaign).toBe(town.sandbox.requests.of('activecampaign').length);
    expect(town.sandbox.requests.of('activecampaign', 'GET', BY_IDS.path)).toHaveLength(2);
    await settled(120);
  });

  test('are named by the address as it is stored, and nothing but the lists where they are active is said', async () => {
    const people = boxed(51);
    const [ann] = people;
    town.sandbox.account.rename(ann?.ac ?? '', 'P000@Example.COM');
    town.sandbox.account.bounceSoft(people[1]?.ac ?? '');
    town.sandbox.account.unsubscribe(people[1]?.ac ?? '', town.list('Offers'));
    await night();
    const both = [{ listid: Number(town.list('News')) }, { listid: Number(town.list('Offers')) }];
    const [body] = town.imported as { contacts: object[]; exclude_automations: boolean }[];
    expect(body?.contacts).toHaveLength(51);
    expect(body?.contacts.slice(0, 3)).toEqual([
      { email: 'P000@Example.COM', unsubscribe: both },
      { email: 'p001@example.com', unsubscribe: both.slice(0, 1) },
      { email: 'p002@example.com', unsubscribe: both },
    ]);
    expect(body?.exclude_automations).toBe(true);
    await settled(101);
  });

  test('may start automations where the settings say so', async () => {
    boxed(51);
    town.config = town.configured({ activecampaign: { excludeAutomations: false } });
    await night();
    expect(town.imported).toMatchObject([{ exclude_automations: false }]);
  });

  test('go one by one where the settings say so, and 50 do anyway', async () => {
    boxed(51);
    town.config = town.configured({ activecampaign: { bulkImport: 'never' } });
    const report = await night();
    expect([imports(), singles(), report.written.activecampaign.single]).toEqual([0, 102, 102]);
    const fifty = new Town();
    for (let n = 0; n < 50; n++) fifty.plant(`p${n}`, { contacts: [true], lists: { News: 1 } });
    await fifty.night();
    expect(fifty.sandbox.requests.of('activecampaign', 'POST', /bulk_import/)).toEqual([]);
    fifty.dispose();
  });

  test('need several imports where they are more than one takes', async () => {
    boxed(260);
    const report = await night();
    // Ten are worth an import.
    expect([imports(), singles()]).toEqual([2, 0]);
    expect(report.counts.done).toBe(260);
    await settled(520);
  });
});

describe('between the reading and the import', () => {
  test('nobody who moved or is gone comes back as a new contact', async () => {
    const people = boxed(60);
    const { account } = town.sandbox;
    const [moved, gone] = people;
    town.sandbox.faults.add({
      ...BY_IDS,
      times: 1,
      kind: 'run',
      run: () => {
        account.rename(moved?.ac ?? '', 'elsewhere@example.com');
        account.remove(gone?.ac ?? '');
      },
    });
    const report = await night();
    expect(account.contacts).toHaveLength(59);
    expect(account.contactByEmail('p000@example.com')).toBeUndefined();
    expect(account.contactByEmail('p001@example.com')).toBeUndefined();
    // The opt-out is the person's: whoever moved meanwhile leaves the lists too, by the contact's id.
    expect(town.status(moved?.ac ?? '', 'News')).toBe(2);
    expect(report.written.activecampaign).toMatchObject({ imported: 58 });
    expect(active()).toBe(0);
  });

  test('nobody is named whose address is not plain, or who lies in the bin', async () => {
    const people = boxed(60);
    const odd = town.plant("o'neil", { contacts: [true], lists: { News: 1 } });
    const [binned] = people;
    const run = () => town.sandbox.account.bin(binned?.ac ?? '');
    town.sandbox.faults.add({ ...BY_IDS, times: 1, kind: 'run', run });
    await night();
    const named = (town.imported as { contacts: { email: string }[] }[]).flatMap(({ contacts }) => contacts);
    expect(named.map(({ email }) => email)).toEqual(people.slice(1).map(({ email }) => email));
    expect(town.status(odd.ac, 'News')).toBe(2);
  });

  test('a row that is not active any more is not touched', async () => {
    const people = boxed(60);
    const [bounced] = people;
    town.sandbox.faults.add({
      ...BY_IDS,
      times: 1,
      kind: 'run',
      run: () => void town.sandbox.account.bounceHard(bounced?.ac ?? ''),
    });
    await night();
    expect([town.status(bounced?.ac ?? '', 'News'), singles()]).toEqual([3, 0]);
    expect(active()).toBe(0);
  });

  test('an address that is not plain is not handed in', async () => {
    boxed(60);
    const odd = town.plant("o'neil", { contacts: [true], lists: { News: 1 } });
    const report = await night();
    expect(decisionOn(report, odd)).toBe('salesforce-opt-out: done');
    expect([singles(), report.written.activecampaign]).toEqual([1, { imported: 60, single: 1 }]);
    await settled(121);
  });
});

describe('whoever is not out after the import', () => {
  test('is unsubscribed one by one when it is still waiting after a patience, which is said', async () => {
    boxed(60);
    town.sandbox.switches.importDelay = 'never';
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { activecampaign: { imported: 0, single: 120 } } });
    expect(report.warnings.join()).toContain('had not worked off 1 of 1 bulk imports in time');
    // It comes after all, and changes nothing.
    town.sandbox.imports.run();
    await settled(120);
  });

  test('is unsubscribed one by one when they are on the exclusion list, which an import passes over', async () => {
    const [ann] = boxed(60);
    town.sandbox.account.exclude(ann?.email ?? '');
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { activecampaign: { imported: 59, single: 2 } } });
    await settled(120);
  });

  test('is unsubscribed one by one when it is done in part only', async () => {
    boxed(60);
    town.sandbox.switches.importDelay = 'never';
    town.sandbox.faults.add({
      service: 'activecampaign',
      path: /import\/info/,
      times: 1,
      kind: 'run',
      run: () => town.sandbox.imports.run(20),
    });
    const report = await night();
    expect(report.written.activecampaign).toEqual({ imported: 20, single: 80 });
    await settled(120);
  });

  test.each<[string, FaultKind]>([
    [
      'is refused',
      { kind: 'status', status: 400, body: { success: 0, message: 'JSON payload did not pass validation' } },
    ],
    ['is forbidden', { kind: 'status', status: 403, body: { message: 'Forbidden' } }],
    ['fails under 200', { kind: 'status', status: 200, body: { success: 0, message: 'no' } }],
    ['takes no more all night', { kind: 'status', status: 400, body: { success: 0, message: 'Rate limit exceeded.' } }],
  ])('is unsubscribed one by one when it %s, which is said', async (_, fault) => {
    boxed(60);
    town.sandbox.faults.add({ ...IMPORT, ...fault });
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { activecampaign: { imported: 0, single: 120 } } });
    expect(report.warnings.join()).toContain('refused a bulk import');
    await settled(120);
  });

  test('is handed in again a minute later, and read again before, when the account takes no more this minute', async () => {
    boxed(60);
    const body = { success: 0, message: 'Rate limit exceeded.', failureReasons: ['Up to 100 imports'] };
    town.sandbox.faults.add({ ...IMPORT, times: 1, kind: 'status', status: 400, body });
    const report = await night();
    expect([imports(), singles(), report.warnings.join()]).toEqual([2, 0, expect.not.stringContaining('refused')]);
    expect(town.sandbox.requests.of('activecampaign', 'GET', BY_IDS.path)).toHaveLength(3);
    const [first, again] = town.sandbox.requests.of('activecampaign', 'POST', IMPORT.path).map(({ at }) => at);
    expect((again ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(60_000);
    await settled(120);
  });

  test.each<['before' | 'after', number]>([
    ['before', 120],
    ['after', 0],
  ])('is known by reading back when the answer is lost %s it was taken', async (when, single) => {
    boxed(60);
    town.sandbox.faults.add({ ...IMPORT, times: 1, kind: 'drop', when });
    const report = await night();
    expect(report.outcome).toBe('done');
    expect([imports(), singles()]).toEqual([1, single]);
    await settled(120);
  });

  test('and when it is cut: then it was taken, and is not handed in or done otherwise', async () => {
    boxed(60);
    town.sandbox.faults.add({ ...IMPORT, times: 1, kind: 'cut' });
    const report = await night();
    expect([imports(), singles(), report.warnings.join()]).toEqual([1, 0, expect.not.stringContaining('refused')]);
    await settled(120);
  });
});

describe('an import whose answer is lost', () => {
  test('is the run’s when it comes after all, and only it: not what a rep does meanwhile', async () => {
    boxed(59);
    const ann = town.plant('ann', { contacts: [true, false], lists: { News: 1, Offers: 1 } });
    const [, other] = ann.contacts;
    town.sandbox.switches.importDelay = 'never';
    town.sandbox.faults.add({ ...IMPORT, times: 1, kind: 'drop', when: 'after' });
    town.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    town.sandbox.org.lock(other ?? '');
    expect(decisionOn(await night(), ann)).toBe('salesforce-opt-out: failed');
    town.sandbox.faults.clear();
    town.sandbox.org.unlock(other ?? '');
    town.sandbox.imports.run();
    town.sandbox.org.update('Contact', other ?? '', { [BOX]: true });
    await night();
    await settled(120);
  });
});

describe('a run that is asked to stop while an import waits', () => {
  test('stops, claims nothing, and the next run ends where one run ends', async () => {
    boxed(60);
    town.sandbox.switches.importDelay = 'never';
    let stopping = false;
    town.sandbox.faults.add({
      service: 'activecampaign',
      path: /import\/info/,
      times: 1,
      kind: 'run',
      run: () => {
        stopping = true;
      },
    });
    const report = await night({ stopping: () => stopping });
    expect(report).toMatchObject({ outcome: 'stopped', failures: [], counts: { done: 0 } });
    expect(new Set(report.decisions.map(({ outcome }) => outcome))).toEqual(new Set(['not-tried']));
    expect(singles()).toBe(0);
    // What was handed in comes in the night: it was ours, and is in the audit.
    town.sandbox.imports.run();
    expect((await night()).outcome).toBe('done');
    await settled(120);
  });
});
