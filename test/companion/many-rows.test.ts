import { afterEach, beforeEach, expect, test } from 'vitest';
import { decisionOn, Town } from './town.ts';

/** More records than one page of REST holds. */

let town: Town;
beforeEach(() => {
  town = new Town();
  for (let n = 0; n < 2001; n++)
    town.sandbox.org.insert('Contact', { LastName: `n${n}`, Email: `n${n}@example.com`, HasOptedOutOfEmail: false });
});
afterEach(() => town.dispose());

const jobs = () => town.sandbox.requests.of('salesforce', 'POST', /jobs\/query/);

test('many records are read by Bulk, few by REST, and a box among them is seen', async () => {
  const ann = town.plant('ann', { contacts: [true], lists: { News: 1 } });
  const report = await town.night();
  expect(report.outcome).toBe('done');
  expect(report.counts.salesforceRecords).toBe(2002);
  expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
  expect(jobs()).toHaveLength(1);
  expect(report.warnings.join()).not.toContain('Bulk');
});

test('where Bulk is refused REST reads them, and the report says so', async () => {
  const ann = town.plant('ann', { contacts: [true], lists: { News: 1 } });
  const body = [{ errorCode: 'FUNCTIONALITY_NOT_ENABLED', message: 'Bulk API is not enabled' }];
  town.sandbox.faults.add({ service: 'salesforce', path: /jobs\/query/, kind: 'status', status: 403, body });
  const report = await town.night();
  expect(report.counts.salesforceRecords).toBe(2002);
  expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
  expect(report.warnings.join()).toContain('Salesforce refused Bulk API 2.0');
});

test('where a job is never over REST reads them, the job is aborted, and the report says so', async () => {
  const ann = town.plant('ann', { contacts: [true], lists: { News: 1 } });
  town.sandbox.salesforce.bulk.pollsUntilDone = Number.POSITIVE_INFINITY;
  const report = await town.night();
  expect([report.outcome, report.counts.salesforceRecords]).toEqual(['done', 2002]);
  expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
  expect(report.warnings.join()).toMatch(/read page by page: GET .*: it was not over in time, and was aborted/);
  expect(town.sandbox.requests.of('salesforce', 'PATCH', /jobs\/query/)).toHaveLength(1);
});

test('where a job is neither over nor can be aborted the night fails by name, and the next goes on', async () => {
  const ann = town.plant('ann', { contacts: [true], lists: { News: 1 } });
  town.sandbox.salesforce.bulk.pollsUntilDone = Number.POSITIVE_INFINITY;
  town.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', path: /jobs\/query/, kind: 'status', status: 500 });
  const failed = await town.night();
  expect(failed).toMatchObject({ outcome: 'failed', exitCode: 1, counts: { writes: 0 } });
  expect(failed.failures).toMatchObject([{ person: null, words: expect.stringContaining('was not over in time') }]);
  town.sandbox.faults.clear();
  town.sandbox.salesforce.bulk.pollsUntilDone = 1;
  expect(decisionOn(await town.night(), ann)).toBe('salesforce-opt-out: done');
});

test('a result that breaks off in the middle is no reading: nothing is written', async () => {
  town.plant('ann', { contacts: [true], lists: { News: 1 } });
  town.sandbox.faults.add({ service: 'salesforce', path: /jobs\/query\/\w+\/results/, kind: 'cut' });
  const report = await town.night();
  expect(report.outcome).toBe('failed');
  expect(town.writes().filter((write) => !write.includes('/jobs/'))).toEqual([]);
});
