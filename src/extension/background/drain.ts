import type { ServiceName } from '../../service/failure.ts';
import type { Problem } from '../messages.ts';
import { type Act, type Aim, type Half, logOf, movable, newAct, type Person, SERVICES, withHalf } from './act.ts';
import type { BookPorts, OutboxStore } from './book.ts';
import { isMisdirected } from './discard.ts';
import { isLate, speaksAgainst } from './meanwhile.ts';
import { OwnFailure } from './problem.ts';
import { type Problematic, problemOf } from './problem-of.ts';
import { LONGEST_WAIT, waitAfter, waitsForSomebody } from './retry.ts';
import { type Before, type Row, sameRow } from './row.ts';
import { type Todo, todoOf } from './todo.ts';
import { letsIn, type Wish } from './wish.ts';

/** One service, as far as an act needs it. Failures are `ServiceFailure`s. */
export interface Side {
  /** Every row of the person now. */
  read(act: Act): Promise<readonly Row[]>;
  /** Sets these rows to their goals. Rejects when a row could not be set; the others are tried all the same. */
  write(act: Act, rows: readonly Todo[]): Promise<void>;
}

export interface DrainPorts extends Pick<BookPorts, 'now' | 'changed'> {
  readonly store: Omit<OutboxStore, 'add'>;
  readonly sides: Readonly<Record<ServiceName, Side>>;
  /** The address of the act's record, in lower case, or null. */
  address(act: Act): Promise<string | null>;
  /** A number from 0 to 1. */
  chance(): number;
  /** Whether each change is to be logged as a task. */
  logs(): Promise<boolean>;
  /** Makes the task of an act, if it is not there. Rejects with a failure. */
  log(act: Act): Promise<void>;
  /** Runs `work` while nobody else in this browser holds the lock of this name. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** How often a task is tried that Salesforce does not take: for some three days. */
const LOG_TRIES = 15;
/** How many times one try writes before it waits for the next: read-back may lag behind the write. */
const WRITES_PER_TRY = 2;

export interface Drain {
  /** Tries every half that is due, all acts side by side. Resolves when none is due any more. */
  drain(): Promise<void>;
  /** Makes halves due at once whose problem has perhaps gone: the network is back, somebody signed in. */
  hurry(gone: (problem: Problem, act: Act) => boolean): Promise<void>;
  /**
   * Ends an act that can never be sent as things stand, for good, and answers true. It is tried once more before that:
   * one that can be sent by now is sent, and false the answer.
   */
  discard(id: string): Promise<boolean>;
  /** The latest acts that are over, the latest first, at most so many. */
  latest(count: number): Promise<readonly Act[]>;
  /** All acts about this person, the latest first. */
  acts(person: Person): Promise<readonly Act[]>;
  /** Whether a wish still holds as both sides are now. Rejects when one cannot be read. */
  holds(person: Person & Aim, wish: Wish): Promise<boolean>;
}

/** What sets about the acts in the book, step by step, and looks back at them. */
export function createDrain(ports: DrainPorts): Drain {
  const { store, sides, now } = ports;

  async function change(id: string, edit: (act: Act) => Act): Promise<Act> {
    const act = await store.change(id, edit);
    ports.changed(act);
    return act;
  }

  function isDue({ nextTry, tried = 0 }: Pick<Half, 'nextTry' | 'tried'>): boolean {
    return nextTry <= now() || tried > now() || nextTry > now() + LONGEST_WAIT;
  }

  const logDue = (act: Act): boolean => {
    const log = logOf(act);
    return !!log && isDue(log);
  };
  const dueOf = (act: Act) => movable(act).filter((service) => isDue(act.halves[service]));

  /** Two wake-ups never run one act at once: the second waits for the lock and finds nothing due. */
  async function tryAct(id: string): Promise<void> {
    await ports.lock(`optbridge-act-${id}`, async () => {
      let act = await store.get(id);
      if (!act || dueOf(act).length === 0) return;
      // What was under way for an act that this one has overtaken ends first, or it could arrive after ours.
      for (const earlier of act.overtook) await ports.lock(`optbridge-act-${earlier}`, async () => undefined);
      if (act.address === undefined) {
        try {
          const address = await ports.address(act);
          act = await change(id, (current) => ({ ...current, address }));
        } catch (cause) {
          for (const service of SERVICES) await failed(id, service, cause);
          return;
        }
      }
      // Durable before there is anything to log.
      if (act.log === undefined && (await ports.logs()))
        act = await store.change(id, (current) => ({ ...current, log: { attempt: 0, nextTry: now() } }));
      const begun = act;
      await Promise.all(dueOf(act).map((service) => tryHalf(begun, service)));
    });
  }

  /** One half, from whatever step it is at. A failing half says so in the act and leaves the other alone. */
  async function tryHalf(begun: Act, service: ServiceName): Promise<void> {
    const { id } = begun;
    const side = sides[service];
    for (let writes = 0; ; writes++) {
      const act = writes === 0 ? begun : await store.get(id);
      if (!act || act.ended) return;
      const { step: from, attempt } = act.halves[service];
      let rows: readonly Row[];
      let overruled: boolean;
      try {
        overruled = writes === 0 && (await overruledElsewhere(act, service));
        rows = await side.read(act);
      } catch (cause) {
        return failed(id, service, cause);
      }
      // What goes through at first is not judged by clocks.
      if (attempt > 0 || isLate(act, now())) overruled ||= speaksAgainst(act, service, rows);
      const todo = overruled ? null : todoOf(act.wish, service, rows, from !== 'wanted');
      if (!todo) return void (await change(id, (current) => ({ ...current, ended: current.ended ?? 'changed' })));
      const at = now();
      // A side that lets mail through again has nothing verified before the other one agreed to be read.
      const early = letsIn(act.wish) && from === 'wanted';
      const step = todo.length === 0 && !early ? 'verified' : 'read';
      const read = await change(id, (current) =>
        withHalf(current, service, {
          step,
          before: earliest(current.halves[service].before, rows, at),
          ...(step === 'verified' && { verifiedAt: at, problem: null, left: rows.map(leftOf) }),
        }),
      );
      if (step === 'verified' || early || read.ended) return;
      if (writes === WRITES_PER_TRY) return failed(id, service, new OwnFailure(service, 'malformed', 'not_yet'));
      try {
        await side.write(read, todo);
      } catch (cause) {
        return failed(id, service, cause);
      }
      await change(id, (current) => withHalf(current, service, { step: 'sent' }));
    }
  }

  /**
   * Whether the other side says that the act does not hold any more. Rejects when that cannot be read and mail would be let
   * through; an opt-out waits for nobody.
   */
  async function overruledElsewhere(act: Act, service: ServiceName): Promise<boolean> {
    const other = service === 'salesforce' ? 'activecampaign' : 'salesforce';
    const lets = letsIn(act.wish);
    if (!isLate(act, now()) && !(lets && act.halves[other].step === 'verified')) return false;
    const rows = sides[other].read(act);
    return speaksAgainst(act, other, lets ? await rows : await rows.catch(() => []));
  }

  /** When what failed is tried again, and the problem as it is kept until then. */
  function again({ retryAfter, ...problem }: Problematic, attempt: number, chance: number) {
    const tried = now();
    const nextTry = tried + waitAfter(problem.kind, attempt, retryAfter, chance);
    const retryAt = waitsForSomebody(problem.kind) ? null : new Date(nextTry).toISOString();
    return { nextTry, tried, problem: { ...problem, retryAt } satisfies Problem };
  }

  async function failed(id: string, service: ServiceName, cause: unknown): Promise<void> {
    const problematic = problemOf(cause);
    const chance = ports.chance();
    await change(id, (act) => {
      const attempt = act.halves[service].attempt + 1;
      return withHalf(act, service, { attempt, ...again(problematic, attempt, chance) });
    });
  }

  /** The last step, under a lock of its own: it holds up no later click, and nothing hangs on it. */
  async function tryLog(id: string): Promise<void> {
    await ports.lock(`optbridge-log-${id}`, async () => {
      const act = await store.get(id);
      if (!act || !logDue(act)) return;
      const failed = await ports.log(act).then(() => null, problemOf);
      const chance = ports.chance();
      const logged = await store.change(id, (current) => {
        const attempt = (current.log?.attempt ?? 0) + 1;
        if (!failed) return { ...current, log: null, unlogged: null };
        const { nextTry, problem } = again(failed, attempt, chance);
        return attempt >= LOG_TRIES
          ? { ...current, log: null, unlogged: { ...problem, retryAt: null } }
          : { ...current, log: { attempt, nextTry }, unlogged: problem };
      });
      // Pages of the person show whether the task is there; when it is tried again is no news to them.
      if (!!act.unlogged !== !!logged.unlogged) ports.changed(logged);
    });
  }

  return {
    latest: (count) => store.latest(count),

    acts: (person) => store.of(person),

    drain: async () => {
      for (let first = true; ; first = false) {
        const open = await store.open();
        const tries = [
          ...open.filter((act) => dueOf(act).length > 0).map(({ id }) => tryAct(id)),
          ...open.filter(logDue).map(({ id }) => tryLog(id)),
        ];
        if (tries.length === 0) {
          // What was to be done is done, whether or not there is room made for more.
          if (!first) await store.forget(now()).catch(() => undefined);
          return;
        }
        await Promise.all(tries);
      }
    },

    hurry: async (gone) => {
      for (const act of await store.open()) {
        if (logOf(act)?.attempt)
          await store.change(act.id, (current) => ({ ...current, log: { attempt: 1, nextTry: now() } }));
        const late = SERVICES.filter((service) => {
          const { problem, step } = act.halves[service];
          return step !== 'verified' && problem !== null && gone(problem, act);
        });
        if (late.length === 0) continue;
        const due = now();
        await change(act.id, (current) =>
          late.reduce((edited, service) => withHalf(edited, service, { nextTry: due }), current),
        );
      }
    },

    discard: async (id) => {
      const before = await store.get(id);
      if (!before || !isMisdirected(before)) return false;
      // What is wrong afterwards is wrong now.
      await change(id, (act) =>
        movable(act).reduce((edited, service) => withHalf(edited, service, { nextTry: now(), problem: null }), act),
      );
      await tryAct(id);
      return ports.lock(`optbridge-act-${id}`, async () => {
        const { ended } = await change(id, (act) =>
          isMisdirected(act) ? { ...act, ended: 'discarded', discardedAt: now() } : act,
        );
        return ended === 'discarded';
      });
    },

    holds: async (person, wish) => {
      const act = newAct('', person, now(), wish);
      const held = await Promise.all(
        SERVICES.map(async (service) => todoOf(wish, service, await sides[service].read(act), false) !== null),
      );
      return held.every(Boolean);
    },
  };
}

const leftOf = ({ id, field, value, stamp }: Row) => ({ id, ...(field && { field }), value, stamp });

/** What was said before, with rows seen for the first time added; a row that is there keeps its earliest word. */
function earliest(before: readonly Before[], rows: readonly Row[], at: number): readonly Before[] {
  const added = rows
    .filter((row) => !before.some((known) => sameRow(known, row)))
    .map(({ id, of, field, contact, value }) => ({ id, of, ...(field && { field }), contact, value, at }));
  return added.length > 0 ? [...before, ...added] : before;
}
