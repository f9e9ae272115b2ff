import { type Bulk, OBJECTS, objectOf, type PersonObject, type RecordUpdate } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { allOf } from './all-of.ts';
import { enough } from './enough.ts';
import type { Routes } from './volume.ts';
import { BATCH } from './volume.ts';
import type { Case, Work } from './work.ts';

/** What became of records that were written ahead, by id; undefined is success. */
export type Fates = ReadonlyMap<string, ServiceFailure | undefined>;

interface Update extends RecordUpdate {
  readonly address: string;
}

/** The writes to records that decisions ask for. */
function updatesOf(work: Work, people: readonly Case[]): Update[] {
  const updates: Update[] = [];
  for (const { decision } of people)
    for (const [ids, now] of [[decision.set, true] as const, [decision.clear, false] as const])
      for (const id of ids) {
        const object = objectOf(id);
        if (object) updates.push({ address: decision.address, object, id, values: { [work.field]: now } });
      }
  return updates;
}

/**
 * The Salesforce half of a batch by REST, tried whatever became of the other.
 * @param ahead records that were written already
 */
export async function updateRecords(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
  ahead: Fates,
): Promise<void> {
  const updates = updatesOf(work, people).filter(({ id }) => !ahead.has(id));
  blame(updates, await byRest(work, updates), failures);
}

/** What became of records that were written ahead. */
export function recordsAhead(
  work: Work,
  people: readonly Case[],
  failures: Map<string, ServiceFailure>,
  ahead: Fates,
): void {
  blame(updatesOf(work, people), ahead, failures);
}

/** A person has the failure of their first record that has one, unless there is one already. */
function blame(updates: readonly Update[], fates: Fates, failures: Map<string, ServiceFailure>): void {
  for (const { id, address } of updates) {
    const failure = fates.get(id);
    if (failure && !failures.has(address)) failures.set(address, failure);
  }
}

/**
 * The records of a whole part: those of an object with many by one job of Bulk 2.0, the others by REST, and so all of
 * them where Bulk is refused. A row that only a duplicate rule stands in the way of goes by REST too, because REST can be
 * told to pass a rule that warns (facts/salesforce.md section 2). Nothing is done ahead for what one batch can do.
 */
export async function updateAhead(work: Work, people: readonly Case[], routes: Routes): Promise<Fates> {
  const fates = new Map<string, ServiceFailure | undefined>();
  const updates = updatesOf(work, people);
  const { bulk } = work.salesforce;
  if (routes.bulk && bulk)
    // Side by side: no record of one object waits for a lock of the other, and each job has its own fate.
    await allOf(
      OBJECTS.map(async (object) => {
        const many = updates.filter((update) => update.object === object);
        if (many.length > work.limits.job && !work.stopping()) await byJob(work, bulk, object, many, fates);
      }),
    );
  const others = updates.filter(({ id }) => !fates.has(id));
  if (fates.size === 0 && others.length <= BATCH) return fates;
  for (const [id, failure] of await byRest(work, others)) fates.set(id, failure);
  return fates;
}

async function byRest(work: Work, updates: readonly Update[]): Promise<Fates> {
  const outcomes = updates.length > 0 ? await work.salesforce.update(updates) : [];
  work.written.salesforce.rest += outcomes.filter(({ failure }) => !failure).length;
  return new Map(outcomes.map(({ id, failure }) => [id, failure]));
}

async function byJob(
  work: Work,
  bulk: Bulk,
  object: PersonObject,
  updates: readonly Update[],
  fates: Map<string, ServiceFailure | undefined>,
): Promise<void> {
  work.handing('salesforce', 0, updates.length);
  try {
    for (const { id, failure } of await bulk.update(object, updates, enough(work.stopping))) {
      if (failure?.detail.code === 'DUPLICATES_DETECTED') continue;
      if (!failure) work.written.salesforce.bulk += 1;
      fates.set(id, failure);
    }
    work.handing('salesforce', updates.length, updates.length);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    if (['forbidden', 'rejected', 'not-found'].includes(error.kind))
      work.warn(`Salesforce refused Bulk API 2.0, so that many records were written by REST: ${error.message}`);
    else for (const { id } of updates) fates.set(id, error);
  }
}
