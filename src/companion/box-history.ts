import { type Salesforce, soqlString } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { idOf, queriesById, timeOf } from './query.ts';

/**
 * When field history last shows the box changed, by record id; nothing where the field is not tracked
 * (facts/salesforce.md section 1, "Field history"). Null when it could not be read: the user may not, or Salesforce refused
 * the query, as where that took too long.
 */
export async function boxHistory(
  salesforce: Salesforce,
  field: string,
  ids: readonly string[],
): Promise<Map<string, number> | null> {
  const latest = new Map<string, number>();
  const queries = queriesById(ids, (object, list) => {
    const key = `${object}Id`;
    const where = `Field = ${soqlString(field)} AND ${key} IN (${list})`;
    return { key, soql: `SELECT ${key}, CreatedDate FROM ${object}History WHERE ${where}` };
  });
  // One by one: each may be refused by itself.
  for (const { key, soql } of queries)
    try {
      for await (const page of salesforce.query(soql))
        for (const row of page) {
          const id = idOf(row, key);
          latest.set(id, Math.max(latest.get(id) ?? 0, timeOf(row.CreatedDate) ?? 0));
        }
    } catch (error) {
      if (isWithoutHistory(error)) continue;
      if (error instanceof ServiceFailure && (error.kind === 'forbidden' || error.kind === 'rejected')) return null;
      throw error;
    }
  return latest;
}

/** Whether this says that the org keeps no history for an object: it does not know the type then. */
export function isWithoutHistory(error: unknown): boolean {
  return error instanceof ServiceFailure && (error.detail.code === 'INVALID_TYPE' || error.kind === 'not-found');
}
