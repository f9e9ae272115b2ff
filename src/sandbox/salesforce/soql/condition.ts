import type { Condition, ConditionWithValueQuery, LiteralType } from '@jetstreamapp/soql-parser-js';
import { SalesforceError } from '../errors.ts';
import { isId, longId } from '../ids.ts';
import type { FieldSchema, FieldValue } from '../schema.ts';
import { comparable, type Row, type Table } from '../table.ts';
import { spanOf } from './dateliteral.ts';
import { type FieldPath, fieldPath, type QueryContext } from './fieldpath.ts';
import { cannotBe, malformedQuery, wrongLiteral } from './refusals.ts';

export type Predicate = (row: Readonly<Row>) => boolean;

/** One comparison of a WHERE clause, ready to be asked of a row; `indexed` lets a table skip the other rows. */
export interface Comparison {
  readonly holds: Predicate;
  readonly indexed?: { readonly field: string; readonly values: readonly FieldValue[] };
}

/** Runs a semi-join's inner query and gives the selected values. */
export type Inner = (
  query: NonNullable<Extract<ConditionWithValueQuery, { valueQuery: unknown }>['valueQuery']>,
) => FieldValue[];

/** Any other letter after a backslash refuses the query (DOC:soql-sosl/quoted-string-escape-sequences; its words are made up). */
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** The text inside a quoted literal. In a LIKE pattern `\_` and `\%` stay as they are. */
function unquoted(literal: string, like = false): string {
  return literal.slice(1, -1).replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (whole, code?: string, c?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (like && (c === '_' || c === '%')) return whole;
    const meant = ESCAPES[c?.toLowerCase() ?? ''] ?? (/["'\\_%]/.test(c ?? '') ? c : undefined);
    if (meant === undefined) throw malformedQuery(`Illegal character sequence '${whole}' in string literal`);
    return meant;
  });
}

function likePattern(text: string): RegExp {
  const source = text.replace(
    /\\([_%])|([%_])|([.*+?^${}()|[\]\\])/gs,
    (_all, kept?: string, wild?: string, special?: string) =>
      kept ?? (wild === '%' ? '.*' : wild === '_' ? '.' : `\\${special}`),
  );
  return new RegExp(`^${source}$`, 'is');
}

function literalValue(
  context: QueryContext,
  field: FieldSchema,
  text: string,
  kind: LiteralType | undefined,
): FieldValue {
  if (kind === 'NULL') return comparable(field, null);
  const quoted = kind === 'STRING';
  switch (field.type) {
    case 'boolean':
      if (kind !== 'BOOLEAN') throw wrongLiteral(context.soql, field.name, 'boolean', false);
      return text.toUpperCase() === 'TRUE';
    case 'datetime':
    case 'date':
      if (kind !== 'DATETIME' && kind !== 'DATE') {
        throw wrongLiteral(context.soql, field.name, field.type === 'date' ? 'date' : 'dateTime', false);
      }
      return Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    case 'int':
      if (quoted) throw wrongLiteral(context.soql, field.name, 'integer', false);
      return Number(text);
    case 'id':
    case 'reference': {
      if (!quoted) throw wrongLiteral(context.soql, field.name, 'string', true);
      const id = unquoted(text);
      if (id !== '' && !isId(id))
        throw new SalesforceError(400, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${id}`);
      return id === '' ? null : longId(id);
    }
    case 'anyType':
      throw cannotBe(context.soql, field.name, 'filtered');
    default:
      if (field.type === 'textarea' && field.length > 255) throw cannotBe(context.soql, field.name, 'filtered');
      if (!quoted) throw wrongLiteral(context.soql, field.name, 'string', true);
      return comparable(field, unquoted(text));
  }
}

/** How two values of a field stand to each other; nothing stands before or after null. */
function ordered(operator: string, left: FieldValue, right: FieldValue): boolean {
  if (operator === '=') return left === right;
  if (operator === '!=') return left !== right;
  if (left === null || right === null) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  if (operator === '>') return left > right;
  return left >= right;
}

const listOf = <T>(value: T | T[] | undefined): T[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function inSpan(path: FieldPath, operator: string, literal: string, now: number): Predicate {
  const span = spanOf(literal, now);
  if (span === undefined) throw malformedQuery(`date literal '${literal}' is not known to the sandbox`);
  return (row) => {
    const at = path.read(row);
    if (typeof at !== 'number') return operator === '!=';
    const inside = at >= span.start && at < span.end;
    if (operator === '=') return inside;
    if (operator === '!=') return !inside;
    if (operator === '<') return at < span.start;
    if (operator === '<=') return at < span.end;
    return operator === '>' ? at >= span.end : at >= span.start;
  };
}

/** Compiles one comparison for rows of `table`; refuses literals that do not fit, as Salesforce does. */
export function comparison(
  context: QueryContext,
  table: Table,
  alias: string | undefined,
  condition: Exclude<Condition, { openParen: number; field?: never }> | ConditionWithValueQuery,
  inner: Inner,
): Comparison {
  if (!('field' in condition)) throw malformedQuery('functions in a WHERE clause are not known to the sandbox');
  const path = fieldPath(context, table, withoutAlias(condition.field, alias, table));
  const { field } = path;
  const operator = condition.operator.toUpperCase();
  const reach = (values: readonly FieldValue[]) =>
    path.hops.length === 0 && !values.includes(null) ? { indexed: { field: field.name, values } } : {};
  const keyOf: (row: Readonly<Row>) => FieldValue = (row) => comparable(field, path.read(row));

  if ('valueQuery' in condition) {
    const values = new Set(inner(condition.valueQuery).map((value) => comparable(field, value)));
    const wanted = operator === 'IN';
    return { holds: (row) => values.has(keyOf(row)) === wanted, ...(wanted ? reach([...values]) : {}) };
  }
  const kinds = listOf(condition.literalType);
  if (kinds[0] === 'DATE_LITERAL' || kinds[0] === 'DATE_N_LITERAL') {
    return { holds: inSpan(path, operator, String(condition.value), context.now) };
  }
  if (operator === 'LIKE') {
    const pattern = likePattern(unquoted(String(condition.value), true));
    return { holds: (row) => pattern.test(String(path.read(row) ?? '')) && path.read(row) !== null };
  }
  const values = listOf(condition.value).map((text, i) => literalValue(context, field, text, kinds[i] ?? kinds[0]));
  if (operator === 'IN' || operator === 'NOT IN') {
    const set = new Set(values);
    const wanted = operator === 'IN';
    return { holds: (row) => set.has(keyOf(row)) === wanted, ...(wanted ? reach(values) : {}) };
  }
  if (!['=', '!=', '<', '<=', '>', '>='].includes(operator))
    throw malformedQuery(`operator ${operator} does not fit field ${field.name}`);
  const value = values[0] ?? null;
  const exact = operator === '=' && value !== null && field.type !== 'boolean';
  return { holds: (row) => ordered(operator, keyOf(row), value), ...(exact ? reach([value]) : {}) };
}

/** `c.Email` and `Contact.Email` both mean `Email`. */
export function withoutAlias(text: string, alias: string | undefined, table: Table): string[] {
  const path = text.split('.');
  const first = path[0]?.toLowerCase();
  const own = first === alias?.toLowerCase() || first === table.schema.name.toLowerCase();
  return path.length > 1 && own ? path.slice(1) : path;
}
