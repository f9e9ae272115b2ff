import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { launchPlain } from './browser.ts';
import { soon } from './soon.ts';
import { openStage, type Stage } from './stage.ts';
import { ABOUT, STATUSES } from './statuses.ts';

/** A page with shortcuts wherever a page can have them, which notes every key that reaches it. */
const SHORTCUTS = `<!doctype html><html lang="en"><title>A record</title><body><input id="field"><script>
  const heard = (globalThis.heard = []);
  for (const target of [window, document, document.documentElement, document.body])
    for (const capture of [true, false])
      for (const type of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input'])
        target.addEventListener(type, (event) => heard.push(type + ' ' + event.key), capture);
</script>`;

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launchPlain();
});
afterAll(() => browser.close());
beforeEach(async () => {
  stage = await openStage(await browser.newContext(), STATUSES.subscribed, { html: SHORTCUTS });
});
afterEach(() => stage.close());

const pill = () => stage.page.getByRole('button', { name: /^Email status/ });
const panel = () => stage.page.getByRole('dialog');
const knob = () => stage.page.getByRole('switch', { name: 'Email opt-out', exact: true });
const heard = () => stage.page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
const optOuts = () => stage.asked.filter(({ kind }) => kind === 'opt-out');
/** The accessible name or role of what has the focus inside the overlay. */
const focused = () =>
  stage.page.evaluate(() => {
    const inner = document.querySelector('optbridge-overlay')?.shadowRoot?.activeElement;
    return inner?.getAttribute('role') ?? inner?.textContent?.trim() ?? null;
  });

describe('the keyboard', () => {
  test('Enter opens the panel and moves the focus into it; Escape closes it and gives the focus back', async () => {
    await pill().focus();
    await stage.page.keyboard.press('Enter');
    await soon(focused).toBe('dialog');
    await stage.page.keyboard.press('Escape');
    await soon(() => panel().count()).toBe(0);
    await soon(focused).toMatch(/^Email status/);
    await stage.page.keyboard.press('Space');
    await soon(() => panel().count()).toBe(1);
  });

  test('Tab goes round in the panel, both ways', async () => {
    await pill().click();
    await stage.ready();
    const stops: (string | null)[] = [];
    for (let n = 0; n < 11; n++) {
      await stage.page.keyboard.press('Tab');
      stops.push(await focused());
    }
    expect(stops[1]).toBe('switch');
    expect(stops[2]).toBe('Unsubscribe');
    expect(stops[4]).toMatch(/^open record/);
    expect(stops.slice(5, 7)).toEqual(['Move', 'Hide in this org']);
    expect(stops[9]).toBe(stops[0]);
    await stage.page.keyboard.press('Shift+Tab');
    await stage.page.keyboard.press('Shift+Tab');
    await soon(focused).toMatch(/^Open in ActiveCampaign/);
  });

  test.each(['Space', 'Enter'])('Tab to the switch and %s opts the person out', async (key) => {
    await pill().click();
    await stage.ready();
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.press(key);
    await soon(optOuts).toEqual([{ kind: 'opt-out', record: STATUSES.subscribed.record }]);
  });

  test('no key pressed in the overlay reaches a shortcut of the page, and every key outside it does', async () => {
    await pill().focus();
    await stage.page.keyboard.press('Enter');
    await stage.ready();
    for (const key of ['g', 'ArrowDown', 'Tab', 'Tab', 'Space', 'Control+c', '/', 'Escape', 'e'])
      await stage.page.keyboard.press(key);
    await soon(optOuts).toHaveLength(1);
    expect(await heard()).toEqual([]);
    await stage.page.locator('#field').focus();
    await stage.page.keyboard.press('g');
    await soon(async () => new Set(await heard())).toEqual(
      new Set(['keydown g', 'keypress g', 'beforeinput undefined', 'input undefined', 'keyup g']),
    );
  });
});

