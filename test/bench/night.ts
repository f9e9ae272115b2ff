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
const PAGE = 100;
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
  /** Seconds that no night with these calls can do without; see `leastOf`. */
  readonly least: number;
}

/**
 * What no order of asking can do without, in seconds: all calls of ActiveCampaign at the rate, and then the reply to the
 * last of them. Where something is written also: all that the plan is made from, at the rate, with its last reply; then
 * the writes that wait for each other, and reading back. What Salesforce takes is left out, and so is every pause.
 * @param reply seconds that a reply took on average
 */
function leastOf(people: number, kind: NightKind, calls: number, reply: number): number {
  const all = (calls - 1) / RATE + reply;
  if (kind === 'idle') return all;
  // The lists, everybody, and whoever is above them.
  const read = 1 + Math.ceil(people / PAGE) + 1;
  // An import is handed in and looked at; by single memberships somebody on two lists takes one after the other.
  const written = 2;
  return Math.max(all, (read - 1) / RATE + (1 + written + 1) * reply);
}

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
        least: leastOf(people, kind, asked.activecampaign, waits / calls / 1000),
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
    const { seconds, byRate, least } = night;
    const calls = [n(night.activecampaign), n(night.salesforce)];
    const took = [n(byRate, 1), n(least, 1), n(seconds, 1)];
    const ratios = [n(seconds / byRate, 2), n(least / byRate, 2), n(seconds / least, 2)];
    return `| ${[n(night.people), night.kind, night.latency, ...calls, ...took, ...ratios].join(' | ')} |`;
  });
  return `## A whole night

The same for all of a run: the checks, both readings, the writes and reading back, where a reply of either service takes its time. A
job of Bulk is over when it is first looked at, a second after it was made. Only ActiveCampaign has a rate.

| Contacts | Night | A reply takes | AC calls | Salesforce calls | Seconds by the rate alone | At least | Seconds | To the rate | At least to the rate | To the least |
| --: | --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}

ActiveCampaign's reading begins with the checks; both services are read at the same time, and so are they written and read
back; the cheaper reading is compared meanwhile, in turns that nothing else waits for. *At least* is what no order of asking can
do without: all calls at the rate and then the reply to the last; where something is written also everybody at the rate, the last
of these replies, two writes that wait for each other, and reading back. Salesforce's own chain (sign-in, descriptions, the job)
is not in it, and neither is what a first night does not know: it has to wait for the first page and the highest id. The target is 1.1
of the rate's time. Where *at least to the rate* is above that, no night with these calls can meet it: a quiet one of 10,000 with
replies of two seconds sends the last of its calls after 3 seconds, and has its answer after 5.
`;
}
