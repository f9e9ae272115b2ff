import type { Random } from '../random.ts';
import type { Account } from './account.ts';
import type { ContactRow } from './rows.ts';
import { stamp } from './stamps.ts';

/** One person of a bulk import, already looked at. */
export interface ImportedContact {
  readonly email: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly phone?: string;
  readonly tags: readonly string[];
  readonly fields: readonly { readonly id: string; readonly value: string }[];
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
}

/** A request's worth of people, worked off one by one. */
interface Batch {
  readonly id: string;
  readonly contacts: readonly ImportedContact[];
  readonly queuedAt: number;
  done: number;
  /** Contact ids and, where one failed, addresses. */
  readonly success: string[];
  readonly failure: string[];
}

/** Bulk imports: accepted at once, worked off later, in the order of arrival (facts section 8). No webhook comes of them. */
export class Imports {
  readonly #account: Account;
  readonly #random: Random;
  readonly #batches = new Map<string, Batch>();

  constructor(account: Account, random: Random) {
    this.#account = account;
    this.#random = random;
  }

  /** Takes people in and returns the id of their batch. */
  queue(contacts: readonly ImportedContact[]): string {
    const id = this.#uuid();
    const queuedAt = this.#account.clock.now();
    this.#batches.set(id, { id, contacts, queuedAt, done: 0, success: [], failure: [] });
    return id;
  }

  /** Works off the next `count` people, all that wait unless given. */
  run(count = Number.POSITIVE_INFINITY): void {
    let left = count;
    for (const batch of this.#batches.values()) {
      while (left > 0 && batch.done < batch.contacts.length) {
        this.#next(batch);
        left--;
      }
    }
  }

  /** Works off what has waited as long as the switch says. */
  runDue(): void {
    const { clock, switches } = this.#account;
    if (switches.importDelay === 'never') return;
    for (const batch of this.#batches.values()) {
      if (clock.now() - batch.queuedAt < switches.importDelay) continue;
      while (batch.done < batch.contacts.length) this.#next(batch);
    }
  }

  /** What became of a batch; undefined for an unknown one. */
  info(id: string): { status: string; success: readonly string[]; failure: readonly string[] } | undefined {
    const batch = this.#batches.get(id);
    if (!batch) return undefined;
    const status = batch.done === 0 ? 'waiting' : batch.done < batch.contacts.length ? 'active' : 'completed';
    return { status, success: batch.success, failure: batch.failure };
  }

  /** Counts by day, of what waits and of what is done. */
  summary(): { outstanding: DayCount[]; recentlyCompleted: DayCount[] } {
    const batches = [...this.#batches.values()];
    const done = (batch: Batch) => batch.done === batch.contacts.length;
    return {
      outstanding: countByDay(batches.filter((batch) => !done(batch))),
      recentlyCompleted: countByDay(batches.filter(done)),
    };
  }

  #next(batch: Batch): void {
    const contact = batch.contacts[batch.done++];
    if (!contact) return;
    // Passed over without a word; by which criteria is unsure (facts section 8).
    if (this.#account.isExcluded(contact.email)) return;
    const row = this.#take(contact);
    if (row) batch.success.push(row.id);
    else batch.failure.push(contact.email);
  }

  #take(imported: ImportedContact): ContactRow | undefined {
    const account = this.#account;
    if (!/^[^@\s']+@[^@\s.]+\.[^@\s]+$/.test(imported.email)) return undefined;
    const { email, tags, fields, subscribe, unsubscribe, ...names } = imported;
    const row = account.contactByEmail(email) ?? account.addContact({ email, ...names });
    account.change(row, names, { by: 'import' });
    for (const tag of tags) account.tag(row, tag, { by: 'import' });
    for (const { id, value } of fields) account.setField(row, id, value);
    for (const list of unsubscribe) {
      if (account.membership(row, list)) account.unsubscribe(row, list, { by: 'import' });
    }
    for (const list of subscribe) {
      if (!account.lists.has(list) || account.isExcluded(email, list)) continue;
      // Who has left a list is not put back on it: passed over without a word.
      if (account.membership(row, list)?.status !== 2) account.subscribe(row, list, { by: 'import' });
    }
    return row;
  }

  #uuid(): string {
    const hex = (length: number) => Array.from({ length }, () => Math.floor(this.#random() * 16).toString(16)).join('');
    return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  }
}

/** As on the wire: numbers are strings. */
export interface DayCount {
  readonly forDate: string;
  readonly batches: string;
  readonly contacts: string;
}

function countByDay(batches: readonly Batch[]): DayCount[] {
  const days = Map.groupBy(batches, (batch) => stamp(batch.queuedAt).slice(0, 10));
  return [...days].map(([forDate, ofDay]) => ({
    forDate,
    batches: String(ofDay.length),
    contacts: String(ofDay.reduce((sum, batch) => sum + batch.contacts.length, 0)),
  }));
}
