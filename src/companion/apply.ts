import type { ServiceTimes } from '../consent/agreement.ts';
import { type Decision, decide, directionOf } from '../consent/decide.ts';
import type { PersonFacts } from '../consent/facts.ts';
import { acStanding } from '../consent/standing.ts';
import type { RecordUpdate } from '../salesforce/salesforce.ts';
import { objectOf } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { conclude, redecide, undealt } from './plan.ts';
import { remember } from './remember.ts';
import { readAgain, readBack } from './reread.ts';
import { Stopped } from './stopped.ts';
import { type Case, changesOf, sameWrites, type Work } from './work.ts';

/** As many records as one call of Salesforce's collections takes. */
const BATCH = 200;
/** Opt-ins are read again before they are written, so they go in smaller parts. */
const OPT_IN_BATCH = 50;
/** After this many people in a row whom a service could not be reached for, the run ends. */
const ENOUGH_UNREACHABLE = 5;
/** How often a person whose write failed for a passing reason is tried in all. */
const TRIES = 3;

/** Codes of failures that pass by themselves (facts/salesforce.md section 2). */
const PASSING = new Set(['UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE', 'REQUEST_RUNNING_TOO_LONG', 'UNKNOWN_EXCEPTION']);

/** Remembers everybody for whom nothing is to be written. Reads and calls nothing. */
export function applyNothing(work: Work): void {
  for (const part of undealt(work.store, 'none', 1000))
    work.store.transaction(() => {
      for (const decision of part) {
        const person = caseOf(work, decision);
        remember(work, person, person.facts, work.reading.times(decision.address), null);
      }
    });
}

/**
 * Carries out the opt-outs, then the opt-ins. Throws a `ServiceFailure` when going on makes no sense, and `Stopped`
 * between two batches when the run is asked to stop.
 */
export async function applyWrites(work: Work, parts: { readonly optIns: boolean }): Promise<void> {
  const total = Number(
    work.store.get("SELECT count(*) AS n FROM reading.decided WHERE direction <> 'none' AND outcome IS NULL")?.n,
  );
  let done = 0;
  const health = { unreachable: 0 };
  for (const part of undealt(work.store, 'out', BATCH)) {
    if (work.stopping()) throw new Stopped();
    const people = part.map((decision) => caseOf(work, decision));
    await carryOut(work, people, health);
    done += part.length;
    work.progress(done, total);
  }
  if (!parts.optIns) return;
  for (const part of undealt(work.store, 'in', OPT_IN_BATCH)) {
    if (work.stopping()) throw new Stopped();
    await carryOut(work, await decideAgain(work, part), health);
    done += part.length;
    work.progress(done, total);
  }
}

function caseOf(work: Work, decision: Decision): Case {
  return {
    decision,
    facts: work.reading.facts(decision.address),
    before: work.store.agreement(decision.address),
  };
}

/**
 * Before a box is cleared the person is read again, field history included, and decided again: between the reading and
 * now somebody may have said no.
 */
async function decideAgain(work: Work, planned: readonly Decision[]): Promise<Case[]> {
  const read = await readAgain(work, planned);
  const writes: Case[] = [];
  for (const { facts, times } of read) {
    const before = work.store.agreement(facts.address);
    const decision = decide(facts, before, work.policy);
    const asPlanned = planned.find(({ address }) => address === facts.address);
    if (work.exactly && !sameWrites(decision, asPlanned, work.field)) {
      conclude(work.store, facts.address, 'failed', 'changed while the plan was carried out; nothing was written');
      continue;
    }
    const person = { decision, facts, before };
    redecide(work.store, decision);
    if (directionOf(decision) === 'none') work.store.transaction(() => remember(work, person, facts, times, null));
    else writes.push(person);
  }
  return writes;
}

/** Writes, reads back and remembers one batch; whoever failed for a passing reason is tried again. */
async function carryOut(work: Work, people: readonly Case[], health: { unreachable: number }): Promise<void> {
  let left: readonly Case[] = people;
  for (let attempt = 1; left.length > 0; attempt++) {
    if (attempt > 1) await work.sleep(1000 * attempt * (1 + work.random()));
    left = await attemptOnce(work, left, health, attempt === TRIES);
  }
}

