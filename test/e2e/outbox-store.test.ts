import type { Browser } from 'playwright-core';
import { build, type Rollup } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutboxStore } from '../../src/extension/background/book.ts';
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
async function storePage(before?: () => Promise<void>) {
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
  if (before) await page.evaluate(before);
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

/** As version 2 left it: without an index by time, and with acts that know nothing of wishes. */
async function versionTwo(): Promise<void> {
  const request = indexedDB.open('optbridge', 2);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('settings').put('key', 'activeCampaignKey');
    request.result.createObjectStore('sessions', { keyPath: 'host' }).put({ host: 'acme.my.salesforce.com' });
    const acts = request.result.createObjectStore('acts', { keyPath: 'id' });
    for (const index of ['open', 'record', 'address']) acts.createIndex(index, index);
    const half = { before: [], verifiedAt: null, attempt: 3, nextTry: 7, problem: null };
    const waiting = {
      ...half,
      step: 'read',
      before: [{ id: '003', of: 'Contact', contact: null, value: false, at: 5 }],
    };
    const done = { ...half, step: 'verified', left: [] };
    const person = { host: 'acme.my.salesforce.com', record: '003000000000001AAA', address: 'ann@example.com' };
    acts.put({ ...person, id: 'waits', wantedAt: 5, open: 1, halves: { salesforce: waiting, activecampaign: done } });
    acts.put({ ...person, id: 'over', wantedAt: 3, halves: { salesforce: done, activecampaign: done } });
  };
  await new Promise((opened) => {
    request.onsuccess = opened;
  });
  request.result.close();
}

test('an outbox of version 2 survives: what waits goes on with what it knew, what is over can be listed by time, and settings stay', async () => {
  const { page, close } = await storePage(versionTwo);
  const kept = await page.evaluate(async () => {
    const { outboxStore: store } = globalThis as unknown as { outboxStore: OutboxStore };
    const [open, latest] = [await store.open(), await store.latest(5)];
    const changed = await store.change('waits', (act) => ({ ...act, wantedAt: 9, ended: 'changed' }));
    const [databases, after] = [await indexedDB.databases(), await store.latest(5)];
    return { open, latest, changed, version: databases[0]?.version, after: after.map(({ id }) => id) };
  });
  expect(kept).toMatchObject({
    version: 3,
    open: [
      { id: 'waits', wish: { kind: 'opt-out' }, ended: null, halves: { salesforce: { step: 'read', attempt: 3 } } },
    ],
    latest: [{ id: 'over', wish: { kind: 'opt-out' } }],
    changed: { id: 'waits', halves: { salesforce: { before: [{ id: '003', value: false }] } } },
    after: ['waits', 'over'],
  });
  await close();
});
