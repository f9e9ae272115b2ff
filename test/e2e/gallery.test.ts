import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../src/extension/messages.ts';
import { checkOverlay } from './axe.ts';
import { launchPlain } from './browser.ts';
import { soon } from './soon.ts';
import { openStage, type Stage } from './stage.ts';
import { ABOUT, NAMES, STATUSES } from './statuses.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchPlain();
});
afterAll(() => browser.close());

describe.each(['light', 'dark'] as const)('every state in %s', (colorScheme) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(await browser.newContext(), STATUSES.loading, {
      colorScheme,
      // So high that nothing scrolls under the panel's foot, where axe could not see it.
      viewport: { width: 1280, height: 1600 },
    });
    await stage.page.getByRole('button', { name: /^Email status/ }).click();
    await stage.ready();
  });
  afterAll(() => stage.close());

  test.each(Object.entries(STATUSES))('%s: says so in pill and panel, and axe finds nothing', async (_name, status) => {
    const { page } = stage;
    await stage.push(status);
    const host = page.locator('optbridge-overlay');
    await soon(() => host.getAttribute('data-state')).toBe(status.state);
    await soon(() => host.getAttribute('data-record')).toBe(status.record);
    await soon(() => page.locator('.overlay').getAttribute('data-theme')).toBe(colorScheme);
    await page.getByRole('button', { name: /^Email status/ }).waitFor();

    const panel = page.getByRole('dialog', { name: /^Email status/ });
    for (const line of status.lists) await panel.getByText(line.name, { exact: true }).waitFor();
    for (const line of status.records) await panel.getByText(`, ${line.company}`).first().waitFor();
    const knob = panel.getByRole('switch', { name: 'Email opt-out', exact: true });
    if (status.address) await soon(() => knob.getAttribute('aria-checked')).toBe(String(status.optedOut));
    else await soon(() => knob.count()).toBe(0);

    const { wrong, passed } = await checkOverlay(page);
    expect(wrong).toEqual([]);
    expect(passed).toBeGreaterThan(5);
  });
});

const left: Status = {
  ...STATUSES.subscribed,
  lists: [...STATUSES['opted-out'].lists.slice(0, 1), ...STATUSES.subscribed.lists.slice(1)],
};

describe.each(['light', 'dark'] as const)('what the panel tells beyond the status, in %s', (colorScheme) => {
  test.each([
    [
      'clicked',
      STATUSES['opted-out'],
      [
        /^Why\? Opted out by you on this page/,
        /Counts for the nightly run, by the tag/,
        /^Nov 21, by you on this page/,
      ],
    ],
    ['left', left, [/You ended “Newsletter”/, /not logged as a task/, /“A task needs a project.”/]],
    [
      'changed',
      STATUSES['opted-out'],
      [
        /^Not undone: somebody had changed/,
        /“Spring offer”: “too many”/,
        /Does not count for the nightly run/,
        /All agree/,
      ],
    ],
    ['bounced', STATUSES['opted-out'], [/Mail came back for good.*User unknown/]],
  ] as const)('%s: says so, and axe finds nothing, the form to opt in included', async (name, status, words) => {
    const viewport = { width: 1280, height: 1600 };
    const stage = await openStage(await browser.newContext(), status, {
      colorScheme,
      viewport,
      about: ABOUT[name],
      names: NAMES,
    });
    const { page } = stage;
    await page.getByRole('button', { name: /^Email status/ }).click();
    await stage.ready();
    const panel = page.getByRole('dialog', { name: /^Email status/ });
    for (const said of words) await panel.getByText(said).first().waitFor();
    expect((await checkOverlay(page)).wrong).toEqual([]);
    if (status.optedOut) {
      await panel.getByRole('button', { name: 'Opt in again…' }).click();
      await panel.getByRole('radio', { name: 'Other' }).click();
      await panel.getByRole('textbox').waitFor();
      // Nobody may be subscribed again to an address that bounces.
      expect(await panel.getByRole('checkbox').count()).toBe(name === 'bounced' ? 0 : 3);
      expect(await panel.getByRole('checkbox', { checked: true }).count()).toBe(0);
      expect((await checkOverlay(page)).wrong).toEqual([]);
    }
    await stage.close();
  });

  test('the panel before what is in it has come: axe finds nothing', async () => {
    const more = new Promise<void>(() => undefined);
    const stage = await openStage(await browser.newContext(), STATUSES.differs, { colorScheme, more });
    await stage.page.getByRole('button', { name: /^Email status/ }).click();
    await stage.page.getByRole('dialog').getByText('The two systems differ', { exact: true }).waitFor();
    expect((await checkOverlay(stage.page)).wrong).toEqual([]);
    await stage.close();
  });

  test('offers no way back in where the settings forbid it', async () => {
    const about = ABOUT.forbidden;
    const stage = await openStage(await browser.newContext(), STATUSES['opted-out'], { colorScheme, about });
    await stage.page.getByRole('button', { name: /^Email status/ }).click();
    await stage.ready();
    await stage.page
      .getByText(/Set in Salesforce|Unsubscribed from/)
      .first()
      .waitFor();
    expect(await stage.page.getByRole('button', { name: 'Opt in again…' }).count()).toBe(0);
    await stage.close();
  });
});

describe('narrow and enlarged pages', () => {
  test.each([
    ['320 px wide', { width: 320, height: 480 }],
    ['1280 x 800 at 400 %', { width: 320, height: 200 }],
  ])('%s: nothing is cut off', async (_name, viewport) => {
    const { page, ready, close } = await openStage(await browser.newContext(), STATUSES.long, { viewport });
    await page.getByRole('button', { name: /^Email status/ }).click();
    await ready();
    const box = await page.getByRole('dialog').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect(box?.y).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(viewport.width);
    const across = await page.getByRole('dialog').evaluate((panel) => panel.scrollWidth - panel.clientWidth);
    expect(across).toBe(0);
    const last = page.getByRole('link', { name: /Open in ActiveCampaign/ });
    await last.scrollIntoViewIfNeeded();
    await soon(() => last.isVisible()).toBe(true);
    await close();
  });
});
