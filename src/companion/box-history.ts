import { OBJECTS, objectOf, type PersonObject, type Salesforce, soqlString } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { idOf, inParts, timeOf } from './query.ts';

/**
 * When field history last shows the box changed, by record id; nothing where the field is not tracked
 * (facts/salesforce.md section 1, "Field history"). Null when the user may not read it.
 */
export async function boxHistory(
  salesforce: Salesforce,
  field: string,
  ids: readonly string[],
): Promise<Map<string, number> | null> {
  const latest = new Map<string, number>();
  const keys: Record<PersonObject, string> = { Contact: 'ContactId', Lead: 'LeadId' };
  for (const object of OBJECTS)
    for (const part of inParts(ids.filter((id) => objectOf(id) === object))) {
      const key = keys[object];
      const soql = `SELECT ${key}, CreatedDate FROM ${object}History WHERE Field = ${soqlString(field)} AND ${key} IN (${part.map(soqlString).join(', ')})`;
      try {
        for await (const page of salesforce.query(soql))
          for (const row of page) {
            const id = idOf(row, key);
            latest.set(id, Math.max(latest.get(id) ?? 0, timeOf(row.CreatedDate) ?? 0));
          }
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        if (error.kind === 'forbidden') return null;
        // An org without history for the object does not know the type; anything else is a failure to read.
        if (error.kind !== 'rejected' && error.kind !== 'not-found') throw error;
      }
    }
  return latest;
}
