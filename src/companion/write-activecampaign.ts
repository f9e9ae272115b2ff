import { ServiceFailure } from '../service/failure.ts';
import { allOf } from './all-of.ts';
import { ABREAST } from './progress.ts';
import type { Case, Work } from './work.ts';

/** After so many calls in a row that did not reach the service the rest is not tried. */
export const ENOUGH_UNREACHABLE = 5;

/**
 * The ActiveCampaign half of a batch, one membership a call: of one person one after another, of several people side by
 * side, so that slow replies do not hold up the pace. Returns the failure after which no further call makes sense, if
 * there was one.
 */
export async function unsubscribe(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<ServiceFailure | undefined> {
  let stop: ServiceFailure | undefined;
  let ended = false;
  let unreachable = 0;

  async function leave({ decision }: Case): Promise<void> {
    for (const { list } of decision.unsubscribe) {
      if (stop) failures.set(decision.address, stop);
      if (stop || ended) return;
      try {
        await work.ac.setMembership({ contact: decision.contact ?? '', list, status: 2 });
        work.written.activecampaign.single += 1;
        unreachable = 0;
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        failures.set(decision.address, error);
        unreachable = error.kind === 'unreachable' ? unreachable + 1 : 0;
        const hopeless = error.kind === 'unauthorised' || error.kind === 'rate-limited' || error.unpaid;
        if (hopeless || unreachable >= ENOUGH_UNREACHABLE) stop ??= error;
      }
    }
  }

  // Whoever takes the most replies, one after another, begins.
  const queue = people.toSorted((a, b) => b.decision.unsubscribe.length - a.decision.unsubscribe.length).values();
  const ways = Array.from({ length: ABREAST }, async () => {
    try {
      for (const person of queue) await leave(person);
    } catch (error) {
      // What broke one way ends all of them, each after the call that it is in.
      ended = true;
      throw error;
    }
  });
  await allOf(ways);
  return stop;
}
