import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Status } from '../../src/extension/messages.ts';
import { LOCALES } from '../extension/locales.ts';
import { checkOverlay } from './axe.ts';
import { launchPlain } from './browser.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';
import { STATUSES } from './statuses.ts';

/** Every state of the overlay under conditions that people set: narrow, enlarged, forced colours, the page's own theme. */

let browser: Browser;
beforeAll(async () => {
  browser = await launchPlain();
});
afterAll(() => browser.close());

/** SLDS 2's own colours, as light-dark() pairs that follow the page's `color-scheme`. */
const cosmos = (scheme: 'light' | 'dark') => `<!doctype html><html lang="en"><title>A record</title><style>:root {
  color-scheme: ${scheme};
  --slds-g-color-surface-1: light-dark(#fff, #1a1b1e);
  --slds-g-color-surface-container-1: light-dark(#fff, #242528);
  --slds-g-color-on-surface-1: light-dark(#5c5c5c, #aeaeae);
  --slds-g-color-on-surface-2: light-dark(#2e2e2e, #e5e5e5);
  --slds-g-color-accent-2: light-dark(#0250d9, #7cb1fe);
  --slds-g-font-family-base: "Liberation Serif", serif;
}</style><body>`;

const WIDE = { width: 1280, height: 1600 };
const CONDITIONS: Readonly<Record<string, StageOptions & { readonly scale?: number }>> = {
  '320 px wide': { viewport: { width: 320, height: 560 } },
  '1280 x 800 at 200 %': { viewport: { width: 640, height: 400 }, scale: 2 },
  '1280 x 800 at 400 %': { viewport: { width: 320, height: 200 }, scale: 4 },
  'forced colours, light': { forcedColors: 'active', viewport: WIDE },
  'forced colours, dark': { forcedColors: 'active', colorScheme: 'dark', viewport: WIDE },
  'the page’s own theme, light': { html: cosmos('light'), colorScheme: 'dark', viewport: WIDE },
  'the page’s own theme, dark': { html: cosmos('dark'), colorScheme: 'light', viewport: WIDE },
};

describe.each(Object.entries(CONDITIONS))('%s', (condition, { scale = 1, ...options }) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(await browser.newContext({ deviceScaleFactor: scale }), STATUSES.loading, options);
    await stage.page.locator('optbridge-overlay .pill').click();
    await stage.ready();
  });
  afterAll(() => stage.close());

  test.each(Object.entries<Status>(STATUSES))('%s', async (_state, status) => {
    const { page } = stage;
    await stage.push(status);
    await page.locator(`optbridge-overlay[data-state="${status.state}"]`).waitFor();
    expect(await wrongIn(page)).toEqual([]);
    // By far the most of the time: where focus has the least room, and where it has only one colour.
    if (/320|400|forced.*dark/.test(condition)) expect(await unseenFocus(page)).toEqual([]);
    if (options.html) {
      const { wrong, passed } = await checkOverlay(page);
      expect(wrong).toEqual([]);
      expect(passed).toBeGreaterThan(5);
    }
  });
});

describe.each(LOCALES)('in %s', (texts) => {
  test('the pill holds what it says in every state, and nothing in the panel is cut off', async () => {
    const stage = await openStage(await browser.newContext(), STATUSES.loading, { texts, viewport: WIDE });
    const { page } = stage;
    await page.locator('optbridge-overlay .pill').click();
    await stage.ready();
    const widths: [string, number][] = [];
    for (const [name, status] of Object.entries<Status>(STATUSES)) {
      await stage.push(status);
      await page.locator(`optbridge-overlay[data-state="${status.state}"]`).waitFor();
      expect(await wrongIn(page), name).toEqual([]);
      widths.push([name, await page.locator('optbridge-overlay .pill').evaluate((pill) => pill.clientWidth)]);
      const cut = await page.locator('optbridge-overlay .text').evaluate((text) => text.scrollWidth - text.clientWidth);
      expect(cut, name).toBeLessThanOrEqual(0);
    }
    expect(widths.filter(([, width]) => width > 520)).toEqual([]);
    expect(await page.locator('optbridge-overlay .overlay').getAttribute('lang')).toBe(texts.replace('_', '-'));
    await stage.close();
  });
});

