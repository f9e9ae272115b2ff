import { judge, type Verdict } from '../../consent/plan.ts';
import { UNCAPPED } from '../approved.ts';
import { heardInHistory } from '../heard-in-history.ts';
import { concludeRest, makePlan } from '../plan.ts';
import { setByOurUser } from '../recover.ts';
import { Refused } from '../refused.ts';
import type { Opened } from './check.ts';
import type { WorldRead } from './read.ts';
import type { Run } from './run.ts';

/**
 * Decides about everybody, and holds how many it is about against the caps.
 * @throws Refused over the opt-out cap; over the opt-in cap the opt-outs still go
 */
export async function planPhase(
  { surroundings, options, store, state }: Run,
  { checked }: Opened,
  { reading, policy, comparing }: WorldRead,
): Promise<Verdict> {
  const { config, salesforce, watch } = surroundings;
  const caps = options.approved ? UNCAPPED : { ...config.caps, ...options.caps };
  const byUs = await setByOurUser(store, salesforce, checked.identity.salesforceUser);
  const totals = makePlan(store, reading, policy, byUs);
  totals.optOuts += await heardInHistory({ store, reading, policy, byUs }, salesforce, config.salesforce.optOutField);
  const verdict = judge(totals, caps);
  Object.assign(state, { totals, verdict, policy });
  watch({ kind: 'planned', totals });
  if (verdict.optOut.exceeded) {
    await comparing?.conclude();
    concludeRest(store, 'refused');
    throw new Refused(
      'opt-out-cap',
      `${verdict.optOut.count} people would be opted out, more than the cap of ${verdict.optOut.limit}. Nothing was written. Look at the plan with --dry-run; if it is right, run once with --cap-opt-out ${verdict.optOut.count}.`,
    );
  }
  return verdict;
}
