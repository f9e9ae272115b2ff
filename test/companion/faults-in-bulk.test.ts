import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import type { Fault, FaultRoute } from '../../src/sandbox/faults.ts';
import { CROWD_WRITES, crowd, inBulk } from './crowd.ts';
import { inWords, KINDS, often } from './fault-kinds.ts';
import { BOX, type Town } from './town.ts';

/** Whatever goes wrong where many people are written at once: the next night finishes the work, and nothing is done twice. */

let town: Town;
beforeEach(async () => {
  town = await crowd();
});
afterEach(() => town.dispose());

const night = () => town.night({}, inBulk(town));

/** All is settled, by one audit row for each change, and a night after finds nothing to do. */
async function settled(): Promise<void> {
  const { org, account } = town.sandbox;
  const boxes = ['Contact', 'Lead'].flatMap((type) => org.all(type)).filter((row) => row[BOX] !== true);
  expect(boxes.map((row) => row.Email)).toEqual(['back@example.com']);
  const active = [...account.memberships.values()].filter(({ status }) => status === 1);
  expect(active.map(({ contact }) => account.contact(contact)?.email)).toEqual(['back@example.com']);
  town.sandbox.requests.reset();
  expect((await night()).counts.writes).toBe(0);
  expect(town.writes()).toEqual([]);
  expect(account.contacts).toHaveLength(14);
  town.store((store) => expect(verifyAudit(store)).toEqual({ rows: CROWD_WRITES, brokenAt: null }));
}

const ROUTES: Record<string, FaultRoute> = {
  'a new job': { service: 'salesforce', method: 'POST', path: /jobs\/ingest$/ },
  'the upload of a job': { service: 'salesforce', method: 'PUT', path: /jobs\/ingest/ },
  'the closing of a job': { service: 'salesforce', method: 'PATCH', path: /jobs\/ingest/ },
  'a look at a job': { service: 'salesforce', method: 'GET', path: /jobs\/ingest\/\w+$/ },
  'the rows that a job set': { service: 'salesforce', method: 'GET', path: /successfulResults/ },
  'the rows that a job refused': { service: 'salesforce', method: 'GET', path: /failedResults/ },
  'the contacts by their ids': { service: 'activecampaign', method: 'GET', path: /ids%5B%5D/ },
  'a bulk import': { service: 'activecampaign', method: 'POST', path: /bulk_import/ },
  'a look at an import': { service: 'activecampaign', method: 'GET', path: /import\/info/ },
};

it('without a fault, one job and one import do it', async () => {
  const report = await night();
  expect(report).toMatchObject({ outcome: 'done', counts: { done: 14 } });
  expect(report.written).toEqual({ salesforce: { bulk: 13, rest: 2 }, activecampaign: { imported: 12, single: 0 } });
  for (const [where, { service, method, path }] of Object.entries(ROUTES))
    expect(town.sandbox.requests.of(service, method, path).length, where).toBeGreaterThan(0);
  await settled();
});

describe('a fault where many are written at once, once or all night', () => {
  for (const [where, route] of Object.entries(ROUTES))
    for (const [what, kind] of Object.entries(KINDS))
      for (const more of often(what))
        it(`${where} ${what}${inWords(more)}`, async () => {
          town.sandbox.faults.add({ ...route, ...kind, ...more } as Fault);
          const report = await night();
          expect([0, 1, 5]).toContain(report.exitCode);
          expect(report.outcome === 'done').toBe(report.failures.length === 0);
          town.sandbox.faults.clear();
          expect(await night()).toMatchObject({ outcome: 'done', failures: [] });
          await settled();
        });
});

it('from any request on neither service is reached: the next night still ends where one night ends', async () => {
  await night();
  const requests = town.sandbox.requests.all.length;
  town.dispose();
  // The reading of both sides comes first, and is tried elsewhere.
  for (let alive = Math.floor(requests / 2); alive < requests; alive++) {
    town = await crowd();
    let left = alive;
    let dead = false;
    for (const service of ['salesforce', 'activecampaign'] as const)
      town.sandbox.faults.add({
        service,
        kind: 'run',
        run: () => {
          left -= 1;
          if (left >= 0 || dead) return;
          dead = true;
          for (const gone of ['salesforce', 'activecampaign'] as const)
            town.sandbox.faults.add({ service: gone, kind: 'drop' });
        },
      });
    await night();
    town.sandbox.faults.clear();
    expect(await night(), `after ${alive} of ${requests} requests`).toMatchObject({ outcome: 'done', failures: [] });
    await settled();
    town.dispose();
  }
  town = await crowd();
});
