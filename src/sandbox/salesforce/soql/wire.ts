import type { Row } from '../table.ts';
import { csvValue, jsonValue } from '../values.ts';
import type { FieldPath } from './fieldpath.ts';
import type { Selection } from './query.ts';

/** A JSON object on its way out. */
export interface Wire {
  [name: string]: unknown;
}

const attributes = (type: string, id: unknown, base: string): Wire => ({
  type,
  url: `${base}/sobjects/${type}/${String(id)}`,
});

/** A record as a query or a GET shows it; `base` is `/services/data/vNN.0`. */
export function recordWire(selection: Pick<Selection, 'table' | 'paths'>, row: Readonly<Row>, base: string): Wire {
  const out: Wire = { attributes: attributes(selection.table.schema.name, row.Id, base) };
  for (const path of selection.paths) put(out, row, path, base);
  return out;
}

function put(out: Wire, row: Readonly<Row>, path: FieldPath, base: string): void {
  let into = out;
  let at: Readonly<Row> = row;
  for (const [i, hop] of path.hops.entries()) {
    const name = path.names[i] ?? '';
    const id = at[hop.reference];
    const next = typeof id === 'string' ? hop.table.get(id) : undefined;
    if (next === undefined) {
      into[name] = null;
      return;
    }
    const nested = (into[name] ?? { attributes: attributes(hop.table.schema.name, id, base) }) as Wire;
    into[name] = nested;
    into = nested;
    at = next;
  }
  into[path.field.name] = jsonValue(path.field, at[path.field.name]);
}

/** All rows of a selection from `start` on, at most `size`. */
export function rowsWire(selection: Selection, start: number, size: number, base: string): Wire[] {
  const page = selection.rows.slice(start, start + size);
  const columns = selection.aggregate;
  if (columns === undefined) return page.map((row) => recordWire(selection, row, base));
  return page.map((row) => ({
    attributes: { type: 'AggregateResult' },
    ...Object.fromEntries(
      columns.map((column) => [
        column.name,
        column.path && column.fn !== 'COUNT' && column.fn !== 'COUNT_DISTINCT'
          ? jsonValue(column.path.field, row[column.name])
          : (row[column.name] ?? null),
      ]),
    ),
  }));
}

/** The selected values of a row as texts, in the order of the query (Bulk results). */
export function rowCells(selection: Selection, row: Readonly<Row>): string[] {
  return selection.paths.map((path) => csvValue(path.field, path.read(row)));
}

/** The answer to `columns=true`, which the sf CLI asks for (facts/salesforce.md section 2). */
export function columnsWire(selection: Selection): Wire {
  const column = (name: string, path: FieldPath | undefined, aggregate: boolean, joinColumns: Wire[] = []): Wire => ({
    aggregate,
    apexType: path === undefined ? 'Integer' : path.field.type === 'boolean' ? 'Boolean' : 'String',
    booleanType: path?.field.type === 'boolean',
    columnName: name,
    custom: path?.field.custom ?? false,
    displayName: name,
    foreignKeyName: null,
    insertable: path?.field.createable ?? false,
    joinColumns,
    numberType: path === undefined || path.field.type === 'int',
    textType: path !== undefined && !['boolean', 'int', 'date', 'datetime'].includes(path.field.type),
    updatable: path?.field.updateable ?? false,
  });
  const columns: Wire[] = [];
  for (const path of selection.paths) {
    const [first = '', ...rest] = path.names;
    if (rest.length === 0) columns.push(column(first, path, false));
    else {
      const inner = rest.reduceRight<Wire[]>((joined, name) => [column(name, path, false, joined)], []);
      const known = columns.find((c) => c.columnName === first);
      if (known === undefined) columns.push(column(first, path, false, inner));
      else (known.joinColumns as Wire[]).push(...inner);
    }
  }
  for (const { name, path, fn } of selection.aggregate ?? []) columns.push(column(name, path, fn !== undefined));
  return {
    columnMetadata: columns,
    entityName: selection.table.schema.name,
    groupBy: selection.aggregate?.some((c) => c.fn === undefined) ?? false,
    idSelected: selection.paths.some((path) => path.field.type === 'id'),
    keyPrefix: selection.table.schema.prefix,
  };
}
