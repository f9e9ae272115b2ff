import type { Page } from 'playwright-core';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import type { Planted } from '../../../src/sandbox/world/planting.ts';
import { settled } from '../../e2e/stage.ts';
import { killWorker, overlay, pathOf, type World } from '../../e2e/world.ts';
import { began, clicked, forget, frame, goTo, watch, whenSaid } from './watch.ts';

/** How long somebody waits, in milliseconds, once for each time that it was tried. */
export interface Waits {
  /** From the moment the detector sees the record until the pill says what is kept of it. */
  readonly pill: readonly number[];
  /** The same after the worker has died. */
  readonly pillDead: readonly number[];
  /** The same when the page is loaded anew, from the first script of the document on. */
  readonly pillLoad: readonly number[];
  /** From a record nothing is kept of until its status is shown, less the two round trips. */
  readonly fresh: readonly number[];
  /** The same after the worker has died. */
  readonly freshDead: readonly number[];
  /** From the click on the switch until the panel says that it is written down. */
  readonly durable: readonly number[];
  /** From the click until both systems have changed, less the two round trips. */
  readonly changed: readonly number[];
  /** Two requests of the worker that depend on each other and nothing else, less the two round trips: the machine's own share. */
  readonly bare: readonly number[];
  /** From any change in the page until the frame that shows it is drawn. */
  readonly frame: readonly number[];
}

/** Every reply comes so long after its request did. What the sandbox needs is in that, but for a write: that is made last. */
export const ROUND_TRIP = 200;
/** ActiveCampaign counts requests by the second; the measurements leave it room, as a rep does. */
const PAUSE = 1_200;
const KNOWN = ['subscribed', 'opted-out', 'differs', 'not-in-activecampaign'];

/**
 * In one world, or in two in turns.
 * @param times how often each wait is measured; a world needs twice as many people who are on both sides
 */
export async function wait(
  [world, against]: readonly [World, World | undefined],
  times: number,
): Promise<readonly [Waits, Waits | undefined]> {
  const one = await begin(world, times);
  const other = against && (await begin(against, times));
  for (let n = 0; n < times; n++) {
    await one.round(n);
    await other?.round(n);
  }
  return [one.waits, other?.waits];
}

async function begin(world: World, times: number) {
  const ann = world.sandbox.character('ann').contactRecord;
  // Her record is open while loads are measured: what is kept of her is no fresh status.
  const people = mailed(world).filter(({ id }) => id !== ann);
  if (people.length < times * 2) throw new Error(`the world has only ${people.length} people who are mailed`);
  const page = await world.context.newPage();
  await watch(page);
  const start = world.sandbox.character('hugo').contactRecord;
  await page.goto(CREDENTIALS.salesforce.pagesUrl + pathOf(start));
  await overlay(page).state('opted-out');
  const waits = {
    pill: [],
    pillDead: [],
    pillLoad: [],
    fresh: [],
    freshDead: [],
    durable: [],
    changed: [],
    bare: [],
    frame: [],
  } as { [K in keyof Waits]: number[] };
  return {
    waits,
    async round(n: number): Promise<void> {
      const [one, other] = [people[n * 2], people[n * 2 + 1]];
      if (one && other) await round(world, page, [one, other], waits);
    },
  };
}

async function round(
  world: World,
  page: Page,
  [one, other]: readonly [Mailed, Mailed],
  waits: { readonly [K in keyof Waits]: number[] },
): Promise<void> {
  const services = ['salesforce', 'activecampaign'] as const;
  const seconds = ROUND_TRIP / 1_000;
  const faults = services.flatMap((service) => [
    world.sandbox.faults.add({ service, method: 'GET', kind: 'hold', seconds }),
    ...['POST', 'PATCH'].map((method) => world.sandbox.faults.add({ service, method, kind: 'delay', seconds })),
  ]);
  // Of two worlds the other one was used last.
  await page.bringToFront();
  const kill = async () => {
    await page.waitForTimeout(PAUSE);
    // It may have ended by itself.
    await killWorker(world, page).catch(() => undefined);
  };
  waits.fresh.push((await first(page, one.id, true)) - 2 * ROUND_TRIP);
  await kill();
  waits.freshDead.push((await first(page, other.id, true)) - 2 * ROUND_TRIP);
  await page.waitForTimeout(PAUSE);
  waits.pill.push(await first(page, one.id));
  await kill();
  waits.pillDead.push(await first(page, other.id));
  await page.waitForTimeout(PAUSE);
  await page.reload();
  const { painted } = await whenSaid(page, other.id, KNOWN);
  waits.pillLoad.push(painted - (await began(page)));
  await page.waitForTimeout(PAUSE);
  const { durable, changed } = await click(world, page, other);
  waits.durable.push(durable);
  waits.changed.push(changed - 2 * ROUND_TRIP);
  await page.waitForTimeout(PAUSE);
  waits.bare.push((await bare(world)) - 2 * ROUND_TRIP);
  waits.frame.push(await frame(page));
  for (const fault of faults) fault.off();
}

