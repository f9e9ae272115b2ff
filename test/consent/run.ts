import { type Agreement, type ServiceTimes, sameAgreement } from '../../src/consent/agreement.ts';
import { type Decision, decide, directionOf } from '../../src/consent/decide.ts';
import type { PersonFacts, Policy } from '../../src/consent/facts.ts';
import { afterInterruption, stampsOf } from '../../src/consent/interrupted.ts';
import { setMeanwhile } from '../../src/consent/meanwhile.ts';
import { causeOf, isChangedSince } from '../../src/consent/rules.ts';
import { settle } from '../../src/consent/settle.ts';
import { acStanding, salesforceStanding } from '../../src/consent/standing.ts';
import { copyOf } from './canonical.ts';
import { crosses, type Said, settleSaid } from './said.ts';
import {
  at,
  type Event,
  factsOf,
  happen,
  live,
  policyOf,
  seesBoxOfOthers,
  setBox,
  setMembership,
  type World,
} from './world.ts';

/** A run of the companion on the model world: what the real one does for one person, without the services. */

/**
 * How a run goes: whole; one half failing, or one write of it; or killed before remembering: before the first write, or
 * after the first or the second half.
 */
export type RunMode =
  | 'whole'
  | 'salesforce fails'
  | 'activecampaign fails'
  | 'one record fails'
  | 'other record fails'
  | 'one list fails'
  | 'other list fails'
  | 'killed before writing'
  | 'killed after one'
  | 'killed after both';

export interface RunResult {
  readonly before: PersonFacts;
  readonly policy: Policy;
  readonly decision: Decision;
  readonly agreementBefore: Agreement | null;
  /** What people had said until then. */
  readonly said: Said;
  /** Whether what they said is for both sides. */
  readonly crossing: boolean;
  readonly finished: boolean;
  readonly writes: number;
}

/** Carries a decision out: set to a state, never toggled; only active rows are unsubscribed. Counts what changed. */
function carryOut(world: World, decision: Decision, mode: RunMode): number {
  if (mode === 'killed before writing') return 0;
  let writes = 0;
  const rows = mode === 'activecampaign fails' || mode === 'killed after one' ? [] : decision.unsubscribe;
  for (const [index, row] of rows.entries()) {
    if (mode === (index === 0 ? 'one list fails' : 'other list fails')) continue;
    setMembership(world, row.list, 2, { unsubscribedAt: at(world) });
    writes += 1;
  }
  const ids = mode === 'salesforce fails' ? [] : [...decision.set, ...decision.clear];
  for (const [index, id] of ids.entries()) {
    if (mode === (index === 0 ? 'one record fails' : 'other record fails')) continue;
    const record = world.records.find((one) => one.id === id);
    if (!record) continue;
    setBox(world, record, decision.set.includes(id), true);
    writes += 1;
  }
  return writes;
}

/** The cause of a box that a cut-off run set for a bounce, as `causeAfterInterruption` of the companion has it. */
function causeAfterInterruption(decision: Decision, world: World, facts: PersonFacts, policy: Policy): Decision {
  const { agreement } = world;
  const intention = world.intention?.bounce;
  if (causeOf(decision.next) !== 'opt-out' || !intention) return decision;
  const ours = new Set([
    ...intention.set.filter((id) => world.records.some((record) => record.id === id && record.byUs)),
    ...(agreement?.kind === 'out' && agreement.cause === 'bounce' ? agreement.records : []),
  ]);
  const onlyOurs = facts.vanished.length === 0 && salesforceStanding(facts).set.every((id) => ours.has(id));
  const same = acStanding(facts.contact, policy).fingerprint === intention.fingerprint;
  return onlyOurs && same ? { ...decision, next: { out: 'bounce' } } : decision;
}

/** What is known after the writes: only the side that was written is read again, and only the records known before. */
function readBack(world: World, before: PersonFacts, decision: Decision): PersonFacts {
  const now = factsOf(world);
  const wroteRecords = decision.set.length + decision.clear.length > 0;
  const records = now.records.filter(({ id }) => before.records.some((record) => record.id === id));
  return {
    ...before,
    vanished: [],
    records: wroteRecords ? records : before.records,
    contact: decision.unsubscribe.length > 0 ? now.contact : before.contact,
  };
}

/**
 * When something happens in the middle of a run: after the reading and before the first write, or so late that a run that
 * looks once more before it writes does not see it either.
 */
export type Moment = 'after reading' | 'at the last moment';

/** Looks once more before a box is set for a bounce, as `lookAgain` of the companion does. */
function lookedAgain(world: World, read: PersonFacts, planned: Decision, policy: Policy) {
  const isSet = new Set(live(world).flatMap(({ id, set }) => (set ? [id] : [])));
  if (!isBounce(planned) || !planned.set.some((id) => isSet.has(id))) return { before: read, decision: planned };
  const before = setMeanwhile(read, isSet);
  return { before, decision: decide(before, world.agreement, policy) };
}

/**
 * Decides as the companion does: what a run that was cut off is to account for first, and then field history, which is asked
 * in the night after a change and where it matters (`heardInHistory`, `readAgain`).
 */
