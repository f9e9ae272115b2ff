import type { Page } from 'playwright-core';
import type { Character } from '../../src/sandbox/sandbox.ts';
import { configure, overlay, pathOf, signIn, type World } from '../e2e/world.ts';
import { FOLDER } from './night.ts';

/** The pictures, by file. */
export const SHOTS = {
  options: `${FOLDER}/1-options-page.png`,
  record: `${FOLDER}/2-record-page.png`,
  panel: `${FOLDER}/3-panel.png`,
  clicked: `${FOLDER}/4-after-the-click.png`,
  dark: `${FOLDER}/5-dark.png`,
  night: `${FOLDER}/6-after-the-night.png`,
  failed: `${FOLDER}/failed.png`,
} as const;

/** Fills in the real options page, and has it test the connection. Resolves with what the page says then. */
export async function setUp(world: World): Promise<string> {
  await configure(world);
  const page = await world.context.newPage();
  await page.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
  await page.getByRole('button', { name: 'Test connection' }).click();
  const said = page.getByText(/^Connected as/);
  await said.waitFor();
  await page.screenshot({ path: SHOTS.options, fullPage: true });
  const words = await said.textContent();
  await page.close();
  return words ?? '';
}

/** Opens a person's page, signs in from there through the small window, and gives the page when the status is known. */
export async function openAndSignIn(world: World, person: Character): Promise<Page> {
  const page = await world.open(pathOf(person.contactRecord));
  for (const blank of world.context.pages()) if (blank.url() === 'about:blank') await blank.close();
  await signIn(world, page);
  await overlay(page).state('subscribed', person.contactRecord);
  // A click on nothing takes the keyboard's focus ring away.
  await page.getByRole('heading', { level: 1, name: person.lastName }).click();
  await page.screenshot({ path: SHOTS.record });
  return page;
}

/** Opts the person of an open page out, as a rep does. Resolves when the overlay says that it is done, with the milliseconds. */
export async function optOut(page: Page, clock: () => number): Promise<number> {
  const { pill, knob, state } = overlay(page);
  await pill.click();
  await knob.waitFor();
  await page.screenshot({ path: SHOTS.panel });
  const clicked = clock();
  await knob.click();
  await state('opted-out');
  const took = clock() - clicked;
  await page.screenshot({ path: SHOTS.clicked });
  return took;
}

/** Loads the page anew, in the dark: what Salesforce itself shows now. */
export async function lookInTheDark(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.reload();
  await overlay(page).state('opted-out');
  await overlay(page).pill.click();
  await overlay(page).knob.waitFor();
  await page.screenshot({ path: SHOTS.dark });
  await page.emulateMedia({ colorScheme: null });
}

/** Opens the page of somebody whom the night has settled. Resolves with what the pill says. */
export async function lookAfterTheNight(world: World, person: Character): Promise<string> {
  const page = await world.open(pathOf(person.contactRecord));
  await overlay(page).state('opted-out', person.contactRecord);
  const words = await saidBy(page);
  await overlay(page).pill.click();
  await overlay(page).knob.waitFor();
  await page.screenshot({ path: SHOTS.night });
  return words;
}

/** What the pill shows, without the words for those who cannot see where it is. */
export async function saidBy(page: Page): Promise<string> {
  const words = await overlay(page).pill.textContent();
  return (words ?? '').replace(/\s+/g, ' ').replace('Email status: ', '').trim();
}