/** From going to the record until something is shown of it; `fresh` where nothing can be kept of it. */
async function first(page: Page, record: string, fresh = false): Promise<number> {
  const at = await goTo(page, pathOf(record));
  const took = (await whenSaid(page, record, KNOWN)).painted - at;
  if (fresh && took < 2 * ROUND_TRIP) throw new Error(`${record} was shown before both services could answer`);
  return took;
}

/** How long two requests take that the worker sends one after the other, as the extension's own are sent. */
async function bare({ context, id }: World): Promise<number> {
  const worker = context.serviceWorkers().findLast((one) => new URL(one.url()).host === id);
  if (!worker) throw new Error('no worker is running');
  const { salesforce, activecampaign } = CREDENTIALS;
  // The second is refused for want of a key, which takes no longer.
  const addresses = [`${salesforce.url}/services/data/`, `${activecampaign.url}/api/3/lists`];
  return worker.evaluate(async (addresses) => {
    const began = performance.now();
    for (const address of addresses)
      await (await fetch(address, { credentials: 'omit', cache: 'no-store', redirect: 'manual' })).text();
    return performance.now() - began;
  }, addresses);
}

async function click(world: World, page: Page, { id, contact }: Mailed) {
  await overlay(page).pill.click();
  await settled(page);
  await forget(page);
  const changing = bothChanged(world, id, contact);
  changing.catch(() => undefined);
  await overlay(page).knob.click();
  const said = await whenSaid(page, id, ['pending', 'opted-out']);
  const at = await clicked(page);
  const changed = (await changing) - at;
  await whenSaid(page, id, ['opted-out']);
  await page.keyboard.press('Escape');
  return { durable: said.painted - at, changed };
}

/** Looks at both systems' own state as often as this process can, until the person is out; when that is, since the epoch. */
async function bothChanged(world: World, record: string, contact: string): Promise<number> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const out = world.sandbox.org.get('Contact', record)?.HasOptedOutOfEmail === true;
    if (out && activeOf(world, contact) === 0) return performance.timeOrigin + performance.now();
    await new Promise((wake) => setTimeout(wake, 1));
  }
  throw new Error('20 seconds after the click the person is not out in both systems');
}

/** On how many lists somebody is mailed: a text message list counts for nothing, and neither does one that the key does not see. */
function activeOf({ sandbox: { account } }: World, contact: string): number {
  const counts = ({ list, status }: { readonly list: string; readonly status: number }) => {
    const row = account.lists.get(list);
    return status === 1 && row?.channel === 'email' && row.hiddenFrom.size === 0;
  };
  return [...(account.contact(contact)?.memberships.values() ?? [])].filter(counts).length;
}

interface Mailed {
  readonly id: string;
  readonly contact: string;
}

/** Contacts who are on one to three lists and out nowhere. */
function mailed(world: World): readonly Mailed[] {
  const { org, people } = world.sandbox;
  return people.flatMap(({ records, contact, address }: Planted) => {
    const live = records.filter((record) => record.live);
    const first = live.find(({ type }) => type === 'Contact');
    const active = contact === undefined ? 0 : activeOf(world, contact);
    const out = live.some(({ type, id }) => org.get(type, id)?.HasOptedOutOfEmail === true);
    const plain = org.get('Contact', first?.id ?? '')?.Email === address && address !== undefined;
    return first && contact && plain && !out && active > 0 && active < 4 ? [{ id: first.id, contact }] : [];
  });
}
