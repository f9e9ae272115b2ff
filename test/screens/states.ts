import type { Browser, Page } from 'playwright-core';
import type { About, Status } from '../../src/extension/messages.ts';
import { openStage, type Stage } from '../e2e/stage.ts';
import { ABOUT, STATUSES } from '../e2e/statuses.ts';
import { launch } from './chromium.ts';
import type { Keep } from './screens.ts';

interface Scene {
  readonly status: Status;
  readonly about?: About;
  readonly texts?: string;
  /** Until the overlay shows what is to be seen. */
  readonly play?: (stage: Stage) => Promise<void>;
}

const press = (page: Page, role: 'button' | 'radio' | 'checkbox', name: string) =>
  page.getByRole(role, { name }).click();

/** Everything that the overlay may look like, by the name of its picture. */
const SCENES: Readonly<Record<string, Scene>> = {
  ...Object.fromEntries(Object.entries(STATUSES).map(([name, status]) => [name, { status }])),
  'opted-out-here': { status: STATUSES['opted-out'], about: ABOUT.clicked },
  'opted-out-undo-too-late': { status: STATUSES['opted-out'], about: ABOUT.changed },
  'differs-bounced': { status: STATUSES['differs-activecampaign'], about: ABOUT.bounced },
  'left-unlogged': { status: STATUSES.subscribed, about: ABOUT.left },
  'opt-in': {
    status: STATUSES['opted-out'],
    play: async ({ page }) => {
      await press(page, 'button', 'Opt in again…');
      await press(page, 'radio', 'Other');
      await press(page, 'checkbox', 'Newsletter');
    },
  },
  gone: {
    status: STATUSES.subscribed,
    play: async (stage) => {
      await stage.answer(undefined);
      await press(stage.page, 'button', 'Refresh');
      await stage.page.locator('optbridge-overlay[data-state=unavailable]').waitFor();
    },
  },
  'subscribed-de': { status: STATUSES.subscribed, texts: 'de' },
  'opted-out-fr': { status: STATUSES['opted-out'], about: ABOUT.clicked, texts: 'fr' },
};

/** Pill and panel of every scene on an empty page. */
export async function photographStates(keep: Keep): Promise<void> {
  const browser = await launch();
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [name, scene] of Object.entries(SCENES))
      await keep(`${name}-${colorScheme}`, () => photograph(browser, scene, colorScheme));
  await browser.close();
}

async function photograph(browser: Browser, scene: Scene, colorScheme: 'light' | 'dark'): Promise<Buffer> {
  const context = await browser.newContext({ deviceScaleFactor: 2 });
  const stage = await openStage(context, scene.status, {
    colorScheme,
    viewport: { width: 460, height: 1300 },
    html: `<!doctype html><html lang="en"><style>html { background: ${colorScheme === 'dark' ? '#121212' : '#f3f3f3'} }</style>`,
    ...(scene.about && { about: scene.about }),
    ...(scene.texts && { texts: scene.texts }),
  });
  const { page } = stage;
  await page.locator('optbridge-overlay .pill').click();
  await page.locator('optbridge-overlay .foot').waitFor();
  await scene.play?.(stage);
  // What has the focus is outlined only for those who use the keyboard; here nobody does.
  await page.mouse.move(0, 0);
  const clip = await page.locator('optbridge-overlay .overlay').evaluate((overlay) => {
    const boxes = [...overlay.querySelectorAll('.pill, .panel')].map((element) => element.getBoundingClientRect());
    const left = Math.min(...boxes.map((box) => box.left)) - 16;
    const top = Math.max(0, Math.min(...boxes.map((box) => box.top)) - 16);
    const right = Math.max(...boxes.map((box) => box.right)) + 16;
    const bottom = Math.max(...boxes.map((box) => box.bottom)) + 16;
    return { x: left, y: top, width: right - left, height: bottom - top };
  });
  const picture = await page.screenshot({ clip });
  await stage.close();
  return picture;
}
