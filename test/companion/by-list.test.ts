import { describe, expect, it } from 'vitest';
import { comparisonOf } from '../../src/companion/compare-readings.ts';
import type { SyncOptions } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { BOX, decisionOn, HOUR, QUALIFYING, type Town } from './town.ts';

/** When ActiveCampaign is read by list instead of everybody, and what makes a run read everybody after all. */

/** A night in which reading by list is always worth it: the town is small. */
function night(here: Town, options: Partial<SyncOptions> = {}) {
  here.cheaperShare = Number.POSITIVE_INFINITY;
  return here.night(options);
}

/** Pages of contacts that were asked for, as people read them. */
function asked(here: Town): string[] {
  return here.sandbox.requests.all
    .map(({ path }) => decodeURIComponent(path))
    .filter((path) => path.startsWith('/api/3/contacts?'));
}

/** An account that answers otherwise: `change` is given the question before it is answered. */
function answering(
  here: Town,
  change: (query: URLSearchParams) => void,
  after?: (body: { contacts: { id: string }[] }, query: URLSearchParams) => void,
) {
  const upstream = here.sandbox.fetch;
  Object.assign(here.sandbox, {
    fetch: async (...[input, init]: Parameters<typeof upstream>) => {
      const url = new URL(String(input));
      if (!url.pathname.endsWith('/api/3/contacts')) return upstream(input, init);
      const query = new URLSearchParams(url.searchParams);
      change(url.searchParams);
      const reply = await upstream(url.href, init);
      if (!after) return reply;
      const body = (await reply.json()) as { contacts: { id: string }[] };
      after(body, query);
      return Response.json(body, { headers: reply.headers });
    },
  });
}

/** Somebody out, somebody in, somebody bounced; and what was read by list in the second night. */
async function lived() {
  const here = aTown();
  const left = here.plant('left', { contacts: [false], lists: { News: 2 } });
  const fine = here.plant('fine', { contacts: [false], lists: { News: 1, Offers: 1 } });
  const bounced = here.plant('bounced', { contacts: [false], lists: { Offers: 1 }, hardBounced: true });
  // Long ago, so that nobody is found for having been changed.
  here.clock.advance(72 * HOUR);
  return { here, left, fine, bounced };
}

