import {
  askTogether,
  OBJECTS,
  type PersonObject,
  type Query,
  type Questions,
  type Row,
  type Salesforce,
} from '../salesforce/salesforce.ts';
import { checkNotEmptied } from './check.ts';
import { concludeReading, continuityOf, type FullReason, LATE_COMMIT, type RecordsRead } from './continuity.ts';
import { countQueries, countsAgree } from './count-records.ts';
import { withoutErased } from './erasure.ts';
import { areMany, manyRows } from './many-rows.ts';
import type { ObjectsCheck } from './objects.ts';
import type { Progress } from './progress.ts';
import { changedRecords, isLive, liveRecords, recordOf, timeOf } from './query.ts';
import type { Reading, ReadRecord } from './reading.ts';
import { enterRecords, knownRecords, talliesWithChanges } from './records.ts';
import type { Store } from './store.ts';
import { countedFor, enterVanished, leavingOf, readVanished, type Vanishing, vanishingsOf } from './vanished.ts';

/** What reading Salesforce needs. */
export interface SalesforceSide {
  readonly salesforce: Salesforce;
  readonly field: string;
  readonly store: Store;
  readonly objects: ObjectsCheck;
  readonly reading: Reading;
  readonly progress: Progress;
  /** Told when Bulk was refused, and REST did the work. */
  readonly warn: (words: string) => void;
  /** Resolves when the checks are through; rejects where the run is refused. */
  readonly accepted?: Promise<void>;
  /** Told where Salesforce is empty that was full, and that is accepted. */
  readonly acceptEmpty?: ((words: string) => void) | undefined;
}

/**
 * Reads Salesforce. Where a reading of changes does not come to the numbers that Salesforce counts, everybody is read
 * after all.
 * @param why everybody is to be read; null for what has changed
 * @returns what enters it in the store, with how far this reading reaches, all of it or nothing. To be done once
 * ActiveCampaign is read, too: that a full reading is owed holds until then.
 */
export async function readSalesforce(side: SalesforceSide, why: FullReason | null): Promise<() => RecordsRead> {
  const { salesforce, store, reading } = side;
  await side.accepted;
  const readFrom = salesforce.serverTime ?? (await latestStamp(salesforce));
  const since = continuityOf(store)?.readAt ?? null;
  const from = since === null ? null : since - LATE_COMMIT;
  const changes = why === null && from !== null ? await readChanges(side, from) : undefined;
  const { vanished, held } = changes ?? {
    vanished: await readEverybody(side, lastReadAt(store)),
    held: reading.records,
  };
  const kind = changes ? 'incremental' : 'full';
  checkNotEmptied('Salesforce', held, () => knownRecords(store), side.acceptEmpty);
  return () => {
    store.transaction(() => {
      enterRecords(store, kind);
      if (readFrom !== undefined) enterVanished(store, withoutErased(store, countedFor(vanished, reading)), readFrom);
      concludeReading(store, kind, readFrom);
    });
    reading.records = knownRecords(store);
    return kind === 'full' ? { kind, why: why ?? 'counts-differ', since: null } : { kind, why: null, since };
  };
}

/**
 * The newest stamp in the org: what its clock at least says, where something on the way takes the `Date` header off. Without
 * either nobody could tell what was deleted or converted since.
 */
async function latestStamp(salesforce: Salesforce): Promise<number | undefined> {
  const stamps: number[] = [];
  for (const object of OBJECTS)
    for await (const [row] of salesforce.query(
      `SELECT SystemModstamp FROM ${object} ORDER BY SystemModstamp DESC LIMIT 1`,
    ))
      stamps.push(timeOf(row?.SystemModstamp) ?? 0);
  return stamps.length === 0 ? undefined : Math.max(...stamps);
}

/** What vanished is counted from the last finished reading on, whether or not another could go on from that one. */
function lastReadAt(store: Store): number | null {
  const at = store.meta<number>('salesforce-read-at');
  return at === undefined ? null : at - LATE_COMMIT;
}

/** Every live record with an address. Gives what vanished. */
async function readEverybody(side: SalesforceSide, from: number | null): Promise<Vanishing[]> {
  const { salesforce, field, store, reading } = side;
  reading.forgetRecords();
  const before = talliesWithChanges(store);
  const everybody = OBJECTS.map((object) => ({
    object,
    soql: liveRecords(object, field, 'Email != null'),
    expected: before[object].live,
  }));
  // The first pages of those of whom there are few, or nobody knows how many, come in one call.
  const answers = await askTogether(salesforce, { queries: everybody.filter(({ expected }) => !areMany(expected)) });
  for (const { object, soql, expected } of everybody)
    for await (const rows of rowsOf(side, answers, { soql }, expected)) take(side, object, rows);
  if (from === null) return [];
  const { vanished, leaving } = await readVanished(salesforce, field, from);
  reading.addLeaving(leaving);
  return vanished;
}

/**
 * What has changed: records that are live, that lost their address, or that are gone. Gives what vanished, and how many
 * records the store holds with it; undefined when Salesforce counts otherwise, also when asked again: in between somebody
 * may have been at work.
 */
async function readChanges(
  side: SalesforceSide,
  from: number,
): Promise<{ vanished: Vanishing[]; held: number } | undefined> {
  const { salesforce, field, store, objects, reading } = side;
  for (let attempt = 1; attempt <= 2; attempt++) {
    reading.forgetRecords();
    const changed = OBJECTS.map((object) => ({ object, ...changedRecords(object, field, from) }));
    const queries = [...changed, ...countQueries(store, field)];
    const answers = await askTogether(salesforce, { describe: objects.asks, queries });
    await objects.by(answers);
    const vanished: Vanishing[] = [];
    for (const { object, ...query } of changed)
      for await (const rows of rowsOf(side, answers, query, 0)) {
        take(side, object, rows);
        vanished.push(...rows.flatMap((row) => vanishingsOf(row, field, from)));
        reading.addLeaving(rows.filter((row) => !isLive(row)).flatMap((row) => leavingOf(row, field)));
      }
    const held = talliesWithChanges(store);
    if (await countsAgree(answers, store, field, held)) return { vanished, held: held.Contact.live + held.Lead.live };
  }
  return undefined;
}

function rowsOf(side: SalesforceSide, questions: Questions, query: Query, expected: number) {
  const { salesforce, field: box, reading, progress, warn } = side;
  const begun = () => {
    reading.salesforceAt ??= salesforce.serverTime ?? null;
  };
  const waiting = () => progress('salesforce', reading.records, undefined);
  return manyRows(query, { questions, bulk: salesforce.bulk, box, expected, begun, waiting, warn });
}

function take({ field, reading, progress }: SalesforceSide, object: PersonObject, rows: readonly Row[]): void {
  const live: ReadRecord[] = [];
  const gone: string[] = [];
  for (const row of rows) {
    const record = recordOf(row, object, field);
    if (isLive(row)) live.push(record);
    else gone.push(record.id);
  }
  reading.addRecords(live);
  reading.addGone(gone);
  progress('salesforce', reading.records, undefined);
}
