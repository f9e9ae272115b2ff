import type { Decision } from '../consent/decide.ts';
import { directionOf } from '../consent/decide.ts';
import type { DifferenceCause } from '../consent/differences.ts';
import type { PersonFacts, Policy } from '../consent/facts.ts';
import { optOutWrites } from '../consent/standing.ts';
import { applyNothing, applyWrites } from './apply.ts';
import { check } from './check.ts';
import { contactsWith } from './contacts-with.ts';
import { differenceAbout } from './differences.ts';
import { takeLock } from './lock.ts';
import { ObjectsCheck } from './objects.ts';
import { recordsOfPeople } from './query.ts';
import { Reading } from './reading.ts';
import { type Change, Store } from './store.ts';
import type { Surroundings } from './sync.ts';
import { Unreadable } from './unreadable.ts';
import { LIMITS } from './volume.ts';
import { changesOf, type Work } from './work.ts';
import { nothingWritten } from './written.ts';

/** What became of a difference that somebody settled. */
export interface Resolved {
  readonly person: string;
  readonly how: 'out' | 'leave';
  /** The audit's name for it; null when nothing was written. */
  readonly run: string | null;
  readonly outcome: 'done' | 'failed';
  readonly changes: readonly Change[];
  /** Why it failed, or what goes on although the difference may stay. */
  readonly words: string | null;
}

/** There is nobody by that address in the differences. */
export class NotInDifferences extends Error {}

/** What a run leaves because it could not do otherwise, and not because a rule says so. */
const TRIED: readonly DifferenceCause[] = ['failed', 'unknown'];
const STILL_TRIED =
  'Each run tries again all the same. But it is not counted any more among what waits to cross, and no alert tells how long it has waited.';

/**
 * Marks a difference as one that may stay: it is not counted as open any more, as long as its cause stays the same.
 * @param at this machine's clock
 * @param by the user of this machine who asks for it
 * @throws NotInDifferences, BusyError
 */
export function acceptDifference(storePath: string, person: string, at: number, by: string): Resolved {
  const release = takeLock(storePath);
  try {
    const store = new Store(storePath);
    try {
      const difference = differenceAbout(store, person);
      if (!difference) throw new NotInDifferences(person);
      const on = new Date(at).toISOString();
      store.run('UPDATE differences SET accepted = ?, accepted_by = ? WHERE address = ?', on, by, person);
      const words = TRIED.includes(difference.cause) ? STILL_TRIED : null;
      return { person, how: 'leave', run: null, outcome: 'done', changes: [], words };
    } finally {
      store.close();
    }
  } finally {
    release();
  }
}

/**
 * Opts somebody who differs out on both sides now, by the same steps as a run: prerequisites, a fresh reading, an
 * intention, the writes, reading back, audit and agreement. The audit's reason is `resolved`: it was not a rule.
 * @param by the user of this machine who asks for it, for the audit
 * @throws NotInDifferences, BusyError, Refused, Unreadable, ServiceFailure
 */
export async function resolveOut(surroundings: Surroundings, person: string, by: string): Promise<Resolved> {
  const { config, now, random } = surroundings;
  const release = takeLock(config.store);
  try {
    const store = new Store(config.store);
    try {
      if (!differenceAbout(store, person)) throw new NotInDifferences(person);
      const stamp = new Date(now()).toISOString().replace(/[-:]|\.\d+/g, '');
      const tail = Math.floor(random() * 36 ** 4).toString(36);
      const run = `resolve-${stamp}-${tail.padStart(4, '0')}`;
      return await carryOut(surroundings, store, { person, run, by });
    } finally {
      store.close();
    }
  } finally {
    release();
  }
}

async function carryOut(
  surroundings: Surroundings,
  store: Store,
  { person, run, by }: { readonly person: string; readonly run: string; readonly by: string },
): Promise<Resolved> {
  const { config, salesforce, activecampaign: ac, sleep, random } = surroundings;
  const { scope } = await check(config, salesforce, ac, store, false);
  await new ObjectsCheck(config, salesforce, store).now();
  const { qualifyingTags, personSources } = config.activecampaign;
  const policy: Policy = { lists: scope, qualifyingTags, personSources };
  const field = config.salesforce.optOutField;
  const reading = await readOne(surroundings, store, policy, person);
  const facts = reading.facts(person);
  if (facts.unknown !== undefined)
    throw new Unreadable(`${person} could not be read whole: ${facts.unknown}. Nothing was written.`);
  const decision = optOut(facts, policy);
  store.run(
    'INSERT INTO reading.decided (address, reason, direction, decision) VALUES (?, ?, ?, ?)',
    person,
    decision.reason,
    directionOf(decision),
    JSON.stringify(decision),
  );
  const work: Work = {
    run,
    field,
    policy,
    salesforce,
    ac,
    store,
    reading,
    sleep,
    random,
    progress: () => undefined,
    handing: () => undefined,
    warn: () => undefined,
    written: nothingWritten(),
    imports: { use: 'never', excludeAutomations: true },
    limits: LIMITS,
    stopping: () => false,
    asked: 'resolved',
    by,
  };
  applyNothing(work);
  await applyWrites(work, { optIns: false });
  const row = store.get('SELECT outcome, words FROM reading.decided WHERE address = ?', person);
  const done = row?.outcome === 'done' || row?.outcome === 'nothing';
  if (done) store.run('DELETE FROM differences WHERE address = ?', person);
  const changes = changesOf(decision, field);
  return {
    person,
    how: 'out',
    run: changes.length > 0 ? run : null,
    outcome: done ? 'done' : 'failed',
    changes,
    words: done || row?.words === null ? null : String(row?.words),
  };
}

/** Reads one person into a reading, as a run reads everybody. */
async function readOne(
  { config, salesforce, activecampaign: ac }: Surroundings,
  store: Store,
  policy: Policy,
  person: string,
): Promise<Reading> {
  const reading = new Reading(store, policy);
  const known = differenceAbout(store, person)?.records ?? [];
  const found = await recordsOfPeople(salesforce, config.salesforce.optOutField, [person], known);
  reading.salesforceAt = salesforce.serverTime ?? null;
  reading.addRecords(found.get(person) ?? []);
  reading.addContacts(await contactsWith(ac, store, person), ac.serverTime);
  reading.finish();
  return reading;
}

/** What the person's opt-out takes on both sides; what is remembered is the same as of any other. */
function optOut(facts: PersonFacts, policy: Policy): Decision {
  return {
    address: facts.address,
    reason: 'durable-opt-out',
    records: facts.records.map((record) => record.id),
    contact: facts.contact?.id ?? null,
    ...optOutWrites(facts, policy),
    clear: [],
    next: { out: 'opt-out' },
    conflict: false,
  };
}