describe('reading by list', () => {
  it('is held against the first reading of everybody, and used from then on', async () => {
    const { here, fine } = await lived();
    const first = await night(here);
    expect(first.reading?.activecampaign).toMatchObject({
      kind: 'everybody',
      comparison: { state: 'agreed', why: null },
    });
    here.sandbox.account.unsubscribe(fine.ac, here.list('News'), { by: 'contact' });
    here.sandbox.account.unsubscribe(fine.ac, here.list('Offers'), { by: 'contact' });
    here.sandbox.requests.reset();
    const second = await night(here);
    expect(second.reading?.activecampaign.kind).toBe('by-list');
    expect(decisionOn(second, fine)).toBe('unsubscribed-from-all: done');
    const [news, offers] = [here.list('News'), here.list('Offers')];
    const questions = asked(here).map((path) => /listid=\d+&|updated_after|ids\[\]/.exec(path)?.[0] ?? 'new');
    expect([...new Set(questions)].sort()).toEqual(
      [`listid=${news}&`, `listid=${offers}&`, 'new', 'updated_after'].sort(),
    );
  });

  it('asks for whoever was changed from a day before the last reading on: nobody knows in which zone an account thinks', async () => {
    const { here } = await lived();
    await night(here);
    const readAt = here.store((store) => store.meta<number>('activecampaign-read-at')) ?? 0;
    here.sandbox.requests.reset();
    await night(here);
    const since = new Date(readAt - 24 * HOUR).toISOString();
    expect(asked(here).filter((path) => path.includes(`filters[updated_after]=${since}`))).toHaveLength(1);
  });

  it('finds a hard bounce on a list that is not in scope', async () => {
    const { here, fine } = await lived();
    here.config = here.configured({ activecampaign: { lists: [here.list('News')] } });
    await night(here);
    here.sandbox.account.unsubscribe(fine.ac, here.list('News'), { by: 'contact' });
    const other = here.plant('other', { contacts: [false], lists: { Offers: 1 } });
    await night(here);
    here.clock.advance(72 * HOUR);
    await night(here);
    here.sandbox.account.bounceHard(other.ac);
    // By the list alone: a bounce need not count as a change of the contact.
    answering(here, (query) => {
      if (query.has('filters[updated_after]')) query.set('filters[updated_after]', '2099-01-01T00:00:00Z');
    });
    const report = await night(here);
    expect([report.reading?.activecampaign.kind, decisionOn(report, other)]).toEqual(['by-list', 'hard-bounce: done']);
  });

  it('is given up where the account does not say how many match', async () => {
    const { here } = await lived();
    answering(
      here,
      () => undefined,
      (body, query) => {
        if (query.has('listid')) Reflect.deleteProperty(body, 'meta');
      },
    );
    const { reading } = await night(here);
    expect(reading?.activecampaign).toMatchObject({ kind: 'everybody', comparison: { state: 'differed' } });
    expect(reading?.activecampaign.comparison.why).toContain('does not say how many contacts match');
  });

  it('is not used where it costs as much, and then not even tried', async () => {
    const { here } = await lived();
    here.sandbox.requests.reset();
    const report = await here.night();
    expect(report.reading?.activecampaign).toMatchObject({ kind: 'everybody', comparison: { state: 'dear' } });
    // Everybody, and the highest id.
    expect(asked(here)).toHaveLength(2);
    expect(asked(here).filter((path) => path.includes('listid'))).toEqual([]);
  });

  it('finds somebody new who is out, and one whose address was changed', async () => {
    const { here, fine } = await lived();
    await night(here);
    const set = here.plant('set', { contacts: [true], lists: null });
    await night(here);
    here.sandbox.account.rename(fine.ac, set.email);
    const fresh = here.plant('fresh', { contacts: [false], lists: { Offers: 2 } });
    const report = await night(here);
    expect(report.reading?.activecampaign.kind).toBe('by-list');
    expect(decisionOn(report, fresh)).toBe('unsubscribed-from-all: done');
    expect(decisionOn(report, set)).toBe('salesforce-opt-out: done');
    expect(here.status(fine.ac, 'News')).toBe(2);
  });

  it('knows when it read also where nobody came', async () => {
    const here = aTown();
    const { email } = here.plant('set', { contacts: [true], lists: null });
    const { ac } = here.plant('fine', { contacts: [false], lists: { News: 1 } });
    here.clock.advance(72 * HOUR);
    await night(here);
    here.sandbox.account.remove(ac);
    here.clock.advance(72 * HOUR);
    here.sandbox.org.insert('Contact', { LastName: 'set', Email: email, [BOX]: false });
    const report = await night(here);
    expect(report.reading?.activecampaign.kind).toBe('by-list');
    expect(decisionOn(report, { email })).toBe('same-address: done');
    const agreement = here.store((store) => store.agreement(email));
    expect(agreement).toMatchObject({ kind: 'out', contact: null, at: { activecampaign: expect.any(Number) } });
  });

  it('looks up the address of a box that was set where no contact is known', async () => {
    const { here, fine } = await lived();
    await night(here);
    const row = here.sandbox.account.contact(fine.ac);
    if (!row) throw new Error('there is no such contact');
    // A change of the address that leaves `udate` as it is.
    const { updatedAt } = row;
    here.sandbox.account.rename(row, 'moved@example.com');
    row.updatedAt = updatedAt - 90 * 86_400_000;
    const moved = here.plant('moved', { contacts: [true], lists: null });
    const report = await night(here);
    expect(report.reading?.activecampaign.kind).toBe('by-list');
    expect(decisionOn(report, moved)).toBe('salesforce-opt-out: done');
    expect([here.status(fine.ac, 'News'), here.status(fine.ac, 'Offers')]).toEqual([2, 2]);
  });

  it('asks no more for a contact that is gone', async () => {
    const { here, left } = await lived();
    await night(here);
    here.sandbox.account.remove(left.ac);
    expect((await night(here)).reading?.activecampaign.kind).toBe('by-list');
    here.sandbox.requests.reset();
    expect((await night(here)).reading?.activecampaign.kind).toBe('by-list');
    expect(asked(here).filter((path) => /ids|limit=1&/.test(path))).toEqual([]);
  });

  it('leaves a dry run and the real run the same', async () => {
    const { here, fine } = await lived();
    await night(here);
    here.sandbox.org.update('Contact', fine.contacts[0] ?? '', { [BOX]: true });
    const dry = await night(here, { dryRun: true });
    const real = await night(here);
    expect([dry.reading?.activecampaign.kind, real.reading?.activecampaign.kind]).toEqual(['by-list', 'by-list']);
    const bare = (report: typeof dry) => report.decisions.map(({ outcome: _, ...decision }) => decision);
    expect(bare(dry)).toEqual(bare(real));
  });
});

