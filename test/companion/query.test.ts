import { describe, expect, it } from 'vitest';
import { idOf, isLive, recordOf, recordsOfPeople, timeOf } from '../../src/companion/query.ts';
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
