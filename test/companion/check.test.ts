import { expect, it } from 'vitest';
import { checkObject } from '../../src/companion/check.ts';
import type { ObjectDescription, Questions } from '../../src/salesforce/salesforce.ts';
import { aTown } from './a-town.ts';
import { BOX } from './town.ts';

/** What Salesforce says of an object whose field may be edited, while the object may not: permissions are two things. */

const field = (name: string, type: string) => ({ name, label: name, type, updateable: true, groupable: true });

function saying(updateable: boolean): Questions {
  const fields = new Map([field('Email', 'email'), field(BOX, 'boolean')].map((one) => [one.name, one]));
  const description: ObjectDescription = { name: 'Lead', queryable: true, updateable, fields };
  return {
    describe: async () => description,
    async *query() {},
  };
}

it('an object that may not be edited is refused, though its box may', async () => {
  const { config } = aTown();
  expect((await checkObject(config, saying(true), 'Lead')).name).toBe(BOX);
  await expect(checkObject(config, saying(false), 'Lead')).rejects.toMatchObject({
    kind: 'field-read-only',
    message: expect.stringContaining('Lead'),
  });
});
