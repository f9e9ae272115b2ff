import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { PageSwitches } from '../../src/sandbox/salesforce/pages/page-routes.ts';
import { shifted } from './shifted.ts';
import { soon } from './soon.ts';
import { configure, overlay, pathOf, signIn, startWorld, type World } from './world.ts';

let world: World;
let page: Page;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
  const first = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, first);
  await first.close();
});
afterAll(() => world.close());
beforeEach(() => {
  Object.assign(world.sandbox.salesforce.pages, {
    app: 'standard',
    header: 'standard',
    shadow: 'synthetic',
    drawing: 0,
  } satisfies PageSwitches);
});
afterEach(() => page.close());

/** A header that is drawn when the test says so (`draw`): the page's own timer for it is kept back. */
const LATE = 987_654;
const draw = () => page.evaluate(() => (globalThis as { drawHeader?: () => void }).drawHeader?.());

async function open(pages: Partial<PageSwitches> = {}, size = { width: 1280, height: 800 }): Promise<void> {
  Object.assign(world.sandbox.salesforce.pages, pages);
  page = await world.context.newPage();
  await page.addInitScript((late) => {
    const { setTimeout } = globalThis;
    const held = (work: () => void, ms: number) => {
      if (ms !== late) return setTimeout(work, ms);
      Object.assign(globalThis, { drawHeader: work });
      return 0;
    };
    Object.assign(globalThis, { setTimeout: held });
  }, LATE);
  await page.setViewportSize(size);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`https://acme.lightning.force.com${pathOf(world.sandbox.character('ann').contactRecord)}`);
  await overlay(page).state('subscribed');
}

const boxOf = async (selector: string) => {
  const box = await page.locator(`${selector} >> visible=true`).first().boundingBox();
  if (!box) throw new Error(`no ${selector}`);
  return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
};
const pillBox = () => boxOf('optbridge-overlay .pill');
/** Where the pill is, in a word. */
const place = async (): Promise<string> => {
  const pill = await pillBox();
  const header = await page.locator('.highlights >> visible=true').boundingBox();
  if (!header) return 'no header';
  const inside = pill.top >= header.y && pill.bottom <= header.y + header.height && pill.left >= header.x;
  return inside ? 'beside' : 'edge';
};
/** Controls and texts of the page that the pill covers. */
const covered = () =>
  page.locator('optbridge-overlay .pill').evaluate((pill) => {
    const own = pill.getBoundingClientRect();
    const found: string[] = [];
    const look = (node: Node): void => {
      for (const child of node.childNodes) {
        if (child instanceof Element) {
          if (child.localName === 'optbridge-overlay') continue;
          if (child.shadowRoot) look(child.shadowRoot);
          look(child);
        }
        const text = child instanceof Text && child.data.trim() !== '';
        if (!text && !(child instanceof Element && child.matches('a, button, input'))) continue;
        const range = new Range();
        range.selectNode(child);
        for (const box of range.getClientRects())
          if (box.left < own.right && box.right > own.left && box.top < own.bottom && box.bottom > own.top)
            found.push(child.textContent ?? child.nodeName);
      }
    };
    look(document.body);
    return found;
  });

