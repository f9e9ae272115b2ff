import type { FieldFunctionExpression, Query } from '@jetstreamapp/soql-parser-js';
import type { FieldValue } from '../schema.ts';
import { comparable, type Row, type Table } from '../table.ts';
import { withoutAlias } from './condition.ts';
import { type FieldPath, fieldPath, type QueryContext } from './fieldpath.ts';
import { cannotBe, malformedQuery } from './refusals.ts';

/** One column of an AggregateResult. */
export interface AggregateColumn {
  /** The alias, the grouped field's name, or `expr0`. */
  readonly name: string;
  readonly path: FieldPath | undefined;
  /** COUNT, COUNT_DISTINCT, MIN or MAX; undefined for a grouped field. */
  readonly fn: string | undefined;
}

/** The columns of an aggregate query: none for a bare `COUNT()`; undefined when the query aggregates nothing. */
export function aggregateColumns(
  context: QueryContext,
  table: Table,
  alias: string | undefined,
  query: Query,
): AggregateColumn[] | undefined {
  const items = query.fields ?? [];
  const isAggregate = (item: (typeof items)[number]): item is FieldFunctionExpression =>
    item.type === 'FieldFunctionExpression' && item.isAggregateFn === true;
  if (query.groupBy === undefined && !items.some(isAggregate)) return undefined;
  const only = items[0];
  const bare = only !== undefined && isAggregate(only) && only.parameters.length === 0;
  if (items.length === 1 && bare && query.groupBy === undefined) return [];

  const groups = query.groupBy === undefined ? [] : Array.isArray(query.groupBy) ? query.groupBy : [query.groupBy];
  const grouped = groups.map((group) => {
    if (!('field' in group)) throw malformedQuery('functions in GROUP BY are not known to the sandbox');
    const path = fieldPath(context, table, withoutAlias(group.field, alias, table));
    if (!path.field.groupable) throw cannotBe(context.soql, path.field.name, 'grouped');
    return path.names.join('.');
  });
  let unnamed = 0;
  return items.map((item) => {
    if (isAggregate(item)) {
      const [parameter] = item.parameters;
      const path =
        typeof parameter === 'string' ? fieldPath(context, table, withoutAlias(parameter, alias, table)) : undefined;
      return { name: item.alias ?? `expr${unnamed++}`, path, fn: item.functionName.toUpperCase() };
    }
    if (item.type !== 'Field' && item.type !== 'FieldRelationship')
      throw malformedQuery('unexpected function in SELECT');
    const text = item.type === 'Field' ? item.field : [...item.relationships, item.field].join('.');
    const path = fieldPath(context, table, withoutAlias(text, alias, table));
    const name = path.names.join('.');
    if (!grouped.includes(name)) throw malformedQuery(`Field must be grouped or aggregated: ${path.field.name}`);
    return { name: ('alias' in item ? item.alias : undefined) ?? path.field.name, path, fn: undefined };
  });
}

/** One row for each group, values by column name. */
export function aggregateRows(columns: readonly AggregateColumn[], rows: readonly Readonly<Row>[]): Row[] {
  const keys = columns.filter((column) => column.fn === undefined);
  const groups = new Map<string, Readonly<Row>[]>();
  // Without a group there is one row, also where nothing is found.
  if (keys.length === 0) groups.set(JSON.stringify([]), []);
  for (const row of rows) {
    const key = JSON.stringify(keys.map(({ path }) => path && comparable(path.field, path.read(row))));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) =>
    Object.fromEntries(columns.map((column) => [column.name, cell(column, group)])),
  );
}

function cell({ fn, path }: AggregateColumn, group: readonly Readonly<Row>[]): FieldValue {
  const values = path === undefined ? [] : group.map((row) => path.read(row)).filter((value) => value !== null);
  if (fn === undefined) return group[0] === undefined ? null : (path?.read(group[0]) ?? null);
  if (fn === 'COUNT') return path === undefined ? group.length : values.length;
  if (fn === 'COUNT_DISTINCT') return new Set(values.map((value) => path && comparable(path.field, value))).size;
  if (fn === 'MIN' || fn === 'MAX') {
    const sorted = values.sort((a, b) => (a === b ? 0 : a < b === (fn === 'MIN') ? -1 : 1));
    return sorted[0] ?? null;
  }
  throw malformedQuery(`${fn} is not known to the sandbox`);
}
