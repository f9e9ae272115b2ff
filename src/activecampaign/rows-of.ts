import type { Connection } from './connection.ts';
import { PAGE } from './contact-page.ts';
import { type Item, itemsOf, textOf } from './wire.ts';

/** What a page holds where `limit` is passed over (facts/activecampaign.md section 2). */
const USUAL_PAGE = 20;

/**
 * All rows of one kind that hang on one contact. The reply does not say how many there are (facts section 4), so that one
 * that may be a full page is followed up until nothing new comes; an account that does not cut gives the same again.
 * Rejects with a ServiceFailure, of kind `not-found` when the contact is gone.
 */
export async function rowsOf(
  connection: Connection,
  contact: string,
  kind: 'contactLists' | 'contactTags',
): Promise<readonly Item[]> {
  const path = `/contacts/${contact}/${kind}`;
  const rows: Item[] = [];
  const seen = new Set<string>();
  for (;;) {
    const query = { limit: `${PAGE}`, ...(rows.length === 0 ? {} : { offset: `${rows.length}` }) };
    const page = await connection.ask({ path, query }, (body) => itemsOf(body, kind));
    const fresh = rows.length === 0 ? page : page.filter((row) => !seen.has(textOf(row.id)));
    for (const row of fresh) seen.add(textOf(row.id));
    rows.push(...fresh);
    if (fresh.length === 0 || page.length % USUAL_PAGE !== 0) return rows;
  }
}
