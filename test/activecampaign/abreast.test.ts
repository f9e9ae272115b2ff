import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { rangesOf } from '../../src/activecampaign/ranges.ts';
import type { Fetch } from '../../src/service/http.ts';
import { random } from '../long.ts';
import { standstill } from '../service/standstill.ts';

/** An account of bare contacts that knows what the client asks of it, and tells which ids were asked for. */
function account(ids: number[], hear: (query: URLSearchParams) => void = () => {}, ordersDescending = true): Fetch {
  return async (url) => {
    const query = new URL(url).searchParams;
    hear(query);
    const sorted = ids.toSorted((a, b) => a - b);
    if (query.get('orders[id]') === 'DESC' && ordersDescending) sorted.reverse();
    const after = Number(query.get('id_greater') ?? 0);
    const matching = sorted.filter((id) => id > after);
    const contacts = matching.slice(0, Number(query.get('limit'))).map((id) => ({
      id: `${id}`,
      email: `${id}@example.com`,
      contactLists: [],
      contactTags: [],
    }));
    const body = { contacts, contactLists: [], contactTags: [], tags: [], meta: { total: `${matching.length}` } };
    return new Response(JSON.stringify(body), { headers: { date: new Date().toUTCString() } });
  };
}

function clientOf(fetch: Fetch) {
  const url = 'https://acme.api-us1.com';
  return createActiveCampaign({ url, key: 'key', fetch, abreast: 8, requestsPerSecond: 1e6, ...standstill() });
}

async function readBy(fetch: Fetch, abreast = 8): Promise<number[]> {
  const seen: number[] = [];
  for await (const page of clientOf(fetch).contacts({ abreast }))
    seen.push(...page.contacts.map(({ id }) => Number(id)));
  return seen;
}

const everybody = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);
const inOrder = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b);

test('everybody is read once, wherever the gaps between the ids are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 12 }), async (gaps) => {
      let next = 1;
      const ids = everybody(8_500).map((n) => {
        next += n % 700 === 0 ? (gaps[n / 700 - 1] ?? 1) : 1;
        return next;
      });
      expect(inOrder(await readBy(account(ids)))).toEqual(ids);
    }),
    random(10, 300),
  );
});

test('several pages are asked for at once, and hardly more than one after another would take', async () => {
  let calls = 0;
  let now = 0;
  let most = 0;
  const slow = account(everybody(20_000), () => calls++);
  await readBy(async (url, init) => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return slow(url, init);
  });
  expect(most).toBeGreaterThan(3);
  expect(calls).toBeLessThan(210);
});

test('where replies are slow a small account is read by as many at once as keep the pace', async () => {
  const most = async (latency: number) => {
    let [under, now, seen] = [0, 0, 0];
    const whole = account(everybody(8_000));
    const slow: Fetch = async (url, init) => {
      seen = Math.max(seen, ++under);
      now += latency;
      await new Promise(setImmediate);
      under--;
      return whole(url, init);
    };
    const sleep = async (ms: number) => {
      now += ms;
    };
    const clock = { now: () => now, sleep, random: () => 0.5 };
    const pace = { abreast: 8, requestsPerSecond: 4 };
    const client = createActiveCampaign({
      url: 'https://acme.api-us1.com',
      key: 'key',
      fetch: slow,
      ...pace,
      ...clock,
    });
    for await (const _ of client.contacts({ abreast: 8 }));
    return seen;
  };
  expect(await most(0)).toBeLessThanOrEqual(5);
  expect(await most(2_000)).toBe(8);
});

test('a small account is read as ever', async () => {
  const asked: string[] = [];
  await readBy(account(everybody(250), (query) => asked.push(query.toString())));
  expect(asked).toHaveLength(3);
});

test('whoever is new while the ranges are read comes too', async () => {
  const ids = everybody(9_000);
  let calls = 0;
  const growing = account(ids, () => {
    if (++calls === 60) ids.push(9_001, 9_002);
  });
  const seen = await readBy(growing);
  expect(inOrder(seen)).toEqual(everybody(9_002));
});

test('with the ends of the pages that were there before, all are asked for at once, and nothing else', async () => {
  const ids = everybody(4_950).map((n) => n * 3);
  const known = ids.filter((_, n) => n % 100 === 99 || n === ids.length - 1).map(String);
  const asked: string[] = [];
  let [under, most] = [0, 0];
  const whole = account(ids, (query) => asked.push(query.get('id_greater') ?? ''));
  const slow: Fetch = async (url, init) => {
    most = Math.max(most, ++under);
    await new Promise(setImmediate);
    under--;
    return whole(url, init);
  };
  const pages = [];
  for await (const page of clientOf(slow).contacts({ abreast: 8, known })) pages.push(page);
  expect(inOrder(pages.flatMap(({ contacts }) => contacts.map(({ id }) => Number(id))))).toEqual(ids);
  expect(inOrder(asked.map(Number))).toEqual([0, ...known.map(Number)]);
  expect(most).toBe(8);
  expect(pages.filter(({ newest }) => newest)).toMatchObject([{ contacts: [], at: expect.any(Number) }]);
});

test('whoever was deleted or is new since then does no harm', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 1, max: 1_200 }), { maxLength: 800 }),
      fc.nat(250),
      async (deleted, born) => {
        const before = everybody(1_000);
        const known = before.filter((id) => id % 100 === 0).map(String);
        const gone = new Set(deleted);
        const now = everybody(1_000 + born).filter((id) => !gone.has(id));
        const seen: number[] = [];
        for await (const page of clientOf(account(now)).contacts({ abreast: 8, known }))
          seen.push(...page.contacts.map(({ id }) => Number(id)));
        expect(inOrder(seen)).toEqual(now);
      },
    ),
    random(30, 500),
  );
});

test('an account that does not order as it is asked to is read whole', async () => {
  expect(inOrder(await readBy(account(everybody(9_000), () => {}, false)))).toEqual(everybody(9_000));
});

test('one page that cannot be read ends the reading, and nothing is under way then', async () => {
  let under = 0;
  const whole = account(everybody(9_000));
  const failing: Fetch = async (url, init) => {
    under++;
    await new Promise(setImmediate);
    under--;
    if (Number(new URL(url).searchParams.get('id_greater')) > 5_000) return new Response('no', { status: 404 });
    return whole(url, init);
  };
  await expect(readBy(failing)).rejects.toMatchObject({ kind: 'not-found' });
  expect(under).toBe(0);
});

test('ranges follow on one another without a gap', () => {
  fc.assert(
    fc.property(
      fc.nat(1e9),
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 1, max: 64 }),
      fc.constantFrom(1, 100),
      (after, span, count, page) => {
        const ranges = rangesOf({ after: `${after}`, upTo: `${after + span}` }, count, page);
        expect(ranges).toHaveLength(count);
        expect(ranges[0]?.after).toBe(`${after}`);
        expect(ranges.at(-1)?.upTo).toBe(`${after + span}`);
        for (const [n, range] of ranges.entries()) if (n > 0) expect(range.after).toBe(ranges[n - 1]?.upTo);
      },
    ),
  );
});
