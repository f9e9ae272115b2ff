import type { Verdict } from '../../consent/plan.ts';
import { keepToPlan, planToSave } from '../approved.ts';
import { historyIsHeard } from '../heard-in-history.ts';
import { concludeRest } from '../plan.ts';
import { Refused } from '../refused.ts';
import type { Surroundings } from '../surroundings.ts';
import { LIMITS } from '../volume.ts';
import type { Work } from '../work.ts';
import { write } from '../write-and-compare.ts';
import type { Opened } from './check.ts';
import type { WorldRead } from './read.ts';
import type { Run } from './run.ts';

/**
 * Carries out the plan, or keeps it for somebody to look at, and remembers whom it came to an end with.
 * @throws Refused over the opt-in cap, once the opt-outs went
 */
export async function applyPhase(
  { id: run, surroundings, options, store, state }: Run,
  { checked }: Opened,
  { reading, policy, comparing }: WorldRead,
  verdict: Verdict,
): Promise<void> {
  const optIns = !verdict.optIn.exceeded;
  const work = workOf(surroundings, {
    run,
    field: surroundings.config.salesforce.optOutField,
    policy,
    store,
    reading,
    exactly: options.approved !== undefined,
    warn: (words) => state.warnings.push(words),
    written: state.written,
  });
  if (options.save) {
    const madeAt = new Date(surroundings.now()).toISOString();
    options.save(
      await planToSave(work, { identity: checked.identity, madeAt, acceptChange: options.acceptChange, optIns }),
    );
  }
  try {
    if (options.approved) await keepToPlan(work, options.approved);
  } catch (error) {
    await comparing?.conclude();
    throw error;
  }
  if (!options.dryRun) await write(work, optIns, comparing);
  if (!options.approved) historyIsHeard(store, reading);
  concludeRest(store, verdict.optIn.exceeded ? 'held' : 'planned', 'in');
  concludeRest(store, 'planned');
  if (verdict.optIn.exceeded)
    throw new Refused(
      'opt-in-cap',
      `${verdict.optIn.count} people would have their opt-out cleared, more than the cap of ${verdict.optIn.limit}. The opt-ins are held, and nothing else is. If they are right, run once with --cap-opt-in ${verdict.optIn.count}.`,
    );
}

function workOf(
  { config, salesforce, activecampaign: ac, sleep, random, watch, stopping, limits }: Surroundings,
  plan: Omit<
    Work,
    'salesforce' | 'ac' | 'sleep' | 'random' | 'progress' | 'handing' | 'stopping' | 'imports' | 'limits'
  >,
): Work {
  const { bulkImport: use, excludeAutomations } = config.activecampaign;
  return {
    ...plan,
    imports: { use, excludeAutomations },
    limits: { ...LIMITS, ...limits },
    salesforce,
    ac,
    sleep,
    random,
    progress: (done, of) => watch({ kind: 'writing', done, of }),
    handing: (side, done, of) => watch({ kind: 'handing', side, done, of }),
    stopping: stopping ?? (() => false),
  };
}
