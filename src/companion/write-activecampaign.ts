import { ServiceFailure } from '../service/failure.ts';
import type { Case, Work } from './work.ts';

/** After so many calls in a row that did not reach the service the rest is not tried. */
export const ENOUGH_UNREACHABLE = 5;

/**
 * The ActiveCampaign half of a batch, one membership at a time. Returns the failure after which no further call makes
 * sense, if there was one.
 */
export async function unsubscribe(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<ServiceFailure | undefined> {
  let stop: ServiceFailure | undefined;
  let unreachable = 0;
  for (const { decision } of people)
    for (const { list } of decision.unsubscribe) {
      if (stop) {
        failures.set(decision.address, stop);
        continue;
      }
      try {
        await work.ac.setMembership({ contact: decision.contact ?? '', list, status: 2 });
        work.written.activecampaign.single += 1;
        unreachable = 0;
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        failures.set(decision.address, error);
        unreachable = error.kind === 'unreachable' ? unreachable + 1 : 0;
        const hopeless = error.kind === 'unauthorised' || error.kind === 'rate-limited';
        if (hopeless || unreachable >= ENOUGH_UNREACHABLE) stop = error;
      }
    }
  return stop;
}
