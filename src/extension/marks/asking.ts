import { MARKS_PER_MESSAGE, type Mark, type Marks } from '../messages.ts';

/** An address is asked about again after this long, in milliseconds; the background has a cache of its own. */
const ASK_AGAIN = 60_000;
/** As long after a question that nobody answered: a worker may be just starting, or be gone. */
const FAILED = 2_000;

export interface AskingPorts {
  /** Puts the question; undefined for a refusal. Rejects where nobody answers. */
  send(addresses: readonly string[]): Promise<Marks | undefined>;
  /** There is news to draw. */
  changed(): void;
  /** Nobody answered. False ends it: nothing is asked any more. */
  failed(): boolean;
  now(): number;
  later(ms: number, work: () => void): void;
}

/** What is known of addresses, and the asking about the others: one question at a time. */
export interface Asking {
  /** What was answered last; `mark` is undefined where that was a refusal. Undefined: not answered yet. */
  known(address: string): { readonly mark: Mark | undefined } | undefined;
  /** Why marks are not known, in the last answer. */
  readonly problem: Marks['problem'];
  /** Asks about those of them that are not known, or were asked about too long ago. */
  about(addresses: Iterable<string>): void;
  /** Everybody is asked about anew; an answer that is on its way is of before. */
  forget(): void;
}

export function createAsking({ send, changed, failed, now, later }: AskingPorts): Asking {
  const known = new Map<string, { readonly mark: Mark | undefined; readonly at: number }>();
  let wanted: readonly string[] = [];
  let problem: Marks['problem'] = null;
  let asking = false;
  let forgotten = 0;

  async function ask(): Promise<void> {
    const due = (address: string) => now() - (known.get(address)?.at ?? Number.NEGATIVE_INFINITY) > ASK_AGAIN;
    const addresses = wanted.filter(due).slice(0, MARKS_PER_MESSAGE);
    if (asking || addresses.length === 0) return;
    asking = true;
    const before = forgotten;
    try {
      const marks = await send(addresses);
      if (before === forgotten) {
        problem = marks?.problem ?? null;
        // A refusal too is an answer: it is asked again when this one is old.
        for (const address of addresses) known.set(address, { mark: marks?.marks[address], at: now() });
      }
    } catch {
      if (failed()) later(FAILED, () => void ask());
      return;
    } finally {
      asking = false;
    }
    changed();
    void ask();
  }

  return {
    known: (address) => known.get(address),
    get problem() {
      return problem;
    },
    about(addresses) {
      wanted = [...new Set(addresses)];
      void ask();
    },
    forget() {
      forgotten++;
      known.clear();
    },
  };
}
