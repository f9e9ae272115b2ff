import type { ServiceName } from '../../service/failure.ts';
import { type Act, isDone, SERVICES } from './act.ts';
import { sameRow } from './row.ts';
import { isIn, isOut } from './todo.ts';
import { letsIn, type Undone, type Wish } from './wish.ts';

/** The wish that undoes what an act changed, or null: it is not done, changed nothing, or let somebody in. */
export function undoOf(act: Act): Extract<Wish, { kind: 'undo' }> | null {
  if (!isDone(act) || act.ended || letsIn(act.wish)) return null;
  const rowsOf = (service: ServiceName): readonly Undone[] => {
    const { before, left = [] } = act.halves[service];
    return left.map((row) => {
      const earlier = before.find((was) => sameRow(was, row))?.value;
      return { ...row, back: earlier !== undefined && isIn(earlier) && isOut(row.value) ? earlier : null };
    });
  };
  const rows = { salesforce: rowsOf('salesforce'), activecampaign: rowsOf('activecampaign') };
  const changed = SERVICES.some((service) => rows[service].some(({ back }) => back !== null));
  return changed ? { kind: 'undo', of: act.id, rows } : null;
}
