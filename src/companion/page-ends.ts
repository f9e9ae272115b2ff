import type { AcContact } from '../activecampaign/activecampaign.ts';
import { PAGE } from '../activecampaign/contact-page.ts';
import type { Store } from './store.ts';

/**
 * Where the pages ended when everybody in ActiveCampaign was read: the next time all pages can be asked for at once. New
 * contacts have higher ids, so that between two ends there are never more than there were.
 */

const KEY = 'contact-pages';

/** Gathers the ends of pages as they come, in whatever order. */
export class PageEnds {
  readonly #pages: { readonly end: bigint; readonly contacts: number }[] = [];

  add(contacts: readonly Pick<AcContact, 'id'>[]): void {
    const last = contacts.at(-1);
    if (last) this.#pages.push({ end: BigInt(last.id), contacts: contacts.length });
  }

  /** Rising; pages that go together into one are one. */
  ends(): string[] {
    const sorted = this.#pages.toSorted((a, b) => (a.end < b.end ? -1 : 1));
    const ends: string[] = [];
    let filled = PAGE;
    for (const { end, contacts } of sorted) {
      const joins = filled + contacts <= PAGE;
      filled = joins ? filled + contacts : contacts;
      ends.splice(joins ? -1 : ends.length, joins ? 1 : 0, `${end}`);
    }
    return ends;
  }
}

/** Keeps them for the next reading of everybody. */
export function keepPageEnds(store: Store, ends: readonly string[]): void {
  store.setMeta(KEY, ends);
}

/** The ends of before, and those of whoever came since, as far as the store knows. */
export function knownPageEnds(store: Store): string[] {
  const ends = store.meta<string[]>(KEY) ?? [];
  const last = ends.at(-1);
  if (last === undefined) return [];
  const since = store
    .all('SELECT id FROM main.contacts WHERE id > CAST(? AS INTEGER) ORDER BY id', last)
    .filter((_, n, all) => n % PAGE === PAGE - 1 || n === all.length - 1);
  return [...ends, ...since.map(({ id }) => String(id))];
}
