import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../src/sandbox/faults.ts';
import type { Character } from '../../src/sandbox/sandbox.ts';
import { LONG, often } from '../long.ts';
import { soon } from './soon.ts';
import { configure, killWorker, overlay, pathOf, signIn, startWorld, truthOf, type World } from './world.ts';

let world: World;
let ann: Character;
/** Shows somebody else: a page that is opened wakes the worker, as anything does. */
let elsewhere: string;
/** The lists that ActiveCampaign ended for Ann, one entry each time. */
const left: string[] = [];
beforeAll(async () => {
  world = await startWorld();
  for (const type of ['Contact', 'Lead']) world.sandbox.org.track(type, 'HasOptedOutOfEmail');
  await configure(world);
  ann = world.sandbox.character('ann');
  world.sandbox.account.onEvent(({ type, contact, list }) => {
    if (type === 'unsubscribe' && contact.id === ann.activecampaignId) left.push(`${list}`);
  });
  elsewhere = pathOf(world.sandbox.character('hugo').contactRecord);
  const page = await world.open(pathOf(ann.contactRecord));
  await signIn(world, page);
  await page.close();
});
afterAll(() => world.close());
afterEach(async () => {
  world.sandbox.faults.clear();
  for (const page of world.context.pages()) if (page.url() !== 'about:blank') await page.close();
});

const OUT = { boxes: [true, true], statuses: [2, 2, 2] };

/**
 * Puts Ann back on her lists, as she was at first, and lets everybody forget what they have seen of her: the worker, too,
 * which may be about to write down what it read last.
 */
