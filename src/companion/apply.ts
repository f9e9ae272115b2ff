import type { Decision } from '../consent/decide.ts';
import { acStanding } from '../consent/standing.ts';
import { ServiceFailure } from '../service/failure.ts';
import { type Ahead, isTouched, NOTHING_AHEAD, writeAhead } from './ahead.ts';
import { carryOut, type Health } from './batch.ts';
import { decideAnew } from './decide-anew.ts';
import { factOf } from './known.ts';
import { lookAgain } from './look-again.ts';
import { undealt } from './plan.ts';
import { remember } from './remember.ts';
import { readAgain } from './reread.ts';
import { Stopped } from './stopped.ts';
import { BATCH, BATCH_AHEAD, routesOf, volumeOf } from './volume.ts';
import { type Case, caseOf, type Work } from './work.ts';

/** Opt-ins are read again before they are written, so they go in smaller parts. */
const OPT_IN_BATCH = 50;

/** Remembers everybody for whom nothing is to be written. Reads and calls nothing. */
export function applyNothing(work: Work): void {
  for (const part of undealt(work.store, 'none', 1000))
    work.store.transaction(() => {
      for (const decision of part) {
        // Looked up once: they may be everybody who is out.
        const { facts, before } = caseOf(work, decision);
        remember(work, { decision, facts, before }, facts, work.reading.times(decision.address));
      }
    });
}

/**
 * Carries out the opt-outs, then the opt-ins. Throws a `ServiceFailure` when going on makes no sense, and `Stopped`
 * between two batches when the run is asked to stop.
 */
export async function applyWrites(
  work: Work,
  parts: {
    readonly optIns: boolean;
    /** What the opt-ins wait for, besides the opt-outs. */
    readonly before?: () => Promise<void>;
  },
): Promise<void> {
  const total = volumeOf(work.store, 'out').people + volumeOf(work.store, 'in').people;
  const health: Health = { unreachable: 0 };
  let done = 0;
  const advance = (people: number) => {
    done += people;
    work.progress(done, total);
  };
  await optOut(work, health, advance);
  await parts.before?.();
  if (!parts.optIns) return;
  for (const part of undealt(work.store, 'in', OPT_IN_BATCH)) {
    if (work.stopping()) throw new Stopped();
    const circumstances = { health, ahead: NOTHING_AHEAD, finishing: false };
    const people = await decideAgain(work, part);
    await carryOut(work, people, circumstances);
    const left = work.exactly ? [] : await leftMeanwhile(work, people);
    if (left.length > 0) await carryOut(work, await decideAgain(work, left), circumstances);
    advance(part.length);
  }
}

/**
 * Opt-outs, a part at a time: what can be written for many at once is written for the part as a whole, and then each of
 * its batches is completed, read back and remembered. Asked to stop in the middle, or when a service is lost, the run
 * still looks after everybody for whom something was written ahead, and begins nothing new.
 */
async function optOut(work: Work, health: Health, advance: (people: number) => void): Promise<void> {
  const open = { bulk: work.salesforce.bulk !== undefined, imports: work.imports.use === 'auto' };
  let routes = routesOf(volumeOf(work.store, 'out'), work.limits, open);
  for (const part of undealt(work.store, 'out', routes.part)) {
    if (work.stopping()) throw new Stopped();
    const people = await lookAgain(
      work,
      part.map((decision) => caseOf(work, decision)),
    );
    advance(part.length - people.length);
    const ahead = await writeAhead(work, people, routes);
    // An account that lets imports wait would do so part after part.
    if (ahead.late) routes = { ...routes, imports: false };
    const size = (routes.imports || routes.bulk) && !ahead.late ? BATCH_AHEAD : BATCH;
    await inBatches(work, people, { health, ahead, size }, advance);
  }
}

async function inBatches(
  work: Work,
  people: readonly Case[],
  { health, ahead, size }: { readonly health: Health; readonly ahead: Ahead; readonly size: number },
  advance: (people: number) => void,
): Promise<void> {
  let lost: ServiceFailure | undefined;
  let stopped = false;
  let left = 0;
  for (let from = 0; from < people.length; from += size) {
    const batch = people.slice(from, from + size);
    stopped ||= (from > 0 || ahead !== NOTHING_AHEAD) && work.stopping();
    const finishing = stopped || lost !== undefined;
    const mine = finishing ? batch.filter((person) => isTouched(ahead, person)) : batch;
    try {
      left += batch.length - mine.length + (await carryOut(work, mine, { health, ahead, finishing }));
      advance(mine.length);
    } catch (error) {
      if (!(error instanceof ServiceFailure) || lost) throw error;
      lost = error;
    }
  }
  if (lost) throw lost;
  if (stopped && left > 0) throw new Stopped();
}

/**
 * Of these people, whose boxes were cleared, those who are on no list any more: a rep's click, or the person, said no between
 * the last reading and the clearing, which nothing but ActiveCampaign shows.
 */
async function leftMeanwhile(work: Work, people: readonly Case[]): Promise<readonly Decision[]> {
  const cleared = people.flatMap(({ decision }) => (decision.clear.length > 0 ? [decision] : []));
  if (cleared.length === 0) return [];
  try {
    const contacts = await work.ac.contactsById(cleared.flatMap(({ contact }) => contact ?? []));
    return cleared.filter(({ contact: id }) => {
      const contact = contacts.get(id ?? '');
      return contact && !contact.gone && acStanding(factOf(contact), work.policy).active.length === 0;
    });
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    // All was done and remembered; the next night reads everybody who is on no list.
    return [];
  }
}

/**
 * Before a box is cleared the person is read again, field history included, and decided again: between the reading and
 * now somebody may have said no.
 */
async function decideAgain(work: Work, planned: readonly Decision[]): Promise<Case[]> {
  const read = await readAgain(work, planned);
  const writes: Case[] = [];
  for (const one of read) {
    const asPlanned = planned.find(({ address }) => address === one.facts.address);
    const person = decideAnew(work, one, asPlanned);
    if (person) writes.push(person);
  }
  return writes;
}
