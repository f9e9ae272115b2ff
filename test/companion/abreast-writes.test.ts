import { expect, it } from 'vitest';
import type { Surroundings } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';

/** Single memberships of several people are written side by side, those of one person one after another. */

it('replies that take their time do not hold up the other people, and nobody’s two rows are written at once', async () => {
  const here = aTown();
  for (let n = 0; n < 8; n++) here.plant(`p${n}`, { contacts: [true], lists: { News: 1, Offers: 1 } });
  const usual = here.surroundings();
  const under = new Map<string, number>();
  let most = 0;
  let twice = false;
  const activecampaign = new Proxy(usual.activecampaign, {
    get(target, key) {
      if (key !== 'setMembership') return Reflect.get(target, key, target) as unknown;
      return async (change: Parameters<typeof target.setMembership>[0]) => {
        under.set(change.contact, (under.get(change.contact) ?? 0) + 1);
        twice ||= under.get(change.contact) === 2;
        most = Math.max(
          most,
          [...under.values()].reduce((sum, count) => sum + count, 0),
        );
        await new Promise(setImmediate);
        await target.setMembership(change);
        under.set(change.contact, (under.get(change.contact) ?? 0) - 1);
      };
    },
  });
  const report = await here.night({}, { ...usual, activecampaign } satisfies Surroundings);
  expect(report).toMatchObject({ outcome: 'done', written: { activecampaign: { single: 16 } } });
  expect([most, twice]).toEqual([8, false]);
});

it('calls that are lost now and then end nothing: others go through in between', async () => {
  const here = aTown();
  for (let n = 0; n < 40; n++) here.plant(`p${n}`, { contacts: [true], lists: { News: 1 } });
  for (let skip = 0; skip < 40; skip += 4)
    here.sandbox.faults.add({
      service: 'activecampaign',
      method: 'POST',
      path: /contactLists/,
      skip,
      times: 1,
      kind: 'drop',
    });
  expect(await here.night()).toMatchObject({ outcome: 'done', failures: [] });
});

it('a service that is lost in the middle ends it for all, and the next night does the rest', async () => {
  const here = aTown();
  for (let n = 0; n < 20; n++) here.plant(`p${n}`, { contacts: [true], lists: { News: 1 } });
  here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', path: /contactLists/, skip: 3, kind: 'drop' });
  const report = await here.night();
  expect(report).toMatchObject({ outcome: 'failed', written: { activecampaign: { single: 3 } } });
  const tried = here.sandbox.requests.of('activecampaign', 'POST', /contactLists/).length;
  expect(tried).toBeLessThan(20);
  here.sandbox.faults.clear();
  expect(await here.night()).toMatchObject({ outcome: 'done', failures: [] });
  expect([...here.sandbox.account.memberships.values()].filter(({ status }) => status === 1)).toEqual([]);
});
