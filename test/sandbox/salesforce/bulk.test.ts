import { beforeEach, describe, expect, test } from 'vitest';
import { csvSheet } from '../../../src/sandbox/salesforce/bulk/csv.ts';
import type { Org } from '../../../src/sandbox/salesforce/org.ts';
import { contact, lead, type Reply, type World, world } from './world.ts';

let here: World;
let org: Org;
beforeEach(() => {
  here = world();
  org = here.org;
});

const csvRows = (text: string) => csvSheet(text, ',', '\n').map(({ cells }) => [...cells]);
const rows = (reply: Reply): string[][] => csvRows(reply.text);
const idOf = (reply: Reply): string => (reply.json as { id: string }).id;
const stateOf = (reply: Reply): string => (reply.json as { state: string }).state;

describe('a query job', () => {
  const start = (query: string, operation = 'query') => here.call('POST', 'jobs/query', { operation, query });

  test('is done at the second look, and read page by page until the locator is the word null', async () => {
    const ids = Array.from({ length: 5 }, (_, n) => contact(org, `P${n}`));
    const job = await start('SELECT Id, Email, HasOptedOutOfEmail, Phone, CreatedDate FROM Contact');
    expect(job.json).toMatchObject({ state: 'UploadComplete', object: 'Contact', apiVersion: 66, jobType: 'V2Query' });
    const at = `jobs/query/${idOf(job)}`;
    expect((await here.call('GET', `${at}/results`)).status).toBe(400);
    expect(stateOf(await here.call('GET', at))).toBe('InProgress');
    expect((await here.call('GET', at)).json).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 5 });

    const found: string[][] = [];
    const sizes: (string | null)[] = [];
    for (let locator = ''; locator !== 'null'; ) {
      const page = await here.call('GET', `${at}/results?maxRecords=2${locator && `&locator=${locator}`}`);
      const [header, ...some] = rows(page);
      expect(header).toEqual(['Id', 'Email', 'HasOptedOutOfEmail', 'Phone', 'CreatedDate']);
      found.push(...some);
      sizes.push(page.headers.get('Sforce-NumberOfRecords'));
      locator = page.headers.get('Sforce-Locator') ?? 'null';
    }
    expect(sizes).toEqual(['2', '2', '1']);
    expect(found).toEqual(ids.map((id, n) => [id, `p${n}@example.com`, 'false', '', '2026-11-21T20:00:00.000Z']));
  });

  test('tells the places of its results, at most five at once, so that they can be read side by side', async () => {
    const ids = Array.from({ length: 13 }, (_, n) => contact(org, `P${n}`));
    here.sandbox.bulk.maxRows = 2;
    const at = `jobs/query/${idOf(await start('SELECT Id FROM Contact'))}`;
    expect((await here.call('GET', `${at}/resultPages`)).status).toBe(400);
    for (let state = ''; state !== 'JobComplete'; ) state = stateOf(await here.call('GET', at));
    const found: string[] = [];
    const sizes: [number, boolean][] = [];
    for (let next: string | undefined = `${at}/resultPages`; next !== undefined; ) {
      const { resultPages, nextRecordsUrl, done } = (await here.call('GET', next)).json as {
        resultPages: { resultUrl: string }[];
        nextRecordsUrl?: string;
        done: boolean;
      };
      sizes.push([resultPages.length, done]);
      for (const { resultUrl } of resultPages)
        found.push(
          ...rows(await here.call('GET', resultUrl))
            .slice(1)
            .map(([id]) => id ?? ''),
        );
      next = nextRecordsUrl;
    }
    expect(sizes).toEqual([
      [5, false],
      [2, true],
    ]);
    expect(found).toEqual(ids);
  });

  test('quotes every value', async () => {
    contact(org, 'A "B", C', { Email: null });
    here.sandbox.bulk.pollsUntilDone = 0;
    const at = `jobs/query/${idOf(await start('SELECT LastName, HasOptedOutOfEmail FROM Contact'))}`;
    await here.call('GET', at);
    expect((await here.call('GET', `${at}/results`)).text).toBe(
      '"LastName","HasOptedOutOfEmail"\n"A ""B"", C","false"\n',
    );
  });

  test('shows the deleted with queryAll', async () => {
    org.remove('Contact', contact(org, 'Gone'));
    const soql = 'SELECT Id FROM Contact WHERE IsDeleted = true';
    for (const [operation, count] of [
      ['query', 0],
      ['queryAll', 1],
    ] as const) {
      const at = `jobs/query/${idOf(await start(soql, operation))}`;
      await here.call('GET', at);
      expect((await here.call('GET', at)).json).toMatchObject({ numberRecordsProcessed: count });
    }
  });

  test('refuses a bad query, an aggregate, another version and an unknown id', async () => {
    expect((await start('SELECT Nope FROM Contact')).json).toMatchObject([{ errorCode: 'INVALID_FIELD' }]);
    expect((await start('SELECT COUNT(Id) FROM Contact')).status).toBe(400);
    const job = await start('SELECT Id FROM Contact');
    expect((await here.call('GET', `/services/data/v60.0/jobs/query/${idOf(job)}`)).status).toBe(409);
    expect((await here.call('GET', 'jobs/query/750000000000000AAA')).status).toBe(404);
  });

  test('refuses OFFSET, a format that is none, and a page of no rows', async () => {
    contact(org, 'Ann');
    expect((await start('SELECT Id FROM Contact LIMIT 5 OFFSET 1')).status).toBe(400);
    for (const format of [{ columnDelimiter: 'DOT' }, { lineEnding: 'CR' }, { contentType: 'JSON' }])
      expect(
        (await here.call('POST', 'jobs/query', { operation: 'query', query: 'SELECT Id FROM Contact', ...format }))
          .status,
      ).toBe(400);
    const job = await start('SELECT Id FROM Contact');
    const at = `jobs/query/${idOf(job)}`;
    for (let state = ''; state !== 'JobComplete'; ) state = stateOf(await here.call('GET', at));
    for (const size of ['0', 'all', '-1', '1.5'])
      expect((await here.call('GET', `${at}/results?maxRecords=${size}`)).status).toBe(400);
    expect((await here.call('GET', at)).json).toMatchObject({ isPkChunkingSupported: true });
  });

  test('can be aborted and deleted', async () => {
    const at = `jobs/query/${idOf(await start('SELECT Id FROM Contact'))}`;
    expect(stateOf(await here.call('PATCH', at, { state: 'Aborted' }))).toBe('Aborted');
    expect(stateOf(await here.call('GET', at))).toBe('Aborted');
    expect((await here.call('DELETE', at)).status).toBe(204);
    expect((await here.call('GET', at)).status).toBe(404);
  });
});

