import { liveCondition, OBJECTS, type PersonObject, type Query, type Questions } from '../salesforce/salesforce.ts';
import { type FailureKind, ServiceFailure } from '../service/failure.ts';
import { countsByGroup } from './objects.ts';
import type { Tally } from './records.ts';
import type { Store } from './store.ts';

/** How many live records with an address Salesforce counts, and how many of them are set. */

/** What has to be asked for it, to be asked along with other things. */
export function countQueries(store: Store, field: string): Query[] {
  return OBJECTS.flatMap((object) =>
    countsByGroup(store, object)
      ? [{ soql: grouped(object, field) }]
      : [{ soql: count(object, '') }, { soql: count(object, ` AND ${field} = true`) }],
  );
}

function count(object: PersonObject, condition: string): string {
  return `SELECT COUNT(Id) n FROM ${object} WHERE Email != null${condition}${liveCondition(object)}`;
}

function grouped(object: PersonObject, field: string): string {
  return `SELECT ${field}, COUNT(Id) n FROM ${object} WHERE Email != null${liveCondition(object)} GROUP BY ${field}`;
}

/**
 * Whether Salesforce counts as many live records, and as many set, as there should be. It shows what no stamp does: a
 * record that was purged, or that came into or out of the API user's sight.
 */
export async function countsAgree(
  questions: Questions,
  store: Store,
  field: string,
  held: Readonly<Record<PersonObject, Tally>>,
): Promise<boolean> {
  for (const object of OBJECTS) {
    const counted = await orUncounted(async () => {
      const groups = countsByGroup(store, object)
        ? await orUncounted(() => byGroup(questions, object, field))
        : undefined;
      return groups ?? (await oneByOne(questions, object, field));
    });
    if (counted === undefined || counted.live !== held[object].live || counted.set !== held[object].set) return false;
  }
  return true;
}

async function byGroup(questions: Questions, object: PersonObject, field: string): Promise<Tally> {
  const of = { true: 0, false: 0 };
  for await (const page of questions.query(grouped(object, field)))
    for (const { [field]: box, n } of page) {
      // A group without a value is no group that a checkbox has.
      if (typeof box !== 'boolean' || typeof n !== 'number') return { live: -1, set: -1 };
      of[`${box}`] += n;
    }
  return { live: of.true + of.false, set: of.true };
}

async function oneByOne(questions: Questions, object: PersonObject, field: string): Promise<Tally> {
  const rows = async (soql: string): Promise<number> => {
    for await (const [row] of questions.query(soql)) if (typeof row?.n === 'number') return row.n;
    return -1;
  };
  return { live: await rows(count(object, '')), set: await rows(count(object, ` AND ${field} = true`)) };
}

/** A count is there to be compared with: without one everybody is read, and a service that is away is met there. */
const WITHOUT_COUNT: readonly FailureKind[] = ['rejected', 'forbidden', 'not-found', 'malformed'];

/** Undefined where Salesforce will not count, such as where it takes too long, or does so in a way that cannot be read. */
async function orUncounted(work: () => Promise<Tally | undefined>): Promise<Tally | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceFailure && WITHOUT_COUNT.includes(error.kind)) return undefined;
    throw error;
  }
}
