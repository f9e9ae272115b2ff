import type { Account } from './account.ts';
import { listWire, tagWire } from './account-wire.ts';
import { contactTagWire, contactWire, fieldValueWire, type Linker, membershipWire, type Wire } from './contact-wire.ts';
import type { ContactRow } from './rows.ts';

/**
 * Contacts of a reply with what `include=` asks to come along: each kind as a top-level list, and on each contact the
 * ids of its own (facts section 2). Unknown names are passed over.
 */
export function withSideLoads(
  account: Account,
  contacts: readonly ContactRow[],
  include: string | undefined,
  linker: Linker,
): { contacts: Record<string, unknown>[]; arrays: Record<string, Wire[]> } {
  const asked = new Set((include ?? '').split(',').map((name) => name.trim()));
  const wants = (kind: string) => asked.has(kind) || [...asked].some((name) => name.startsWith(`${kind}.`));
  const arrays: Record<string, Wire[]> = {};
  const cap = account.switches.sideLoadCap;
  const wires: Record<string, unknown>[] = contacts.map((row) => ({ ...contactWire(row, linker) }));

  const load = (kind: string, rowsOf: (row: ContactRow) => { id: string; wire: Wire }[]) => {
    const loaded: Wire[] = [];
    contacts.forEach((row, index) => {
      const rows = rowsOf(row);
      const wire = wires[index];
      if (wire) wire[kind] = rows.map(({ id }) => id);
      for (const { wire } of rows) if (loaded.length < cap) loaded.push(wire);
    });
    arrays[kind] = loaded;
  };

  if (wants('contactLists')) load('contactLists', (row) => membershipsOf(account, row, linker));
  if (asked.has('contactLists.list')) {
    const ids = new Set(contacts.flatMap((row) => [...row.memberships.keys()]));
    arrays.lists = [...ids].flatMap((id) => account.lists.get(id) ?? []).map((list) => listWire(list, linker));
  }
  if (wants('contactTags')) {
    load('contactTags', (row) =>
      [...row.tags.values()].map((tag) => ({ id: tag.id, wire: contactTagWire(tag, linker) })),
    );
  }
  if (asked.has('contactTags.tag')) {
    const ids = new Set(contacts.flatMap((row) => [...row.tags.keys()]));
    arrays.tags = [...ids].flatMap((id) => account.tags.get(id) ?? []).map((tag) => tagWire(tag, linker));
  }
  if (wants('fieldValues')) load('fieldValues', (row) => fieldValuesOf(row, linker));
  return { contacts: wires, arrays };
}

export function membershipsOf(account: Account, row: ContactRow, linker: Linker): { id: string; wire: Wire }[] {
  return [...row.memberships.values()].map((membership) => ({
    id: membership.id,
    wire: membershipWire(membership, row, account.list(membership.list).channel, linker),
  }));
}

export function fieldValuesOf(row: ContactRow, linker: Linker): { id: string; wire: Wire }[] {
  return [...row.fieldValues.values()].map((value) => ({ id: value.id, wire: fieldValueWire(value, linker) }));
}
