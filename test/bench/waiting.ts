import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import type { Fetch } from '../../src/service/http.ts';
import { JumpingClock } from './jumping-clock.ts';
import { nightsOf } from './lists.ts';

/**
 * How long the reading of ActiveCampaign waits at the configured rate when every reply takes its time. The client is the
 * real one; the clock is not: it jumps to the next thing that anybody waits for, once nothing else is to be done.
 */

const RATE = 4;
const PAGE = 100;

export interface Waited {
  readonly people: number;
  /** Whether everybody is read for the first time. */
  readonly store: StoreKind;
  /** Milliseconds that a reply takes. */
  readonly latency: string;
  readonly calls: number;
  /** Seconds by the clock that jumps. */
  readonly seconds: number;
  /** Seconds that so many calls take at the rate alone. */
  readonly byRate: number;
  /** Seconds that a reply took on average. */
  readonly reply: number;
}

/** A new store knows no ids; a known one has those of the last reading of everybody. */
export type StoreKind = 'new' | 'known' | 'by list';

/** Seconds that no reading can do without: its calls at the rate, and the reply to the last of them. */
export function leastOf({ calls, reply }: Waited): number {
  return (calls - 1) / RATE + reply;
}

/** @param latencyOf milliseconds for the n-th reply */
export async function waitFor(
  people: number,
  store: StoreKind,
  latency: string,
  latencyOf: (n: number) => number,
): Promise<Waited> {
  const clock = new JumpingClock();
  let calls = 0;
  let waits = 0;
  const fetch: Fetch = async (url) => {
    const latency = latencyOf(calls++);
    waits += latency;
    await clock.sleep(latency);
    const query = new URL(url).searchParams;
    const after = Number(query.get('id_greater') ?? 0);
    const size = Math.min(Number(query.get('limit')), people - after);
    const first = query.get('orders[id]') === 'DESC' ? people : after + 1;
    const contacts = Array.from({ length: Math.min(size, PAGE) }, (_, n) => ({ id: `${first + n}`, contactLists: [] }));
    return Response.json({
      contacts,
      contactLists: [],
      contactTags: [],
      tags: [],
      meta: { total: `${people - after}` },
    });
  };
  const client = createActiveCampaign({
    url: 'https://acme.api-us1.com',
    key: 'bench',
    fetch,
    requestsPerSecond: RATE,
    abreast: 10,
    sleep: clock.sleep,
    now: clock.now,
    random: () => 0.5,
  });
  // A night asks for the lists before, and so knows how long a reply takes.
  await clock.until(client.contact('1'));
  const begun = clock.now();
  calls = 0;
  waits = 0;
  let seen = 0;
  const known = Array.from({ length: store === 'known' ? people / PAGE : 0 }, (_, n) => `${(n + 1) * PAGE}`);
  const read = async () => {
    for await (const page of client.contacts({ abreast: 10, known })) seen += page.contacts.length;
  };
  await clock.until(read());
  if (seen !== people) throw new Error(`${seen} contacts read where ${people} should be`);
  return {
    people,
    store,
    latency,
    calls,
    seconds: (clock.now() - begun) / 1000,
    byRate: calls / RATE,
    reply: waits / calls / 1000,
  };
}

/** The same for a night that reads by list, as lists.ts has it, on two lists. */
export async function waitByList(people: number, latency: string, latencyOf: (n: number) => number): Promise<Waited> {
  const clock = new JumpingClock();
  let begun = 0;
  let [calls, waits] = [0, 0];
  const reply = async () => {
    const takes = latencyOf(calls++);
    waits += takes;
    await clock.sleep(takes);
    if (calls === 1) {
      // The one before the reading.
      [begun, waits] = [clock.now(), 0];
    }
  };
  const nights = nightsOf(people, 2);
  try {
    await nights.night(true);
    const pace = { requestsPerSecond: RATE, now: clock.now, sleep: clock.sleep, reply };
    const night = await clock.until(nights.night(false, pace));
    if (night.kind !== 'by-list') throw new Error('everybody was read');
    return {
      people,
      store: 'by list',
      latency,
      calls: night.calls,
      seconds: (clock.now() - begun) / 1000,
      byRate: night.calls / RATE,
      reply: waits / night.calls / 1000,
    };
  } finally {
    nights.close();
  }
}
