import type { AcMembership } from './activecampaign.ts';
import { type Item, idOf, idsOf, membershipOf, textOf } from './wire.ts';

/** Rows by the contact they belong to; undefined when the reply has no such array at all. */
export type RowsByContact = ReadonlyMap<string, readonly Item[]> | undefined;

export function rowsByContact(rows: readonly Item[] | undefined): RowsByContact {
  return rows && Map.groupBy(rows, (row) => textOf(row.contact));
}

/**
 * A contact's memberships out of side-loaded rows, or undefined unless they are certainly all there. Side-loading is
 * undocumented and may have a cap (facts/activecampaign.md section 2), so the ids that the contact itself lists must
 * all have come. Without such ids the table of rows is all there is to go by.
 */
export function membershipsIn(contact: Item, rows: RowsByContact): readonly AcMembership[] | undefined {
  const mine = belonging(contact, 'contactLists', rows)?.map(membershipOf);
  return mine?.every((membership) => membership !== undefined) ? mine : undefined;
}

/** Ids of a contact's tags, by the same rule. */
export function tagIdsIn(contact: Item, rows: RowsByContact): readonly string[] | undefined {
  const mine = belonging(contact, 'contactTags', rows)?.map((row) => idOf(row.tag));
  return mine?.every((tag) => tag !== undefined) ? mine : undefined;
}

/** Whether the contact names its rows of this kind, so that what came can be checked against it. */
export function namesItsOwn(contact: Item, kind: 'contactLists' | 'contactTags'): boolean {
  return idsOf(contact[kind]) !== undefined;
}

function belonging(
  contact: Item,
  kind: 'contactLists' | 'contactTags',
  rows: RowsByContact,
): readonly Item[] | undefined {
  const own = idsOf(contact[kind]);
  if (!rows) return own?.length === 0 ? [] : undefined;
  const mine = rows.get(textOf(contact.id)) ?? [];
  // A handful as a rule: a set would have to be made for each contact.
  return !own || own.every((id) => mine.some((row) => textOf(row.id) === id)) ? mine : undefined;
}