describe('an ingest job', () => {
  async function ingest(csv: string, job: Record<string, string> = {}): Promise<string> {
    const made = await here.call('POST', 'jobs/ingest', {
      object: 'Contact',
      operation: 'update',
      contentType: 'CSV',
      ...job,
    });
    const at = `jobs/ingest/${idOf(made)}`;
    expect(made.json).toMatchObject({ state: 'Open', contentUrl: `services/data/v66.0/${at}/batches` });
    expect((await here.call('PUT', `${at}/batches`, csv, { 'Content-Type': 'text/csv' })).status).toBe(201);
    expect(stateOf(await here.call('PATCH', at, { state: 'UploadComplete' }))).toBe('UploadComplete');
    expect(stateOf(await here.call('GET', at))).toBe('InProgress');
    return at;
  }

  test('writes the good rows, tells the bad ones with their reason, and runs no assignment rule', async () => {
    const [lou, max] = [lead(org, 'Lou'), lead(org, 'Max')];
    org.lock(max);
    org.leadAssignee = here.rep;
    const csv = `Id,HasOptedOutOfEmail\n${lou},true\n${max},true\n00Q000000000001,true\n`;
    const at = await ingest(csv, { object: 'Lead' });
    expect((await here.call('GET', at)).json).toMatchObject({
      state: 'JobComplete',
      numberRecordsProcessed: 3,
      numberRecordsFailed: 2,
    });
    expect(rows(await here.call('GET', `${at}/successfulResults/`))).toEqual([
      ['sf__Id', 'sf__Created', 'Id', 'HasOptedOutOfEmail'],
      [lou, 'false', lou, 'true'],
    ]);
    expect(rows(await here.call('GET', `${at}/failedResults/`))).toEqual([
      ['sf__Id', 'sf__Error', 'Id', 'HasOptedOutOfEmail'],
      ['00Q000000000001', 'INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--', '00Q000000000001', 'true'],
      [max, `UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records: ${max}:--`, max, 'true'],
    ]);
    expect(rows(await here.call('GET', `${at}/unprocessedrecords/`))).toEqual([['Id', 'HasOptedOutOfEmail']]);
    expect(org.get('Lead', lou)).toMatchObject({
      HasOptedOutOfEmail: true,
      OwnerId: org.admin,
      LastModifiedById: here.rep,
    });
  });

  test('runs the assignment rule where the job names one', async () => {
    const lou = lead(org, 'Lou');
    org.leadAssignee = here.rep;
    await ingest(`Id,HasOptedOutOfEmail\n${lou},true\n`, { object: 'Lead', assignmentRuleId: '01Q000000000001AAA' });
    expect(org.get('Lead', lou)?.OwnerId).toBe(here.rep);
  });

  test('fails a row with a quote next to a blank, and no other', async () => {
    const [ann, ben, cleo] = [contact(org, 'Ann'), contact(org, 'Ben'), contact(org, 'Cleo')];
    const at = await ingest(`Id,Phone\n${ann}, "1"\n${ben},"2" \n${cleo},"3"\n`);
    const failed = rows(await here.call('GET', `${at}/failedResults`)).slice(1);
    expect(failed.map(([id]) => id).sort()).toEqual([ann, ben].sort());
    expect([ann, ben, cleo].map((id) => org.get('Contact', id)?.Phone)).toEqual([null, null, '3']);
  });

  test('fails in the middle where the switch says so, with some rows done and the others unprocessed', async () => {
    const ids = [contact(org, 'Ann'), contact(org, 'Ben')];
    here.sandbox.bulk.failsAfter = 1;
    const at = await ingest(`Id,HasOptedOutOfEmail\n${ids[0]},true\n${ids[1]},true\n`);
    expect((await here.call('GET', at)).json).toMatchObject({ state: 'Failed', numberRecordsProcessed: 1 });
    expect(rows(await here.call('GET', `${at}/successfulResults`))).toHaveLength(2);
    expect(rows(await here.call('GET', `${at}/unprocessedrecords`))).toEqual([
      ['Id', 'HasOptedOutOfEmail'],
      [ids[1], 'true'],
    ]);
  });

  test('leaves a field alone where the cell is empty, and clears it for #N/A', async () => {
    const id = contact(org, 'Ann', { Phone: '1', Title: 'CEO' });
    await ingest(`Id,Phone,Title\n${id},,#N/A\n`);
    expect(org.get('Contact', id)).toMatchObject({ Phone: '1', Title: null });
  });

  test('inserts and deletes', async () => {
    const at = await ingest('LastName,Email\n"Lee, Ann",ann@example.com\n', { operation: 'insert' });
    const id = rows(await here.call('GET', `${at}/successfulResults`))[1]?.[0] ?? '';
    expect(org.get('Contact', id)).toMatchObject({ LastName: 'Lee, Ann' });
    await ingest(`Id\n${id}\n`, { operation: 'delete' });
    expect(org.get('Contact', id)?.IsDeleted).toBe(true);
  });

  test.each([
    ['an unknown column', 'Id,Nope\n003,1\n', 'InvalidBatch : Field name not found : Nope'],
    [
      'other line endings than it said',
      'Id,Phone\r\n003,1\r\n',
      'InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is LF',
    ],
    [
      'the shorter line endings',
      'Id,Phone\n003,1\n',
      'InvalidBatch : LineEnding is invalid on user data. Current LineEnding setting is CRLF',
      { lineEnding: 'CRLF' },
    ],
  ])('fails as a whole for %s', async (_what, csv, errorMessage, job: Record<string, string> = {}) => {
    expect((await here.call('GET', await ingest(csv, job))).json).toMatchObject({ state: 'Failed', errorMessage });
  });

  test('takes one upload only', async () => {
    const at = `jobs/ingest/${idOf(await here.call('POST', 'jobs/ingest', { object: 'Contact', operation: 'update' }))}`;
    const upload = (type: string) => here.call('PUT', `${at}/batches`, 'Id\n', { 'Content-Type': type });
    expect([(await upload('application/json')).status, (await upload('text/csv; charset=UTF-8')).status]).toEqual([
      415, 201,
    ]);
    expect((await upload('text/csv')).json).toMatchObject([{ errorCode: 'INVALIDJOBSTATE' }]);
  });
});

describe('CSV', () => {
  test.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\n,\n',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    ['"a ""b""\nc",d\n', [['a "b"\nc', 'd']]],
    ['a,', [['a', '']]],
  ])('%j is read', (text, expected) => {
    expect(csvRows(text)).toEqual(expected);
  });
});
