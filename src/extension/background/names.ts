import { nameIn } from '../../activecampaign/names.ts';
import type { Names } from '../messages.ts';
import type { Keeper } from './keeper.ts';
import type { Reading } from './reading.ts';
import type { Services } from './sides.ts';

/** A campaign is seldom called anything else a day later. */
const NAME_FOR = 24 * 60 * 60_000;

/**
 * The names of what led to a person's memberships, each asked for once a day. One that cannot be had is left out, and
 * asked for again the next time. Never rejects.
 */
export async function namesOf(
  services: Pick<Services, 'activecampaign'>,
  keeper: Pick<Keeper, 'kept'>,
  reading: Reading | null,
): Promise<Names> {
  const vias = reading?.lists.flatMap(({ via }) => via ?? []) ?? [];
  const wanted = new Map(vias.map((via) => [`${via.kind} ${via.id}`, via]));
  const found = await Promise.all(
    [...wanted].map(async ([key, { kind, id }]) => {
      const ask = async () => nameIn((await services.activecampaign()).connection, kind, id);
      const name = await keeper.kept(`name ${key}`, NAME_FOR, ask).catch(() => null);
      return name === null ? [] : [[key, name]];
    }),
  );
  return Object.fromEntries(found.flat());
}