describe('beside the header', () => {
  test.each([
    ['standard', 'synthetic'],
    ['dynamic', 'synthetic'],
    ['standard', 'native'],
    ['dynamic', 'native'],
  ] as const)(
    '%s highlights in %s shadow: behind the name, over nothing, in a pill 28 px high',
    async (header, shadow) => {
      await open({ header, shadow });
      await soon(place).toBe('beside');
      const beside = async () => {
        const name = await boxOf('.highlights [slot=primaryField], [slot=primaryField]');
        const pill = await pillBox();
        const gap = pill.left - name.right;
        const aslant = Math.abs(pill.top + pill.bottom - name.top - name.bottom) / 2;
        return { height: pill.bottom - pill.top, close: gap > 4 && gap < 20, level: aslant < 3 };
      };
      await soon(beside).toEqual({ height: 28, close: true, level: true });
      await soon(covered).toEqual([]);
      expect(await shifted(page)).toEqual([]);
      expect(
        await page.evaluate(() => document.querySelector('optbridge-overlay')?.parentNode === document.documentElement),
      ).toBe(true);
    },
  );

  test('a header that is drawn late: at the edge first, then beside it, and the page does not move', async () => {
    await open({ drawing: LATE });
    await page.locator('.stencil').waitFor();
    await soon(async () => (await pillBox()).top).toBeGreaterThan(700);
    await draw();
    await soon(place).toBe('beside');
    expect(await page.locator('.stencil').count()).toBe(0);
    expect(await shifted(page)).toEqual([]);
  });

  test.each([
    { width: 1024, height: 700 },
    { width: 390, height: 800 },
  ])('in a window $width px wide it covers nothing, whatever the status says', async (size) => {
    for (const header of ['standard', 'dynamic'] as const) {
      await open({ header }, size);
      await soon(place).toBe('beside');
      await soon(covered).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      if (header === 'standard') await page.close();
    }
  });

  test('it scrolls away with the header to the edge, and comes back with it', async () => {
    await open({}, { width: 1280, height: 400 });
    await soon(place).toBe('beside');
    const { top } = await pillBox();
    await page.mouse.move(640, 300);
    await page.mouse.wheel(0, 60);
    await soon(async () => (await pillBox()).top).toBe(top - 60);
    await page.mouse.wheel(0, 240);
    await soon(async () => (await pillBox()).top).toBeGreaterThan(350);
    await page.mouse.wheel(0, -300);
    await soon(async () => (await pillBox()).top).toBe(top);
  });

  test('it follows what pushes the header down, and gives way to a name that grows', async () => {
    await open();
    await soon(place).toBe('beside');
    const { top, left } = await pillBox();
    await page.evaluate(() => {
      const banner = document.createElement('div');
      banner.id = 'banner';
      document.body.prepend(banner);
      Object.assign(banner.style, { height: '40px' });
    });
    await soon(async () => (await pillBox()).top).toBe(top + 40);
    await page.evaluate(() => {
      const name = document.querySelector('[slot=primaryField]');
      if (name) name.textContent = 'Ann Lee, née Anderson-Featherstonehaugh of somewhere';
    });
    await page.setViewportSize({ width: 1200, height: 800 });
    await soon(async () => (await pillBox()).left).toBeGreaterThan(left + 100);
    await soon(covered).toEqual([]);
  });

  test('a modal and a hover card that show another record have a header too, and it stays with its own', async () => {
    await open();
    await soon(place).toBe('beside');
    const { left } = await pillBox();
    await page.evaluate(() => {
      for (const role of ['tooltip', 'dialog']) {
        const over = document.createElement('div');
        over.setAttribute('role', role);
        const name = document.createElement('h1');
        name.textContent = 'Somebody Else';
        const header = document.createElement('records-highlights2');
        header.append(name);
        over.append(header);
        over.style.cssText = 'position:fixed;right:20px;bottom:20px;width:420px;z-index:6000;background:#fff';
        document.body.append(over);
      }
      // By this it is seen that the place was looked for since.
      const name = document.querySelector('[slot=primaryField]');
      if (name) name.textContent = 'Ann Lee, née Anderson-Featherstonehaugh of somewhere';
    });
    await page.setViewportSize({ width: 1200, height: 800 });
    await soon(async () => [(await pillBox()).left > left + 100, await place()]).toEqual([true, 'beside']);
  });

  test('its panel opens under it, inside the window, and the page does not move', async () => {
    await open();
    await soon(place).toBe('beside');
    const pill = await pillBox();
    await overlay(page).open();
    const panel = await boxOf('optbridge-overlay .panel');
    expect(panel.top).toBe(pill.bottom + 8);
    expect(panel.left).toBe(pill.left);
    expect(panel.bottom).toBeLessThanOrEqual(800);
    expect(await pillBox()).toEqual(pill);
    await page.keyboard.press('Escape');
    await overlay(page).panel.waitFor({ state: 'detached' });
    await soon(pillBox).toEqual(pill);
    expect(await shifted(page)).toEqual([]);
  });
});

describe('a console', () => {
  test('has one overlay, beside the header of the tab that is shown, over neither utility bar nor tabs', async () => {
    await open({ app: 'console' });
    await soon(place).toBe('beside');
    await page.locator('.navexWorkspace.active .region-sidebar a').first().click();
    await soon(async () => page.locator('.oneConsoleTabItem').count()).toBe(2);
    const record = /(003|00Q)\w{15}/.exec(page.url())?.[0] ?? '';
    await page.locator(`optbridge-overlay[data-record="${record}"]:not([data-state=loading])`).waitFor();
    await soon(place).toBe('beside');
    await soon(() => page.locator('records-highlights2').count()).toBe(2);
    expect(await page.locator('optbridge-overlay').count()).toBe(1);
    await soon(covered).toEqual([]);

    await page.locator('.navexWorkspace.active').evaluate((workspace) => workspace.scrollBy(0, 300));
    await soon(place).toBe('edge');
    const bar = await boxOf('.slds-utility-bar_container');
    await soon(async () => (await pillBox()).bottom).toBeLessThanOrEqual(bar.top);
    await page.getByRole('tab').first().click();
    await soon(place).toBe('beside');
    expect(await shifted(page)).toEqual([]);
  });
});
