import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { soon } from './soon.ts';
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

const who = (name: string) => world.sandbox.character(name);
const truth = (name: string) => truthOf(world, who(name));
const rowsOf = (name: string) => [...(world.sandbox.account.contact(who(name).activecampaignId)?.memberships ?? [])];

/** The open panel of somebody's record page. */
async function on(name: string, state: string, act: (page: Page) => Promise<void>): Promise<void> {
  const page = await world.open(pathOf(who(name).contactRecord || who(name).leadRecord));
  await overlay(page).state(state);
  await overlay(page).open();
  await act(page);
  await page.close();
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe('why', () => {
  test('she left the lists herself: by which link, and when', () =>
    on('ben', 'differs', async (page) => {
      await overlay(page)
        .panel.getByText(/Unsubscribed from (Newsletter|Events) on .*2025.* by the link in campaign “Spring offer”/)
        .waitFor();
    }));

  test('somebody set the box: who, and when, from field history', async () => {
    const { org } = world.sandbox;
    org.track('Contact', 'HasOptedOutOfEmail');
    const record = who('eva').contactRecord;
    org.update('Contact', record, { HasOptedOutOfEmail: true });
    await on('eva', 'opted-out', async (page) => {
      await overlay(page)
        .panel.getByText(/Salesforce set by .+ on /)
        .waitFor();
    });
  });

  test('you did, on this page', () =>
    on('leo', 'subscribed', async (page) => {
      await overlay(page).knob.click();
      await overlay(page).state('opted-out');
      await overlay(page)
        .panel.getByText(/Opted out by you on this page/)
        .waitFor();
    }));
});

describe('undo', () => {
  test('puts back exactly what the click changed, also after the page was closed', async () => {
    const before = truth('ann');
    await on('ann', 'subscribed', async (page) => {
      await overlay(page).knob.click();
      await overlay(page).state('opted-out');
    });
    expect(truth('ann').statuses).toEqual([2, 2, 2]);
    await on('ann', 'opted-out', async (page) => {
      await press(page, 'Undo');
      await overlay(page).state('subscribed');
      await soon(() => page.getByRole('button', { name: 'Undo', exact: true }).count()).toBe(0);
    });
    expect(truth('ann')).toEqual(before);
    expect(rowsOf('ann').map(([, { status, sourceid }]) => [status, sourceid === 4])).toEqual([
      [1, true],
      [2, false],
      [1, true],
    ]);
  });

  test('is not offered once somebody else has changed the person', async () => {
    await on('cleo', 'differs', async (page) => {
      await press(page, 'Settle it now');
      await overlay(page).state('opted-out');
      await page.getByRole('button', { name: 'Undo', exact: true }).waitFor();
    });
    world.sandbox.org.update('Contact', who('cleo').contactRecord, { HasOptedOutOfEmail: false });
    const page = await world.open(pathOf(who('cleo').contactRecord));
    // As she was read a moment ago, or, where that is more than a moment, as she is.
    await page.locator('optbridge-overlay:is([data-state=opted-out], [data-state=differs])').waitFor();
    await overlay(page).open();
    await page.getByRole('button', { name: 'Opt in again…' }).waitFor();
    await soon(() => page.getByRole('button', { name: 'Undo', exact: true }).count()).toBe(0);
    await page.close();
  });
});

test('one list only: that membership ends, the rest stays, and it can be undone', async () => {
  const before = truth('jack');
  await on('jack', 'subscribed', async (page) => {
    await press(page, 'Unsubscribe from Events only');
    await page.getByText(/You ended “Events”/).waitFor();
    await overlay(page).state('subscribed');
    await soon(() => truth('jack').statuses.filter((status) => status === 2)).toHaveLength(1);
    expect(truth('jack').boxes).toEqual([false]);
    await press(page, 'Undo');
    await page.getByRole('button', { name: 'Unsubscribe from Events only' }).waitFor();
    await soon(() => truth('jack')).toEqual(before);
  });
});

test('opting in asks for a reason, clears every box, and subscribes to the picked list alone', async () => {
  await on('hugo', 'opted-out', async (page) => {
    await press(page, 'Opt in again…');
    const go = page.getByRole('button', { name: 'Opt in', exact: true });
    await soon(() => go.getAttribute('aria-disabled')).toBe('true');
    await go.click({ force: true });
    expect(truth('hugo').boxes).toEqual([true]);
    await page.getByRole('radio', { name: 'Other' }).click();
    await page.getByRole('textbox', { name: 'What was said or done' }).fill('Asked at the fair');
    await page.getByRole('checkbox', { name: 'Events' }).waitFor();
    expect(await overlay(page).panel.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await page.getByRole('checkbox', { name: 'Events' }).click();
    await go.click();
    await overlay(page).state('subscribed');
  });
  expect(truth('hugo')).toMatchObject({ boxes: [false] });
  expect(truth('hugo').statuses.toSorted()).toEqual([1, 2]);
});

test('where the settings ask for it, a change leaves a finished task on the record, and its undo another', async () => {
  const options = await world.context.newPage();
  await options.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
  await options.getByRole('checkbox', { name: 'Log changes as tasks' }).check();
  await options.getByRole('button', { name: 'Save' }).click();
  await options.getByText('Saved', { exact: true }).waitFor();
  await options.close();
  const tasks = () => world.sandbox.org.all('Task').filter(({ WhoId }) => WhoId === who('kim').contactRecord);
  await on('kim', 'subscribed', async (page) => {
    await overlay(page).knob.click();
    await overlay(page).state('opted-out');
    await soon(() => tasks().map(({ Subject }) => Subject)).toEqual(['Email: opted out']);
    await press(page, 'Undo');
    await overlay(page).state('subscribed');
  });
  await soon(() => tasks().map(({ Subject }) => Subject)).toEqual(['Email: opted out', 'Email: last change undone']);
  const [task] = tasks();
  expect(task).toMatchObject({ Status: 'Completed', IsClosed: true });
  expect(task?.Description).toMatch(/^By: \w.*\nkim\.falk@example\.com\n(?:.*\n)*OptBridge act [\w-]{36}$/);
});

test('on the page of another org than the sign-in’s nothing is read or written, and the panel says why', async () => {
  const host = 'acme.lightning.force.com';
  await world.context.addCookies([{ name: 'oid', value: '00D000000000099', domain: host, path: '/', secure: true }]);
  await on('jack', 'unavailable', async (page) => {
    await overlay(page).panel.getByText('for another Salesforce org than this page shows').waitFor();
    expect(await overlay(page).knob.count()).toBe(0);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    const org = world.sandbox.org.id.slice(0, 15);
    await world.context.addCookies([{ name: 'oid', value: org, domain: host, path: '/', secure: true }]);
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await overlay(page).state('subscribed');
  });
});
