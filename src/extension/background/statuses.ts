import type { Problem, Status } from '../messages.ts';
import type { Act } from './act.ts';
import type { Problematic } from './problem-of.ts';
import type { Reading } from './reading.ts';
import type { waitAfter } from './retry.ts';
import { type Known, NOTHING_KNOWN, statusOf } from './status.ts';

/** A record page open in this browser. */
export interface OpenRecord {
  readonly host: string;
  readonly record: string;
}

export interface StatusPorts {
  readonly cache: {
    get(record: OpenRecord): Promise<Known | undefined>;
    set(record: OpenRecord, known: Known): Promise<void>;
    /** Marks every reading of this org, or of all, as no answer any more. */
    outdate(host?: string): Promise<void>;
  };
  read(record: OpenRecord): Promise<Reading>;
  /** What keeps a reading from being made. */
  problemOf(cause: unknown): Problematic;
  /** How long until it is worth another try. */
  readonly waitAfter: typeof waitAfter;
  /** The open act about the person of this record, whose address may be known a moment later. */
  openAct(record: OpenRecord, address: Promise<string | null | undefined>): Promise<Act | undefined>;
  /** The record pages open now. */
  open(): Promise<readonly OpenRecord[]>;
  /** Tabs that show the record now. */
  tabs(record: OpenRecord): Promise<readonly number[]>;
  /**
   * Tells every tab that shows the record, as soon as there is something to tell; answers how many there are. First those
   * of which it is known.
   */
  push(record: OpenRecord, status: Promise<Status>, known?: Promise<readonly number[]>): Promise<number>;
  now(): number;
  chance(): number;
  /** Does something after so many milliseconds, if the worker lives that long. */
  later(ms: number, work: () => void): void;
}

export interface Statuses {
  /**
   * The answer as known now; when it is old or `fresh` is asked for, both sides are read and a push follows.
   * @param tab where somebody waits, and is told first
   */
  show(record: OpenRecord, fresh: boolean, tab?: number): Promise<Status>;
  /** The answer as known now, and nothing read; `known` spares looking up what the caller has looked up. */
  current(record: OpenRecord, known?: Promise<Known>): Promise<Status>;
  /** What is known of the record. */
  known(record: OpenRecord): Promise<Known>;
  /** Reads both sides and pushes what they say. Whoever asks meanwhile shares the reading. */
  refresh(record: OpenRecord): Promise<void>;
  /** Pushes the act's progress to every page of the person; reads again when it is done. */
  actChanged(act: Act, done: boolean): Promise<void>;
  /** No reading of this org, or of all, is an answer any more, nor is one under way: it goes by settings or a sign-in of before. */
  outdate(host?: string): Promise<void>;
  /** Reads again for every open page that passes. */
  refreshOpen(passes: (record: OpenRecord) => boolean): Promise<void>;
  /** The person as last read; null: not yet. */
  reading(record: OpenRecord): Promise<Reading | null>;
  /** The person's address as last read, if the record was read. */
  address(record: OpenRecord): Promise<string | null | undefined>;
}

/** A reading younger than this is shown without asking again, in milliseconds. */
const FRESH_FOR = 20_000;
/** A failed reading is tried again this often by itself while a tab shows the record. */
const TRIES = 4;

