import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import type { Surroundings } from '../../src/companion/sync.ts';
import { LIMITS } from '../../src/companion/volume.ts';
import type { FaultKind } from '../../src/sandbox/faults.ts';
import { BOX, Town } from './town.ts';

/** Many people who left in ActiveCampaign and whose boxes are not set yet; fewer are many here than in life. */

const MANY = 30;
const FEW_ARE_MANY = { records: 20, job: 10 };

let town: Town;
beforeEach(() => {
  town = new Town();
  for (let n = 0; n < MANY; n++) town.plant(`p${n}`, { contacts: [false], lists: { News: 2 } });
});
afterEach(() => town.dispose());

const set = () =>
  ['Contact', 'Lead'].flatMap((type) => town.sandbox.org.all(type)).filter((row) => row[BOX] === true).length;
const jobs = () => town.sandbox.requests.of('salesforce', 'POST', /jobs\/ingest$/).length;
const rest = () => town.sandbox.requests.all.filter(({ writes, path }) => writes && /composite/.test(path)).length;

const night = (over: Partial<Surroundings> = {}) =>
  town.night({}, { ...town.surroundings(), limits: FEW_ARE_MANY, ...over });

async function settled(changes = MANY): Promise<void> {
  town.sandbox.requests.reset();
  expect((await night()).counts.writes).toBe(0);
  expect(town.writes().filter((write) => !write.includes('/jobs/query'))).toEqual([]);
  town.store((store) => expect(verifyAudit(store)).toEqual({ rows: changes, brokenAt: null }));
}

const INGEST = { service: 'salesforce', path: /jobs\/ingest/ } as const;