async function backIn(): Promise<void> {
  const { org, account, requests } = world.sandbox;
  for (const { type, id } of ann.records) org.update(type, id, { HasOptedOutOfEmail: false });
  for (const [list, { status }] of account.contact(ann.activecampaignId)?.memberships ?? [])
    if (status !== 1) account.subscribe(ann.activecampaignId, list);
  requests.reset();
  const page = await world.context.newPage();
  await page.goto(`chrome-extension://${world.id}/src/extension/options/index.html`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await killWorker(world, page);
  await page.evaluate(() => chrome.storage.session.clear());
  await page.close();
}

/** Opens Ann's record, opts her out, and comes back as soon as that is acknowledged. */
async function optOut(): Promise<Page> {
  const page = await world.open(pathOf(ann.contactRecord));
  await overlay(page).state('subscribed', ann.contactRecord);
  await overlay(page).open();
  await overlay(page).knob.click();
  return page;
}

/** What the services were asked to change: the same row never twice with effect, as their own state shows. */
function changes(service: Service): number {
  const write = service === 'salesforce' ? /composite\/sobjects/ : /contactLists/;
  return world.sandbox.requests.of(service, service === 'salesforce' ? 'PATCH' : 'POST', write).length;
}

/** How often a box of Ann's was set, as field history keeps it. */
function boxChanges(): number {
  const { org } = world.sandbox;
  return (['Contact', 'Lead'] as const).flatMap((type) =>
    [...org.all(`${type}History`)].filter((row) => row.Field === 'HasOptedOutOfEmail' && row.NewValue === true),
  ).length;
}

/** Every moment at which a request of an act is under way: before it took effect, or after it and before its answer. */
const MOMENTS = (['salesforce', 'activecampaign'] as const).flatMap((service) => {
  const write =
    service === 'salesforce' ? { method: 'PATCH', path: /composite/ } : { method: 'POST', path: /contactLists/ };
  const read = service === 'salesforce' ? { method: 'GET', path: /query/ } : { method: 'GET', path: /contacts/ };
  const steps = [
    { step: 'the first reading', route: read, skip: 0 },
    { step: 'the writing', route: write, skip: 0 },
    { step: 'the reading back', route: read, skip: service === 'salesforce' ? 2 : 1 },
  ];
  return steps.flatMap(({ step, route, skip }) =>
    (['lost', 'done'] as const).map((effect) => ({ service, step, effect, route, skip })),
  );
});
/** The usual version has the two that tell most: a write that was lost, and one whose answer was. */
const SHOWN = LONG
  ? MOMENTS
  : MOMENTS.filter(({ step }) => step === 'the writing').filter((_, index) => index % 3 === 0);

describe('the worker is killed in the middle of an opt-out, which arrives all the same', () => {
  test.each(SHOWN)('$service, $step, $effect', async ({ service, effect, route, skip }) => {
    await backIn();
    const page = await world.open(pathOf(ann.contactRecord));
    await overlay(page).state('subscribed', ann.contactRecord);
    const { owners } = truthOf(world, ann);
    const { faults } = world.sandbox;
    const changedBefore = boxChanges();
    left.length = 0;
    let kills = 0;
    const kill = async () => {
      await killWorker(world, page);
      kills++;
    };
    const met = { service, ...route, skip, times: 1 } as const;
    faults.add({ ...met, kind: 'run', when: effect === 'done' ? 'after' : 'before', run: kill });
    if (effect === 'lost') faults.add({ ...met, kind: 'drop' });
    await overlay(page).open();
    await overlay(page).knob.click();
    await soon(() => kills).toBe(1);
    // Whatever comes next wakes a new worker, which finds the act where the old one left it.
    const other = await world.open(elsewhere);
    await soon(() => truthOf(world, ann)).toEqual({ ...OUT, owners });
    await overlay(page).state('opted-out', ann.contactRecord);
    await other.close();
    // Exactly once: no box was set that was set, or was set twice, and no list was left twice.
    expect(boxChanges()).toBe(changedBefore + ann.records.length);
    const posts = world.sandbox.requests.of('activecampaign', 'POST', /contactLists/);
    expect([left.length, new Set(left).size]).toEqual([OUT.statuses.length, OUT.statuses.length]);
    // What was on its way when the worker died, to any of the lists, it cannot know to have arrived, and says once more.
    expect(posts.length).toBeLessThanOrEqual(OUT.statuses.length * 2);
  });
});

describe('the browser goes right after the acknowledgement, and the opt-out arrives when it is opened again', () => {
  test.each(['killed', 'closed'] as const)('%s', async (how) => {
    const { owners } = truthOf(world, ann);
    const { faults } = world.sandbox;
    for (let turn = 0; turn < often(1, 10); turn++) {
      await backIn();
      // Nothing gets through: what arrives later can only come from what was durable.
      faults.add({ service: 'salesforce', method: 'PATCH', kind: 'drop' });
      faults.add({ service: 'activecampaign', method: 'POST', kind: 'drop' });
      const page = await optOut();
      await overlay(page).state('pending', ann.contactRecord);
      await world.reopen(how, () => {
        expect(truthOf(world, ann).statuses).not.toContain(2);
        faults.clear();
      });
      // Nobody opens a record: the worker starts with the browser.
      await soon(() => truthOf(world, ann)).toEqual({ ...OUT, owners });
      // Read back, too: an act that is not would see to it that she is out, whoever puts her back in.
      const after = await world.open(pathOf(ann.contactRecord));
      await overlay(after).state('opted-out', ann.contactRecord);
      await after.close();
    }
  });
});

test('no connection and no token: the click stands in the queue with its reasons, and arrives when both are back', async () => {
  await backIn();
  const { owners } = truthOf(world, ann);
  const { faults, org } = world.sandbox;
  const page = await world.open(pathOf(ann.contactRecord));
  await overlay(page).state('subscribed', ann.contactRecord);
  await overlay(page).open();
  await world.context.setOffline(true);
  await overlay(page).knob.click();
  await overlay(page).state('pending', ann.contactRecord);
  await soon(() => overlay(page).panel.textContent()).toContain('cannot be reached');
  org.grants.expireTokens();
  expect(changes('salesforce') + changes('activecampaign')).toBe(0);
  await world.context.setOffline(false);
  await overlay(page).state('opted-out', ann.contactRecord);
  await soon(() => truthOf(world, ann)).toEqual({ ...OUT, owners });
  faults.clear();
});
