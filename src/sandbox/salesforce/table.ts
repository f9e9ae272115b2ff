import type { FieldSchema, FieldValue, ObjectSchema } from './schema.ts';

export type Row = Record<string, FieldValue>;

/** How a stored value is compared: text without regard to case, except ids. */
export function comparable(field: FieldSchema, value: FieldValue | undefined): FieldValue {
  if (value === undefined || value === null) return field.type === 'boolean' ? false : null;
  if (typeof value !== 'string') return value;
  return field.type === 'id' || field.type === 'reference' ? value : value.toLowerCase();
}

/** The rows of one object, in the order of their ids, with an index for each field that is read by equality. */
export class Table {
  readonly schema: ObjectSchema;
  readonly #rows = new Map<string, Row>();
  #blank: Row = {};
  #blankFields = -1;
  readonly #indexes = new Map<string, Map<FieldValue, Set<Row>>>();

  constructor(schema: ObjectSchema) {
    this.schema = schema;
    for (const field of schema.fields.values()) {
      if (field.indexed && field.type !== 'id') this.#indexes.set(field.name, new Map());
    }
  }

  get size(): number {
    return this.#rows.size;
  }

  /** A row with every field empty. */
  blank(): Row {
    if (this.#blankFields !== this.schema.fields.size) {
      const values = [...this.schema.fields.values()].map((f) => [f.name, f.type === 'boolean' ? false : null]);
      // What JSON.parse makes is laid out once for all its copies; a row filled name by name is a hash table of its own.
      this.#blank = JSON.parse(JSON.stringify(Object.fromEntries(values)));
      this.#blankFields = this.schema.fields.size;
    }
    return { ...this.#blank };
  }

  /** By 18-character id. */
  get(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  rows(): IterableIterator<Row> {
    return this.#rows.values();
  }

  add(id: string, row: Row): void {
    this.#rows.set(id, row);
    for (const name of this.#indexes.keys()) this.#enter(name, row);
  }

  drop(id: string): void {
    const row = this.#rows.get(id);
    if (row === undefined) return;
    for (const name of this.#indexes.keys()) this.#leave(name, row);
    this.#rows.delete(id);
  }

  /** Changes a row and its place in the indexes. */
  set(row: Row, values: Row): void {
    for (const [name, value] of Object.entries(values)) {
      if (row[name] === value) continue;
      this.#leave(name, row);
      row[name] = value;
      this.#enter(name, row);
    }
  }

  /** The rows with one of these values, or undefined where the field has no index. */
  having(name: string, values: readonly FieldValue[]): Row[] | undefined {
    const field = this.schema.fields.get(name);
    if (field === undefined) return undefined;
    if (field.type === 'id')
      return [...new Set(values)].map((v) => this.#rows.get(String(v))).filter((row) => row !== undefined);
    const index = this.#indexes.get(name);
    if (index === undefined) return undefined;
    const found = new Set<Row>();
    for (const value of values) for (const row of index.get(comparable(field, value)) ?? []) found.add(row);
    return [...found];
  }

  #key(name: string, row: Row): FieldValue | undefined {
    const field = this.schema.fields.get(name);
    return field === undefined ? undefined : comparable(field, row[name]);
  }

  #enter(name: string, row: Row): void {
    const index = this.#indexes.get(name);
    const key = this.#key(name, row);
    if (index === undefined || key === undefined || key === null) return;
    const rows = index.get(key);
    if (rows === undefined) index.set(key, new Set([row]));
    else rows.add(row);
  }

  #leave(name: string, row: Row): void {
    const index = this.#indexes.get(name);
    const key = this.#key(name, row);
    if (index === undefined || key === undefined || key === null) return;
    index.get(key)?.delete(row);
  }
}
