import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Character } from '../../src/sandbox/sandbox.ts';
import { soon } from './soon.ts';
import { settled } from './stage.ts';
import { configure, overlay, pathOf, signIn, startWorld, truthOf, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
  const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, page);
  await page.close();
});
afterAll(() => world.close());

const who = (name: string): Character => world.sandbox.character(name);

const truth = (person: Character) => truthOf(world, person);

async function on(name: string, act: (page: Page, person: Character) => Promise<void>): Promise<void> {
  const person = who(name);
  const page = await world.open(pathOf(person.contactRecord || person.leadRecord));
  await act(page, person);
  await page.close();
}

describe('see', () => {
  test.each([
    ['ann', 'subscribed', '2 of 3 lists'],
    ['hugo', 'opted-out', 'Opted out'],
    ['cleo', 'differs', 'Salesforce out, AC on 2 lists'],
    ['ben', 'differs', 'Salesforce in, AC out'],
    ['eva', 'not-in-activecampaign', 'Not in ActiveCampaign'],
    ['finn', 'no-email', 'No email address'],
  ])('%s is %s', async (name, state, words) => {
    await on(name, async (page, person) => {
      await overlay(page).state(state, person.contactRecord || person.leadRecord);
      await soon(() => overlay(page).pill.textContent()).toContain(words);
      await overlay(page).pill.click();
      await soon(() => overlay(page).panel.textContent()).toContain(person.lastName);
    });
  });

  test('the panel lists every list and every record with the address, and the text-message list is none', async () => {
    await on('ann', async (page) => {
      await overlay(page).state('subscribed');
      await overlay(page).open();
      const panel = overlay(page).panel;
      for (const list of ['Newsletter', 'Product news', 'Events'])
        await soon(() => panel.getByText(list, { exact: true }).count()).toBe(1);
      await soon(() => panel.getByText('Too many emails').count()).toBe(1);
      await soon(() => panel.getByText(/^(Contact|Lead): Ann Lee/).count()).toBe(2);
    });
  });
});

test('what the rep changes in the page itself is seen at once', async () => {
  await on('kim', async (page, { contactRecord }) => {
    await overlay(page).state('subscribed');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: /^Edit/ });
    await dialog.getByLabel('Email Opt Out').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await overlay(page).state('opted-out', contactRecord);
  });
});

describe('say', () => {
  test('a click opts out on both sides: all records with the address, all memberships, and nobody’s owner changes', async () => {
    const before = truth(who('ann'));
    await on('ann', async (page) => {
      await overlay(page).state('subscribed');
      await overlay(page).open();
      await overlay(page).knob.click();
      await overlay(page).state('opted-out');
      await soon(() => overlay(page).knob.getAttribute('aria-checked')).toBe('true');
    });
    expect(truth(who('ann'))).toEqual({ boxes: [true, true], owners: before.owners, statuses: [2, 2, 2] });
  });

  test('with the keyboard alone', async () => {
    const before = truth(who('jack'));
    await on('jack', async (page) => {
      await overlay(page).state('subscribed');
      await overlay(page).pill.focus();
      await page.keyboard.press('Enter');
      await settled(page);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await overlay(page).state('opted-out');
    });
    expect(truth(who('jack'))).toEqual({ boxes: [true], owners: before.owners, statuses: [2, 2, 2, 2] });
  });

  test('somebody whom ActiveCampaign does not know is opted out in Salesforce', async () => {
    await on('eva', async (page) => {
      await overlay(page).state('not-in-activecampaign');
      await overlay(page).open();
      await overlay(page).knob.click();
      await soon(() => truth(who('eva')).boxes).toEqual([true]);
      await overlay(page).state('opted-out');
      await overlay(page).panel.getByText('ActiveCampaign does not know this address').waitFor();
    });
  });

  test('"Settle it now" opts out on the side that still mails', async () => {
    await on('cleo', async (page) => {
      await overlay(page).state('differs');
      await overlay(page).open();
      await page.getByRole('button', { name: 'Settle it now' }).click();
      await overlay(page).state('opted-out');
    });
    expect(truth(who('cleo'))).toMatchObject({ boxes: [true], statuses: [2, 2] });
  });

  test('after pushState to a second record, a click changes only that second person', async () => {
    const first = who('leo');
    const second = who('mia');
    const before = truth(first);
    await on('leo', async (page) => {
      await overlay(page).state('subscribed', first.contactRecord);
      await page.evaluate((path) => history.pushState({}, '', path), pathOf(second.contactRecord));
      await overlay(page).state('differs', second.contactRecord);
      await overlay(page).open();
      await page.getByRole('button', { name: 'Settle it now' }).click();
      await overlay(page).state('opted-out', second.contactRecord);
    });
    expect(truth(first)).toEqual(before);
    expect(truth(second).boxes).toEqual([true]);
  });
});