export function createStatuses(ports: StatusPorts): Statuses {
  const { cache, now } = ports;
  /** Readings under way that will be an answer. */
  const reading = new Map<string, Promise<void>>();
  const failures = new Map<string, number>();
  const keyOf = ({ host, record }: OpenRecord) => `${host} ${record}`;

  const knownOf = async (record: OpenRecord): Promise<Known> => (await cache.get(record)) ?? NOTHING_KNOWN;

  /** The cache and the outbox are asked at the same time: somebody waits for both. */
  async function statusNow(record: OpenRecord, known: Promise<Known>): Promise<Status> {
    const address = known.then(({ reading }) => reading?.address);
    const [now, act] = await Promise.all([known, ports.openAct(record, address)]);
    return statusOf(record.record, now, act);
  }

  /** @param tab where somebody waits */
  function refresh(record: OpenRecord, known = knownOf(record), tab?: number): Promise<void> {
    const key = keyOf(record);
    const running = reading.get(key);
    if (running) return running;
    const counts = () => reading.get(key) === started;
    const started = readAndPush(record, known, counts, tab).finally(() => counts() && reading.delete(key));
    reading.set(key, started);
    return started;
  }

  /** @param counts whether it will still be an answer; else what is read instead is waited for */
  async function readAndPush(
    record: OpenRecord,
    before: Promise<Known>,
    counts: () => boolean,
    tab?: number,
  ): Promise<void> {
    const key = keyOf(record);
    let known: Known;
    let wait: number | undefined;
    // Looked up while the services are asked: what they say is told at once.
    const tabs = tab === undefined ? ports.tabs(record) : Promise.resolve([tab]);
    tabs.catch(() => undefined);
    try {
      known = { reading: await ports.read(record), problem: null, outdated: false };
      if (!counts()) return refresh(record);
      failures.delete(key);
    } catch (cause) {
      if (!counts()) return refresh(record);
      const failed = (failures.get(key) ?? 0) + 1;
      failures.set(key, failed);
      const { retryAfter, ...problem } = ports.problemOf(cause);
      const passing = problem.kind === 'unreachable' || problem.kind === 'rate-limited';
      if (passing && failed <= TRIES) wait = ports.waitAfter(problem.kind, failed + 1, retryAfter, ports.chance());
      known = { ...(await before), problem: { ...problem, retryAt: instant(wait) } };
    }
    const status = statusNow(record, Promise.resolve(known));
    const pushing = ports.push(record, status, tabs);
    // Not before it was said: somebody waits for that.
    await Promise.allSettled([status, tabs]);
    // Whoever asks from now on finds it: the cache answers in the order of asking.
    const [shown] = await Promise.all([pushing, cache.set(record, known)]);
    if (wait !== undefined && shown > 0) ports.later(wait, () => void refresh(record));
  }

  /** A reading that is under way may have been made before the writes: it is waited for, and then made again. */
  async function readAnew(record: OpenRecord): Promise<void> {
    await reading.get(keyOf(record));
    await refresh(record);
  }

  /** What was read before the writes is not the answer any more, though its names and lists may still be shown. */
  async function forget(record: OpenRecord): Promise<void> {
    reading.delete(keyOf(record));
    const known = await cache.get(record);
    if (!known?.reading) return;
    await cache.set(record, { ...known, outdated: true });
  }

  const instant = (wait: number | undefined): Problem['retryAt'] =>
    wait === undefined ? null : new Date(now() + wait).toISOString();

  return {
    refresh: (record) => refresh(record),

    show: async (record, fresh, tab) => {
      const looking = knownOf(record);
      const status = statusNow(record, looking);
      const known = await looking;
      const age = known.reading ? Math.abs(now() - Date.parse(known.reading.readAt)) : Number.POSITIVE_INFINITY;
      if (fresh || known.outdated || known.problem || age > FRESH_FOR) void refresh(record, looking, tab);
      return status;
    },

    actChanged: async (act, done) => {
      const mine = new Set([act.record, ...act.halves.salesforce.before.map(({ id }) => id)]);
      if (done) for (const record of mine) await forget({ host: act.host, record });
      for (const record of await ports.open()) {
        if (record.host !== act.host || !mine.has(record.record)) continue;
        if (done) void readAnew(record);
        else await ports.push(record, statusNow(record, knownOf(record)));
      }
    },

    outdate: async (host = '') => {
      for (const key of reading.keys()) if (key.startsWith(host)) reading.delete(key);
      await cache.outdate(host);
    },

    refreshOpen: async (passes) => {
      await Promise.all((await ports.open()).filter(passes).map(readAnew));
    },

    current: (record, known = knownOf(record)) => statusNow(record, known),

    known: knownOf,

    reading: async (record) => (await knownOf(record)).reading,

    address: async (record) => (await knownOf(record)).reading?.address,
  };
}
