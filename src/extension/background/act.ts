import type { ServiceName } from '../../service/failure.ts';
import type { Done, Problem } from '../messages.ts';
import type { Before, Left } from './row.ts';
import { letsIn, OPT_OUT, type Wish } from './wish.ts';

/** Where a click is meant to arrive, as far as that is known when it is made: it goes nowhere else later. */
export interface Aim {
  /** 18-character id of the page's org, or of the org of the sign-in where the page does not tell. */
  readonly org?: string | undefined;
  /** API address of the ActiveCampaign account in the settings. */
  readonly account?: string | undefined;
}

/**
 * An act is one click, written down before anything else happens. It has two halves, one per service, and each walks
 * for itself:
 *
 *     wanted ──read──► read ──write──► sent ──read back──► verified
 *                        ▲                         │
 *                        └───── not there yet ─────┘
 *
 * `read` is durable before the first write, because a retry cannot learn from a re-read what it changed itself: undo
 * and audit are made from `before`. The worker may die between any two steps; whoever comes next starts the half again
 * with a read, which is harmless from every step.
 *
 * An act that lets mail through again writes nothing on either side before both were read.
 */
export interface Act extends Aim {
  readonly id: string;
  /** The org's API host. */
  readonly host: string;
  /** 18-character id of the record that was clicked on. */
  readonly record: string;
  /** The person's address in lower case; null: the record has none; undefined: not looked up yet. */
  readonly address: string | null | undefined;
  readonly wish: Wish;
  /** When it was clicked last, in milliseconds, local clock. */
  readonly wantedAt: number;
  /** Over before it was done, and why. */
  readonly ended: Done['ended'];
  /** When it was discarded, in milliseconds. */
  readonly discardedAt?: number;
  /** Acts that this one has overtaken: what they have under way is waited for. */
  readonly overtook: readonly string[];
  readonly halves: Readonly<Record<ServiceName, Half>>;
  /** The task that is to be made of it once both services have it; null or absent: none, or it is there. */
  readonly log?: { readonly attempt: number; readonly nextTry: number } | null;
  /** Why Salesforce did not take that task, the last time; null or absent: it was not refused. Stays when it is given up. */
  readonly unlogged?: Problem | null;
}

export type Step = 'wanted' | 'read' | 'sent' | 'verified';

export interface Half {
  readonly step: Step;
  /** The earliest word of every row, kept as first read: nothing is written to a row that is not here. */
  readonly before: readonly Before[];
  /** Every row as it was read back when this half was verified: undo asks whether anybody has changed it since. */
  readonly left?: readonly Left[];
  /** When this half was verified, in milliseconds. */
  readonly verifiedAt: number | null;
  /** Failed tries so far. */
  readonly attempt: number;
  /** Not before this time, in milliseconds. */
  readonly nextTry: number;
  /** When it failed the last time: a clock that shows less was put back, and says nothing of `nextTry`. */
  readonly tried?: number;
  readonly problem: Problem | null;
}

export const SERVICES: readonly ServiceName[] = ['salesforce', 'activecampaign'];

/** A new act, due at once. */
export function newAct(id: string, person: Person & Aim, now: number, wish: Wish = OPT_OUT): Act {
  const half: Half = { step: 'wanted', before: [], verifiedAt: null, attempt: 0, nextTry: now, problem: null };
  // One list is ActiveCampaign's alone.
  const salesforce: Half =
    wish.kind === 'unsubscribe' ? { ...half, step: 'verified', left: [], verifiedAt: now } : half;
  return {
    id,
    ...person,
    wish,
    wantedAt: now,
    ended: null,
    overtook: [],
    halves: { salesforce, activecampaign: half },
  };
}

/** Whom an act is about. */
export type Person = Pick<Act, 'host' | 'record' | 'address'>;

/**
 * The open act after one more click, which is a new word: everything is due at once, and a half that was verified is
 * looked at again, since the person may have come back on that side while the other half was held up.
 */
export function wantedAgain(act: Act, now: number): Act {
  return SERVICES.reduce(
    (again, service) => {
      const { step } = act.halves[service];
      if (service === 'salesforce' && act.wish.kind === 'unsubscribe') return again;
      return withHalf(again, service, { nextTry: now, ...(step === 'verified' && { step: 'read', verifiedAt: null }) });
    },
    { ...act, wantedAt: now },
  );
}

/** Whether nothing is left to do about it: done on both sides, or ended before. */
export function isDone(act: Act): boolean {
  return act.ended !== null || SERVICES.every((service) => act.halves[service].step === 'verified');
}

/** What is left of an act that both services have: its task. An act that came to nothing leaves none. */
export function logOf(act: Act): Act['log'] {
  return act.ended || !isDone(act) ? null : act.log;
}

/** The halves that may go on by themselves: one that waits for the other to be read is not among them. */
export function movable(act: Act): readonly ServiceName[] {
  if (act.ended) return [];
  const open = SERVICES.filter((service) => act.halves[service].step !== 'verified');
  const unread = letsIn(act.wish) ? open.filter((service) => act.halves[service].step === 'wanted') : [];
  return unread.length > 0 ? unread : open;
}

/** Where an act is meant to arrive. */
export function aimOf({ org, account }: Aim): Aim {
  return { ...(org && { org }), ...(account && { account }) };
}

/** Whether both acts are about one person: the same record, or the same address in the same org. */
export function samePerson(a: Person, b: Person): boolean {
  if (a.host !== b.host) return false;
  return a.record === b.record || (typeof a.address === 'string' && a.address === b.address);
}

export function withHalf(act: Act, service: ServiceName, change: Partial<Half>): Act {
  return { ...act, halves: { ...act.halves, [service]: { ...act.halves[service], ...change } } };
}
