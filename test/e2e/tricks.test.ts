import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchPlain } from './browser.ts';
import { soon } from './soon.ts';
import { openStage, type Stage } from './stage.ts';
import { STATUSES } from './statuses.ts';

const PAGE = '<!doctype html><html lang="en"><title>A record</title><body>A page';

let browser: Browser;
let stage: Stage;
beforeAll(async () => {
  browser = await launchPlain();
  stage = await openStage(await browser.newContext(), STATUSES.subscribed, { html: PAGE });
});
afterAll(() => browser.close());

const pill = () => stage.page.getByRole('button', { name: /^Email status/ });
const panel = () => stage.page.getByRole('dialog');
const knob = () => stage.page.getByRole('switch', { name: 'Email opt-out', exact: true });
const spoken = () => stage.page.locator('optbridge-overlay .overlay > [role=status]').textContent();
/** What was asked of the background before the panel was opened last. */
let earlier = 0;
const optOuts = () => stage.asked.slice(earlier).filter(({ kind }) => kind === 'opt-out').length;

/** Opens the panel anew, and waits until it takes what is pressed. */
async function open(): Promise<void> {
  await stage.page.reload();
  // In the upper left, so that a panel that is moved or grown stays in the window.
  await stage.page.evaluate(`optbridge.place = { at: { x: 'left', y: 'top', dx: 16, dy: 16 }, hidden: false }`);
  await stage.inject();
  await pill().click();
  await stage.ready();
  earlier = stage.asked.length;
}

/** The pointer goes where the switch is now and presses, whatever is above it. */
async function press(): Promise<void> {
  const box = await knob().boundingBox();
  if (!box) throw new Error('the switch has no box');
  await stage.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await stage.page.mouse.down();
  await stage.page.mouse.up();
}

/** What the page does, run in it: `host` is our element, `root` its shadow root, `cover(css)` an element of the page. */
async function play(trick: string): Promise<void> {
  await stage.page.evaluate(`(() => {
    const host = document.querySelector('optbridge-overlay');
    const root = host.shadowRoot;
    const cover = (css) => {
      const cover = document.createElement('div');
      cover.id = 'cover';
      cover.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#fff;' + css;
      return document.body.appendChild(cover);
    };
    ${trick}
  })()`);
}

/**
 * Comes back when the browser has told the overlay what is painted above it now. It looks every 100 ms (more/sight.ts): after
 * a look of our own the overlay's next one is at most so far away, and so it was told before a second one of ours after that.
 */
const looked = () =>
  knob().evaluate(async (element) => {
    const look = () =>
      new Promise<void>((done) => {
        const told = (_: unknown, observer: IntersectionObserver) => done(observer.disconnect());
        new IntersectionObserver(told, { trackVisibility: true, delay: 100 } as IntersectionObserverInit).observe(
          element,
        );
      });
    await look();
    await document.documentElement.animate([], 120).finished;
    await look();
  });

/** The panel has to be in sight again for 300 ms. */
const rested = () =>
  stage.page.evaluate(async () => {
    const from = performance.now();
    while (performance.now() - from <= 300) await new Promise(requestAnimationFrame);
  });

async function refused(): Promise<void> {
  await soon(async () => `${optOuts()} ${await spoken()}`).toMatch(
    /^0 Nothing was changed: something on this page covers, moves or dims this panel/,
  );
  await panel().getByText('Nothing was changed: something on this page').waitFor();
  expect(optOuts()).toBe(0);
}

const style = (css: string): string =>
  `document.head.appendChild(document.createElement('style')).textContent = ${JSON.stringify(css)};`;
const onHost = (property: string, value: string): string =>
  `host.style.setProperty('${property}', '${value}', 'important');`;

