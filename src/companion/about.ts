import type { Agreement } from '../consent/agreement.ts';
import { type Decision, decide } from '../consent/decide.ts';
import { type DifferenceCause, differenceOf } from '../consent/differences.ts';
import { acStanding } from '../consent/standing.ts';
import { type AuditRow, auditRows, forgottenUntil } from './audit.ts';
import { type Difference, differenceAbout } from './differences.ts';
import { lastErasure } from './erasure.ts';
import { decisionsAbout, type KeptDecision } from './ledger.ts';
import { type Move, movesAbout } from './moves.ts';
import type { PersonNow } from './person.ts';
import type { Intention, Store, VanishedRecord } from './store.ts';
import { NOTHING_SAID, type SetByRuns, saidBy } from './who-says.ts';
import { type Why, whyOf } from './why.ts';

/** Everything that is known about one person. */
export interface About {
  readonly person: string;
  /** Why they are out, or not, in one sentence. */
  readonly why: string;
  /** As both services say now; null when they were not asked. */
  readonly now: PersonNow | null;
  /** What the rules decide about that; null when the services were not asked. */
  readonly decision: Decision | null;
  readonly qualified: boolean | null;
  /** Whether both sides differ now, and why. */
  readonly differs: DifferenceCause | null;
  readonly agreement: Agreement | null;
  /** As the last run left it. */
  readonly difference: Difference | null;
  readonly intention: Intention | null;
  /** Records and contacts that came from another address, or went to one. */
  readonly moves: readonly Move[];
  readonly decisions: readonly KeptDecision[];
  /** The oldest first. */
  readonly audit: readonly AuditRow[];
}

/** Puts together what the store and, where they were asked, the services say about one person. */
export function aboutPerson(store: Store, person: string, now: PersonNow | null, field: string): About {
  const agreement = store.agreement(person);
  const audit = [...auditRows(store, { address: person })];
  const moves = movesAbout(store, person);
  const decisions = decisionsAbout(store, person, field);
  const before = moves.filter(({ address, was }) => address === person && was !== person).map(({ was }) => was);
  const elsewhere = [...new Set(before)].flatMap((address) => [...auditRows(store, { address })]);
  const difference = differenceAbout(store, person) ?? null;
  const known: Why = {
    person,
    facts: now?.facts ?? null,
    policy: now?.policy ?? null,
    agreement,
    audit,
    said: now ? saidBy(now, setByRuns([...audit, ...elsewhere])) : NOTHING_SAID,
    gone: goneFrom(store, person),
    moves,
    erased: lastErasure(store, person),
    forgotten: forgottenUntil(store),
    difference,
    held: decisions.at(-1)?.outcome === 'held' || decisions.at(-1)?.outcome === 'refused',
  };
  return {
    person,
    why: whyOf(known),
    now,
    decision: now && decide(now.facts, agreement, now.policy),
    qualified: now && acStanding(now.facts.contact, now.policy).qualified,
    differs: now && differenceOf(now.facts, agreement, now.policy),
    agreement,
    difference,
    intention: store.intention(person) ?? null,
    moves,
    decisions,
    audit,
  };
}

/** Which boxes runs set last, also of records that had another address then. */
function setByRuns(audit: readonly AuditRow[]): SetByRuns {
  const found = new Map<string, number>();
  for (const { at, change } of [...audit].sort((a, b) => a.seq - b.seq)) {
    if (change.now === 'true') found.set(change.target, Date.parse(at));
    else found.delete(change.target);
  }
  return found;
}

function goneFrom(store: Store, address: string): Map<string, VanishedRecord['how']> {
  const rows = store.all('SELECT record, how FROM vanished WHERE address = ?', address);
  return new Map(rows.map(({ record, how }) => [String(record), how as VanishedRecord['how']]));
}
