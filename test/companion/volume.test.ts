import { expect, it } from 'vitest';
import { LIMITS, routesOf } from '../../src/companion/volume.ts';

/** From where on many is many. */

const open = { bulk: true, imports: true };
const of = (records: number, contacts: number, may = open) => {
  const { bulk, imports } = routesOf({ people: 1, records, contacts }, LIMITS, may);
  return { bulk, imports };
};

it('2,000 records go by REST, and more by Bulk; 50 contacts one by one, and more by import', () => {
  expect([of(2000, 50), of(2001, 50), of(2000, 51)]).toEqual([
    { bulk: false, imports: false },
    { bulk: true, imports: false },
    { bulk: false, imports: true },
  ]);
  expect(of(9999, 9999, { bulk: false, imports: false })).toEqual({ bulk: false, imports: false });
});
