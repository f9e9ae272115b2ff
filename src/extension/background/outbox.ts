import { ServiceFailure, type ServiceName } from '../../service/failure.ts';
import type { Problem } from '../messages.ts';
import {
  type Act,
  earliest,
  type Half,
  isDone,
  newAct,
  type Row,
  SERVICES,
  samePerson,
  wantedAgain,
  withHalf,
} from './act.ts';
import { type Problematic, problemOf } from './problem.ts';
import { LONGEST_WAIT, waitAfter, waitsForSomebody } from './retry.ts';

/** Where acts are kept. Every method resolves only when what it wrote would survive a power cut. */
export interface OutboxStore {
  /** The acts that are not done, oldest first. */
  open(): Promise<readonly Act[]>;
  get(id: string): Promise<Act | undefined>;
  /**
   * Adds the act, or puts what `again` makes of the open one for the same person in its place. Answers with the act
   * that stands. One transaction.
   */
  add(act: Act, again: (open: Act) => Act): Promise<Act>;
  /** Replaces the act by what `change` makes of it. One transaction. */
  change(id: string, change: (act: Act) => Act): Promise<Act>;
}

/** One service, as far as an act needs it. Failures are `ServiceFailure`s. */
export interface Side {
  /** Every row of the person now. */
  read(act: Act): Promise<readonly Row[]>;
  /** Sets these rows to "out". Rejects when a row could not be set; the others are tried all the same. */
  write(act: Act, rows: readonly Row[]): Promise<void>;
}

export interface OutboxPorts {
  readonly store: OutboxStore;
  readonly sides: Readonly<Record<ServiceName, Side>>;
  /** The address of the act's record, in lower case, or null. */
  address(act: Act): Promise<string | null>;
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number from 0 to 1. */
  chance(): number;
  newId(): string;
  /** Runs `work` while nobody else in this browser holds the lock of this name. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Told after every step of an act. */
  changed(act: Act): void;
}

/** How many times one try writes before it waits for the next: read-back may lag behind the write. */
const WRITES_PER_TRY = 2;

export interface Outbox {
  /** Writes the wish down. Resolves when it is durable; nothing has been sent by then. */
  want(person: Pick<Act, 'host' | 'record' | 'address'>): Promise<Act>;
  /** Tries every half that is due, all acts side by side. Resolves when none is due any more. */
  drain(): Promise<void>;
  /** Makes halves due at once whose problem has perhaps gone: the network is back, somebody signed in. */
  hurry(gone: (problem: Problem, act: Act) => boolean): Promise<void>;
  /** When the next half is due, in milliseconds; undefined when all is done. */
  nextDue(): Promise<number | undefined>;
  /** The open act about this person, if there is one. */
  openAct(person: Pick<Act, 'host' | 'record' | 'address'>): Promise<Act | undefined>;
}

export function createOutbox(ports: OutboxPorts): Outbox {
  const { store, sides, now } = ports;

  async function change(id: string, edit: (act: Act) => Act): Promise<Act> {
    const act = await store.change(id, edit);
    ports.changed(act);
    return act;
  }

  function isDue(half: Half): boolean {
    if (half.step === 'verified') return false;
    return half.nextTry <= now() || half.nextTry > now() + LONGEST_WAIT;
  }

  const hasDue = (act: Act) => SERVICES.some((service) => isDue(act.halves[service]));

  /** Two wake-ups never run one act at once: the second waits for the lock and finds nothing due. */
  async function tryAct(id: string): Promise<void> {
    await ports.lock(`optbridge-act-${id}`, async () => {
      let act = await store.get(id);
      if (!act || !hasDue(act)) return;
      if (act.address === undefined) {
        try {
          const address = await ports.address(act);
          act = await change(id, (current) => ({ ...current, address }));
        } catch (cause) {
          for (const service of SERVICES) await failed(id, service, cause);
          return;
        }
      }
      const due = SERVICES.filter((service) => act !== undefined && isDue(act.halves[service]));
      await Promise.all(due.map((service) => tryHalf(id, service)));
    });
  }

  /** One half, from whatever step it is at. A failing half says so in the act and leaves the other alone. */
  async function tryHalf(id: string, service: ServiceName): Promise<void> {
    const side = sides[service];
    for (let writes = 0; ; writes++) {
      const act = await store.get(id);
      if (!act) return;
      let rows: readonly Row[];
      try {
        rows = await side.read(act);
      } catch (cause) {
        return failed(id, service, cause);
      }
      const todo = rows.filter((row) => row.todo);
      const at = now();
      const step = todo.length === 0 ? 'verified' : 'read';
      const read = await change(id, (current) =>
        withHalf(current, service, {
          step,
          before: earliest(current.halves[service].before, rows, at),
          ...(step === 'verified' && { verifiedAt: at, problem: null }),
        }),
      );
      if (step === 'verified') return;
      if (writes === WRITES_PER_TRY) return failed(id, service, notThereYet(service, todo.length));
      try {
        await side.write(read, todo);
      } catch (cause) {
        return failed(id, service, cause);
      }
      await change(id, (current) => withHalf(current, service, { step: 'sent' }));
    }
  }

  async function failed(id: string, service: ServiceName, cause: unknown): Promise<void> {
    const { retryAfter, ...problem }: Problematic = problemOf(cause);
    const chance = ports.chance();
    await change(id, (act) => {
      const attempt = act.halves[service].attempt + 1;
      const nextTry = now() + waitAfter(problem.kind, attempt, retryAfter, chance);
      const retryAt = waitsForSomebody(problem.kind) ? null : new Date(nextTry).toISOString();
      return withHalf(act, service, { attempt, nextTry, problem: { ...problem, retryAt } });
    });
  }

  return {
    want: async (person) => {
      const at = now();
      const act = await store.add(newAct(ports.newId(), person, at), (open) => wantedAgain(open, at));
      ports.changed(act);
      return act;
    },

    drain: async () => {
      for (;;) {
        const due = (await store.open()).filter(hasDue);
        if (due.length === 0) return;
        await Promise.all(due.map((act) => tryAct(act.id)));
      }
    },

    hurry: async (gone) => {
      for (const act of await store.open()) {
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

    nextDue: async () => {
      const waiting = (await store.open()).flatMap((act) =>
        SERVICES.map((service) => act.halves[service]).filter((half) => half.step !== 'verified'),
      );
      return waiting.length === 0 ? undefined : Math.min(...waiting.map((half) => half.nextTry));
    },

    openAct: async (person) => (await store.open()).find((act) => !isDone(act) && samePerson(act, person)),
  };
}

function notThereYet(service: ServiceName, rows: number): ServiceFailure {
  return new ServiceFailure({
    service,
    kind: 'malformed',
    call: 'read back',
    words: `accepted the change but still shows ${rows === 1 ? 'one row' : `${rows} rows`} as before`,
  });
}