describe('many records', () => {
  test('are more than 2,000; below, five collections go together', async () => {
    for (let n = 0; n < 400; n++) town.plant(`more${n}`, { contacts: [false], lists: { News: 2 } });
    const report = await town.night();
    expect(report.written.salesforce).toEqual({ bulk: 0, rest: MANY + 400 });
    expect([jobs(), town.writes().map((write) => write.split('/').at(-1))]).toEqual([0, ['composite']]);
    expect(LIMITS).toMatchObject({ records: 2000, contacts: 50 });
  });

  test.each<[string, FaultKind]>([
    ['breaks before it was done', { kind: 'drop', when: 'before' }],
    ['breaks after it was done', { kind: 'drop', when: 'after' }],
    ['has its answer cut', { kind: 'cut' }],
    ['is refused', { kind: 'status', status: 400, body: [{ errorCode: 'LIMIT_EXCEEDED', message: 'no' }] }],
  ])('are written once though the call that carries them %s', async (_, fault) => {
    for (let n = 0; n < 200; n++) town.plant(`more${n}`, { contacts: [false], lists: { News: 2 } });
    // Composite calls before the plan only read.
    const watch: Surroundings['watch'] = ({ kind }) => {
      if (kind === 'planned')
        town.sandbox.faults.add({ service: 'salesforce', method: 'POST', path: /composite$/, times: 1, ...fault });
    };
    const report = await town.night({}, { ...town.surroundings(), watch });
    expect(report).toMatchObject({ outcome: 'done', counts: { done: MANY + 200 }, failures: [] });
    await settled(MANY + 200);
  });

  test('are written by one job, few of the other object by REST, and the report says so', async () => {
    for (let n = 0; n < 3; n++) town.plant(`lead${n}`, { leads: [false], lists: { News: 2 } });
    const meant: number[] = [];
    const run = () => void meant.push(town.store((store) => store.intentions().length));
    town.sandbox.faults.add({ ...INGEST, method: 'POST', kind: 'run', run });
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', counts: { done: MANY + 3 } });
    expect(report.written.salesforce).toEqual({ bulk: MANY, rest: 3 });
    expect([jobs(), rest(), set()]).toEqual([1, 1, MANY + 3]);
    expect(report.calls.salesforce).toBe(town.sandbox.requests.of('salesforce').length);
    // Whoever is in a job was written down as meant before it was made.
    expect(meant).toEqual([MANY + 3]);
    await settled(MANY + 3);
  });

  test('fail row by row, in the admin’s words', async () => {
    town.sandbox.org.addRule('Contact', {
      when: (row) => row.LastName === 'p7' && row[BOX] === true,
      message: 'Ask legal: first',
    });
    const report = await night();
    expect(report).toMatchObject({ outcome: 'partly', counts: { done: MANY - 1, failed: 1 } });
    expect(report.failures).toMatchObject([
      { person: 'p7@example.com', words: expect.stringContaining('Ask legal: first') },
    ]);
    expect([jobs(), rest()]).toEqual([1, 0]);
  });

  test('are written by REST when only a duplicate rule stood in the way of the job', async () => {
    const some = town.sandbox.org
      .all('Contact')
      .slice(0, 2)
      .map((row) => String(row.Id));
    const line = (id: string) => `"${id}","DUPLICATES_DETECTED:Use one of these records?:--","${id}","true"\n`;
    const head = '"sf__Id","sf__Error","Id","HasOptedOutOfEmail"\n';
    town.sandbox.faults.add({
      service: 'salesforce',
      path: /failedResults/,
      kind: 'status',
      status: 200,
      body: head + some.map(line).join(''),
      headers: { 'Content-Type': 'text/csv' },
    });
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { salesforce: { bulk: MANY - 2, rest: 2 } } });
    expect(rest()).toBe(1);
    await settled();
  });

  test('that a job left out in the middle are written by REST', async () => {
    town.sandbox.salesforce.bulk.failsAfter = 12;
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { salesforce: { bulk: 12, rest: MANY - 12 } } });
    await settled();
  });

  test.each([0, 12])(
    'that a job which is never over left out after %i are written by REST, and the job is aborted',
    async (done) => {
      town.sandbox.salesforce.bulk.stallsAfter = done;
      const report = await night();
      expect(report).toMatchObject({ outcome: 'done', written: { salesforce: { bulk: done, rest: MANY - done } } });
      if (done === 0)
        expect(report.warnings.join()).toContain('written by REST: GET /services/data/v67.0/jobs/ingest/');
      const aborted = town.sandbox.requests.of('salesforce', 'PATCH', /jobs\/ingest/);
      expect(aborted).toHaveLength(2);
      await settled();
    },
  );

  test('of a job that is neither over nor can be aborted are written by REST as well', async () => {
    town.sandbox.salesforce.bulk.stallsAfter = 0;
    const body = [{ errorCode: 'INVALIDJOBSTATE', message: 'no' }];
    town.sandbox.faults.add({ ...INGEST, method: 'PATCH', skip: 1, kind: 'status', status: 400, body });
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { salesforce: { bulk: 0, rest: MANY } } });
    await settled();
  });

  test('that somebody else holds locked are tried again', async () => {
    town.sandbox.org.lock(String(town.sandbox.org.all('Contact')[5]?.Id), 2);
    expect((await night()).outcome).toBe('done');
    await settled();
  });

  test.each<[string, FaultKind]>([
    ['forbidden', { kind: 'status', status: 403, body: [{ errorCode: 'API_DISABLED_FOR_ORG', message: 'no Bulk' }] }],
    ['refused', { kind: 'status', status: 400, body: [{ errorCode: 'FEATURENOTENABLED', message: 'no Bulk' }] }],
  ])('are written by REST where Bulk is %s, which is said', async (_, fault) => {
    town.sandbox.faults.add({ ...INGEST, method: 'POST', ...fault });
    const report = await night();
    expect(report).toMatchObject({ outcome: 'done', written: { salesforce: { bulk: 0, rest: MANY } } });
    expect(report.warnings.join()).toContain('refused Bulk API 2.0, so that many records were written by REST');
    await settled();
  });

  test('are handed in only while the run is not asked to stop, and then looked after', async () => {
    let stopping = false;
    town.sandbox.faults.add({
      ...INGEST,
      method: 'GET',
      times: 1,
      kind: 'run',
      run: () => {
        stopping = true;
      },
    });
    const report = await night({ stopping: () => stopping });
    expect(report).toMatchObject({ outcome: 'done', counts: { done: MANY } });
    await settled();
  });
});
