import type { Page } from 'playwright-core';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import type { Planted } from '../../../src/sandbox/world/planting.ts';
import { settled } from '../../e2e/stage.ts';
import { killWorker, overlay, pathOf, type World } from '../../e2e/world.ts';
import { began, clicked, forget, goTo, watch, whenSaid } from './watch.ts';

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
}

/** Every reply takes so long on top of what the sandbox needs. */
export const ROUND_TRIP = 200;
/** ActiveCampaign counts requests by the second; the measurements leave it room, as a rep does. */
const PAUSE = 1_200;
const KNOWN = ['subscribed', 'opted-out', 'differs', 'not-in-activecampaign'];

/** @param times how often each wait is measured; the world needs twice as many people who are on both sides */
export async function wait(world: World, times: number): Promise<Waits> {
  const people = mailed(world);
  if (people.length < times * 2) throw new Error(`the world has only ${people.length} people who are mailed`);
  const page = await world.context.newPage();
  await watch(page);
  const start = world.sandbox.character('hugo').contactRecord;
  await page.goto(CREDENTIALS.salesforce.pagesUrl + pathOf(start));
  await overlay(page).state('opted-out');
  const delays = (['salesforce', 'activecampaign'] as const).map((service) => ({ service, kind: 'delay' }) as const);
  const slow = () => delays.map((delay) => world.sandbox.faults.add({ ...delay, seconds: ROUND_TRIP / 1_000 }));

  const waits = { pill: [], pillDead: [], pillLoad: [], fresh: [], freshDead: [], durable: [], changed: [] } as {
    [K in keyof Waits]: number[];
  };
  for (let n = 0; n < times; n++) {
    const [one, other] = [people[n * 2], people[n * 2 + 1]];
    if (!one || !other) continue;
    const faults = slow();
    waits.fresh.push((await first(page, one.id)) - 2 * ROUND_TRIP);
    await page.waitForTimeout(PAUSE);
    // It may have ended by itself.
    await killWorker(world, page).catch(() => undefined);
    waits.freshDead.push((await first(page, other.id)) - 2 * ROUND_TRIP);
    await page.waitForTimeout(PAUSE);
    waits.pill.push(await first(page, one.id));
    await page.waitForTimeout(PAUSE);
    // It may have ended by itself.
    await killWorker(world, page).catch(() => undefined);
    waits.pillDead.push(await first(page, other.id));
    await page.waitForTimeout(PAUSE);
    await page.reload();
    const { painted } = await whenSaid(page, other.id, KNOWN);
    waits.pillLoad.push(painted - (await began(page)));
    await page.waitForTimeout(PAUSE);
    const { durable, changed } = await click(world, page, other);
    waits.durable.push(durable);
    waits.changed.push(changed - 2 * ROUND_TRIP);
    for (const fault of faults) fault.off();
    await page.waitForTimeout(PAUSE);
  }
  await page.close();
  return waits;
}

/** From going to the record until something is shown of it. */
async function first(page: Page, record: string): Promise<number> {
  const at = await goTo(page, pathOf(record));
  return (await whenSaid(page, record, KNOWN)).painted - at;
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
async function bothChanged({ sandbox: { org, account } }: World, record: string, contact: string): Promise<number> {
  for (const end = Date.now() + 20_000; Date.now() < end; ) {
    const out = org.get('Contact', record)?.HasOptedOutOfEmail === true;
    const rows = [...(account.contact(contact)?.memberships.values() ?? [])];
    // A text message list counts for nothing, and neither does one that the key does not see.
    const counts = ({ list }: { list: string }) => {
      const row = account.lists.get(list);
      return row?.channel === 'email' && row.hiddenFrom.size === 0;
    };
    if (out && rows.filter(counts).every(({ status }) => status !== 1))
      return performance.timeOrigin + performance.now();
    await new Promise((wake) => setTimeout(wake, 1));
  }
  throw new Error('20 seconds after the click the person is not out in both systems');
}

interface Mailed {
  readonly id: string;
  readonly contact: string;
}

/** Contacts who are on one to three lists and out nowhere. */
function mailed({ sandbox: { org, account, people } }: World): readonly Mailed[] {
  return people.flatMap(({ records, contact, address }: Planted) => {
    const live = records.filter((record) => record.live);
    const first = live.find(({ type }) => type === 'Contact');
    const known = contact === undefined ? undefined : account.contact(contact);
    const active = [...(known?.memberships.values() ?? [])].filter(({ status }) => status === 1);
    const out = live.some(({ type, id }) => org.get(type, id)?.HasOptedOutOfEmail === true);
    const plain = org.get('Contact', first?.id ?? '')?.Email === address && address !== undefined;
    return first && contact && plain && !out && active.length > 0 && active.length < 4
      ? [{ id: first.id, contact }]
      : [];
  });
}
