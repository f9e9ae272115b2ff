import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../src/companion/compare-readings.ts';
import { aTown, livedTown } from './a-town.ts';
import { decisionOn, HOUR, type Town } from './town.ts';

/** ActiveCampaign's reading begins with the checks; nobody looks at it before they are through. */

async function lived(): Promise<Town> {
  const here = await livedTown();
  here.sandbox.requests.reset();
  return here;
}

const LONG = 20_000;

/** Replies to these requests come only when so many others were asked; whether that came about. */
function held(here: Town, which: RegExp, others: number, counts: RegExp = /./): () => boolean {
  here.abreast = 10;
  const upstream = here.sandbox.fetch;
  let came = 0;
  let vain = false;
  Object.assign(here.sandbox, {
    fetch: async (...[input, init]: Parameters<typeof upstream>) => {
      const request = `${init?.method ?? 'GET'} ${input}`;
      for (let turn = 0; which.test(request) && came < others && !vain; turn++) {
        await new Promise(setImmediate);
        vain ||= turn > LONG;
      }
      const reply = await upstream(input, init);
      if (!which.test(request) && counts.test(request)) came += 1;
      return reply;
    },
  });
  return () => came >= others && !vain;
}

const CONTACTS = /\/api\/3\/contacts\?/;
const asked = (here: Town) => here.sandbox.requests.of('activecampaign', 'GET', /contacts\?/).length;

describe('the first requests', () => {
  it('of each kind of night wait for no reply to the checks', async () => {
    const first = aTown();
    first.plant('fine', { contacts: [false], lists: { News: 1 } });
    const begun = held(first, /oauth2\/token|\/lists|users\/me/, 2, /api\/3\/contacts/);
    expect(await first.night()).toMatchObject({ outcome: 'done' });
    const here = await lived();
    const begunToo = held(here, /oauth2\/token|\/lists/, 6, /api\/3\/contacts/);
    expect(await here.night()).toMatchObject({ outcome: 'done', reading: { activecampaign: { kind: 'by-list' } } });
    expect([begun(), begunToo()]).toEqual([true, true]);
    expect(asked(here)).toBe(6);
  });

  it('are not sent with a key that is new here', async () => {
    const here = await lived();
    here.sandbox.account.addUser({ username: 'other', email: '', firstName: '', lastName: '', key: 'another-key' });
    here.config = here.configured({ activecampaign: { key: 'another-key' } });
    expect((await here.night()).refusal?.kind).toBe('changed');
    expect(asked(here)).toBe(0);
  });
});

describe('a run that is refused', () => {
  it('ends what was begun, and the store learns nothing of it', async () => {
    const here = await lived();
    const before = here.store((store) => [comparisonOf(store), store.all('SELECT * FROM meta ORDER BY key')]);
    let under = 0;
    const upstream = here.sandbox.fetch;
    Object.assign(here.sandbox, {
      fetch: async (...[input, init]: Parameters<typeof upstream>) => {
        under += 1;
        try {
          if (CONTACTS.test(String(input))) for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
          return await upstream(input, init);
        } finally {
          under -= 1;
        }
      },
    });
    here.sandbox.account.lists.delete(here.list('Offers'));
    expect((await here.night()).refusal?.kind).toBe('changed');
    expect([asked(here) > 0, under]).toEqual([true, 0]);
    expect(here.store((store) => [comparisonOf(store), store.all('SELECT * FROM meta ORDER BY key')])).toEqual(before);
  });

  it('for its rights keeps nothing either, though everybody was read by then', async () => {
    const here = aTown();
    here.plant('fine', { contacts: [false], lists: { News: 1 } });
    const read = held(here, /\/composite|\/describe/, 2, /api\/3\/contacts/);
    here.sandbox.faults.add({
      service: 'salesforce',
      path: /composite|describe/,
      kind: 'status',
      status: 403,
      body: [],
    });
    expect((await here.night()).refusal?.kind).toBe('sign-in');
    expect(here.store((store) => [store.meta('identity'), store.meta('contact-pages')])).toEqual([
      undefined,
      undefined,
    ]);
    expect(read()).toBe(true);
  });
});

it('a list that is new is asked about in the same night', async () => {
  const here = await lived();
  const added = here.sandbox.account.addList({ name: 'Added' });
  const gone = here.plant('gone', { contacts: [false], lists: {} });
  here.sandbox.account.subscribe(gone.ac, added.id);
  here.clock.advance(72 * HOUR);
  here.sandbox.account.unsubscribe(gone.ac, added.id, { by: 'contact' });
  const report = await here.night();
  expect(report.reading?.activecampaign.kind).toBe('by-list');
  expect(decisionOn(report, gone)).toBe('unsubscribed-from-all: done');
});

describe('the comparison', () => {
  it('counts who is out before the run unsubscribes many, so that the next night misses nobody', async () => {
    const here = await lived();
    for (let n = 0; n < 30; n++) here.plant(`boxed${n}`, { contacts: [true], lists: { News: 1 } });
    here.clock.advance(72 * HOUR);
    const overtaken = held(here, /listid=/, 1, /POST .*contactLists/);
    expect(await here.night({ full: true })).toMatchObject({
      outcome: 'done',
      written: { activecampaign: { single: 30 } },
    });
    expect(overtaken()).toBe(false);
    expect((await here.night()).reading?.activecampaign).toMatchObject({ kind: 'by-list', alarm: null });
  });

  it('goes on while the run writes, and takes nobody for missed whom the run unsubscribes', async () => {
    const here = await lived();
    const boxed = here.plant('boxed', { contacts: [true], lists: { News: 1, Offers: 1 } });
    const written = held(here, /listid=/, 2, /POST .*contactLists/);
    const report = await here.night({ full: true });
    expect(report).toMatchObject({ outcome: 'done', failures: [] });
    expect(report.reading?.activecampaign.comparison).toMatchObject({ state: 'agreed' });
    expect([written(), here.status(boxed.ac, 'News'), here.status(boxed.ac, 'Offers')]).toEqual([true, 2, 2]);
  });
});

it('pages that are expected by what matched before may be too many', async () => {
  const here = await lived();
  here.abreast = 10;
  const expected = { [`2 ${here.list('News')}`]: 450 };
  here.store((store) => store.setMeta('matched-by-list', expected));
  const gone = here.plant('gone', { contacts: [false], lists: { News: 2 } });
  const report = await here.night();
  expect(report.reading?.activecampaign.kind).toBe('by-list');
  expect(decisionOn(report, gone)).toBe('unsubscribed-from-all: done');
  expect(here.sandbox.requests.of('activecampaign', 'GET', /offset=396/)).toHaveLength(1);
});
