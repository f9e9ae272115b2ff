import type { ConditionWithValueQuery, WhereClause } from '@jetstreamapp/soql-parser-js';
import type { FieldValue } from '../schema.ts';
import type { Table } from '../table.ts';
import { type Comparison, comparison, type Inner, type Predicate } from './condition.ts';
import type { QueryContext } from './fieldpath.ts';
import { malformedQuery } from './refusals.ts';

/** A compiled WHERE clause; where possible with an indexed field whose values every matching row has. */
export interface Filter {
  readonly holds: Predicate;
  readonly indexed?: { readonly field: string; readonly values: readonly FieldValue[] };
}

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | Comparison;

/** The parser gives a chain with counted parentheses; this makes a flat row of tokens of it. */
function tokensOf(clause: WhereClause, compile: (condition: ConditionWithValueQuery) => Comparison): Token[] {
  const tokens: Token[] = [];
  const repeat = (token: '(' | ')', times: number | undefined) => {
    for (let i = 0; i < (times ?? 0); i++) tokens.push(token);
  };
  for (let at: WhereClause | undefined = clause; at !== undefined; ) {
    if ('operator' in at && at.operator === 'NOT') {
      repeat('(', at.left?.openParen);
      tokens.push('NOT');
      at = at.right;
      continue;
    }
    const condition = at.left;
    if (condition === null) throw malformedQuery('a condition is missing');
    repeat('(', condition.openParen);
    tokens.push(compile(condition));
    repeat(')', 'closeParen' in condition ? condition.closeParen : 0);
    if ('operator' in at) {
      tokens.push(at.operator);
      at = at.right;
    } else at = undefined;
  }
  return tokens;
}

/** Reads tokens left to right. Salesforce refuses AND and OR side by side without parentheses. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Filter {
    const filter = this.#chain();
    if (this.#at < this.#tokens.length) throw malformedQuery(`unexpected token: ${String(this.#tokens[this.#at])}`);
    return filter;
  }

  #chain(): Filter {
    const parts = [this.#unit()];
    const joint = this.#peek();
    if (joint !== 'AND' && joint !== 'OR') return parts[0] ?? { holds: () => true };
    while (this.#peek() === joint) {
      this.#at++;
      parts.push(this.#unit());
    }
    const next = this.#peek();
    if (next === 'AND' || next === 'OR') throw malformedQuery(`unexpected token: ${next}`);
    const all = parts.map((part) => part.holds);
    if (joint === 'OR') return { holds: (row) => all.some((holds) => holds(row)) };
    const indexed = parts.find((part) => part.indexed !== undefined)?.indexed;
    return { holds: (row) => all.every((holds) => holds(row)), ...(indexed ? { indexed } : {}) };
  }

  #unit(): Filter {
    const token = this.#tokens[this.#at++];
    if (token === 'NOT') {
      const { holds } = this.#unit();
      return { holds: (row) => !holds(row) };
    }
    if (token === '(') {
      const filter = this.#chain();
      if (this.#tokens[this.#at++] !== ')') throw malformedQuery('expecting a right parentheses, found: end of query');
      return filter;
    }
    if (typeof token !== 'object') throw malformedQuery(`unexpected token: ${token ?? 'end of query'}`);
    return token;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
}

/** Compiles a WHERE clause for rows of `table`. */
export function filterOf(
  context: QueryContext,
  table: Table,
  alias: string | undefined,
  clause: WhereClause | undefined,
  inner: Inner,
): Filter {
  if (clause === undefined) return { holds: () => true };
  return new Reader(tokensOf(clause, (condition) => comparison(context, table, alias, condition, inner))).whole();
}
