import { type ServiceTimes, sameAgreement } from '../consent/agreement.ts';
import type { PersonFacts } from '../consent/facts.ts';
import { settle } from '../consent/settle.ts';
import { appendAudit, type Evidence } from './audit.ts';
import { movesCounting } from './moves.ts';
import { conclude } from './plan.ts';
import { isDone } from './recover.ts';
import { type Case, changesOf, type Work } from './work.ts';

/** Why it was done: what both sides said before, and what was agreed. */
function evidenceOf({ store, by }: Work, { facts, before, decision }: Case): Evidence {
  const moves = facts.vanished.length > 0 ? movesCounting(store, decision.address) : [];
  return {
    contact: facts.contact,
    records: facts.records,
    vanished: facts.vanished,
    agreement: before,
    conflict: decision.conflict,
    ...(moves.length > 0 ? { moves } : {}),
    ...(by === undefined ? {} : { by }),
  };
}

const NO_FAILURE = { words: null, mayStillCome: false };

/**
 * Remembers one person, in the caller's transaction: audit rows for what is really there, the agreement by what was
 * read back, and the end of the intention and of what vanished. If the end was not reached, the old agreement and the
 * intention stay.
 * @param after what was read back
 * @param read when, by each service's clock
 * @param failing why it failed, if a service said so, and whether an import may still do what is not there
 * @returns whether both sides are where the decision wanted them
 */
export function remember(
  work: Work,
  person: Case,
  after: PersonFacts,
  read: ServiceTimes,
  { words, mayStillCome }: { readonly words: string | null; readonly mayStillCome: boolean } = NO_FAILURE,
): boolean {
  const { store } = work;
  const { decision, before, facts } = person;
  const { address } = decision;
  const changes = changesOf(decision, work.field);
  for (const change of changes) {
    if (decision.reason === null || !isDone(change, after)) continue;
    appendAudit(store, {
      run: work.run,
      at: new Date(read[change.side] ?? 0).toISOString(),
      address,
      change,
      reason: work.asked ?? decision.reason,
      evidence: evidenceOf(work, person),
    });
  }
  const settled = settle(decision, before, after, work.policy, read);
  const done = changes.filter((change) => isDone(change, after)).length;
  // A record that is gone from sight is not what was wanted when the service said that it refused the write.
  if (!settled.reached || (done < changes.length && words !== null)) {
    conclude(store, address, 'failed', words ?? 'read back, the change was not there');
    if (after.unknown === undefined) keepOnlyDone(work, address, after, mayStillCome);
    return false;
  }
  // What was written and read back is older than the agreement: field history must not show it as somebody's since.
  if (done > 0 || !sameAgreement(settled.agreement, before)) store.setAgreement(address, settled.agreement, work.run);
  if (decision.reason !== 'unknown') {
    store.closeIntention(address);
    store.settleVanished(address);
  }
  conclude(store, address, done > 0 ? 'done' : 'nothing', facts.unknown ?? null);
  return true;
}

/**
 * What was meant and is certainly not there is no longer ours: whoever sets that box before the next run is somebody
 * else, and means it. An import that may still be waiting in ActiveCampaign is ours when it comes.
 */
function keepOnlyDone({ store }: Work, address: string, after: PersonFacts, mayStillCome: boolean): void {
  const intention = store.intention(address);
  if (!intention) return;
  const changes = intention.changes.filter(
    (change) => isDone(change, after) || (mayStillCome && change.side === 'activecampaign'),
  );
  store.setIntention({ ...intention, changes });
}
