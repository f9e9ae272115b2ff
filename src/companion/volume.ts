import { COMPOSITE } from '../salesforce/composite.ts';
import type { Store } from './store.ts';

/** People who are read back and remembered together: as many records as a collections call takes. */
export const BATCH = 200;

/** The same where all was handed in ahead and is only read back: whole pages of contacts, and one composite call. */
export const BATCH_AHEAD = 5 * BATCH;

/** From where on many is many. */
export interface Limits {
  /** Above so many records in a direction Salesforce advises Bulk (facts/salesforce.md section 3, "Limits"). */
  readonly records: number;
  /** Above so many contacts to unsubscribe a bulk import is worth its waiting. */
  readonly contacts: number;
  /** Records of an object that are worth a job, which takes some six calls: more than one composite call carries. */
  readonly job: number;
  /** People whose records are written in one go: as many as one composite call carries. */
  readonly part: number;
  /** The same where Bulk or an import is used: what Salesforce works off at once. Of each, little is kept in memory. */
  readonly largePart: number;
}

export const LIMITS: Limits = { records: 2000, contacts: 50, job: COMPOSITE, part: COMPOSITE, largePart: 10_000 };

/** What a direction of a plan comes to. */
export interface Volume {
  readonly people: number;
  readonly records: number;
  /** Contacts to unsubscribe. */
  readonly contacts: number;
}

/** What is still to be written in a direction. */
export function volumeOf(store: Store, direction: 'out' | 'in'): Volume {
  const row = store.get(
    `SELECT count(*) AS people,
       sum(json_array_length(decision, '$.set') + json_array_length(decision, '$.clear')) AS records,
       sum(json_array_length(decision, '$.unsubscribe') > 0) AS contacts
     FROM reading.decided WHERE direction = ? AND outcome IS NULL`,
    direction,
  );
  return { people: Number(row?.people), records: Number(row?.records ?? 0), contacts: Number(row?.contacts ?? 0) };
}

/** Which ways a direction's writes may take, and how many people are taken on at once. */
export interface Routes {
  readonly bulk: boolean;
  readonly imports: boolean;
  readonly part: number;
}

/**
 * The ways for opt-outs. Opt-ins are never handed in: a job may run long after the person was read again.
 * @param open which ways there are at all
 */
export function routesOf(
  { records, contacts }: Volume,
  limits: Limits,
  open: { readonly bulk: boolean; readonly imports: boolean },
): Routes {
  const bulk = open.bulk && records > limits.records;
  const imports = open.imports && contacts > limits.contacts;
  return { bulk, imports, part: bulk || imports ? limits.largePart : limits.part };
}
