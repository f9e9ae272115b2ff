import { expect, it } from 'vitest';
import type { Happening } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';

it('a night that reads everybody again says of how many, and not of how many whole pages', async () => {
  const here = aTown();
  for (let n = 0; n < 230; n++) here.plant(`p${n}`, { lists: { News: 1 } });
  await here.night();
  const happened: Happening[] = [];
  await here.night({ full: true }, { ...here.surroundings(), watch: (happening) => happened.push(happening) });
  const of = happened.flatMap((one) => (one.kind === 'reading' && one.side === 'activecampaign' ? [one.of] : []));
  expect(new Set(of)).toEqual(new Set([230]));
});
