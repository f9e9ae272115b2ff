import type { Records } from '../records.ts';
import type { FieldSchema, FieldValue, ObjectSchema } from '../schema.ts';
import type { Row, Table } from '../table.ts';
import { noSuchField, noSuchObject, noSuchRelationship } from './refusals.ts';

/** Whose query, in which words, at what time. */
export interface QueryContext {
  readonly org: Records;
  readonly user: string | undefined;
  readonly soql: string;
  /** Milliseconds. */
  readonly now: number;
}

/** A field reached from a row, directly or through lookups: `Email`, `Account.Name`. */
export interface FieldPath {
  /** Names as the org spells them, relationships first. */
  readonly names: readonly string[];
  readonly field: FieldSchema;
  /** The object at the end of the path. */
  readonly object: ObjectSchema;
  /** The objects on the way, by relationship, for `attributes`. */
  readonly hops: readonly { readonly reference: string; readonly table: Table }[];
  read(row: Readonly<Row>): FieldValue;
}

/** The object of a query's FROM; one that is hidden from the user does not exist for him. */
export function queriedTable(context: QueryContext, name: string): Table {
  const type = context.org.types.find((t) => t.toLowerCase() === name.toLowerCase());
  if (type === undefined || context.org.access.object(context.user, type) === 'hidden') {
    throw noSuchObject(context.soql, name);
  }
  return context.org.table(type);
}

/** Finds a field by its path, as far as this user may see. */
export function fieldPath(context: QueryContext, from: Table, path: readonly string[]): FieldPath {
  let table = from;
  const hops: { reference: string; table: Table }[] = [];
  const names: string[] = [];
  for (const relationship of path.slice(0, -1)) {
    const field = visible(context, table).find((f) => f.relationshipName?.toLowerCase() === relationship.toLowerCase());
    if (field?.referenceTo === undefined) throw noSuchRelationship(context.soql, relationship);
    table = context.org.table(field.referenceTo);
    hops.push({ reference: field.name, table });
    names.push(field.relationshipName ?? relationship);
  }
  const last = path.at(-1) ?? '';
  const field =
    seen(context, table, table.schema.fields.get(last)) ??
    visible(context, table).find((f) => f.name.toLowerCase() === last.toLowerCase());
  if (field === undefined) throw noSuchField(context.soql, last, table.schema.name);
  names.push(field.name);
  return { names, field, object: table.schema, hops, read: (row) => follow(row, hops, field.name) };
}

/** The fields of an object that the user may read. */
export function visible(context: QueryContext, table: Table): FieldSchema[] {
  return [...table.schema.fields.values()].filter((f) => seen(context, table, f) !== undefined);
}

function seen(context: QueryContext, table: Table, field: FieldSchema | undefined): FieldSchema | undefined {
  if (field === undefined) return undefined;
  return context.org.access.field(context.user, table.schema.name, field) === 'hidden' ? undefined : field;
}

function follow(row: Readonly<Row>, hops: FieldPath['hops'], name: string): FieldValue {
  let at: Readonly<Row> | undefined = row;
  for (const hop of hops) {
    const id: FieldValue | undefined = at[hop.reference];
    at = typeof id === 'string' ? hop.table.get(id) : undefined;
    if (at === undefined) return null;
  }
  return at[name] ?? null;
}
