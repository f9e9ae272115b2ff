import { afterAll, beforeAll, expect, test } from 'vitest';
import { textsOf } from '../extension/locales.ts';
import { soon } from './soon.ts';
import { configure, overlay, pathOf, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ people: 5, launch: { env: { ...process.env, LANGUAGE: 'de' } } });
  await configure(world);
});
afterAll(() => world.close());

test('in a German browser the pill, the panel, the popup and the toolbar button speak German', async ({ skip }) => {
  const own = await world.context.newPage();
  await own.goto(`chrome-extension://${world.id}/src/extension/popup/index.html`);
  const language = await own.evaluate(() => chrome.i18n.getUILanguage());
  // Debian's Chromium has other languages in a package of its own, which the set-up installs where it can.
  if (!language.startsWith('de')) skip(`the browser speaks ${language} whatever it is asked`);
  const texts = textsOf('de');
  const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await overlay(page).state('signed-out');
  const shown = page.locator('optbridge-overlay');
  const pill = shown.locator('.pill');
  await soon(() => pill.textContent()).toContain(texts.overlay_signed_out);
  await pill.click();
  await shown.getByRole('button', { name: texts.overlay_sign_in ?? '', exact: true }).waitFor();
  await soon(() => shown.locator('.panel').textContent()).toContain(texts.overlay_signed_out_words);
  await own.getByRole('heading', { name: texts.popup_sign_ins ?? '' }).waitFor();
  expect(await own.evaluate(() => document.documentElement.lang)).toBe('de');
  expect(await own.evaluate(() => chrome.action.getTitle({}))).toBe(texts.extension_name);
});