async function attemptOnce(
  work: Work,
  people: readonly Case[],
  health: { unreachable: number },
  last: boolean,
): Promise<Case[]> {
  intend(work, people);
  const failures = new Map<string, ServiceFailure>();
  const stop = await unsubscribe(work, people, failures);
  await update(work, people, failures);
  const after = await readBack(work, people, failures);
  const again: Case[] = [];
  work.store.transaction(() => {
    for (const person of people) {
      const { address } = person.decision;
      const failure = failures.get(address);
      const back = after.get(address);
      const facts = back?.facts ?? { ...person.facts, unknown: failure?.message ?? 'could not be read back' };
      const times: ServiceTimes = back?.times ?? { salesforce: null, activecampaign: null };
      const reached = remember(work, person, facts, times, failure?.message ?? null);
      health.unreachable = failure?.kind === 'unreachable' && !reached ? health.unreachable + 1 : 0;
      if (!reached && !last && back && failure && passes(failure)) again.push(rest(person, facts));
    }
  });
  if (stop) throw stop;
  const unreachable = health.unreachable >= ENOUGH_UNREACHABLE ? [...failures.values()].at(-1) : undefined;
  if (unreachable) throw unreachable;
  return again;
}

/** Durable before the first call: who is meant to be changed, how and why. */
function intend(work: Work, people: readonly Case[]): void {
  work.store.transaction(() => {
    for (const { decision, facts } of people) {
      if (decision.reason === null) continue;
      work.store.setIntention({
        address: decision.address,
        run: work.run,
        reason: work.asked ?? decision.reason,
        next: decision.next,
        fingerprint: acStanding(facts.contact, work.policy).fingerprint,
        changes: changesOf(decision, work.field),
      });
    }
  });
}

/** The ActiveCampaign half. Returns the failure after which no further call makes sense, if there was one. */
async function unsubscribe(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
): Promise<ServiceFailure | undefined> {
  let stop: ServiceFailure | undefined;
  for (const { decision } of people)
    for (const { list } of decision.unsubscribe) {
      if (stop) {
        failures.set(decision.address, stop);
        continue;
      }
      try {
        await work.ac.setMembership({ contact: decision.contact ?? '', list, status: 2 });
      } catch (error) {
        const failure = failureOf(error);
        failures.set(decision.address, failure);
        if (failure.kind === 'unauthorised' || failure.kind === 'rate-limited') stop = failure;
      }
    }
  return stop;
}

/** The Salesforce half, tried whatever became of the other. */
async function update(work: Work, people: readonly Case[], failures: Map<string, ServiceFailure>): Promise<void> {
  const owner = new Map<string, string>();
  const updates = people.flatMap(({ decision }) =>
    [...decision.set.map((id) => ({ id, now: true })), ...decision.clear.map((id) => ({ id, now: false }))].flatMap(
      ({ id, now }): RecordUpdate[] => {
        const object = objectOf(id);
        if (!object) return [];
        owner.set(id, decision.address);
        return [{ object, id, values: { [work.field]: now } }];
      },
    ),
  );
  if (updates.length === 0) return;
  for (const { id, failure } of await work.salesforce.update(updates)) {
    const address = owner.get(id);
    if (failure && address !== undefined && !failures.has(address)) failures.set(address, failure);
  }
}

function passes(failure: ServiceFailure): boolean {
  const { kind, service, status, code = '' } = failure.detail;
  // ActiveCampaign refuses a good key now and then (facts/activecampaign.md section 1).
  const whim = service === 'activecampaign' && status === 403;
  return kind === 'unreachable' || kind === 'malformed' || whim || PASSING.has(code);
}

/** What is still to be done, by what was read back: a write is repeated only where it is not there. */
function rest(person: Case, after: PersonFacts): Case {
  const { decision } = person;
  const clear = new Set(after.records.filter((record) => !record.set).map((record) => record.id));
  const set = new Set(after.records.filter((record) => record.set).map((record) => record.id));
  const active = new Set(after.contact?.memberships.filter((row) => row.status === 1).map((row) => row.id));
  return {
    ...person,
    decision: {
      ...decision,
      set: decision.set.filter((id) => clear.has(id)),
      clear: decision.clear.filter((id) => set.has(id)),
      unsubscribe: decision.unsubscribe.filter((row) => active.has(row.id)),
    },
  };
}

function failureOf(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  throw error;
}
