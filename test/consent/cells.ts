import type { Agreement } from '../../src/consent/agreement.ts';
import type { ContactFact, Membership, PersonFacts, Policy } from '../../src/consent/facts.ts';
import { DEFAULT_QUALIFYING_TAGS } from '../../src/consent/facts.ts';
import { acStanding } from '../../src/consent/standing.ts';

/** The cells of the decision table: one person for each agreement x Salesforce x ActiveCampaign. */

export const POLICY: Policy = { lists: new Set(['1', '2']), qualifyingTags: DEFAULT_QUALIFYING_TAGS };

/** When the agreement was made; OLD and NEW are subscriptions before and after it. */
const AGREED_AT = Date.UTC(2026, 5, 15);
const OLD = Date.UTC(2025, 0, 1);
const NEW = Date.UTC(2026, 6, 1);

const row = (list: string, status: number, subscribedAt = OLD): Membership => ({
  id: `m${list}`,
  list,
  status,
  subscribedAt,
  unsubscribedAt: status === 2 || status === 3 ? OLD + 1000 : null,
});

const contact = (memberships: Membership[], qualified: boolean, bouncedHard = 0): ContactFact => ({
  id: '7',
  bouncedHard,
  memberships,
  tags: qualified ? ['vip', 'added-to-salesforce-contact'] : ['vip'],
});

export const AC_STATES = {
  'no contact': () => null,
  'never joined': (q: boolean) => contact([], q),
  unconfirmed: (q: boolean) => contact([row('1', 0)], q),
  'partly unsubscribed': (q: boolean) => contact([row('1', 1), row('2', 2)], q),
  'active old': (q: boolean) => contact([row('1', 1)], q),
  'active new': (q: boolean) => contact([row('1', 1, NEW), row('2', 2)], q),
  'unsubscribed from all': (q: boolean) => contact([row('1', 2), row('2', 2)], q),
  'hard bounced': (q: boolean) => contact([row('1', 3)], q, 1),
  reactivated: (q: boolean) => contact([row('1', 1)], q, 1),
} satisfies Record<string, (qualified: boolean) => ContactFact | null>;
export type AcState = keyof typeof AC_STATES;

const A = '003000000000001AAA';
const B = '00Q000000000002AAA';
const C = '003000000000003AAA';
export const SALESFORCE_STATES = {
  clear: { records: [rec(A, false), rec(B, false)], vanished: [] },
  some: { records: [rec(A, true), rec(B, false)], vanished: [] },
  all: { records: [rec(A, true), rec(B, true)], vanished: [] },
  vanished: { records: [rec(A, false), rec(B, false)], vanished: [C] },
  'no record': { records: [], vanished: [] },
} satisfies Record<string, Pick<PersonFacts, 'records' | 'vanished'>>;
export type SalesforceState = keyof typeof SALESFORCE_STATES;

function rec(id: string, set: boolean) {
  return { id, set };
}

const fingerprint = (state: AcState) => acStanding(AC_STATES[state](true), POLICY).fingerprint;
const out = (cause: 'opt-out' | 'bounce', state: AcState): Agreement => ({
  kind: 'out',
  cause,
  records: [A, B],
  contact: '7',
  fingerprint: fingerprint(state),
  lists: ['1', '2'],
  at: { salesforce: AGREED_AT, activecampaign: AGREED_AT },
});
export const AGREEMENTS = {
  none: null,
  'out by opt-out': out('opt-out', 'unsubscribed from all'),
  'out by bounce': out('bounce', 'hard bounced'),
  quiet: { kind: 'quiet', fingerprint: fingerprint('unsubscribed from all') },
} satisfies Record<string, Agreement | null>;
export type AgreementState = keyof typeof AGREEMENTS;

export interface Cell {
  readonly agreement: AgreementState;
  readonly salesforce: SalesforceState;
  readonly ac: AcState;
  readonly qualified: boolean;
}

const keys = <T extends object>(object: T) => Object.keys(object) as (keyof T)[];

/** Every cell; somebody without a contact cannot be qualified. */
export function everyCell(): Cell[] {
  return keys(AGREEMENTS).flatMap((agreement) =>
    keys(SALESFORCE_STATES).flatMap((salesforce) =>
      keys(AC_STATES).flatMap((ac) =>
        (ac === 'no contact' ? [false] : [true, false]).map((qualified) => ({ agreement, salesforce, ac, qualified })),
      ),
    ),
  );
}

export function factsOf(cell: Cell): PersonFacts {
  return {
    address: 'ann.lee@example.com',
    ...SALESFORCE_STATES[cell.salesforce],
    contact: AC_STATES[cell.ac](cell.qualified),
  };
}