describe('only the person presses', () => {
  test('a script of the page that clicks, focuses and sends keys opts nobody out', async () => {
    await pill().click();
    await stage.ready();
    await knob().evaluate((element) => {
      if (!(element instanceof HTMLElement)) return;
      element.click();
      element.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail: 1 }));
      element.dispatchEvent(new PointerEvent('click', { bubbles: true, detail: 1, pointerType: 'mouse' }));
      element.focus();
      for (const key of [' ', 'Enter'])
        for (const type of ['keydown', 'keypress', 'keyup'])
          element.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, composed: true }));
    });
    await stage.page.keyboard.press('Tab');
    expect(optOuts()).toEqual([]);
  });

  test.each(['Space', 'Enter'])(
    'a switch that the page focused does not take the person’s %s, and says so',
    async (key) => {
      await pill().click();
      await stage.ready();
      await knob().evaluate((element) => element instanceof HTMLElement && element.focus());
      await stage.page.keyboard.press(key);
      await stage.page
        .getByRole('status')
        .getByText(/Nothing was changed.*Tab/)
        .waitFor();
      expect(optOuts()).toEqual([]);
      await stage.page.keyboard.press('Shift+Tab');
      await stage.page.keyboard.press('Tab');
      await stage.page.keyboard.press(key);
      await soon(optOuts).toHaveLength(1);
    },
  );

  test('a switch that was reached by Tab and focused again by the page does not take a key', async () => {
    await pill().click();
    await stage.ready();
    await stage.page.keyboard.press('Tab');
    await stage.page.keyboard.press('Tab');
    await knob().evaluate((element) => {
      if (!(element instanceof HTMLElement)) return;
      element.blur();
      element.focus();
    });
    await stage.page.keyboard.press('Space');
    await stage.page
      .getByRole('status')
      .getByText(/Nothing was changed/)
      .waitFor();
    expect(optOuts()).toEqual([]);
  });

  test('a switch that is on stays on, and the panel says that it cannot be turned off here', async () => {
    await stage.push(STATUSES['opted-out']);
    await pill().click();
    await stage.ready();
    await panel().getByText('It cannot be turned off here').waitFor();
    await soon(() => knob().getAttribute('aria-disabled')).toBe('true');
    await knob().click({ force: true });
    await stage.page.keyboard.press('Tab');
    expect(optOuts()).toEqual([]);
  });

  test('"Settle it now" asks for the same opt-out', async () => {
    await stage.push(STATUSES.differs);
    await pill().click();
    await stage.ready();
    await stage.page.getByRole('button', { name: 'Settle it now' }).click();
    await soon(optOuts).toHaveLength(1);
  });

  test('a no can be written down while a side cannot be read, also where the switch is on for the other one', async () => {
    const { problem } = STATUSES.unavailable;
    await stage.push({ ...STATUSES.differs, state: 'unavailable', problem });
    await pill().click();
    await stage.ready();
    await panel().getByText('When both could last be read').waitFor();
    await stage.page.getByRole('button', { name: 'Settle it now' }).click();
    await soon(optOuts).toHaveLength(1);
    await stage.push({ ...STATUSES['opted-out'], state: 'unavailable', problem });
    await panel().getByText('Settle it now').waitFor({ state: 'detached' });
  });

  test.each(['undo', 'unsubscribe', 'opt-in'] as const)(
    'a script of the page presses nothing that leads to %s, and the person does',
    async (kind) => {
      await stage.close();
      const status = kind === 'unsubscribe' ? STATUSES.subscribed : STATUSES['opted-out'];
      stage = await openStage(await browser.newContext(), status, { html: SHORTCUTS, about: ABOUT.clicked });
      const name = { undo: 'Undo', unsubscribe: 'Unsubscribe from Newsletter only', 'opt-in': 'Opt in' }[kind];
      const button = stage.page.getByRole('button', { name, exact: true });
      const clicks = (element: Element) => element instanceof HTMLElement && element.click();
      await pill().click();
      await stage.ready();
      if (kind === 'opt-in') {
        const open = stage.page.getByRole('button', { name: 'Opt in again…' });
        await open.evaluate(clicks);
        expect(await button.count()).toBe(0);
        await open.click();
        const reason = stage.page.getByRole('radio', { name: 'My mistake' });
        await reason.evaluate(clicks);
        expect(await reason.getAttribute('aria-checked')).toBe('false');
        await reason.click();
      }
      await button.evaluate(clicks);
      await button.evaluate((element) => element instanceof HTMLElement && element.focus());
      await stage.page.keyboard.press('Space');
      expect(stage.asked.filter((request) => request.kind === kind)).toEqual([]);
      await button.click();
      await soon(() => stage.asked.filter((request) => request.kind === kind)).toHaveLength(1);
    },
  );
});

