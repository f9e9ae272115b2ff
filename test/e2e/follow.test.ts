import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchPlain } from './browser.ts';
import { shifted } from './shifted.ts';
import { soon } from './soon.ts';
import { openStage, type Stage } from './stage.ts';
import { NOW, RECORD, STATUSES } from './statuses.ts';

const SECOND = '00Q000000000002AAA';
const second = { ...STATUSES.subscribed, record: SECOND, name: 'Bob Stone' };

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launchPlain();
});
afterAll(() => browser.close());
beforeEach(async () => {
  stage = await openStage(await browser.newContext(), STATUSES.subscribed);
});
afterEach(() => stage.close());

const host = () => stage.page.locator('optbridge-overlay');
const pill = () => stage.page.getByRole('button', { name: /^Email status/ });
const spoken = () => stage.page.getByRole('status').textContent();
const go = (path: string) => stage.page.evaluate((path) => history.pushState(null, '', path), path);

describe('following the page', () => {
  test('pushState to another record closes the panel and shows that record', async () => {
    await pill().click();
    await stage.answer(() => ({ ok: true, status: second }));
    await go(`/lightning/r/Lead/${SECOND}/view?ws=%2Flightning`);
    await soon(() => host().getAttribute('data-record')).toBe(SECOND);
    await soon(() => stage.page.getByRole('dialog').count()).toBe(0);
    expect(await host().count()).toBe(1);
    await soon(() => stage.asked.at(-1)).toEqual({ kind: 'status', record: SECOND, fresh: false });
  });

  test('it is hidden where there is no record, and back with one; a short or 15-character address will do', async () => {
    await go('/lightning/o/Contact/list?filterName=Recent');
    await soon(() => pill().isVisible()).toBe(false);
    await stage.answer(() => ({ ok: true, status: second }));
    await go(`/lightning/r/${SECOND.slice(0, 15)}/view#top`);
    await soon(() => pill().isVisible()).toBe(true);
    await soon(() => host().getAttribute('data-record')).toBe(SECOND);
  });

  test('a person’s account is that person’s record; a business has no pill, whatever was there before', async () => {
    const [person, business] = ['001000000000001AAA', '001000000000002AAA'];
    await stage.close();
    stage = await openStage(await browser.newContext(), STATUSES.subscribed, {
      path: `/lightning/r/Account/${person}/view`,
      persons: { [person]: RECORD },
    });
    await soon(() => pill().isVisible()).toBe(true);
    expect(await host().getAttribute('data-record')).toBe(RECORD);
    await go(`/lightning/r/Account/${business}/view`);
    await soon(() => pill().isVisible()).toBe(false);
    await stage.answer(() => ({ ok: true, status: second }));
    await go(`/lightning/r/Lead/${SECOND}/view`);
    await soon(() => host().getAttribute('data-record')).toBe(SECOND);
    await stage.answer(() => ({ ok: true, status: STATUSES.subscribed }));
    await go(`/lightning/r/${person}/view`);
    await soon(() => host().getAttribute('data-record')).toBe(RECORD);
    await soon(() => pill().isVisible()).toBe(true);
    // Nobody said of the business that it was anybody's record.
    expect(stage.asked.filter(({ record }) => record === business || record === person)).toEqual([]);
  });

  test('the pill goes beside the next record’s header as that is drawn, and not some time after', async () => {
    const header = (name: string) =>
      `<records-highlights2 style="display: block; height: 60px"><h1 style="display: inline">${name}</h1></records-highlights2>`;
    await stage.close();
    stage = await openStage(await browser.newContext(), STATUSES.subscribed, {
      html: `<!doctype html><html lang="en"><title>A record</title><body>${header('Ann Lee')}`,
    });
    const left = async () => (await pill().boundingBox())?.x ?? 0;
    await soon(left).toBeLessThan(400);
    const before = await left();
    await stage.page.clock.install({ time: NOW });
    await stage.page.clock.pauseAt(NOW + 1_000);
    await stage.answer(() => ({ ok: true, status: second }));
    await stage.page.evaluate(() => document.querySelector('records-highlights2')?.remove());
    await go(`/lightning/r/Lead/${SECOND}/view`);
    // The answer comes by its own time, and has the header looked for, too.
    await stage.page.locator(`optbridge-overlay[data-record="${SECOND}"][data-state=subscribed]`).waitFor();
    await stage.page.clock.runFor(400);
    expect(await left()).toBe(before);
    await stage.page.evaluate((html) => {
      document.body.innerHTML = html;
    }, header('Bob Stone, who has a longer name'));
    await stage.page.clock.runFor(100);
    expect(await left()).toBeGreaterThan(before + 50);
  });

  test('a header with which the page grows has the pill beside it by the frame that draws it: no clock is waited for', async () => {
    await stage.close();
    stage = await openStage(await browser.newContext(), STATUSES.subscribed);
    const left = async () => (await pill().boundingBox())?.x ?? 0;
    await soon(left).toBeGreaterThan(800);
    // By then the overlay has looked for a header in a frame of its own.
    await stage.page.evaluate(
      () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null)))),
    );
    await stage.page.clock.install({ time: NOW });
    await stage.page.clock.pauseAt(NOW + 1_000);
    await stage.page.evaluate(() => {
      document.body.innerHTML =
        '<records-highlights2 style="display: block; height: 60px"><h1 style="display: inline">Ann Lee</h1></records-highlights2>';
    });
    await soon(left).toBeLessThan(400);
  });

  test('a dialog that lay over the header when the page came: the pill goes back beside the header once that is closed', async () => {
    const html = `<!doctype html><html lang="en"><title>A record</title><body style="margin:0">
      <records-highlights2 style="display:block;height:60px"><h1 style="display:inline">Ann Lee</h1></records-highlights2>
      <div role="dialog" style="position:fixed;inset:0;z-index:9000;background:#888"><button>Close</button></div>`;
    await stage.close();
    stage = await openStage(await browser.newContext(), STATUSES.subscribed, { html });
    const { page } = stage;
    const left = async () => (await pill().boundingBox())?.x ?? 0;
    await soon(left).toBeGreaterThan(400);
    // Nothing looks for the header of its own accord any more.
    await page.clock.install({ time: NOW });
    await page.clock.runFor(30_000);
    await page.evaluate(() => {
      const dialog = document.querySelector('[role=dialog]');
      dialog?.querySelector('button')?.addEventListener('click', () => dialog.remove());
    });
    await page.clock.runFor(30_000);
    expect(await left()).toBeGreaterThan(400);
    await page.getByRole('button', { name: 'Close' }).click();
    await soon(async () => {
      await page.clock.runFor(100);
      return left();
    }).toBeLessThan(400);
  });

  test('an answer about a record that is no longer shown is dropped', async () => {
    await host().evaluate((element) => {
      const seen: (string | undefined)[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => seen.push(element.dataset.state)).observe(element, { attributes: true });
    });
    await stage.answer(() => ({ ok: true, status: STATUSES['opted-out'] }));
    await go(`/lightning/r/Lead/${SECOND}/view`);
    await stage.push(STATUSES['opted-out']);
    await soon(() => stage.asked.at(-1)).toMatchObject({ kind: 'status', record: SECOND });
    await soon(() => host().getAttribute('data-record')).toBe(SECOND);
    await soon(() => host().getAttribute('data-state')).toBe('loading');
    await stage.push(second);
    await soon(() => host().getAttribute('data-state')).toBe('subscribed');
    expect(new Set(await stage.page.evaluate<string[]>('seen'))).toEqual(new Set(['loading', 'subscribed']));
  });

  test('a second injection into the same document changes nothing', async () => {
    await stage.inject();
    expect(await host().count()).toBe(1);
    expect(await pill().count()).toBe(1);
  });
});

