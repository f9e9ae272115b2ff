import { type Decision, decide, directionOf } from '../consent/decide.ts';
import type { Caps } from '../consent/plan.ts';
import { acStanding } from '../consent/standing.ts';
import { lastErasure } from './erasure.ts';
import { type Identity, changesOf as identityChanges } from './identity.ts';
import { conclude, concludeRest, undealt } from './plan.ts';
import { storeId } from './provenance.ts';
import { isDone } from './recover.ts';
import { Refused } from './refused.ts';
import { readAgain } from './reread.ts';
import { hashOf, type PlannedPerson, type SavedPlan, sealed } from './saved-plan.ts';
import type { Change, Store } from './store.ts';
import { changesOf, sameWrites, type Work } from './work.ts';

/** A plan that somebody approved is carried out as it is, or not at all. */

/** Somebody has looked at how many they are. */
export const UNCAPPED: Caps = { optOut: 'none', optIn: 'none' };

/** The hash of the plan that was begun last: a run that was cut off may go on with it. */
const BEGUN = 'plan-begun';
/** How many people a refusal names; the rest are counted. */
const NAMED = 20;
const PART = 200;

/** Everything a decision about this person was made from, and the decision. */
function plannedOf(work: Work, decision: Decision): PlannedPerson {
  const facts = work.reading.facts(decision.address);
  const { fingerprint, qualified } = acStanding(facts.contact, work.policy);
  const { reason, set, clear, next, conflict } = decision;
  const basis = hashOf([
    { reason, set, clear, unsubscribe: decision.unsubscribe.map((row) => row.id), next, conflict },
    {
      records: facts.records.map(({ id, set }) => [id, set]),
      vanished: facts.vanished,
      unknown: facts.unknown ?? null,
    },
    { contact: facts.contact?.id ?? null, fingerprint, qualified },
    work.store.agreement(decision.address),
  ]);
  const direction = directionOf(decision) === 'in' ? 'in' : 'out';
  return { person: decision.address, reason, direction, changes: changesOf(decision, work.field), basis };
}

function* planned(work: Work, direction: 'out' | 'in'): Generator<PlannedPerson> {
  for (const part of undealt(work.store, direction, PART)) for (const decision of part) yield plannedOf(work, decision);
}

/**
 * The plan of a dry run, as this run would carry it out. Opt-ins are read once more, with field history, as before they
 * are written; whoever would not be opted in after all is not in the plan.
 */
export async function planToSave(
  work: Work,
  plan: {
    readonly identity: Identity;
    readonly madeAt: string;
    readonly acceptChange: boolean;
    readonly optIns: boolean;
  },
): Promise<SavedPlan> {
  const unsure = plan.optIns ? await changedOptIns(work) : [];
  const optOuts = [...planned(work, 'out')];
  const optIns = plan.optIns ? [...planned(work, 'in')].filter(({ person }) => !unsure.includes(person)) : [];
  return sealed({
    optbridgePlan: 1,
    run: work.run,
    madeAt: plan.madeAt,
    identity: plan.identity,
    store: storeId(work.store),
    acceptChange: plan.acceptChange,
    optOuts: optOuts.length,
    optIns: optIns.length,
    people: [...optOuts, ...optIns],
  });
}

/** Refuses a plan that is about another org, account, user, field, list or store. */
export function checkSameWorld(plan: SavedPlan, identity: Identity, store: Store): void {
  const changes = identityChanges(plan.identity, identity);
  const begun = store.meta<string>(BEGUN) === plan.hash;
  if (plan.store !== storeId(store) && !begun)
    changes.push(plan.store === null ? 'the store was new then' : 'the plan was made with another store');
  if (changes.length > 0)
    throw new Refused(
      'plan-moved',
      `Since the plan was made: ${changes.join('; ')}. Nothing was written. Make a new plan with optbridge sync --dry-run --save.`,
    );
}

/**
 * Leaves in this run's decisions exactly what was approved. Whoever is not in the plan is left for the next run; if
 * anybody in it has moved, nothing at all is done. A plan that was begun before goes on, and ends in the same place.
 */
export async function keepToPlan(work: Work, plan: SavedPlan): Promise<void> {
  const approved = new Map(plan.people.map((person) => [person.person, person]));
  const now = new Map([...planned(work, 'out'), ...planned(work, 'in')].map((person) => [person.person, person]));
  const begun = work.store.meta<string>(BEGUN) === plan.hash;
  const fits = (person: PlannedPerson) =>
    same(person, now.get(person.person)) || (begun && isUnderWay(work, person, now.get(person.person)));
  const moved = plan.people.filter((person) => !fits(person)).map(({ person }) => person);
  for (const person of now.keys())
    if (!approved.has(person)) conclude(work.store, person, 'planned', 'not in the plan that was approved');
  if (moved.length === 0) moved.push(...(await changedOptIns(work)));
  if (moved.length === 0) {
    work.store.setMeta(BEGUN, plan.hash);
    return;
  }
  concludeRest(work.store, 'planned');
  throw new Refused(
    'plan-moved',
    `The plan does not fit any more. Since it was made, something changed for ${inWords(namesOf(moved, now, work.store))}. Nothing was written. Make a new plan with optbridge sync --dry-run --save.`,
  );
}

/**
 * A plan that was cut off in the middle goes on: what is still to be written is in it, and all the rest of it is there.
 */
function isUnderWay(work: Work, before: PlannedPerson, now: PlannedPerson | undefined): boolean {
  const facts = work.reading.facts(before.person);
  const left = (now?.changes ?? []).map(nameOf);
  const meant = new Set(before.changes.map(nameOf));
  return (
    facts.unknown === undefined &&
    left.every((change) => meant.has(change)) &&
    before.changes.every((change) => isDone(change, facts) || left.includes(nameOf(change)))
  );
}

function nameOf({ side, target, now }: Change): string {
  return `${side} ${target} ${now}`;
}

function same(before: PlannedPerson, now: PlannedPerson | undefined): boolean {
  return now !== undefined && JSON.stringify(before) === JSON.stringify(now);
}

/** Whoever was erased since, and did not come back, is not to be remembered again because an old file names them. */
function namesOf(people: readonly string[], now: ReadonlyMap<string, unknown>, store: Store): string[] {
  return people.map((person) =>
    now.has(person) || lastErasure(store, person) === null ? person : 'somebody who was erased',
  );
}

function inWords(people: readonly string[]): string {
  const named = people.slice(0, NAMED).join(', ');
  return people.length > NAMED ? `${named} and ${people.length - NAMED} more people` : named;
}

/** People who would be opted in, and are not when they are read once more. */
async function changedOptIns(work: Work): Promise<string[]> {
  const changed: string[] = [];
  for (const part of undealt(work.store, 'in', PART)) {
    const again = await readAgain(work, part);
    for (const [index, decision] of part.entries()) {
      const facts = again[index]?.facts;
      const then = facts && decide(facts, work.store.agreement(decision.address), work.policy);
      if (!then || !sameWrites(then, decision, work.field)) changed.push(decision.address);
    }
  }
  return changed;
}