describe('an account that answers otherwise', () => {
  it('by passing over the list is found out by the first comparison, and everybody is read each night', async () => {
    const { here, left } = await lived();
    answering(here, (query) => query.delete('listid'));
    const report = await night(here);
    expect(report.reading?.activecampaign).toMatchObject({ kind: 'everybody', comparison: { state: 'differed' } });
    expect(report.reading?.activecampaign.comparison.why).toMatch(
      /status [23] on list \d+, ActiveCampaign gave contact \d+/,
    );
    expect(decisionOn(report, left)).toBe('unsubscribed-from-all: done');
    expect((await night(here)).reading?.activecampaign.kind).toBe('everybody');
  });

  it('by passing over the status, too', async () => {
    const { here } = await lived();
    answering(here, (query) => query.has('listid') && query.delete('status'));
    expect((await night(here)).reading?.activecampaign.comparison.state).toBe('differed');
  });

  it('from one night to the next is read whole in that same night', async () => {
    const { here, fine } = await lived();
    await night(here);
    here.sandbox.org.update('Contact', fine.contacts[0] ?? '', { [BOX]: true });
    answering(here, (query) => query.delete('listid'));
    const report = await night(here);
    expect(report.reading?.activecampaign).toMatchObject({ kind: 'everybody', comparison: { state: 'differed' } });
    expect(decisionOn(report, fine)).toBe('salesforce-opt-out: done');
  });

  const otherwise: [string, (body: Record<string, Record<string, unknown>[]>) => void][] = [
    [
      'their tags',
      (body) => {
        body.contactTags = [];
        for (const contact of body.contacts ?? []) contact.contactTags = [];
      },
    ],
    [
      'where they subscribed',
      (body) => {
        for (const row of body.contactLists ?? []) row.sourceid = '99';
      },
    ],
  ];
  for (const [what, change] of otherwise)
    it(`by showing ${what} otherwise by list is found out by the comparison`, async () => {
      const { here } = await lived();
      answering(
        here,
        () => undefined,
        (body, query) => {
          if (query.has('listid')) change(body as object as Record<string, Record<string, unknown>[]>);
        },
      );
      expect((await night(here)).reading?.activecampaign.comparison).toMatchObject({
        state: 'differed',
        why: expect.stringContaining('came otherwise'),
      });
    });

  it('by leaving somebody out is found out by the comparison', async () => {
    const { here, left } = await lived();
    for (const list of ['News', 'Offers'])
      here.sandbox.account.unsubscribe(here.plant(`also-${list}`, { lists: { [list]: 1 } }).ac, here.list(list));
    answering(
      here,
      () => undefined,
      (body, query) => {
        if (query.has('listid')) body.contacts = body.contacts.filter(({ id }) => id !== left.ac);
      },
    );
    expect((await night(here)).reading?.activecampaign.comparison).toMatchObject({
      state: 'differed',
      why: `contact ${left.ac} did not come`,
    });
  });

  it('by not taking many ids at once', async () => {
    const here = aTown();
    for (let n = 0; n < 40; n++) here.plant(`p${n}`, { contacts: [true], lists: { News: 0 } });
    here.clock.advance(72 * HOUR);
    answering(here, (query) => query.has('ids[]') && query.set('ids[]', '0'));
    const report = await night(here);
    expect(report.reading?.activecampaign.comparison).toMatchObject({
      state: 'differed',
      why: expect.stringContaining('by their ids'),
    });
    expect(report.counts.byReason).toEqual({ agreed: 40 });
  });

  it('by refusing the question is read whole, and the run is none the worse', async () => {
    const { here } = await lived();
    await night(here);
    const body = { errors: [{ title: 'no' }] };
    here.sandbox.faults.add({ service: 'activecampaign', path: /listid=/, kind: 'status', status: 400, body });
    expect(await night(here)).toMatchObject({
      outcome: 'done',
      reading: { activecampaign: { kind: 'everybody', comparison: { state: 'differed' } } },
    });
  });

  it('by failing while it is compared was not compared, and the run is none the worse', async () => {
    const { here } = await lived();
    here.sandbox.faults.add({ service: 'activecampaign', path: /listid=/, kind: 'status', status: 503 });
    const report = await night(here);
    expect(report).toMatchObject({ outcome: 'done', reading: { activecampaign: { comparison: { state: 'never' } } } });
    here.sandbox.faults.clear();
    expect((await night(here)).reading?.activecampaign.kind).toBe('everybody');
    expect((await night(here, { full: true })).reading?.activecampaign.comparison.state).toBe('agreed');
  });
});

