import type { ServiceName } from '../../service/failure.ts';
import { type Row, sameRow } from './row.ts';
import type { Undone, Wish } from './wish.ts';

type Value = Row['value'];

/** A row and what it shall say. */
export interface Todo extends Row {
  readonly goal: Value;
}

/** Whether the row lets mail through, or says no. The rest (unconfirmed, unknown) does neither. */
export const isIn = (value: Value): boolean => value === false || value === 1;
export const isOut = (value: Value): boolean => value === true || value === 2 || value === 3;

/**
 * What is left to do on one side, or null: somebody has changed the person, and the wish does not hold any more. Once
 * it has begun, a row that is back already is our own work; before that it is somebody else's.
 */
export function todoOf(wish: Wish, service: ServiceName, rows: readonly Row[], begun: boolean): readonly Todo[] | null {
  if (wish.kind === 'undo') return undoing(wish.rows[service], rows, begun);
  return rows.flatMap((row) => {
    const goal = goalOf(wish, row);
    return goal === undefined ? [] : [{ ...row, goal }];
  });
}

function goalOf(wish: Exclude<Wish, { kind: 'undo' }>, { value, of, bounced }: Row): Value | undefined {
  switch (wish.kind) {
    case 'opt-out':
      return isIn(value) ? OUT[`${value}`] : undefined;
    case 'unsubscribe':
      return value === 1 && of === wish.list ? 2 : undefined;
    case 'opt-in':
      if (value === true) return false;
      return value === 2 && !bounced && wish.lists.includes(of) ? 1 : undefined;
  }
}

const OUT: Readonly<Record<string, Value>> = { false: true, 1: 2 };

function undoing(undone: readonly Undone[], rows: readonly Row[], begun: boolean): readonly Todo[] | null {
  const now = new Map(rows.map((row) => [row.id, row]));
  const todo: Todo[] = [];
  for (const was of undone) {
    const { id, value, stamp, back } = was;
    const row = now.get(id);
    // Another box than the one that was set is another word of somebody.
    if (!row || !sameRow(row, was)) return null;
    now.delete(id);
    if (begun && row.value === back) continue;
    if (row.value !== value || row.stamp !== stamp) return null;
    if (back !== null) todo.push({ ...row, goal: back });
  }
  // A row that came since and says no is somebody's word.
  return [...now.values()].some((row) => isOut(row.value)) ? null : todo;
}
