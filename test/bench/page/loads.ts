import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { ARGS, executablePath } from '../../e2e/browser.ts';
import { overlay, pathOf, reaching, type World } from '../../e2e/world.ts';
import { type Load, load } from './trace.ts';

/** Loads of the same record page, in the order in which they were made. */
export interface Loads {
  readonly plain: readonly Load[];
  readonly optbridge: readonly Load[];
  /** With the build that it is held against; empty where there is none. */
  readonly against: readonly Load[];
  /** With Salesforce Inspector Reloaded; empty where there is none. */
  readonly inspector: readonly Load[];
}

/** One load in each browser after the other, so many times: what the machine does meanwhile falls on all of them alike. */
export async function compare(
  [world, against]: readonly [World, World | undefined],
  pairs: number,
  inspector: string | undefined,
): Promise<Loads> {
  const address = CREDENTIALS.salesforce.pagesUrl + pathOf(world.sandbox.character('ann').contactRecord);
  const plain = await start(world);
  const other = inspector === undefined ? undefined : await start(world, inspector);
  const loads = { plain: [] as Load[], optbridge: [] as Load[], against: [] as Load[], inspector: [] as Load[] };
  try {
    // The first in each browser fills caches that the others find full.
    for (let n = -1; n < pairs; n++) {
      const round = {
        plain: await once(plain.context, address),
        optbridge: await once(world.context, address, true),
        against: against && (await once(against.context, address, true)),
        inspector: other && (await once(other.context, address)),
      };
      if (n < 0) continue;
      loads.plain.push(round.plain);
      loads.optbridge.push(round.optbridge);
      if (round.against) loads.against.push(round.against);
      if (round.inspector) loads.inspector.push(round.inspector);
    }
  } finally {
    await plain.close();
    await other?.close();
  }
  return loads;
}

async function once(context: BrowserContext, address: string, ours = false): Promise<Load> {
  const page = await context.newPage();
  const measured = await load(page, address);
  // The pill has been drawn with what it has to say: otherwise less was measured than there is.
  if (ours) await overlay(page).state('subscribed');
  await page.close();
  return measured;
}

async function start({ running }: World, extension?: string) {
  const profile = await mkdtemp(join(tmpdir(), 'optbridge-bench-'));
  const added =
    extension === undefined ? [] : [`--disable-extensions-except=${extension}`, `--load-extension=${extension}`];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: executablePath(),
    viewport: { width: 1280, height: 800 },
    args: [...ARGS, ...reaching(running), ...added],
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