function decideAsRead(world: World, read: PersonFacts, policy: Policy): Decision {
  const before = world.agreement;
  const told = decide(read, before, policy);
  const facts = { ...read, records: read.records.map(({ changedAt: _, ...record }) => record) };
  const plain = decide(facts, before, policy);
  if (directionOf(plain) === 'in' || plain.reason === 'bounce-reactivated') return told;
  const decision = causeAfterInterruption(plain, world, read, policy);
  if (isBounce(told)) return decision;
  if (!isBounce(plain)) return isBounce(decision) && isTouchedByOthers(world, read) ? told : decision;
  return told;
}

/** Whether history shows a box changed since the agreement, on a record that the run which was cut off had not set. */
function isTouchedByOthers({ agreement, intention, records }: World, read: PersonFacts): boolean {
  if (agreement?.kind !== 'out') return false;
  const isOurs = (id: string) =>
    intention?.bounce?.set.includes(id) && records.some((record) => record.id === id && record.byUs);
  return read.records.some((record) => record.set && !isOurs(record.id) && isChangedSince(record, agreement));
}

function isBounce({ next }: Decision): boolean {
  return causeOf(next) === 'bounce';
}

/**
 * One run, in place.
 * @param during happens in the middle of it
 */
export function run(
  world: World,
  mode: RunMode = 'whole',
  during?: Event,
  moment: Moment = 'after reading',
): RunResult {
  world.second += 1;
  const policy = policyOf(world);
  const read = afterInterruption(factsOf(world), world.intention?.stamps);
  const agreementBefore = world.agreement;
  const planned = decideAsRead(world, read, policy);
  const reading = at(world);
  for (const one of world.vanished) one.noted = true;
  const ac = acStanding(read.contact, policy);
  const crossing = crosses(world.said, {
    box: seesBoxOfOthers(world),
    left: ac.out && ac.unsubscribed.some((row) => row.list === world.said.left),
    qualified: ac.qualified,
  });
  const said = { ...world.said };
  const unsettled = during && interrupted(world, during, mode);
  const { before, decision } =
    during && moment === 'after reading'
      ? lookedAgain(world, read, planned, policy)
      : { before: read, decision: planned };
  const result = { before, policy, decision, agreementBefore, said, crossing };

  if (directionOf(decision) !== 'none') world.intention = intended(world, before, decision, ac.fingerprint);
  const writes = carryOut(world, decision, mode);
  if (mode.startsWith('killed')) return { ...result, finished: false, writes };

  // Without a write there is nothing to read back, and no time passes.
  if (writes > 0) world.second += 1;
  const times: ServiceTimes = {
    salesforce: decision !== planned || decision.set.length + decision.clear.length > 0 ? at(world) : reading,
    activecampaign: decision.unsubscribe.length > 0 ? at(world) : reading,
  };
  const settlement = settle(decision, agreementBefore, readBack(world, before, decision), policy, times);
  if (!settlement.reached) {
    if (unsettled) world.said = unsettled;
    keepOnlyDone(world);
    return { ...result, finished: false, writes };
  }
  const renewed = !sameAgreement(settlement.agreement, agreementBefore);
  if (renewed || writes > 0) world.agreement = settlement.agreement;
  world.vanished = world.vanished.filter(({ id }) => !before.vanished.includes(id));
  world.intention = null;
  if (!during) {
    // An agreement that is made once more and says the same stays as it was; the no in it is known from then on.
    const heard = typeof decision.next === 'object' && world.said.no && !world.said.joinedAfterNo;
    settleSaid(world.said, endOf(world, renewed || heard), crossing);
    if (!world.said.no) for (const record of world.records) record.byHand = false;
  }
  return { ...result, finished: true, writes };
}

/** What is durable before the first write, as `intend` of the companion has it. */
function intended(world: World, before: PersonFacts, { next, set, clear }: Decision, fingerprint: string | null) {
  const bounce = causeOf(next) === 'bounce' ? { set, fingerprint } : null;
  const earlier = world.intention?.stamps ?? null;
  const stamps = clear.length > 0 ? stampsOf(before.records, earlier) : earlier;
  return bounce || stamps ? { bounce, stamps } : null;
}

/** What was meant and is certainly not there is no longer ours, as `keepOnlyDone` of the companion has it. */
function keepOnlyDone(world: World): void {
  const bounce = world.intention?.bounce;
  if (!world.intention || !bounce) return;
  const isSet = (id: string) => world.records.some((record) => record.id === id && record.set);
  world.intention = { ...world.intention, bounce: { ...bounce, set: bounce.set.filter(isSet) } };
}

/**
 * Lets something happen in the middle of a run. What is said then is said after what the run is going to settle.
 * @returns what is said if the run should settle nothing after all
 */
function interrupted(world: World, during: Event, mode: RunMode): Said {
  const unsettled = copyOf(world);
  happen(unsettled, during);
  const rehearsal = copyOf(world);
  run(rehearsal, mode);
  const counted = world.vanished;
  Object.assign(world, { said: rehearsal.said, vanished: rehearsal.vanished });
  happen(world, during);
  const known = new Set([...world.vanished, ...live(world)].map(({ id }) => id));
  world.vanished = [...counted.filter(({ id }) => !known.has(id)), ...world.vanished];
  return unsettled.said;
}

function endOf(world: World, agreed: boolean): Parameters<typeof settleSaid>[1] {
  if (world.agreement?.kind === 'out') return agreed ? 'agreed out' : 'neither';
  const facts = factsOf(world);
  const inOnBoth = salesforceStanding(facts).set.length === 0 && !acStanding(facts.contact, policyOf(world)).out;
  return inOnBoth && world.agreement === null ? 'in' : 'neither';
}
