import type { PersonObject, Salesforce } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { checkNotEmptied } from './check.ts';
import { concludeReading, continuityOf, type FullReason, type RecordsRead } from './continuity.ts';
import { withoutErased } from './erasure.ts';
import { manyRows } from './many-rows.ts';
import type { Progress } from './progress.ts';
import { changedRecords, isLive, liveCondition, liveRecords, OBJECTS, recordOf } from './query.ts';
import type { Reading } from './reading.ts';
import { enterRecords, type Tally, talliesWithChanges } from './records.ts';
import type { Store } from './store.ts';
import { countedFor, enterVanished, readVanished, type Vanishing } from './vanished.ts';

/**
 * A change is stamped inside its transaction and may be seen up to ten minutes later; with a margin
 * (facts/salesforce.md section 2, "Late commit").
 */
const OVERLAP = 15 * 60_000;

/** What reading Salesforce needs. */
export interface SalesforceSide {
  readonly salesforce: Salesforce;
  readonly field: string;
  readonly store: Store;
  readonly reading: Reading;
  readonly progress: Progress;
  /** Told when Bulk was refused, and REST did the work. */
  readonly warn: (words: string) => void;
}

/**
 * Reads Salesforce and enters it in the store, with how far this reading reaches, all of it or nothing. Where a reading of
 * changes does not come to the numbers that Salesforce counts, everybody is read after all.
 * @param why everybody is to be read; null for what has changed
 */
export async function readSalesforce(side: SalesforceSide, why: FullReason | null): Promise<RecordsRead> {
  const { salesforce, store, reading } = side;
  const readFrom = salesforce.serverTime;
  const since = continuityOf(store)?.readAt ?? null;
  const from = since === null ? null : since - OVERLAP;
  const changes = why === null && from !== null ? await readChanges(side, from) : undefined;
  const { vanished, held } = changes ?? {
    vanished: await readEverybody(side, lastReadAt(store)),
    held: reading.records,
  };
  const kind = changes ? 'incremental' : 'full';
  checkNotEmptied('Salesforce', held, store.known().salesforce);
  store.transaction(() => {
    enterRecords(store, kind);
    if (readFrom !== undefined) enterVanished(store, withoutErased(store, countedFor(vanished, reading)), readFrom);
    concludeReading(store, kind, readFrom);
  });
  reading.records = Number(store.get('SELECT count(*) AS n FROM main.records')?.n);
  return kind === 'full' ? { kind, why: why ?? 'counts-differ', since: null } : { kind, why: null, since };
}

/** What vanished is counted from the last finished reading on, whether or not another could go on from that one. */
function lastReadAt(store: Store): number | null {
  const at = store.meta<number>('salesforce-read-at');
  return at === undefined ? null : at - OVERLAP;
}

/** Every live record with an address. Gives what vanished. */
async function readEverybody(side: SalesforceSide, from: number | null): Promise<Vanishing[]> {
  const { salesforce, field, reading } = side;
  reading.forgetRecords();
  for (const object of OBJECTS) await readRows(side, object, liveRecords(object, field, 'Email != null'));
  return from === null ? [] : await readVanished(salesforce, field, from, reading, 'set');
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
  const { salesforce, field, store, reading } = side;
  for (let attempt = 1; attempt <= 2; attempt++) {
    reading.forgetRecords();
    for (const object of OBJECTS) await readRows(side, object, changedRecords(object, field, from));
    const vanished = await readVanished(salesforce, field, from, reading, 'all');
    const held = talliesWithChanges(store);
    if (await countsAgree(salesforce, field, held)) return { vanished, held: held.Contact.live + held.Lead.live };
  }
  return undefined;
}

async function readRows(side: SalesforceSide, object: PersonObject, soql: string): Promise<void> {
  const { salesforce, field, reading, progress, warn } = side;
  const begun = () => {
    reading.salesforceAt ??= salesforce.serverTime ?? null;
  };
  for await (const rows of manyRows(salesforce, soql, field, { begun, warn })) {
    const live = rows.filter(isLive);
    reading.addRecords(live.map((row) => recordOf(row, object, field)));
    reading.addGone(rows.filter((row) => !isLive(row)).map((row) => recordOf(row, object, field).id));
    progress('salesforce', reading.records, undefined);
  }
}

/**
 * Whether the store would hold as many live records, and as many set, as Salesforce counts. It shows what no stamp does:
 * a record that was purged, or that came into or out of the API user's sight.
 */
async function countsAgree(
  salesforce: Salesforce,
  field: string,
  held: Readonly<Record<PersonObject, Tally>>,
): Promise<boolean> {
  for (const object of OBJECTS) {
    const counted = await tallyOf(salesforce, object, field);
    if (counted === undefined || counted.live !== held[object].live || counted.set !== held[object].set) return false;
  }
  return true;
}

/** As Salesforce counts; undefined when it will not, such as where counting takes it too long. */
async function tallyOf(salesforce: Salesforce, object: PersonObject, field: string): Promise<Tally | undefined> {
  const count = async (condition: string): Promise<number> => {
    const soql = `SELECT COUNT(Id) n FROM ${object} WHERE ${condition}${liveCondition(object)}`;
    for await (const [row] of salesforce.query(soql)) if (typeof row?.n === 'number') return row.n;
    return -1;
  };
  try {
    return { live: await count('Email != null'), set: await count(`Email != null AND ${field} = true`) };
  } catch (error) {
    if (error instanceof ServiceFailure && error.kind === 'rejected') return undefined;
    throw error;
  }
}
