import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AcContactPage } from '../../src/activecampaign/activecampaign.ts';
import { createActiveCampaign } from '../../src/activecampaign/client.ts';
import { restByOffset } from '../../src/activecampaign/offsets.ts';
import type { Fetch } from '../../src/service/http.ts';
import { aTown } from '../companion/a-town.ts';
import { HOUR } from '../companion/town.ts';
import { random } from '../long.ts';

/** Pages by their place, many at once: nobody who matched all the while may be left out, whoever comes and goes. */

const pageOf = (ids: readonly number[], total: number) =>
  ({ contacts: ids.map((id) => ({ id: `${id}` })), at: 0, total }) as unknown as AcContactPage;

/** Those who match, with some coming or going before each reply. */
function account(start: ReadonlySet<number>, changes: readonly (readonly number[])[], takesOffset = true) {
  const matching = new Set(start);
  const constant = new Set(start);
  let calls = 0;
  const rows = () => {
    for (const id of changes[calls++] ?? [])
      if (matching.delete(id)) constant.delete(id);
      else matching.add(id);
    return [...matching].sort((a, b) => a - b);
  };
  const at = (place: number) => {
    const sorted = rows();
    const from = takesOffset ? place : 0;
    return pageOf(sorted.slice(from, from + 100), sorted.length);
  };
  async function* after(id: string, upTo = `${Number.MAX_SAFE_INTEGER}`) {
    for (let last = Number(id); ; ) {
      const left = rows().filter((row) => row > last);
      yield pageOf(
        left.slice(0, 100).filter((row) => row <= Number(upTo)),
        left.length,
      );
      last = left[99] ?? Number.MAX_SAFE_INTEGER;
      if (last >= Number(upTo)) return;
    }
  }
  return { at, after, constant, calls: () => calls };
}

/** @param expected how many were expected to match, so that the first page comes after those; absent: it comes first */
async function seenIn(found: ReturnType<typeof account>, expected?: number): Promise<Set<number>> {
  const seen = new Set<number>();
  const firstPage = () => {
    const first = found.at(0);
    for (const { id } of first.contacts) seen.add(Number(id));
    return first;
  };
  const late = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    return firstPage();
  };
  const first = expected === undefined ? firstPage() : late();
  const total = expected ?? ('total' in first ? first.total : 0) ?? 0;
  const at = async (place: number) => found.at(place);
  const asked = { first, expected: total, abreast: 8, at, after: found.after };
  for await (const { contacts } of restByOffset(asked)) for (const { id } of contacts) seen.add(Number(id));
  return seen;
}

describe('pages by their place', () => {
  it('leave out nobody who matched all the while', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 3000 }), { maxLength: 1200 });
    const changes = fc.array(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 9 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ids, changes, async (start, happening) => {
        const found = account(new Set(start), happening);
        const seen = await seenIn(found);
        expect([...found.constant].filter((id) => !seen.has(id))).toEqual([]);
      }),
      random(60, 2000),
    );
  });

  it('leave out nobody either where the first comes after others, and more or fewer match than before', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 3000 }), { maxLength: 1200 });
    const changes = fc.array(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 9 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(ids, changes, fc.nat(1500), async (start, happening, expected) => {
        const found = account(new Set(start), happening);
        const seen = await seenIn(found, expected);
        expect([...found.constant].filter((id) => !seen.has(id))).toEqual([]);
      }),
      random(60, 2000),
    );
  });

  it('are followed by whoever lies between where several who came before them match no more', async () => {
    const ids = Array.from({ length: 350 }, (_, n) => n + 1);
    const found = account(new Set(ids), [[], [1, 2, 3, 4, 5]]);
    const seen = await seenIn(found);
    expect(ids.filter((id) => !seen.has(id))).toEqual([]);
  });

  it('take one call for 99 contacts where nobody comes or goes', async () => {
    for (const count of [100, 101, 199, 200, 1000]) {
      const found = account(new Set(Array.from({ length: count }, (_, n) => n + 1)), []);
      expect((await seenIn(found)).size).toBe(count);
      // Where the last page is full there may be somebody after it.
      const full = (count - 100) % 99 === 0 ? 1 : 0;
      expect(found.calls()).toBe(1 + Math.ceil((count - 100) / 99) + full);
    }
  });

  it('are read by id after all where an account passes over the place', async () => {
    const found = account(new Set(Array.from({ length: 730 }, (_, n) => n * 2)), [], false);
    expect((await seenIn(found)).size).toBe(730);
  });
});

/** A client whose replies take so long, by a clock of its own. */
function clientOf(fetch: Fetch, latency: number) {
  let now = 0;
  const slow: Fetch = async (url, init) => {
    now += latency;
    return fetch(url, init);
  };
  const sleep = async (ms: number) => {
    now += ms;
  };
  const clock = { now: () => now, sleep, random: () => 0.5 };
  // One at a time, no reply seems slow because another waited for its turn.
  const abreast = latency === 0 ? 1 : 10;
  const account = { url: 'https://acme.api-us1.com', key: 'key', requestsPerSecond: 4, abreast };
  return createActiveCampaign({ ...account, fetch: slow, ...clock });
}

describe('a night that reads by list', () => {
  it('reads the same with slow replies as with quick ones', async () => {
    const nights = [0, 2000].map(async (latency) => {
      const here = aTown();
      here.cheaperShare = Number.POSITIVE_INFINITY;
      for (let n = 0; n < 450; n++) here.plant(`p${n}`, { contacts: [true], lists: { News: 2 } });
      here.clock.advance(72 * HOUR);
      await here.night();
      const left = here.plant('left', { contacts: [false], lists: { News: 2 } });
      here.clock.advance(72 * HOUR);
      here.sandbox.requests.reset();
      const { key } = here.config.activecampaign;
      const usual = here.surroundings();
      const fetch: Fetch = (url, init) =>
        here.sandbox.fetch(url.replace('https://acme.api-us1.com', here.config.activecampaign.url), {
          ...init,
          headers: { ...(init.headers as Record<string, string>), 'Api-Token': key },
        });
      const report = await here.night({}, { ...usual, activecampaign: clientOf(fetch, latency) });
      const offsets = here.sandbox.requests.of('activecampaign', 'GET', /status=2.*offset=/).length;
      return {
        outcome: report.outcome,
        read: report.reading?.activecampaign.kind,
        set: here.box(left.contacts[0] ?? ''),
        offsets,
      };
    });
    const usual = { outcome: 'done', read: 'by-list', set: true };
    expect(await Promise.all(nights)).toEqual([
      { ...usual, offsets: 0 },
      { ...usual, offsets: 4 },
    ]);
  });
});