describe('the count of who is active on a list', () => {
  it('that falls by many who are not out there makes the night read everybody', async () => {
    const here = aTown();
    const many = Array.from({ length: 30 }, (_, n) => here.plant(`p${n}`, { contacts: [false], lists: { News: 1 } }));
    await night(here);
    expect((await night(here)).reading?.activecampaign.kind).toBe('by-list');
    for (const { ac } of many.slice(0, 25)) here.sandbox.account.remove(ac);
    const report = await night(here);
    expect(report.reading?.activecampaign).toMatchObject({
      kind: 'everybody',
      alarm: expect.stringMatching(/^25 people are not active on list \d+ any more/),
      comparison: { state: 'agreed' },
    });
    expect((await night(here)).reading?.activecampaign).toMatchObject({ kind: 'by-list', alarm: null });
  });

  it('may fall as far as people have unsubscribed', async () => {
    const here = aTown();
    const many = Array.from({ length: 30 }, (_, n) => here.plant(`p${n}`, { contacts: [false], lists: { News: 1 } }));
    await night(here);
    for (const { ac } of many) here.sandbox.account.unsubscribe(ac, here.list('News'), { by: 'contact' });
    const report = await night(here);
    expect(report.reading?.activecampaign.kind).toBe('by-list');
    expect(report.counts.byReason).toEqual({ 'unsubscribed-from-all': 30 });
  });
});

describe('a comparison', () => {
  it('is not spoilt by somebody who unsubscribes between the two readings', async () => {
    const { here, fine } = await lived();
    here.sandbox.faults.add({
      service: 'activecampaign',
      path: /listid=/,
      times: 1,
      kind: 'run',
      run: () => void here.sandbox.account.unsubscribe(fine.ac, here.list('News'), { by: 'contact' }),
    });
    const report = await night(here);
    expect(report.reading?.activecampaign.comparison).toMatchObject({ state: 'agreed', why: null });
    here.store((store) => expect(comparisonOf(store).on).toMatch(/^2026-/));
  });

  it('sees a hard bounce of somebody who is on no list', async () => {
    const { here } = await lived();
    const odd = here.plant('odd', { contacts: [false], lists: {} });
    const row = here.sandbox.account.contact(odd.ac);
    if (row) row.bouncedHard = 1;
    here.sandbox.account.untag(odd.ac, QUALIFYING);
    if (row) row.updatedAt -= 90 * 86_400_000;
    const report = await night(here);
    expect(report.reading?.activecampaign.comparison).toMatchObject({
      state: 'differed',
      why: expect.stringContaining(`contact ${odd.ac}`),
    });
  });
});
