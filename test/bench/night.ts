import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { parseConfig } from '../../src/companion/config.ts';
import { sync } from '../../src/companion/sync.ts';
import { createJsforce } from '../../src/salesforce/jsforce.ts';
import type { Fetch } from '../../src/service/http.ts';
import { JumpingClock } from './jumping-clock.ts';
import { createServices } from './services.ts';

/**
 * How long a whole night takes at the configured rate when every reply of either service takes its time: the checks, both
 * readings, the writes, reading back. The run is the real one, with the real clients; the clock jumps (jumping-clock.ts).
 */

const RATE = 4;
const DAY = 86_400_000;

const NIGHTS = ['first', 'idle', 'full'] as const;
export type NightKind = (typeof NIGHTS)[number];

export interface NightWaited {
  readonly people: number;
  readonly kind: NightKind;
  /** What a reply takes, in words. */
  readonly latency: string;
  /** Calls of ActiveCampaign, and of Salesforce. */
  readonly activecampaign: number;
  readonly salesforce: number;
  /** Seconds by the clock that jumps. */
  readonly seconds: number;
  /** Seconds that the calls of ActiveCampaign take at the rate alone. */
  readonly byRate: number;
  /** Seconds that the replies and pauses take that can only be waited for one after another; see `CHAIN`. */
  readonly chain: number;
}

/**
 * Replies that wait for each other in any correct run, whatever the rate. To begin with the token and the lists, which
 * are asked for together (1). In a night that reads everybody the descriptions (2), then the readings: of everybody the
 * first page and the last, which later nights know beforehand (4, or 3), and to compare by list, after the first page of
 * each question the others (6, or 5). Where somebody is written to: read again right before (7), the import (8), whether
 * it is worked off (9), and both sides read back (10). A quiet night: by list, the first pages and the others (3).
 */
const CHAIN: Record<NightKind, number> = { first: 10, idle: 3, full: 9 };
/** Before an import is looked at. */
const PAUSES: Record<NightKind, number> = { first: 2000, idle: 0, full: 2000 };

/** The three nights of one world, one after another on one store. */
export async function waitForNights(
  people: number,
  latency: string,
  latencyOf: (n: number) => number,
): Promise<NightWaited[]> {
  const folder = mkdtempSync(join(tmpdir(), 'optbridge-bench-'));
  const clock = new JumpingClock(Date.UTC(2026, 10, 2, 4));
  const services = createServices(clock.now);
  services.begin(people, false);
  const config = parseConfig(
    {
      salesforce: {
        url: 'https://acme.my.salesforce.com',
        auth: { kind: 'client-credentials', clientId: 'bench', clientSecret: 'bench' },
      },
      activecampaign: { url: 'https://acme.api-us1.com', key: 'bench', requestsPerSecond: RATE },
      caps: { optOut: 'none', optIn: 'none' },
      store: join(folder, 'store.sqlite'),
    },
    folder,
    {},
  );
  let [calls, waits] = [0, 0];
  const fetch: Fetch = async (address, init) => {
    const takes = latencyOf(calls++);
    waits += takes;
    await clock.sleep(takes);
    const { status, headers, text } = services.answer(init.method ?? 'GET', new URL(address), String(init.body ?? ''));
    const date = new Date(clock.now()).toUTCString();
    return new Response(status === 204 ? null : text, { status, headers: { ...headers, date } });
  };
  try {
    const waited: NightWaited[] = [];
    for (const kind of NIGHTS) {
      if (kind !== 'idle') services.change();
      const shared = { fetch, sleep: clock.sleep, random: () => 0.5, now: clock.now };
      const { url, key, requestsPerSecond } = config.activecampaign;
      const surroundings = {
        config,
        ...shared,
        salesforce: createJsforce({ ...shared, url: config.salesforce.url, auth: config.salesforce.auth }),
        activecampaign: createActiveCampaign({ ...shared, url, key, requestsPerSecond, abreast: 10 }),
        watch: () => undefined,
      };
      services.asked();
      [calls, waits] = [0, 0];
      const begun = clock.now();
      const options = { dryRun: false, full: kind === 'full', acceptChange: false, caps: {}, named: 0 };
      const report = await clock.until(sync(surroundings, options));
      if (report.outcome !== 'done') throw new Error(`the night ended as ${report.outcome}`);
      const asked = services.asked();
      waited.push({
        people,
        kind,
        latency,
        activecampaign: asked.activecampaign,
        salesforce: asked.salesforce,
        seconds: (clock.now() - begun) / 1000,
        byRate: asked.activecampaign / RATE,
        chain: (PAUSES[kind] + (CHAIN[kind] * waits) / calls) / 1000,
      });
      clock.advance(DAY);
    }
    return waited;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
