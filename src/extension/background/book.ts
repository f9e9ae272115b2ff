import { type Act, type Aim, isDone, logOf, movable, newAct, type Person, samePerson } from './act.ts';
import type { Wish } from './wish.ts';

/** Where acts are kept. Every method resolves only when what it wrote would survive a power cut. */
export interface OutboxStore {
  /** The acts that are not done, oldest first. */
  open(): Promise<readonly Act[]>;
  /** The latest acts that are over, the latest first, at most so many. */
  latest(count: number): Promise<readonly Act[]>;
  get(id: string): Promise<Act | undefined>;
  /** All acts about this person, the latest first. */
  of(person: Person): Promise<readonly Act[]>;
  /**
   * Adds the act as `meet` says of the open ones for the same person. Answers with the act that stands. One transaction.
   */
  add(act: Act): Promise<Act>;
  /** Replaces the act by what `change` makes of it. One transaction. */
  change(id: string, change: (act: Act) => Act): Promise<Act>;
  /** Forgets acts that are over and too many or, at this time in milliseconds, too old. */
  forget(now: number): Promise<void>;
}

export interface BookPorts {
  readonly store: Pick<OutboxStore, 'open' | 'add'>;
  /** Milliseconds since the epoch. */
  now(): number;
  newId(): string;
  /** Told after every step of an act. */
  changed(act: Act): void;
}

export interface Book {
  /** Writes the wish down. Resolves when it is durable; nothing has been sent by then. */
  want(person: Person & Aim, wish?: Wish): Promise<Act>;
  /** When the next half is due, in milliseconds; undefined when all is done. */
  nextDue(): Promise<number | undefined>;
  /** What is left to do, as the store has it. */
  open(): Promise<readonly Act[]>;
  /** The open act about this person, if there is one; whoever it is may be known a moment later. */
  openAct(person: Person | Promise<Person>): Promise<Act | undefined>;
}

/** The book that acts are written in; what sets about them, and looks back at them, is drain.ts. */
export function createBook(ports: BookPorts): Book {
  const { store, now } = ports;

  return {
    want: async (person, wish) => {
      const act = await store.add(newAct(ports.newId(), person, now(), wish));
      ports.changed(act);
      return act;
    },

    nextDue: async () => {
      const tries = (await store.open()).flatMap((act) => {
        const log = logOf(act);
        return [...movable(act).map((service) => act.halves[service].nextTry), ...(log ? [log.nextTry] : [])];
      });
      return tries.length === 0 ? undefined : Math.min(...tries);
    },

    open: () => store.open(),

    openAct: async (wanted) => {
      const [acts, person] = await Promise.all([store.open(), wanted]);
      const open = acts.filter((act) => !isDone(act) && samePerson(act, person));
      return open.find(({ wish }) => wish.kind === 'opt-out') ?? open[0];
    },
  };
}