test('in no state does anything move where the person asked for that', async () => {
  const stage = await openStage(await browser.newContext(), STATUSES.loading, { reducedMotion: 'reduce' });
  const { page } = stage;
  await page.locator('optbridge-overlay .pill').click();
  await stage.ready();
  for (const status of Object.values<Status>(STATUSES)) {
    await stage.push(status);
    const moving = await page.locator('optbridge-overlay .overlay').evaluate((overlay) => {
      const animated = overlay.getAnimations({ subtree: true });
      const still = [...overlay.querySelectorAll('*')].filter(
        (element) => Number.parseFloat(getComputedStyle(element).transitionDuration) === 0,
      );
      return [
        animated.filter((one) => !(one instanceof CSSAnimation && one.animationName === 'settle')).length,
        overlay.querySelectorAll('*').length - still.length,
      ];
    });
    expect(moving).toEqual([0, 0]);
  }
  await stage.close();
});

/** Elements that overflow, are cut off, stand outside the window, or whose text has too little contrast. */
function wrongIn(page: Page): Promise<string[]> {
  return page.locator('optbridge-overlay .overlay').evaluate((overlay) => {
    const wrong: string[] = [];
    const name = (element: Element) => `${element.tagName}.${element.className} ${element.textContent?.slice(0, 40)}`;
    const paint = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const rgba = (colour: string): number[] => {
      if (!paint) return [];
      paint.clearRect(0, 0, 1, 1);
      paint.fillStyle = colour;
      paint.fillRect(0, 0, 1, 1);
      return [...paint.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (colour: readonly number[]) => {
      const [red = 0, green = 0, blue = 0] = colour.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (element: Element | null): number[] => {
      if (!element) return [255, 255, 255, 255];
      const own = rgba(getComputedStyle(element).backgroundColor);
      return own[3] === 255 ? own : ground(element.parentElement);
    };
    const panel = overlay.querySelector('.panel');
    for (const box of overlay.querySelectorAll('.pill, .panel')) {
      const { left, right, top, bottom } = box.getBoundingClientRect();
      if (left < 0 || top < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5)
        wrong.push(`outside: ${name(box)}`);
    }
    if (panel && panel.scrollWidth > panel.clientWidth) wrong.push(`scrolls sideways: ${name(panel)}`);
    for (const element of overlay.querySelectorAll('*')) {
      const style = getComputedStyle(element);
      const seen = element.getClientRects().length > 0 && !element.closest('.unseen, svg');
      if (!seen) continue;
      const cuts = style.overflowX !== 'visible' && element !== panel && !element.matches('textarea, .text');
      if (cuts && element.scrollWidth > element.clientWidth) wrong.push(`cut off: ${name(element)}`);
      if (panel?.contains(element) && element !== panel) {
        const inner = panel.getBoundingClientRect();
        const { left, right } = element.getBoundingClientRect();
        if (left < inner.left - 0.5 || right > inner.right + 0.5) wrong.push(`sticks out: ${name(element)}`);
      }
      const says = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      if (!says || element.closest('[aria-disabled=true]')) continue;
      const [text, under] = [luminance(rgba(style.color)), luminance(ground(element))];
      const contrast = (Math.max(text, under) + 0.05) / (Math.min(text, under) + 0.05);
      if (contrast < 4.5) wrong.push(`contrast ${contrast.toFixed(1)}: ${name(element)}`);
    }
    // The status itself is never cut, whatever else of the pill is.
    const label = overlay.querySelector('.pill b:not(.unseen)');
    const text = overlay.querySelector('.pill .text');
    if (label && text && label.getBoundingClientRect().right > text.getBoundingClientRect().right + 0.5)
      wrong.push(`cut off: ${name(label)}`);
    return wrong;
  });
}

/** Goes through the panel by Tab: what is focused without being outlined, or without being seen. */
async function unseenFocus(page: Page): Promise<string[]> {
  const wrong: string[] = [];
  const stops = await page.locator('optbridge-overlay .panel :is(button, a, textarea)').count();
  for (let n = 0; n < stops; n++) {
    await page.keyboard.press('Tab');
    const problem = await page.locator('optbridge-overlay').evaluate((host) => {
      const focused = host.shadowRoot?.activeElement;
      if (!focused?.matches(':focus-visible')) return 'no focus';
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      const { left, right, top, bottom } = focused.getBoundingClientRect();
      const outlined = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      const visible = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
      return outlined && visible
        ? ''
        : `${outlined ? 'not in view' : 'not outlined'}: ${focused.outerHTML.slice(0, 80)}`;
    });
    if (problem) wrong.push(problem);
  }
  return wrong;
}
