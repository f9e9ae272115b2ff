import fc from 'fast-check';
import { expect, it } from 'vitest';
import { knownPageEnds, PageEnds } from '../../src/companion/page-ends.ts';
import { aTown } from './a-town.ts';

/** By what is remembered of the pages of one night all pages of another are asked for at once. */

const pageOf = (ids: readonly number[]) => ids.map((id) => ({ id: `${id}` }));

it('pages may come in any order; those that fit into one become one, and none holds more than a hundred', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
      (sizes, gap, order) => {
        let next = 0;
        const pages = sizes.map((size) => Array.from({ length: size }, () => (next += gap)));
        const keyed = pages.map((page) => ({ page, at: order.next().value ?? 0 }));
        const ends = new PageEnds();
        for (const { page } of keyed.toSorted((a, b) => a.at - b.at)) ends.add(pageOf(page));
        const found = ends.ends().map(Number);
        expect(found.at(-1)).toBe(pages.at(-1)?.at(-1));
        expect(found).toEqual(found.toSorted((a, b) => a - b));
        for (const [n, end] of found.entries()) {
          const held = pages.flat().filter((id) => id > (found[n - 1] ?? 0) && id <= end).length;
          expect(held).toBeLessThanOrEqual(100);
          const after = pages.flat().filter((id) => id > end && id <= (found[n + 1] ?? end)).length;
          if (n + 1 < found.length && sizes.every((size) => size <= 50)) expect(held + after).toBeGreaterThan(50);
        }
      },
    ),
  );
});

it('a night that reads everybody once more asks for each page once, and for whoever is new', async () => {
  const here = aTown();
  for (let n = 0; n < 950; n++) here.sandbox.account.addContact({ email: `p${n}@example.com` });
  // They have no address: nobody is decided about, and yet they take room on a page.
  for (let n = 0; n < 120; n++) here.sandbox.account.addContact({ email: '' });
  await here.night();
  here.sandbox.account.remove(here.sandbox.account.contacts[5]?.id ?? '');
  for (let n = 0; n < 3; n++) here.sandbox.account.addContact({ email: `new${n}@example.com` });
  here.sandbox.requests.reset();
  const report = await here.night({ full: true });
  expect(report.counts.activecampaignContacts).toBe(952);
  const asked = here.sandbox.requests.of('activecampaign', 'GET', /contacts\?status=-1&id_greater/);
  // Eleven pages, and whoever is new; by list, whoever is above the last who had an address.
  expect(asked).toHaveLength(14);
});

it('whoever came since then is reckoned with', async () => {
  const here = aTown();
  for (let n = 0; n < 230; n++) here.sandbox.account.addContact({ email: `p${n}@example.com` });
  await here.night();
  here.store((store) => {
    const last = Number(knownPageEnds(store).at(-1));
    expect(knownPageEnds(store)).toHaveLength(3);
    for (let n = 1; n <= 150; n++) store.run('INSERT INTO main.contacts VALUES (?, ?)', last + n, n);
    expect(knownPageEnds(store).slice(3).map(Number)).toEqual([last + 100, last + 150]);
  });
});
