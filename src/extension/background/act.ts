import type { ServiceName } from '../../service/failure.ts';
import type { Problem } from '../messages.ts';

/**
 * An act is one click on "opt out", written down before anything else happens. It has two halves, one per service, and
 * each walks for itself:
 *
 *     wanted ──read──► read ──write──► sent ──read back──► verified
 *                        ▲                         │
 *                        └───── not there yet ─────┘
 *
 * `read` is durable before the first write, because a retry cannot learn from a re-read what it changed itself: undo
 * and audit are made from `before`. The worker may die between any two steps; whoever comes next starts the half again
 * with a read, which is harmless from every step.
 */
export interface Act {
  readonly id: string;
  /** The org's API host. */
  readonly host: string;
  /** 18-character id of the record that was clicked on. */
  readonly record: string;
  /** The person's address in lower case; null: the record has none; undefined: not looked up yet. */
  readonly address: string | null | undefined;
  /** Milliseconds, local clock. */
  readonly wantedAt: number;
  readonly halves: Readonly<Record<ServiceName, Half>>;
}

export type Step = 'wanted' | 'read' | 'sent' | 'verified';

export interface Half {
  readonly step: Step;
  /** The earliest word of every row, kept as first read: nothing is written to a row that is not here. */
  readonly before: readonly Before[];
  /** When this half was verified, in milliseconds. */
  readonly verifiedAt: number | null;
  /** Failed tries so far. */
  readonly attempt: number;
  /** Not before this time, in milliseconds. */
  readonly nextTry: number;
  readonly problem: Problem | null;
}

/** A Salesforce record with its box, or an ActiveCampaign membership with its status, before anything was written. */
export interface Before {
  readonly id: string;
  /** `Contact` or `Lead`; for a membership its list's id. */
  readonly of: string;
  /** For a membership the AC contact's id. */
  readonly contact: string | null;
  readonly value: boolean | number;
  /** When it was read, in milliseconds. */
  readonly at: number;
}

/** A row as a side reads it now; `todo` while it still lets mail through. */
export interface Row extends Omit<Before, 'at'> {
  readonly todo: boolean;
}

export const SERVICES: readonly ServiceName[] = ['salesforce', 'activecampaign'];

/** A new act, due at once. */
export function newAct(id: string, person: Pick<Act, 'host' | 'record' | 'address'>, now: number): Act {
  const half: Half = { step: 'wanted', before: [], verifiedAt: null, attempt: 0, nextTry: now, problem: null };
  return { id, ...person, wantedAt: now, halves: { salesforce: half, activecampaign: half } };
}

/**
 * The open act after one more click: everything is due at once, and a half that was verified is looked at again, since
 * the person may have come back on that side while the other half was held up.
 */
export function wantedAgain(act: Act, now: number): Act {
  return SERVICES.reduce((again, service) => {
    const { step } = act.halves[service];
    return withHalf(again, service, { nextTry: now, ...(step === 'verified' && { step: 'read', verifiedAt: null }) });
  }, act);
}

export function isDone(act: Act): boolean {
  return SERVICES.every((service) => act.halves[service].step === 'verified');
}

/** Whether both acts are about one person: the same record, or the same address in the same org. */
export function samePerson(a: Pick<Act, 'host' | 'record' | 'address'>, b: typeof a): boolean {
  if (a.host !== b.host) return false;
  return a.record === b.record || (typeof a.address === 'string' && a.address === b.address);
}

export function withHalf(act: Act, service: ServiceName, change: Partial<Half>): Act {
  return { ...act, halves: { ...act.halves, [service]: { ...act.halves[service], ...change } } };
}

/** What was said before, with rows seen for the first time added; a row that is there keeps its earliest word. */
export function earliest(before: readonly Before[], rows: readonly Row[], at: number): readonly Before[] {
  const known = new Set(before.map((row) => row.id));
  const added = rows
    .filter((row) => !known.has(row.id))
    .map(({ id, of, contact, value }) => ({ id, of, contact, value, at }));
  return added.length > 0 ? [...before, ...added] : before;
}
