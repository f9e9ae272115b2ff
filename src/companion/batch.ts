import type { ServiceTimes } from '../consent/agreement.ts';
import type { PersonFacts } from '../consent/facts.ts';
import type { ServiceFailure } from '../service/failure.ts';
import { type Ahead, NOTHING_AHEAD } from './ahead.ts';
import { allOf } from './all-of.ts';
import { intend } from './intend.ts';
import { conclude } from './plan.ts';
import { remember } from './remember.ts';
import { type Again, readBack } from './reread.ts';
import { addFailures, type Case, type Work } from './work.ts';
import { ENOUGH_UNREACHABLE, unsubscribe } from './write-activecampaign.ts';
import { recordsAhead, updateRecords } from './write-salesforce.ts';

/** How often a person whose write failed for a passing reason is tried in all. */
const TRIES = 3;

/** Codes of failures that pass by themselves (facts/salesforce.md section 2). */
const PASSING = new Set(['UNABLE_TO_LOCK_ROW', 'SERVER_UNAVAILABLE', 'REQUEST_RUNNING_TOO_LONG', 'UNKNOWN_EXCEPTION']);

/** People in a row who were given up because a service could not be reached: after enough of them the run ends. */
export interface Health {
  unreachable: number;
}

interface Circumstances {
  readonly health: Health;
  readonly ahead: Ahead;
  /** Nothing is written any more: what was done ahead is looked after, and the rest is left for the next run. */
  readonly finishing: boolean;
}

const LEFT = 'begun, and left for the next run';

/**
 * Writes, reads back and remembers one batch; whoever failed for a passing reason is tried again. Gives how many people
 * are left for the next run.
 */
export async function carryOut(work: Work, people: readonly Case[], circumstances: Circumstances): Promise<number> {
  let open: readonly Case[] = people;
  let left = 0;
  for (let attempt = 1; open.length > 0; attempt++) {
    if (attempt > 1) await work.sleep(1000 * attempt * (1 + work.random()));
    const { again, left: more } = await attemptOnce(work, open, { ...circumstances, attempt });
    open = again;
    left += more;
  }
  return left;
}

async function attemptOnce(
  work: Work,
  people: readonly Case[],
  { health, ahead, finishing, attempt }: Circumstances & { readonly attempt: number },
): Promise<{ readonly again: readonly Case[]; readonly left: number }> {
  const first = attempt === 1;
  const last = attempt === TRIES || finishing;
  intend(work, people);
  const failures = new Map<string, ServiceFailure>();
  const handedIn = (address: string) => first && ahead.imported.has(address);
  const open = people.filter(
    ({ decision: { address } }) => !handedIn(address) && !(first && ahead.needless.has(address)),
  );
  const written = first ? ahead.records : NOTHING_AHEAD.records;
  const refused = new Map<string, ServiceFailure>();
  const [stop] = finishing
    ? []
    : await allOf([unsubscribe(work, open, failures), updateRecords(work, people, refused, written)]);
  recordsAhead(work, people, failures, written);
  addFailures(failures, refused);
  const after = await readBack(work, people, failures);
  const again: Case[] = [];
  let left = 0;
  work.store.transaction(() => {
    for (const person of people) {
      const { address } = person.decision;
      const failure = failures.get(address);
      const back = after.get(address);
      const facts = back?.facts ?? { ...person.facts, unknown: failure?.message ?? 'could not be read back' };
      const times: ServiceTimes = back?.times ?? { salesforce: null, activecampaign: null };
      const words = failure?.message ?? (finishing ? LEFT : null);
      const reached = remember(work, person, facts, times, { words, mayStillCome: ahead.pending.has(address) });
      if (finishing && !reached && !failure) {
        conclude(work.store, address, 'not-tried', LEFT);
        left += 1;
      }
      if (handedIn(address) && reached) work.written.activecampaign.imported += 1;
      const next = !reached && !last && back ? rest(person, back) : undefined;
      const undone = handedIn(address) && (next?.decision.unsubscribe.length ?? 0) > 0;
      if (next && (undone || (failure && passes(failure)))) again.push(next);
      else health.unreachable = !reached && failure?.kind === 'unreachable' ? health.unreachable + 1 : 0;
    }
  });
  if (stop) throw stop;
  const unreachable = health.unreachable >= ENOUGH_UNREACHABLE ? [...failures.values()].at(-1) : undefined;
  if (unreachable) throw unreachable;
  return { again, left };
}

/** Whether another try may help. A 403 of ActiveCampaign that is a whim has had its tries (service/retry.ts). */
function passes({ detail: { kind, code = '' } }: ServiceFailure): boolean {
  return kind === 'unreachable' || kind === 'malformed' || PASSING.has(code);
}

/** What is still to be done, by what was read back: a write is repeated only where it is not there. */
function rest(person: Case, { facts, times }: Again): Case {
  const { decision, before } = person;
  const clear = new Set(facts.records.filter((record) => !record.set).map((record) => record.id));
  const set = new Set(facts.records.filter((record) => record.set).map((record) => record.id));
  const active = new Set(facts.contact?.memberships.filter((row) => row.status === 1).map((row) => row.id));
  return {
    facts: { ...facts, vanished: person.facts.vanished } satisfies PersonFacts,
    times,
    before,
    decision: {
      ...decision,
      set: decision.set.filter((id) => clear.has(id)),
      clear: decision.clear.filter((id) => set.has(id)),
      unsubscribe: decision.unsubscribe.filter((row) => active.has(row.id)),
    },
  };
}
