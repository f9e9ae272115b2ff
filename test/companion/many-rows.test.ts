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

test('a result that breaks off in the middle is no reading: nothing is written', async () => {
  town.plant('ann', { contacts: [true], lists: { News: 1 } });
  town.sandbox.faults.add({ service: 'salesforce', path: /jobs\/query\/\w+\/results/, kind: 'cut' });
  const report = await town.night();
  expect(report.outcome).toBe('failed');
  expect(town.writes().filter((write) => !write.includes('/jobs/'))).toEqual([]);
});
