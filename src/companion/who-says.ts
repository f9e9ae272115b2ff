import type { MembershipNow, PersonNow } from './person.ts';
import { viaInWords } from './via-names.ts';

/** Who says that somebody is out: the words of both services, as parts of a sentence. */

/** What both services say, each as the end of a sentence that has a subject; null where nobody says it. */
export interface Said {
  /** `on 2025-03-03 by Rita Rep`: who set the box that is set now. */
  readonly boxSet: string | null;
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

export const NOTHING_SAID: Said = {
  boxSet: null,
  boxCleared: null,
  left: null,
  joined: null,
  bounced: null,
  letInAt: 0,
};

/** Pure: from what was read of both services. */
export function saidBy(now: PersonNow): Said {
  const counted = now.contact?.memberships.filter((row) => row.inScope) ?? [];
  const left = latest(counted, 2, (row) => row.unsubscribedAt);
  const joined = latest(counted, 1, (row) => row.subscribedAt);
  return {
    boxSet: boxWords(now, true),
    boxCleared: boxWords(now, false),
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
    letInAt: letInAt(now, counted),
  };
}

/** Where no history is kept, it takes a subscription and a change of the record to tell that the box had been cleared. */
function letInAt({ boxHistory, records }: PersonNow, counted: readonly MembershipNow[]): number {
  if (boxHistory.length > 0)
    return Math.max(0, ...boxHistory.filter((change) => !change.now).map(({ at }) => Date.parse(at)));
  const joined = Math.max(0, ...counted.map((row) => row.subscribedAt ?? 0));
  return Math.min(joined, Math.max(0, ...records.map((record) => record.modifiedAt ?? 0)));
}

/** Field history names who it was; without it the record says only who changed anything of it last. */
function boxWords({ boxHistory, records }: PersonNow, set: boolean): string | null {
  const ids = new Set(records.filter((record) => record.set === set).map(({ id }) => id));
  if (ids.size === 0) return null;
  const told = boxHistory.findLast((change) => change.now === set && ids.has(change.record));
  if (told) return `on ${day(told.at)}${told.by === '' ? '' : ` by ${told.by}`}`;
  if (!set) return null;
  const [first] = records
    .filter((record) => record.set && record.modifiedAt !== undefined)
    .sort((a, b) => (a.modifiedAt ?? 0) - (b.modifiedAt ?? 0));
  if (!first?.changedBy) return null;
  return `(field history does not say by whom; the record was last changed on ${day(first.modifiedAt ?? 0)} by ${first.changedBy})`;
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