describe('saying so', () => {
  test('a change is announced, the seconds that run down are not', async () => {
    await soon(spoken).toBe('Ann Lee: Subscribed, 2 of 3 lists');
    await stage.push(STATUSES.pending);
    await soon(spoken).toBe('Ann Lee: Opting out, queued, try 2');
    await stage.push(STATUSES['opted-out']);
    await soon(spoken).toMatch(/^Ann Lee: Opted out, since/);
  });

  test('a refused opt-out is said with the reason, and nothing looks opted out', async () => {
    await pill().click();
    await stage.ready();
    await stage.answer(() => ({ ok: false, refused: 'refused_crowd' }));
    await stage.page.getByRole('switch').click();
    await stage.page.getByRole('dialog').getByText('Nothing was changed: too many requests at once').waitFor();
    // What has no text of its own comes without the background's word for it.
    await stage.answer(() => ({ ok: false, refused: 'the tab shows another record' }));
    await stage.page.getByRole('switch').click();
    const said = stage.page.getByRole('dialog').getByText('Nothing was changed. Refresh this tab');
    await said.waitFor();
    expect(await said.textContent()).not.toContain('another record');
    await soon(() => stage.page.getByRole('switch').getAttribute('aria-checked')).toBe('false');
    await soon(() => host().getAttribute('data-state')).toBe('subscribed');
  });

  test('once the extension is gone, a click says to refresh the tab', async () => {
    await pill().click();
    await stage.ready();
    await stage.answer(undefined);
    await stage.page.getByRole('switch').click();
    await stage.page.getByRole('dialog').getByText('Refresh this tab').waitFor();
    await soon(() => host().getAttribute('data-state')).toBe('unavailable');
    await soon(() => pill().textContent()).toContain('Refresh this tab');
    await soon(() => stage.page.getByRole('switch').count()).toBe(0);
  });

  test('signed out, the button asks for the sign-in window', async () => {
    await stage.push(STATUSES['signed-out']);
    await pill().click();
    await stage.ready();
    await stage.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await soon(() => stage.asked.map(({ kind }) => kind)).toContain('sign-in');
  });
});

