import { handIn } from './import-opt-outs.ts';
import { intend } from './intend.ts';
import type { Routes } from './volume.ts';
import { BATCH } from './volume.ts';
import type { Case, Work } from './work.ts';
import { type Fates, updateAhead } from './write-salesforce.ts';

/**
 * What was done for a whole part before its batches are gone through one by one: each of those then writes what is left,
 * reads back and remembers, as if nothing had been done ahead.
 */
export interface Ahead {
  /** Addresses handed to ActiveCampaign's bulk import. */
  readonly imported: ReadonlySet<string>;
  /** Addresses of people who turned out to be on none of the lists any more. */
  readonly needless: ReadonlySet<string>;
  /** Those who were handed in and whose import may still be waiting. */
  readonly pending: ReadonlySet<string>;
  /** Records that were written, and what became of them. */
  readonly records: Fates;
  /** An import was not worked off in time. */
  readonly late: boolean;
}

export const NOTHING_AHEAD: Ahead = {
  imported: new Set(),
  needless: new Set(),
  pending: new Set(),
  records: new Map(),
  late: false,
};

/** Hands a part's bulk work in: ActiveCampaign's first, which is worked off while Salesforce is written. */
export async function writeAhead(work: Work, people: readonly Case[], routes: Routes): Promise<Ahead> {
  const imports = routes.imports ? await handIn(work, people) : undefined;
  const withRecords = people.filter(({ decision }) => decision.set.length > 0);
  let { records }: { records: Fates } = NOTHING_AHEAD;
  if ((routes.bulk || people.length > BATCH) && !work.stopping()) {
    intend(work, withRecords);
    records = await updateAhead(work, withRecords, routes);
  }
  if (!imports && records.size === 0) return NOTHING_AHEAD;
  const { pending, late } = (await imports?.over()) ?? NOTHING_AHEAD;
  return {
    imported: imports?.people ?? NOTHING_AHEAD.imported,
    needless: imports?.needless ?? NOTHING_AHEAD.needless,
    pending,
    records,
    late,
  };
}

/** Whether something was written ahead for a person. */
export function isTouched({ imported, records }: Ahead, { decision }: Case): boolean {
  return imported.has(decision.address) || decision.set.some((id) => records.has(id));
}
