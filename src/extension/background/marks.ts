import { addressOf } from '../../consent/facts.ts';
import { fieldIn } from '../../salesforce/field-name.ts';
import { malformed } from '../../salesforce/line.ts';
import { fromEach } from '../../salesforce/person.ts';
import { liveCondition, soqlString } from '../../salesforce/salesforce.ts';
import type { Mark, Marks } from '../messages.ts';
import type { Act } from './act.ts';
import type { Shelf } from './keeper.ts';
import type { problemOf } from './problem-of.ts';
import type { Reading } from './reading.ts';
import type { Services } from './sides.ts';
import type { OpenRecord } from './statuses.ts';

export interface MarkPorts {
  readonly services: Pick<Services, 'salesforce'>;
  /** Kept beside the readings. */
  readonly shelf: Shelf;
  /** The person as last read from a record's page, if it was. */
  reading(record: OpenRecord): Promise<Reading | null>;
  /** Acts on their way. */
  open(): Promise<readonly Act[]>;
  /** Milliseconds since the epoch. */
  now(): number;
  readonly problemOf: typeof problemOf;
}

/** What Salesforce said of an address. */
interface Said {
  /** Null: no live record that the user may see has this address. */
  readonly out: boolean | null;
  /** Ids of the records with it. */
  readonly records: readonly string[];
  /** When it was read, in milliseconds. */
  readonly at: number;
}

type Kept = { readonly [address: string]: Said };

/** As long as a list may go without being asked about again, in milliseconds. */
const FRESH_FOR = 2 * 60_000;
/** As long as what a record's page showed of ActiveCampaign is worth telling. */
const READING_FOR = 10 * 60_000;
/** Addresses kept of one org. */
const MOST = 500;
/** A query travels in the address line, of which Salesforce takes 16,384 bytes (facts/salesforce.md section 2). */
const QUERY_BYTES = 8_000;

/**
 * What a list is to show of each address. Salesforce is asked about all that are not known yet at once, one query for
 * contacts and one for leads; an address is out when any live record with it is. ActiveCampaign is not asked: at five
 * requests a second for the whole account, a screen of fifty would hold up every other rep for ten seconds. What a
 * record's page has read of it lately is told, and else that it was not asked.
 */
export async function marksOf(ports: MarkPorts, host: string, addresses: readonly string[]): Promise<Marks> {
  // Named in cache.ts too, which forgets them with the readings.
  const key = `marks ${host}`;
  const wanted = [...new Set(addresses.map(addressOf))].filter((address) => address !== '');
  const leaving = new Set(await leavingOf(ports, host));
  const { said: known, stale, problem } = await look(ports, host, key, wanted);
  for (const address of await leavingOf(ports, host)) leaving.add(address);
  const markOf = async (address: string): Promise<Mark> => {
    // What is too old is no answer, unless it says no.
    const said = stale.has(address) && !known[address]?.out ? undefined : known[address];
    const readings = await Promise.all((said?.records ?? []).map((record) => ports.reading({ host, record })));
    const out = leaving.has(address) || said?.out;
    return {
      salesforce: out ? 'out' : out === false ? 'in' : 'unknown',
      activecampaign: activeCampaignOf(readings, address, ports.now()),
    };
  };
  const marks = await Promise.all(wanted.map(async (address) => [address, await markOf(address)] as const));
  return { marks: Object.fromEntries(marks), problem };
}

/** What is known of these addresses, after Salesforce was asked about all that are not known or too old; else `stale` has them. */
async function look(
  ports: MarkPorts,
  host: string,
  key: string,
  wanted: readonly string[],
): Promise<{ readonly said: Kept; readonly stale: ReadonlySet<string>; readonly problem: Marks['problem'] }> {
  const { shelf, now } = ports;
  for (let again = true; ; again = false) {
    const kept = (await shelf.get(key)) as Kept | undefined;
    const age = (address: string) => Math.abs(now() - (kept?.[address]?.at ?? Number.NEGATIVE_INFINITY));
    const unknown = wanted.filter((address) => age(address) > FRESH_FOR);
    if (unknown.length === 0) return { said: kept ?? {}, stale: new Set(), problem: null };
    try {
      if (!kept) await shelf.set(key, {});
      const fresh = await ask(ports, host, unknown);
      // Gone: somebody was changed meanwhile, and it may be before that that Salesforce answered.
      const still = (await shelf.get(key)) as Kept | undefined;
      if (!still && again) continue;
      const said = { ...still, ...fresh };
      const latest = Object.entries(said).sort(([, a], [, b]) => b.at - a.at);
      if (still) await shelf.set(key, Object.fromEntries(latest.slice(0, MOST)));
      return { said, stale: new Set(), problem: null };
    } catch (cause) {
      return { said: kept ?? {}, stale: new Set(unknown), problem: ports.problemOf(cause).kind };
    }
  }
}

/** Addresses of who is being opted out in this org. */
async function leavingOf(ports: MarkPorts, host: string): Promise<readonly string[]> {
  const acts = await ports.open();
  return acts.flatMap((act) => (act.host === host && act.wish.kind === 'opt-out' ? (act.address ?? []) : []));
}

/** What Salesforce says of these addresses; rejects when it cannot be asked about all of them. */
async function ask({ services, now }: MarkPorts, host: string, addresses: readonly string[]): Promise<Kept> {
  const { client, field } = await services.salesforce(host);
  const at = now();
  const said = new Map<string, { out: boolean | null; records: string[]; at: number }>(
    addresses.map((address) => [address, { out: null, records: [], at }]),
  );
  await fromEach(async (object) => {
    const queries = chunks(addresses).map(
      (chunk) =>
        `SELECT Id, Email, ${field} FROM ${object} WHERE Email IN (${chunk.map(soqlString).join(', ')})${liveCondition(object)}`,
    );
    await Promise.all(
      queries.map(async (soql) => {
        for await (const rows of client.query(soql))
          for (const row of rows) {
            const { Id: id, Email: email } = row;
            const set = fieldIn(row, field);
            if (typeof set !== 'boolean')
              throw malformed('GET query', `a record whose ${field} is neither true nor false`);
            const found = said.get(addressOf(`${email}`));
            found?.records.push(`${id}`);
            if (found) found.out = found.out || set;
          }
      }),
    );
  });
  return Object.fromEntries(said);
}

/** Addresses that fit into one query each. */
function chunks(addresses: readonly string[]): string[][] {
  const found: string[][] = [];
  let room = 0;
  for (const address of addresses) {
    const bytes = encodeURIComponent(soqlString(address)).length + 6;
    if (room < bytes) {
      found.push([]);
      room = QUERY_BYTES;
    }
    found.at(-1)?.push(address);
    room -= bytes;
  }
  return found;
}

/** What a page that showed one of the records lately knew of ActiveCampaign, null when that is nothing. */
function activeCampaignOf(readings: readonly (Reading | null)[], address: string, now: number): Mark['activecampaign'] {
  const [latest] = readings
    .filter((reading) => reading !== null)
    .filter((reading) => reading.address === address && Math.abs(now - Date.parse(reading.readAt)) < READING_FOR)
    .sort((a, b) => b.readAt.localeCompare(a.readAt));
  if (!latest?.activeCampaignUrl) return null;
  if (latest.lists.some(({ status }) => status === 'active')) return 'in';
  return latest.bounced || latest.lists.some(({ status }) => status === 'unsubscribed') ? 'out' : null;
}