describe('asking the person instead', () => {
  test.each([
    ['with the account’s page', ABOUT.clicked, /choose here what you get: https:\/\/acme\.example\/preferences/],
    ['for a reply, where there is no such page', ABOUT.nothing, /please reply to this email/],
  ] as const)('copies a text that asks %s', async (_name, about, asks) => {
    await stage.close();
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    stage = await openStage(context, STATUSES['opted-out'], { about });
    await pill().click();
    await stage.ready();
    const button = stage.page.getByRole('button', { name: 'Ask the person instead' });
    await button.evaluate((element) => element instanceof HTMLElement && element.click());
    expect(await panel().getByRole('textbox').count()).toBe(0);
    await button.click();
    await panel().getByText('Copied. Paste it').waitFor();
    const copied = await stage.page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^Hello Ann Lee,\n/);
    expect(copied).toMatch(asks);
    expect(stage.asked.filter(({ kind }) => !['status', 'seen', 'list'].includes(kind))).toEqual([]);
  });

  test('shows the text where the browser does not let it be copied', async () => {
    await stage.page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('no')) } });
    });
    await stage.push(STATUSES['opted-out']);
    await pill().click();
    await stage.ready();
    await stage.page.getByRole('button', { name: 'Ask the person instead' }).click();
    await panel().getByText('Select the text and copy it').waitFor();
    expect(await panel().getByRole('textbox').inputValue()).toMatch(/^Hello Ann Lee,/);
  });
});

describe('one step further', () => {
  test.each([
    ['withdrawn', 'Give access again…'],
    ['not-configured', 'Open the settings'],
  ] as const)('%s: the options page', async (state, name) => {
    await stage.push(STATUSES[state]);
    await pill().click();
    await stage.ready();
    await stage.page.getByRole('button', { name }).click();
    await soon(() => stage.asked.map(({ kind }) => kind)).toContain('options');
  });

  test('the extension updated under the page: the tab is loaded again', async () => {
    await pill().click();
    await stage.ready();
    await stage.answer(undefined);
    await stage.page.getByRole('button', { name: 'Refresh' }).click();
    await Promise.all([
      stage.page.waitForEvent('load'),
      panel().getByRole('button', { name: 'Refresh this tab' }).click(),
    ]);
  });
});

describe('a panel that opens before its second script is there', () => {
  test('shows who it is and what holds at once, and the switch when it comes, not to be pressed in its first moment', async () => {
    const { promise: more, resolve: come } = Promise.withResolvers<void>();
    await stage.close();
    stage = await openStage(await browser.newContext(), STATUSES.differs, { more });
    await pill().click();
    await panel().getByText('The two systems differ', { exact: true }).waitFor();
    await panel().getByText('ann.lee@example.com').waitFor();
    expect(await knob().count()).toBe(0);
    await soon(focused).toBe('dialog');
    // A switch that comes under the finger takes nothing at first, however long the panel has been open.
    await stage.page.evaluate(() => {
      const root = document.querySelector('optbridge-overlay')?.shadowRoot;
      if (root)
        new MutationObserver((_, watching) => {
          const knob = root.querySelector('[role="switch"]');
          if (!knob) return;
          watching.disconnect();
          globalThis.document.title = getComputedStyle(knob).pointerEvents;
        }).observe(root, { subtree: true, childList: true });
    });
    come();
    await knob().waitFor();
    await soon(() => stage.page.title()).toBe('none');
    await soon(focused).toBe('dialog');
    await stage.ready();
    await stage.page.keyboard.press('Escape');
    await soon(focused).toMatch(/^Email status/);
  });
});
