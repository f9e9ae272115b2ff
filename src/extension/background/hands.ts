import type { Place } from '../messages.ts';
import type { Settings } from '../settings/catalogue.ts';
import type { Act } from './act.ts';
import type { Toolbar } from './badge.ts';
import type { Book, BookPorts } from './book.ts';
import type { Drain } from './drain.ts';
import type { Keeper, Shelf } from './keeper.ts';
import type { PlacePorts } from './placed.ts';
import type { problemOf } from './problem-of.ts';
import type { SessionStore } from './session.ts';
import type { Services } from './sides.ts';
import type { OpenRecord, Statuses } from './statuses.ts';

/** What the worker's first script hands to the two that it runs later: what it has made, and what it takes of the browser. */
export interface Hands extends Omit<BookPorts, 'newId'> {
  readonly services: Services & { forget(): void };
  readonly statuses: Statuses;
  readonly book: Book;
  readonly keeper: Keeper;
  readonly shelf: Shelf;
  readonly sessionStore: SessionStore;
  /** Hosts of the orgs that somebody is signed in to. */
  signedInHosts(): Promise<readonly string[]>;
  settings(): Promise<Settings>;
  readonly places: PlacePorts;
  /** What a tab shows of an org, null where it is another page. */
  shown(tab: number): Promise<{ readonly host: string; readonly record: string | null } | null>;
  openRecords(): Promise<readonly OpenRecord[]>;
  readonly toolbar: Toolbar;
  /** Draws one tab's sign anew. */
  look(tab: number): Promise<void>;
  /** Works the outbox off; does not reject. */
  work(): Promise<void>;
  openOptions(): Promise<void>;
  /** A text of `_locales`. */
  say(key: string, ...values: string[]): string;
  chance(): number;
  /** Does something after so many milliseconds, if the worker lives that long. */
  later(ms: number, work: () => void): void;
  lock<T>(name: string, work: () => Promise<T>): Promise<T>;
  readonly problemOf: typeof problemOf;
  /** What the second script does, for the third. */
  second(): Pick<Drain, 'hurry' | 'discard' | 'latest'>;
  /** What the third script does, for the second. */
  seldom(): {
    log(act: Act): Promise<void>;
    keepPlace(host: string, place: Place): Promise<void>;
  };
}
