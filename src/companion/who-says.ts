import type { MembershipNow, PersonNow, RecordNow } from './person.ts';
import { viaInWords } from './via-names.ts';

/** Who says that somebody is out: the words of both services, as parts of a sentence. */

/** What both services say, each as the end of a sentence that has a subject; null where nobody says it. */
export interface Said {
  /** The boxes that are set now: those first that no run is known to have set. */
  readonly boxesSet: readonly BoxSaid[];
  /** The same of a box that is clear and was set once. */
  readonly boxCleared: string | null;
  /** `on 2026-11-29 through campaign “Autumn offer”: “No more please”`: how the list left last was left. */
  readonly left: string | null;
  /** `News on 2026-11-29 through form “Webinar”`: the list joined last. */
  readonly joined: string | null;
  /** `on 2025-05-12: “550 5.1.1 User unknown”`. */
  readonly bounced: string | null;
  /** When they were let in last, as far as anybody can tell, in milliseconds; 0 for never. */
  readonly letInAt: number;
}

/** A box that is set, and who set it. */
export interface BoxSaid {
  readonly record: string;
  /** `on 2025-03-03 by Rita Rep`; null where nobody says it. */
  readonly words: string | null;
  /** When it was set (ms), by field history; null where that does not tell. */
  readonly at: number | null;
}

/** When runs set the boxes of records, by the audit (ms, Salesforce's clock). */
export type SetByRuns = ReadonlyMap<string, number>;

export const NOTHING_SAID: Said = {
  boxesSet: [],
  boxCleared: null,
  left: null,
  joined: null,
  bounced: null,
  letInAt: 0,
};

/** Pure: from what was read of both services, and what runs wrote. */
export function saidBy(now: PersonNow, byRuns: SetByRuns): Said {
  const counted = now.contact?.memberships.filter((row) => row.inScope) ?? [];
  const left = latest(counted, 2, (row) => row.unsubscribedAt);
  const joined = latest(counted, 1, (row) => row.subscribedAt);
  const letIn = letInAt(now, counted);
  return {
    boxesSet: boxesSet(now, byRuns, letIn),
    boxCleared: clearedWords(now),
    left: left && `on ${day(left.unsubscribedAt ?? 0)}${through(left)}${typed(left.unsubscribeReason)}`,
    joined:
      joined && `${joined.listName ?? `list ${joined.list}`} on ${day(joined.subscribedAt ?? 0)}${through(joined)}`,
    bounced:
      now.contact && now.contact.bouncedHard > 0
        ? [
            ...(now.contact.bouncedAt === null ? [] : [`on ${day(now.contact.bouncedAt)}`]),
            ...(now.bounce === null ? [] : [`“${now.bounce}”`]),
          ].join(': ') || null
        : null,
    letInAt: letIn,
  };
}

/** Where no history is kept, it takes a subscription and a change of the record to tell that the box had been cleared. */
function letInAt({ boxHistory, records }: PersonNow, counted: readonly MembershipNow[]): number {
  if (boxHistory.length > 0)
    return Math.max(0, ...boxHistory.filter((change) => !change.now).map(({ at }) => Date.parse(at)));
  const joined = Math.max(0, ...counted.map((row) => row.subscribedAt ?? 0));
  return Math.min(joined, Math.max(0, ...records.map((record) => record.modifiedAt ?? 0)));
}

/** A stamp of Salesforce's and its `Date` header, which has seconds only, are not written at the same moment. */
const SAME_WRITE = 60_000;

/**
 * Field history names who it was. Without it a run that set the box says so, unless somebody let them in after it; and the
 * record says only who changed anything of it last.
 */
function boxesSet({ boxHistory, records }: PersonNow, byRuns: SetByRuns, letIn: number): BoxSaid[] {
  const byRun = (record: string) => {
    const at = byRuns.get(record);
    return at === undefined || letIn > at + SAME_WRITE ? null : at;
  };
  const set = records
    .filter((record) => record.set)
    .sort((a, b) => Number(byRun(a.id) !== null) - Number(byRun(b.id) !== null) || changedAt(a) - changedAt(b));
  const boxes = set.map((record): BoxSaid => {
    const told = boxHistory.findLast((change) => change.now && change.record === record.id);
    return told
      ? { record: record.id, words: changeWords(told), at: Date.parse(told.at) }
      : { record: record.id, words: untold(record, byRun(record.id)), at: null };
  });
  return boxes.sort((a, b) => Number(a.at === null) - Number(b.at === null) || (b.at ?? 0) - (a.at ?? 0));
}

const changedAt = ({ modifiedAt }: RecordNow) => modifiedAt ?? 0;

/** Who set a box of which field history says nothing. */
function untold(record: RecordNow, byRun: number | null): string | null {
  const last = record.changedBy === '' ? null : `on ${day(changedAt(record))} by ${record.changedBy}`;
  if (byRun === null) return last && `(field history does not say by whom; the record was last changed ${last})`;
  const since = last !== null && changedAt(record) > byRun + SAME_WRITE;
  const again = since ? ` (the record was last changed ${last}; field history does not say what that was)` : '';
  return `by the run of ${day(byRun)}${again}`;
}

function clearedWords({ boxHistory, records }: PersonNow): string | null {
  const clear = new Set(records.filter((record) => !record.set).map(({ id }) => id));
  const told = boxHistory.findLast((change) => !change.now && clear.has(change.record));
  return told ? changeWords(told) : null;
}

function changeWords({ at, by }: PersonNow['boxHistory'][number]): string {
  return `on ${day(at)}${by === '' ? '' : ` by ${by}`}`;
}

function latest(
  rows: readonly MembershipNow[],
  status: number,
  at: (row: MembershipNow) => number | null,
): MembershipNow | null {
  return (
    rows.filter((row) => row.status === status && at(row) !== null).sort((a, b) => (at(b) ?? 0) - (at(a) ?? 0))[0] ??
    null
  );
}

function through({ via }: MembershipNow): string {
  return via === null ? '' : ` through ${viaInWords(via)}`;
}

function typed(reason: string | null): string {
  return reason ? `: “${reason}”` : '';
}

/** A day as people read it, in UTC. */
export function day(at: number | string): string {
  return new Date(at).toISOString().slice(0, 10);
}
