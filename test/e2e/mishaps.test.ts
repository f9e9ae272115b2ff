import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { soon } from './soon.ts';
import { configure, killWorker, overlay, pathOf, signIn, startWorld, truthOf, type World } from './world.ts';

/** What a cookie of all orgs' pages says that another one was open last. */
const OTHER_ORG = '00D0000000000ZZ';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await configure(world);
  await world.context.addCookies([{ name: 'oid', value: OTHER_ORG, domain: '.force.com', path: '/' }]);
  const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await signIn(world, page);
  await page.close();
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

test('signing in gets rid of “another org” where the page’s cookies go on naming another one', async () => {
  const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  expect(await page.evaluate(() => document.cookie)).toContain(`oid=${OTHER_ORG}`);
  await overlay(page).state('subscribed');
  await page.close();
});

test('a policy that changes holds at once for a page that is open', async () => {
  const page = await world.open(pathOf(world.sandbox.character('ann').contactRecord));
  await overlay(page).state('subscribed');
  const worker = world.context.serviceWorkers().findLast((one) => new URL(one.url()).host === world.id);
  /** As Chromium tells of it. */
  const policy = (lists: string) =>
    worker?.evaluate((lists) => {
      Object.assign(chrome.storage.managed, { get: async () => ({ lists }) });
      Object(chrome.storage.managed.onChanged).dispatch({});
    }, lists);
  await policy('every list');
  await overlay(page).state('unavailable');
  await policy('all');
  await overlay(page).state('subscribed');
  await page.close();
});

describe('an opt-out once acknowledged arrives', () => {
  test('when the worker is killed before anything was written and the tab is closed', async () => {
    const { faults } = world.sandbox;
    const ann = world.sandbox.character('ann');
    const page = await world.open(pathOf(ann.contactRecord));
    await overlay(page).state('subscribed');
    const before = truthOf(world, ann);
    // Every request hangs, so the worker dies between the acknowledged click and the first answer.
    const held = faults.add({ service: 'salesforce', kind: 'delay', seconds: 60, path: /\/services\// });
    const heldToo = faults.add({ service: 'activecampaign', kind: 'delay', seconds: 60 });
    await overlay(page).open();
    await overlay(page).knob.click();
    await overlay(page).state('pending');
    await soon(() => held.hits + heldToo.hits).toBeGreaterThan(0);
    await killWorker(world, page);
    expect(truthOf(world, ann)).toEqual(before);
    await page.close();
    faults.clear();

    const other = await world.open(pathOf(world.sandbox.character('hugo').contactRecord));
    await soon(() => truthOf(world, ann)).toEqual({
      boxes: [true, true],
      owners: before.owners,
      statuses: [2, 2, 2],
    });
    await other.close();
  });

  test('when Salesforce fails for a while: ActiveCampaign has it, the pill says pending, and later both have it', async () => {
    const jack = world.sandbox.character('jack');
    const page = await world.open(pathOf(jack.leadRecord));
    await overlay(page).state('subscribed');
    const { owners } = truthOf(world, jack);
    const fault = world.sandbox.faults.add({
      service: 'salesforce',
      method: 'PATCH',
      kind: 'status',
      status: 503,
      body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'We are down for maintenance.' }],
    });
    await overlay(page).open();
    await overlay(page).knob.click();
    await overlay(page).state('pending');
    await soon(() => truthOf(world, jack).statuses).toEqual([2, 2, 2, 2]);
    await soon(() => fault.hits).toBeGreaterThan(0);
    const { panel } = overlay(page);
    await panel
      .getByText(/trying again|try \d/)
      .first()
      .waitFor();
    await panel.getByText('We are down for maintenance.').first().waitFor();
    expect(truthOf(world, jack).boxes).toEqual([false]);
    expect(await overlay(page).host.getAttribute('data-state')).toBe('pending');

    fault.off();
    await overlay(page).state('opted-out');
    await soon(() => truthOf(world, jack)).toEqual({ boxes: [true], owners, statuses: [2, 2, 2, 2] });
    await page.close();
  });

  test('while ActiveCampaign cannot be reached, the status is not known, and comes by itself afterwards', async () => {
    const leo = world.sandbox.character('leo');
    world.sandbox.faults.add({ service: 'activecampaign', kind: 'drop' });
    const page = await world.open(pathOf(leo.contactRecord));
    await overlay(page).state('unavailable');
    await soon(() => overlay(page).pill.textContent()).toContain('ActiveCampaign cannot be reached');
    world.sandbox.faults.clear();
    await overlay(page).state('subscribed');
    await page.close();
  });
});
