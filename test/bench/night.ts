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
  /** Seconds that the replies take that can only be waited for one after another; see `CHAIN`. */
  readonly chain: number;
}

/**
 * Replies that can only be waited for one after another, whatever the rate. To begin with the token and the lists, which
 * are asked for together (1). In a night that reads everybody the descriptions (2); the first page, which later nights
 * know beforehand, and the last (4, or 3); to compare by list the first page of each question, the others, and whoever has
 * the box (7, or 6). Then the writes, of which somebody on two lists takes two (9, or 8), and both sides read back (10, or
 * 9). In a quiet night, by list: the first pages, and the others (3).
 */
const CHAIN: Record<NightKind, number> = { first: 10, idle: 3, full: 9 };

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
        chain: (CHAIN[kind] * waits) / calls / 1000,
      });
      clock.advance(DAY);
    }
    return waited;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The section of docs/benchmarks.md about it. */
export function inWords(nights: readonly NightWaited[]): string {
  const n = (value: number, digits = 0) =>
    value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const rows = nights.map((night) => {
    const { seconds, byRate, chain } = night;
    const calls = [n(night.activecampaign), n(night.salesforce)];
    const took = [n(byRate), n(byRate + chain), n(seconds), n(seconds / byRate, 2), n(seconds / (byRate + chain), 2)];
    return `| ${[n(night.people), night.kind, night.latency, ...calls, ...took].join(' | ')} |`;
  });
  return `## A whole night

The same for all of a run: the checks, both readings, the writes and reading back, where a reply of either service takes its time. A
job of Bulk is over when it is first looked at, a second after it was made. Only ActiveCampaign has a rate.

| Contacts | Night | A reply takes | AC calls | Salesforce calls | Seconds by the rate alone | With the chain | Seconds | To the rate | To both |
| --: | --- | --- | --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}

Both services are read at the same time, and so are they written and read back. *With the chain* adds the replies that can only
be waited for one after another: the sign-in and the lists, the descriptions, the first page and the last, by list the first
pages, the others and whoever has the box, two memberships of one person, reading back: ten in a first night, nine in a full
one, three in a quiet one. Some of these are waited for while others are under way, so that a night may take less. Whatever is done,
the sign-in, the last page and reading back wait for each other: at two seconds each they add 6 to the 31 of 10,000 contacts.
`;
}
