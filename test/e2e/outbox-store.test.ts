import type { Browser } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTRACT } from '../extension/background/store.contract.ts';
import { launchPlain } from './browser.ts';

let browser: Browser;
let code: string;

beforeAll(async () => {
  const lib = { entry: 'test/e2e/outbox-store.page.ts', formats: ['iife' as const], name: 'contract' };
  const built = await build({ configFile: false, publicDir: false, logLevel: 'silent', build: { write: false, lib } });
  const [bundle] = built as Rollup.RollupOutput[];
  code = bundle?.output[0].code ?? '';
  browser = await launchPlain();
});

afterAll(() => browser.close());

/** A page with a fresh IndexedDB and the store in it, and the durability of each of its writing transactions. */
async function storePage() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route('https://store.example/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto('https://store.example/');
  await page.evaluate(`
    globalThis.durability = [];
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const made = transaction.call(this, stores, mode, options);
      if (mode === 'readwrite') durability.push(made.durability);
      return made;
    };
    globalThis.chrome = {};`);
  await page.evaluate(code);
  return { page, close: () => context.close() };
}

test.each(CONTRACT.map((promised, index) => ({ ...promised, index })))(
  'the store in IndexedDB $promise',
  async ({ index, yields }) => {
    const { page, close } = await storePage();
    expect(await page.evaluate(`keepsPromise(${index})`)).toEqual(yields);
    expect(new Set(await page.evaluate<string[]>('durability'))).toEqual(new Set(['strict']));
    await close();
  },
);
