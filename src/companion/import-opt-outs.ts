import type { AcContact, Leaving } from '../activecampaign/activecampaign.ts';
import { inImports, isPlainAddress, MOST_PEOPLE } from '../activecampaign/imports.ts';
import { addressOf } from '../consent/facts.ts';
import { ServiceFailure } from '../service/failure.ts';
import { enough } from './enough.ts';
import { intend } from './intend.ts';
import type { Case, Work } from './work.ts';

/**
 * Many opt-outs at once, by ActiveCampaign's bulk import (facts/activecampaign.md section 8). It is worked off later and
 * goes by address: an address that is not there would become a new contact. So everybody is read once more right before
 * they are handed in, and only who still has the address, as it is stored, goes this way; nothing is said of them but the
 * lists to leave, and of these only those where they are active. Whoever changes their address in the seconds or minutes
 * until the import is worked off may still leave a contact behind that is on no list and gets no mail: that cannot be
 * ruled out, and is harmless to what a person has said.
 *
 * Nobody is taken for unsubscribed because an import says so. All are read back, and who is not out is unsubscribed
 * membership by membership.
 */

/** After so many refused imports no other is tried: one bad address refuses its whole import, an account all of them. */
const ENOUGH_REFUSED = 3;
/** How often an import is handed in while the account takes no more this minute. */
const TRIES = 4;
const MINUTE = 60_000;

/** First and longest pause between two looks at imports, and what to wait where there is nothing to look at. */
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 30_000;
const BLIND = 30_000;

/** What was handed in. */
export interface HandedIn {
  /** Addresses of the people. */
  readonly people: ReadonlySet<string>;
  /** Addresses of people who are on none of the lists any more: nothing is to be written for them. */
  readonly needless: ReadonlySet<string>;
  /** Waits until all is worked off, or until it was long enough. */
  over(): Promise<Awaited>;
}

export interface Awaited {
  /** Who may still be waiting in an import. */
  readonly pending: ReadonlySet<string>;
  /** Whether an import was not worked off in time. */
  readonly late: boolean;
}

interface Batch {
  /** Undefined where the answer was lost, so that nobody knows. */
  readonly id: string | undefined;
  readonly people: readonly string[];
}

interface Candidate extends Leaving {
  readonly person: Case;
}

/** Hands in whoever can be; the others are left for single memberships. Each intention is durable before. */
export async function handIn(work: Work, people: readonly Case[]): Promise<HandedIn> {
  const leaving = people.filter(({ decision }) => decision.unsubscribe.length > 0 && decision.contact !== null);
  const batches: Batch[] = [];
  const needless = new Set<string>();
  let refused = 0;
  for (let from = 0; from < leaving.length && refused < ENOUGH_REFUSED && !work.stopping(); from += MOST_PEOPLE) {
    const outcome = await group(work, leaving.slice(from, from + MOST_PEOPLE), needless);
    if (outcome === 'unreadable') break;
    batches.push(...outcome.batches);
    if (outcome.refusal) {
      refused += 1;
      if (refused === 1) work.warn(refusedWords(outcome.refusal));
    }
    work.handing('activecampaign', Math.min(from + MOST_PEOPLE, leaving.length), leaving.length);
  }
  const handed = new Set(batches.flatMap((batch) => batch.people));
  return { people: handed, needless, over: () => waitFor(work, batches) };
}

type GroupOutcome = { readonly batches: readonly Batch[]; readonly refusal?: ServiceFailure } | 'unreadable';

/** Reads a group once more and hands it in, again after a minute where the account takes no more in this one. */
async function group(work: Work, people: readonly Case[], needless: Set<string>): Promise<GroupOutcome> {
  const batches: Batch[] = [];
  let open = people;
  for (let attempt = 1; ; attempt++) {
    let known: ReadonlyMap<string, AcContact>;
    try {
      known = await work.ac.contactsById(open.map(({ decision }) => decision.contact ?? ''));
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      // Single memberships meet the same, and know what to make of it.
      return batches.length > 0 ? { batches } : 'unreadable';
    }
    const candidates = open.flatMap((person): Candidate[] => {
      const { address, contact } = person.decision;
      const candidate = candidateOf(person, known.get(contact ?? ''));
      if (candidate?.lists.length === 0) needless.add(address);
      return candidate && candidate.lists.length > 0 ? [candidate] : [];
    });
    let limited: ServiceFailure | undefined;
    for (const some of inImports(candidates).imports) {
      intend(
        work,
        some.map(({ person }) => person),
      );
      const addresses = some.map(({ person }) => person.decision.address);
      try {
        batches.push({ id: await work.ac.imports.queue(some, work.imports.excludeAutomations), people: addresses });
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        if (error.kind === 'unreachable' || error.kind === 'malformed')
          batches.push({ id: undefined, people: addresses });
        else if (error.kind === 'rate-limited') limited = error;
        else return { batches, refusal: error };
      }
    }
    if (!limited || work.stopping()) return { batches };
    if (attempt === TRIES) return { batches, refusal: limited };
    const handed = new Set(batches.flatMap((batch) => batch.people));
    open = open.filter(({ decision }) => !handed.has(decision.address));
    await work.sleep(MINUTE);
  }
}

/** Somebody as they are handed in, with the lists where they are still active; nobody who moved, is gone or is not whole. */
function candidateOf(person: Case, contact: AcContact | undefined): Candidate | undefined {
  const { address, unsubscribe } = person.decision;
  if (!contact?.memberships || contact.gone || addressOf(contact.email) !== address) return undefined;
  if (!isPlainAddress(contact.email)) return undefined;
  const active = new Set(contact.memberships.filter((row) => row.status === 1).map((row) => row.id));
  const lists = unsubscribe.filter((row) => active.has(row.id)).map((row) => row.list);
  return { person, email: contact.email, lists };
}

/** Looks again and again; imports are worked off in the order of arrival, so that one that waits speaks for those after it. */
async function waitFor(work: Work, batches: readonly Batch[]): Promise<Awaited> {
  const isEnough = enough(work.stopping);
  const blind = batches.filter(({ id }) => id === undefined);
  let open = batches.filter(({ id }) => id !== undefined);
  let waited = 0;
  for (let pause = FIRST_PAUSE; open.length > 0 && !isEnough(waited); pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    await work.sleep(pause);
    waited += pause;
    while (open[0]?.id !== undefined) {
      const state = await stateOf(work, open[0].id);
      if (state === 'waiting') break;
      if (state === 'unknown') blind.push(open[0]);
      open = open.slice(1);
    }
  }
  if (blind.length > 0 && waited < BLIND && !isEnough(waited)) await work.sleep(BLIND - waited);
  if (open.length > 0)
    work.warn(
      `ActiveCampaign had not worked off ${open.length} of ${batches.length} bulk imports in time; whoever was not out by then was unsubscribed one by one.`,
    );
  return { pending: new Set([...open, ...blind].flatMap(({ people }) => people)), late: open.length > 0 };
}

async function stateOf(work: Work, batch: string): Promise<'over' | 'waiting' | 'unknown'> {
  try {
    return (await work.ac.imports.isOver(batch)) ? 'over' : 'waiting';
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return 'unknown';
  }
}

function refusedWords(refusal: ServiceFailure): string {
  return `ActiveCampaign refused a bulk import, so that its contacts were unsubscribed one by one: ${refusal.message}`;
}
