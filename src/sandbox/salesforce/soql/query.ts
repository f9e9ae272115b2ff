import { type OrderByClause, parseQuery, type Query, type FieldType as SelectItem } from '@jetstreamapp/soql-parser-js';
import type { FieldValue } from '../schema.ts';
import { comparable, type Row, type Table } from '../table.ts';
import { type AggregateColumn, aggregateColumns, aggregateRows } from './aggregate.ts';
import { withoutAlias } from './condition.ts';
import { type FieldPath, fieldPath, type QueryContext, queriedTable, visible } from './fieldpath.ts';
import { accessTable, asksAboutAccess } from './record-access.ts';
import { cannotBe, malformedQuery } from './refusals.ts';
import { filterOf } from './where.ts';

/** A query's answer, before anything is written to the wire. */
export interface Selection {
  readonly table: Table;
  /** What was selected, in order; empty for `COUNT()`. */
  readonly paths: readonly FieldPath[];
  readonly rows: readonly Readonly<Row>[];
  /** The number that counts: of rows, or what `COUNT()` says. */
  readonly totalSize: number;
  /** How many rows OFFSET passed over. */
  readonly skipped: number;
  /** Present for GROUP BY and aggregate functions; then `rows` are not records. */
  readonly aggregate?: readonly AggregateColumn[];
}

/**
 * Parses and runs a SOQL query as `context.user` may see it. `deleted` is queryAll. Throws MALFORMED_QUERY,
 * INVALID_FIELD, INVALID_TYPE and the like.
 */
export function select(context: QueryContext, deleted = false): Selection {
  return run(context, parsed(context.soql), deleted);
}

function parsed(soql: string): Query {
  try {
    // Without options: with any, the parser builds itself anew, which takes a tenth of a second.
    return parseQuery(soql);
  } catch (error) {
    throw malformedQuery(error instanceof Error ? error.message : 'unexpected token');
  }
}

function run(context: QueryContext, query: Query, deleted: boolean): Selection {
  const table = asksAboutAccess(query) ? accessTable(context, query) : queriedTable(context, query.sObject ?? '');
  const alias = query.sObjectAlias;
  const inner = (nested: Query): FieldValue[] => {
    const found = run(context, nested, deleted);
    return found.rows.map((row) => found.paths[0]?.read(row) ?? null);
  };
  const filter = filterOf(context, table, alias, query.where, inner);
  const candidates = filter.indexed && table.having(filter.indexed.field, filter.indexed.values);
  const rows: Readonly<Row>[] = [];
  for (const row of candidates ?? table.rows()) {
    if ((deleted || row.IsDeleted !== true) && filter.holds(row)) rows.push(row);
  }
  const columns = aggregateColumns(context, table, alias, query);
  if (columns !== undefined) {
    const counted = columns.length === 0;
    const groups = counted ? [] : aggregateRows(columns, rows);
    return {
      table,
      paths: [],
      rows: groups,
      totalSize: counted ? rows.length : groups.length,
      skipped: 0,
      aggregate: columns,
    };
  }
  const paths = (query.fields ?? []).flatMap((item) => selected(context, table, alias, item, query));
  sort(context, table, alias, rows, query.orderBy);
  const start = query.offset ?? 0;
  const page =
    query.limit === undefined && start === 0 ? rows : rows.slice(start, start + (query.limit ?? rows.length));
  return { table, paths, rows: page, totalSize: page.length, skipped: start };
}

function selected(
  context: QueryContext,
  table: Table,
  alias: string | undefined,
  item: SelectItem,
  query: Query,
): FieldPath[] {
  if (item.type === 'Field') return [fieldPath(context, table, withoutAlias(item.field, alias, table))];
  if (item.type === 'FieldRelationship') {
    const path = withoutAlias([...item.relationships, item.field].join('.'), alias, table);
    return [fieldPath(context, table, path)];
  }
  if (item.type === 'FieldFunctionExpression' && item.functionName.toUpperCase() === 'FIELDS') {
    const which = String(item.parameters[0] ?? '').toUpperCase();
    if (which !== 'STANDARD' && (query.limit === undefined || query.limit > 200)) {
      throw malformedQuery('The SOQL FIELDS function must have a LIMIT of at most 200');
    }
    return visible(context, table)
      .filter((f) => which === 'ALL' || f.custom === (which === 'CUSTOM'))
      .map((f) => fieldPath(context, table, [f.name]));
  }
  throw malformedQuery('child queries, TYPEOF and functions in SELECT are not known to the sandbox');
}

function sort(
  context: QueryContext,
  table: Table,
  alias: string | undefined,
  rows: Readonly<Row>[],
  orderBy: OrderByClause | OrderByClause[] | undefined,
): void {
  if (orderBy === undefined) return;
  const keys = (Array.isArray(orderBy) ? orderBy : [orderBy]).map((clause) => {
    if (!('field' in clause)) throw malformedQuery('functions in ORDER BY are not known to the sandbox');
    const path = fieldPath(context, table, withoutAlias(clause.field, alias, table));
    if (!path.field.sortable) throw cannotBe(context.soql, path.field.name, 'sorted');
    const down = clause.order === 'DESC';
    return { path, sign: down ? -1 : 1, nulls: (clause.nulls ?? (down ? 'LAST' : 'FIRST')) === 'FIRST' ? -1 : 1 };
  });
  const decorated = rows.map((row) => ({ row, key: keys.map(({ path }) => comparable(path.field, path.read(row))) }));
  decorated.sort((a, b) => {
    for (const [i, { sign, nulls }] of keys.entries()) {
      const [x = null, y = null] = [a.key[i], b.key[i]];
      if (x === y) continue;
      if (x === null) return nulls;
      if (y === null) return -nulls;
      return x < y ? -sign : sign;
    }
    return 0;
  });
  for (const [i, { row }] of decorated.entries()) rows[i] = row;
}
