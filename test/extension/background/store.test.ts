import { expect, test } from 'vitest';
import { memoryStore } from './memory.ts';
import { CONTRACT } from './store.contract.ts';

test.each(CONTRACT)('the store in memory $promise', async ({ run, yields }) => {
  expect(await run(memoryStore())).toEqual(yields);
});
