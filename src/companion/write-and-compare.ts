import { applyNothing, applyWrites } from './apply.ts';
import { FEW } from './drift.ts';
import { concludeRest, noteUnsubscribes } from './plan.ts';
import type { Comparing } from './read-contacts.ts';
import type { Work } from './work.ts';

/** The cheaper reading is compared while the opt-outs are written, but for those whom they unsubscribe. */
export async function write(work: Work, optIns: boolean, comparing: Comparing | undefined): Promise<void> {
  applyNothing(work);
  const unsubscribed = noteUnsubscribes(work.store);
  // How many were out on each list before is what the next night goes by (drift.ts).
  if (unsubscribed > FEW) await comparing?.counted();
  const compared = comparing?.conclude();
  compared?.catch(() => undefined);
  try {
    await applyWrites(work, { optIns, before: async () => compared });
  } catch (error) {
    concludeRest(work.store, 'not-tried');
    throw error;
  }
}
