import type { AcMembership } from '../activecampaign/activecampaign.ts';
import type { Survey } from '../activecampaign/survey.ts';
import { type Via, viaOf } from '../activecampaign/via.ts';
import { ServiceFailure } from '../service/failure.ts';

/** What led to a membership, with its name; null where it has none, or where it could not be had. */
export interface NamedVia extends Via {
  readonly name: string | null;
}

/** What led to these memberships, each name asked for once. A name that cannot be had is no failure: the id says enough. */
export async function viasOf(
  survey: Pick<Survey, 'nameOf'>,
  rows: readonly AcMembership[],
): Promise<ReadonlyMap<string, NamedVia>> {
  const wanted = new Map(rows.flatMap((row) => viaOf(row) ?? []).map((via) => [`${via.kind} ${via.id}`, via]));
  const names = new Map<string, string | null>();
  for (const [key, { kind, id }] of wanted) names.set(key, await orNull(() => survey.nameOf(kind, id)));
  return new Map(
    rows.flatMap((row) => {
      const via = viaOf(row);
      return via ? [[row.id, { ...via, name: names.get(`${via.kind} ${via.id}`) ?? null }]] : [];
    }),
  );
}

/** What a service will not tell beside the point is left out. */
export async function orNull<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceFailure) return null;
    throw error;
  }
}

/** `campaign “Autumn offer”`, or `campaign 9` where the name is not known. */
export function viaInWords({ kind, id, name }: NamedVia): string {
  return `${kind} ${name === null ? id : `“${name}”`}`;
}
