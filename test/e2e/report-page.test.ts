import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../src/companion/report-page/page.ts';
import { contentsOf } from '../companion/report-page/contents.ts';
import { violations } from './axe-page.ts';
import { launchPlain } from './browser.ts';
import { soon } from './soon.ts';

/** The page of a run as people open it: a file, on a desk and on a phone, in the light and in the dark, on paper. */

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), 'optbridge-page-'));
const file = `file://${join(folder, 'page.html')}`;
beforeAll(async () => {
  writeFileSync(join(folder, 'page.html'), reportPage(contentsOf()));
  browser = await launchPlain();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Parameters<Browser['newContext']>[0]) {
  const page = await (await browser.newContext(options)).newPage();
  const asked: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => said.push(message.text()));
  await page.goto(file);
  return { page, asked, said, close: () => page.context().close() };
}

describe.each([
  ['a desk', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
])('on %s', (_where, viewport) => {
  test.each(['light', 'dark'] as const)(
    'in the %s: axe finds nothing, nothing is cut off, nothing is asked for',
    async (colorScheme) => {
      const { page, asked, said, close } = await open({ viewport, colorScheme });
      expect(asked).toEqual([file]);
      expect(said).toEqual([]);
      await soon(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      await soon(() => page.getByRole('img', { name: /^Bar chart of the last/ }).count()).toBe(1);
      await page.getByText('The same as a table').click();
      await soon(() => page.getByRole('table').getByRole('row').count()).toBe(31);
      await soon(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
      expect(await violations(page)).toEqual([]);
      await close();
    },
  );
});

test('on paper it is dark on white, and groups that are folded up are printed', async () => {
  const people = Array.from({ length: 40 }, (_, n) => ({
    ...contentsOf().groups[0]?.people[0],
    person: `p${n}@example.com`,
  }));
  const [group] = contentsOf().groups;
  const groups = [{ ...group, people } as NonNullable<typeof group>];
  const { page, close } = await open({ viewport: { width: 794, height: 1123 }, colorScheme: 'dark' });
  await page.setContent(reportPage(contentsOf({ groups })));
  const last = page.getByText('p39@example.com');
  await last.waitFor({ state: 'hidden' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await last.waitFor();
  await soon(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
  await close();
});