/** By name: what a page can do so that the person presses what they do not see. */
const TRICKS: Readonly<Record<string, string>> = {
  'opacity on our element': onHost('opacity', '0.01'),
  'opacity on our element by a style sheet': style('optbridge-overlay { opacity: 0 !important }'),
  'opacity on <html>': style('html { opacity: 0.05 }'),
  'opacity by an animation': `host.animate([{ opacity: 0 }, { opacity: 0 }], { duration: 1e7 });`,
  'opacity on the panel, in the open shadow root': `root.querySelector('.panel').style.opacity = 0;`,
  'opacity on the switch alone': `root.querySelector('[role=switch]').style.opacity = 0;`,
  'a filter on our element': onHost('filter', 'opacity(0)'),
  'a filter on <html>': style('html { filter: contrast(0) brightness(3) }'),
  'a clip-path that leaves the switch only': `
    const { left, top, right, bottom } = root.querySelector('[role=switch]').getBoundingClientRect();
    document.documentElement.style.height = '100vh';
    document.documentElement.style.clipPath =
      'polygon(' + [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => x + 'px ' + y + 'px') + ')';`,
  'a mask': style('html { height: 100vh; mask-image: linear-gradient(transparent, transparent) }'),
  'a blend mode': onHost('mix-blend-mode', 'multiply'),
  'transform: translate': onHost('transform', 'translate(40px, 60px)'),
  'transform: scale, grown large': onHost('transform', 'scale(2)'),
  'transform: scale, shrunk': onHost('transform', 'scale(0.2)'),
  'the property translate': onHost('translate', '40px 60px'),
  'the property scale': onHost('scale', '0.5'),
  'the property rotate': onHost('rotate', '10deg'),
  'zoom on our element': onHost('zoom', '2'),
  'zoom on <html>': style('html { zoom: 2 }'),
  'perspective on <html>': style('html { perspective: 100px }'),
  'moved by left and top': `host.style.setProperty('inset', '100px auto auto 100px', 'important');`,
  'moved by a margin': onHost('margin', '80px 0 0 120px'),
  'the panel moved in the shadow root': `root.querySelector('.panel').style.inset = '30px auto auto 30px';`,
  'contain, so that the panel is placed in our element': onHost('contain', 'layout'),
  'a cover that lets presses through': `cover('pointer-events:none');`,
  'a cover over the switch alone': `
    const { left, top } = root.querySelector('[role=switch]').getBoundingClientRect();
    cover('pointer-events:none;inset:' + (top - 5) + 'px auto auto ' + (left - 5) + 'px;width:60px;height:40px');`,
  'a cover in the top layer': `
    const popover = cover('pointer-events:none;margin:0;border:0;width:100vw;height:100vh');
    popover.popover = 'manual';
    popover.showPopover();`,
  'a cover that is in the way only until the pointer comes': `
    const above = cover('');
    addEventListener('pointermove', () => { above.style.pointerEvents = 'none'; }, true);`,
  'a cover in our own shadow root': `
    const above = root.appendChild(cover('pointer-events:none'));`,
  'a cover that is gone when the press is heard': `
    const above = cover('pointer-events:none');
    for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      addEventListener(type, () => above.remove(), true);`,
  'opacity that is back when the press is heard': `
    host.style.setProperty('opacity', '0', 'important');
    for (const type of ['pointermove', 'pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
      addEventListener(type, () => host.style.removeProperty('opacity'), true);`,
  'pointer-events off on our element, on again for the switch': `
    host.style.setProperty('pointer-events', 'none', 'important');
    root.querySelector('[role=switch]').style.pointerEvents = 'auto';`,
  'surface and text of one colour': style(
    'html { --slds-g-color-surface-container-1: #fff; --slds-g-color-on-surface-2: #fff }',
  ),
  'colours that are transparent': style(
    'html { --slds-g-color-surface-container-1: transparent; --slds-g-color-surface-1: transparent; ' +
      '--slds-g-color-on-surface-2: transparent; --slds-g-color-on-surface-1: transparent; --slds-g-color-accent-2: transparent }',
  ),
};

describe('a press that the page has kept the person from seeing is refused, and the panel says why:', () => {
  test.each(Object.entries(TRICKS))('%s', async (_name, trick) => {
    await open();
    await play(trick);
    await looked();
    await press();
    await refused();
  });

  test.each([
    ['a cover that takes the presses itself gets them', `cover('').onclick = () => { document.title = 'pressed'; };`],
    [
      'our element in one that is transparent is taken out again, or refuses',
      `const take = () => host.parentNode === document.body || document.body.append(host);
       document.body.style.opacity = 0;
       new MutationObserver(take).observe(document.documentElement, { childList: true });
       take();`,
    ],
    [
      'our element in a shadow root of the page is taken out again, or refuses',
      `const wrap = document.body.appendChild(document.createElement('div'));
       wrap.style.opacity = 0;
       wrap.attachShadow({ mode: 'open' }).append(host);`,
    ],
  ])('%s', async (name, trick) => {
    await open();
    await play(trick);
    await press();
    if (name.startsWith('a cover')) await soon(() => stage.page.title()).toBe('pressed');
    expect(optOuts()).toBe(0);
  });
});

describe('a press that can be seen counts', () => {
  const wanted = async () => {
    const before = optOuts();
    await press();
    await soon(optOuts).toBe(before + 1);
  };

  test.each([
    ['an ordinary page', ''],
    ['a page that is dimmed itself, without our element', `document.body.style.opacity = 0.1;`],
    ['a message of the page in a corner', `cover('inset:auto 0 0 auto;width:200px;height:50px;pointer-events:none');`],
    [
      'a message of the page over another part of the panel',
      `const { left, bottom } = root.querySelector('.panel').getBoundingClientRect();
       cover('inset:' + (bottom - 40) + 'px auto auto ' + left + 'px;width:200px;height:50px;pointer-events:none');`,
    ],
  ])('on %s', async (_name, harmless) => {
    await open();
    await play(harmless);
    await looked();
    await wanted();
  });

  test('once what was in the way is taken back, and with it goes the reason', async () => {
    await open();
    const before = optOuts();
    await play(onHost('opacity', '0.01'));
    await press();
    await soon(spoken).toMatch(/^Nothing was changed/);
    expect(optOuts()).toBe(before);
    await play(`host.style.removeProperty('opacity');`);
    await looked();
    await rested();
    await wanted();
    await soon(spoken).not.toMatch(/^Nothing was changed/);
  });
});