describe('its place and look', () => {
  test('the page does not move, and the pill keeps off controls that stay put', async () => {
    const bar = `<!doctype html><html lang="en"><title>A record</title><body style="height:3000px">
      <div style="position:fixed;bottom:0;left:0;right:0;height:40px"><button style="width:100%;height:40px">Phone</button></div>`;
    const console = await openStage(await browser.newContext(), STATUSES.subscribed, { html: bar });
    const phone = await console.page.getByRole('button', { name: 'Phone' }).boundingBox();
    const box = async () => console.page.getByRole('button', { name: /^Email status/ }).boundingBox();
    await soon(async () => ((await box())?.y ?? 0) + ((await box())?.height ?? 0)).toBeLessThanOrEqual(phone?.y ?? 0);
    await soon(async () => (await box())?.height).toBe(28);
    expect(await shifted(console.page)).toEqual([]);
    await console.close();
  });

  test('a light Lightning page keeps the overlay light in a dark browser, and the other way round', async () => {
    for (const [tokens, colorScheme, theme] of [
      ['--slds-g-color-surface-1: #ffffff', 'dark', 'light'],
      ['--slds-g-color-surface-1: rgb(24 24 24)', 'light', 'dark'],
      ['color-scheme: dark; --slds-g-color-surface-container-1: light-dark(#fff, #181818)', 'light', 'dark'],
      ['color-scheme: light; --slds-g-color-surface-container-1: light-dark(#fff, #181818)', 'dark', 'light'],
      // SLDS 1 has no tokens and is light in any browser.
      ['background: rgb(176, 196, 223)', 'dark', 'light'],
    ] as const) {
      const html = `<!doctype html><html lang="en"><title>A record</title><style>:root { ${tokens} }</style><body>`;
      const slds = await openStage(await browser.newContext(), STATUSES.subscribed, { html, colorScheme });
      await soon(() => slds.page.locator('.overlay').getAttribute('data-theme')).toBe(theme);
      await slds.close();
    }
  });

  test('in forced colours the knob of the switch is still seen', async () => {
    const forced = await openStage(await browser.newContext(), STATUSES.subscribed, { forcedColors: 'active' });
    await forced.page.getByRole('button', { name: /^Email status/ }).click();
    await forced.ready();
    const knob = await forced.page.getByRole('switch').evaluate((element) => {
      const { borderTopColor } = getComputedStyle(element, '::before');
      return { borderTopColor, background: getComputedStyle(element).backgroundColor };
    });
    expect(knob.borderTopColor).not.toBe(knob.background);
    await forced.close();
  });

  test('nothing moves where the person asked for that', async () => {
    const still = await openStage(await browser.newContext(), STATUSES.loading, { reducedMotion: 'reduce' });
    const moving = await openStage(await browser.newContext(), STATUSES.loading, { reducedMotion: 'no-preference' });
    const animations = (at: Stage) =>
      at.page.locator('.pill').evaluate((element) => getComputedStyle(element).animationName);
    expect(await animations(still)).toBe('none');
    expect(await animations(moving)).not.toBe('none');
    await still.close();
    await moving.close();
  });
});
