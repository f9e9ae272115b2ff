import { describe, expect, it } from 'vitest';
import { manyRows } from '../../src/companion/many-rows.ts';
import { idOf, isLive, recordOf, recordsIn, recordsOfPeople, timeOf } from '../../src/companion/query.ts';
import { vanishingsOf } from '../../src/companion/vanished.ts';
import { queryPath } from '../../src/salesforce/records.ts';
import { aTown } from './a-town.ts';
import { BOX } from './town.ts';

/** A row of Salesforce as it comes, by REST and by Bulk. */

const ID = '003Qy0000004C9CIAU';
const row = { Id: ID, Email: 'ann.lee@example.com', Box__c: false, SystemModstamp: '2026-11-21T21:48:12.000+0000' };

describe('a row', () => {
  it('is about the same record in either length of its id', () => {
    expect([idOf(row), idOf({ Id: ID.slice(0, 15) })]).toEqual([ID, ID]);
  });

  it('has a box that is set, clear, or not read: what is no yes or no is never read as clear', () => {
    const boxes = [true, false, undefined, null, 'true', 'false', 0, ''];
    const read = boxes.map((box) => recordOf({ ...row, Box__c: box }, 'Contact', 'Box__c').set);
    expect(read).toEqual([true, false, null, null, null, null, null, null]);
  });

  it('has its time in either form, or none', () => {
    const at = Date.UTC(2026, 10, 21, 21, 48, 12);
    expect([row.SystemModstamp, '2026-11-21T21:48:12.000Z', '', null].map(timeOf)).toEqual([at, at, null, null]);
  });

  it('is live unless it is deleted, converted or without an address, said as a value or as text', () => {
    const gone = [{ IsDeleted: true }, { IsDeleted: 'true' }, { IsConverted: true }, { IsConverted: 'true' }];
    const bare = [{ Email: null }, { Email: '' }, { Email: ' ' }];
    expect([...gone, ...bare].map((over) => isLive({ ...row, ...over }))).toEqual(Array(7).fill(false));
    expect([{}, { IsDeleted: false }, { IsConverted: 'false' }].map((over) => isLive({ ...row, ...over }))).toEqual(
      Array(3).fill(true),
    );
  });
});

describe('a row of Bulk, where all is text', () => {
  const HEIR = '003Qy0000004C9DIAU';

  it('has a box that is set, clear, or not read', async () => {
    const query = async function* () {
      yield ['true', 'false', '', undefined].map((Box__c) => ({ Id: ID, Box__c }));
    };
    const ways = {
      questions: { query },
      bulk: { query },
      box: 'Box__c',
      expected: 2001,
      begun() {},
      waiting() {},
      warn() {},
    };
    const boxes: unknown[] = [];
    for await (const rows of manyRows({ soql: 'SELECT Id, Box__c FROM Contact' }, ways as never))
      boxes.push(...rows.map(({ Box__c }) => Box__c));
    expect(boxes).toEqual([true, false, null, null]);
  });

  it('was merged only where it names into which record, and may have been set where its box did not come', () => {
    const gone = (more: object) => vanishingsOf({ ...row, Box__c: null, IsDeleted: 'true', ...more }, 'Box__c', 0);
    expect(gone({ MasterRecordId: HEIR })).toMatchObject([{ id: ID, how: 'merged', heir: HEIR }]);
    expect(gone({ MasterRecordId: '' })).toMatchObject([{ how: 'deleted', heir: null }]);
    expect(gone({ MasterRecordId: '', Box__c: false })).toEqual([]);
  });
});

describe('a question about many people', () => {
  it('is put so often that each address is short enough for Salesforce: 16,384 bytes', () => {
    const people = Array.from({ length: 700 }, (_, n) => `${'o’neil+'.repeat(8)}${n}@example.com`);
    const queries = recordsIn(BOX, 'Email', people);
    const paths = queries.map(({ soql }) => queryPath('/services/data/v67.0', soql, false));
    expect(Math.max(...paths.map((path) => path.length))).toBeLessThan(16_000);
    for (const person of people) expect(queries.filter(({ soql }) => soql.includes(`'${person}'`))).toHaveLength(2);
  });
});

describe('the records of a person', () => {
  it('are those with the address, and those that are known, also where the address is written so that no comparison finds it', async () => {
    const here = aTown();
    const insert = (Email: string) => here.sandbox.org.insert('Contact', { LastName: 'Lee', Email });
    const [plain, blank, other] = ['ann@example.com', 'ann@example.com', 'ben@example.com'].map(insert);
    Object.assign(here.sandbox.org.get('Contact', blank ?? '') ?? {}, { Email: ' Ann@example.com' });
    const known = [blank ?? '', other ?? ''];
    const found = await recordsOfPeople(here.surroundings().salesforce, BOX, ['ann@example.com'], known);
    expect(found.get('ann@example.com')?.map(({ id }) => id)).toEqual([plain, blank]);
    expect([...found.keys()]).toEqual(['ann@example.com']);
  });
});
