import { ServiceFailure } from '../service/failure.ts';
import { isObject } from '../service/http.ts';
import { malformed, type Outbound } from './line.ts';
import { rowRefusalOf } from './refusal.ts';
import { longId, type RecordUpdate, type UpdateOutcome } from './salesforce.ts';

/** Records that one collections call may carry. */
export const CHUNK = 200;
/** How often a row is sent that somebody else holds locked. */
const LOCK_TRIES = 3;
const LOCK_PAUSE_MS = 400;

/** What became of one row: undefined is success. */
export type Fate = ServiceFailure | undefined;

/**
 * Sets fields of records by the collections API, row by row on their own account; see `Salesforce.update`.
 *
 * Rows locked by somebody else's save are sent again after a pause. When a call is refused for a reason that the next
 * would meet too (signed out, no right, no calls left), the rest is not sent and shares its failure.
 */
export async function updateAll(options: {
  readonly updates: readonly RecordUpdate[];
  /** Sends one call of at most `size` records and gives their fates in order; rejects with nothing. */
  readonly send: (chunk: readonly RecordUpdate[]) => Promise<readonly Fate[]>;
  /** Records that one call carries; 200 unless given. */
  readonly size?: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
}): Promise<readonly UpdateOutcome[]> {
  const { updates, send, size = CHUNK, sleep, random } = options;
  const fates = new Map<RecordUpdate, Fate>();
  // Contacts first: a collections call may change between objects ten times at most (facts/salesforce.md section 2).
  let open = updates.toSorted((a, b) => Number(a.object === 'Lead') - Number(b.object === 'Lead'));
  let halted: Fate;

  for (let sent = 1; open.length > 0 && !halted; sent++) {
    if (sent > 1) await sleep(LOCK_PAUSE_MS * (sent - 1) * (0.5 + random()));
    for (let from = 0; from < open.length; from += size) {
      const chunk = open.slice(from, from + size);
      const results: readonly Fate[] = halted ? chunk.map(() => halted) : await send(chunk);
      chunk.forEach((update, row) => {
        fates.set(update, results[row]);
      });
      halted ??= results.find((failure) => failure && haltsAll(failure));
    }
    open = sent < LOCK_TRIES ? open.filter((update) => fates.get(update)?.detail.code === 'UNABLE_TO_LOCK_ROW') : [];
  }
  return updates.map((update) => {
    const failure = fates.get(update);
    return failure ? { id: update.id, failure } : { id: update.id };
  });
}

/** Whether the calls that follow would fail the same way. A row's own failure has no HTTP status. */
function haltsAll({ detail }: ServiceFailure): boolean {
  const { kind, status } = detail;
  return status !== undefined && (kind === 'unauthorised' || kind === 'forbidden' || kind === 'rate-limited');
}

/** The collections call for up to 200 records. */
export function collectionCall(base: string, updates: readonly RecordUpdate[]): Outbound {
  const records = updates.map(({ object, id, values }) => ({ attributes: { type: object }, id, ...values }));
  return {
    method: 'PATCH',
    path: `${base}/composite/sobjects`,
    headers: {
      // Without it an update runs the org's lead assignment rule and may change the owner (facts section 0).
      'Sforce-Auto-Assign': 'FALSE',
      'Sforce-Call-Options': 'client=optbridge',
      // A duplicate rule that only warns would refuse the update otherwise (facts section 2).
      'Sforce-Duplicate-Rule-Header': 'allowSave=true',
    },
    body: JSON.stringify({ allOrNone: false, records }),
  };
}

/** Each row's fate out of the reply to a collections call; undefined when it is not the reply to these updates. */
export function fatesOf(call: string, updates: readonly RecordUpdate[], body: unknown): readonly Fate[] | undefined {
  if (!Array.isArray(body) || body.length !== updates.length) return undefined;
  return updates.map(({ id }, row): Fate => {
    const result: unknown = body[row];
    if (!isObject(result)) return malformed(call, 'no result for this record');
    if (result.success !== true) return rowRefusalOf(call, result.errors);
    const same = typeof result.id !== 'string' || longId(result.id) === longId(id);
    return same ? undefined : malformed(call, 'the result is about another record');
  });
}

/** The same failure for every row of a call that failed as a whole; anything but a ServiceFailure is thrown on. */
export function sharedFate(updates: readonly RecordUpdate[], error: unknown): readonly Fate[] {
  if (!(error instanceof ServiceFailure)) throw error;
  return updates.map(() => error);
}
