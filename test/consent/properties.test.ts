import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameAgreement } from '../../src/consent/agreement.ts';
import { decide } from '../../src/consent/decide.ts';
import { differenceOf, differs } from '../../src/consent/differences.ts';
import type { PersonFacts } from '../../src/consent/facts.ts';
import { allowed, limitOf, plan } from '../../src/consent/plan.ts';
import { acStanding, salesforceStanding } from '../../src/consent/standing.ts';
import { random } from '../long.ts';
import { type RunMode, run } from './run.ts';
import { type Event, factsOf, happen, LISTS, newWorld, policyOf, type World } from './world.ts';

/** A failing property prints its seed and path. */
const RUNS = random(3000, 100_000);

const which = fc.nat({ max: 5 });
const list = fc.constantFrom(...LISTS);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ kind: fc.constant('record born' as const), set: fc.boolean() }),
  fc.record({ kind: fc.constant('box set' as const), which }),
  fc.record({ kind: fc.constant('box cleared' as const), which }),
  fc.record({ kind: fc.constant('record deleted' as const), which }),
  fc.record({ kind: fc.constant('record purged' as const), which }),
  fc.record({ kind: fc.constant('record undeleted' as const), which }),
  fc.constant<Event>({ kind: 'bin emptied' }),
  fc.record({ kind: fc.constant('lead converted' as const), which, carried: fc.boolean() }),
  fc.record({
    kind: fc.constant('records merged' as const),
    which,
    into: which,
    keeps: fc.constantFrom('winner' as const, 'loser' as const),
  }),
  fc.constant<Event>({ kind: 'contact created' }),
  fc.constant<Event>({ kind: 'contact deleted' }),
  fc.record({ kind: fc.constant('person subscribes' as const), list }),
  fc.record({ kind: fc.constant('person unsubscribes' as const), list }),
  fc.record({ kind: fc.constant('admin reactivates' as const), list }),
  fc.record({ kind: fc.constant('joins unconfirmed' as const), list }),
  fc.record({ kind: fc.constant('person confirms' as const), list }),
  fc.constant<Event>({ kind: 'hard bounce' }),
  fc.constant<Event>({ kind: 'soft bounce' }),
  fc.constant<Event>({ kind: 'bounce reset' }),
  fc.constant<Event>({ kind: 'tag gained' }),
  fc.constant<Event>({ kind: 'tag lost' }),
  fc.record({ kind: fc.constant('list hidden' as const), list }),
  fc.record({ kind: fc.constant('list shown' as const), list }),
);
const mode = fc.constantFrom<RunMode>(
  'whole',
  'whole',
  'salesforce fails',
  'activecampaign fails',
  'killed after one',
  'killed after both',
);
/** Nights: some events, then a run that may fail. Begins with somebody who is in both systems. */
const nights = fc.array(fc.record({ events: fc.array(event, { maxLength: 5 }), mode }), { minLength: 1, maxLength: 6 });
type Nights = { events: Event[]; mode: RunMode }[];

function begin(): World {
  const world = newWorld();
  happen(world, { kind: 'record born', set: false });
  happen(world, { kind: 'contact created' });
  happen(world, { kind: 'person subscribes', list: '1' });
  return world;
}

function live(world: World, history: Nights, each: (world: World, night: Nights[number]) => void): void {
  for (const night of history) {
    for (const happening of night.events) happen(world, happening);
    each(world, night);
  }
}

const holds = (check: (history: Nights) => void) => fc.assert(fc.property(nights, check), RUNS);

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}

describe('the invariants, over random histories of several events between runs, with failing halves and kills', () => {
  it('I1: an opt-out seen on either side is, after a finished run, true on both, or listed under exactly one cause', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const result = run(world, night.mode);
        if (night.mode !== 'whole') return;
        const after = factsOf(world);
        const cause = differenceOf(after, world.agreement, policyOf(world));
        expect(differs(after, policyOf(world))).toBe(cause !== null);
        expect(cause).not.toBe('failed');
        const mended = ['subscribed-again', 'bounce-reactivated'].includes(result.decision.reason ?? '');
        if (salesforceStanding(result.before).boxSet && cause === null && !mended) {
          expect(after.records.every((record) => record.set)).toBe(true);
          expect(acStanding(after.contact, policyOf(world)).active).toEqual([]);
        }
      }),
    );
  });

  it('I1: a failed or killed run leaves nobody unlisted', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        run(world, night.mode);
        const after = factsOf(world);
        if (differs(after, policyOf(world)))
          expect(differenceOf(after, world.agreement, policyOf(world))).not.toBeNull();
      }),
    );
  });

  it('I2: a box is cleared only by subscribed-again, which needs an act of the person after the agreement', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const { decision, agreementBefore } = run(world, night.mode);
        if (decision.clear.length === 0) return;
        expect(decision.reason).toBe('subscribed-again');
        expect(agreementBefore?.kind).toBe('out');
        if (agreementBefore?.kind !== 'out') return;
        const { lists, at } = agreementBefore;
        expect(lists.some((id) => (world.personSubscribed[id] ?? 0) * 1000 > (at.activecampaign ?? Infinity))).toBe(
          true,
        );
      }),
    );
  });

  it('I2: only active rows are written, and only to unsubscribed', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const { decision } = run(world, night.mode);
        expect(decision.unsubscribe.every((row) => row.status === 1)).toBe(true);
      }),
    );
  });

  it('I2: an agreed opt-out is forgotten only for an act of the person, a box cleared on every record, or a mended bounce', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const { before, decision, agreementBefore, finished } = run(world, night.mode);
        if (agreementBefore?.kind !== 'out' || world.agreement?.kind === 'out' || !finished) return;
        const { active, hardBounced } = acStanding(before.contact, policyOf(world));
        const newer = active.some((row) => (row.subscribedAt ?? 0) > (agreementBefore.at.activecampaign ?? Infinity));
        const mended = agreementBefore.cause === 'bounce' && active.length > 0 && hardBounced;
        const clearedByHand =
          decision.reason === 'cleared-in-salesforce' &&
          agreementBefore.records.length > 0 &&
          agreementBefore.records.every((id) => before.records.some((record) => record.id === id && !record.set));
        expect(newer || mended || clearedByHand).toBe(true);
      }),
    );
  });

  it('I3: unknown is never read as "not opted out": nothing is written and nothing forgotten', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        run(world, night.mode);
        const decision = decide({ ...factsOf(world), unknown: 'cut' }, world.agreement, policyOf(world));
        expect(decision).toMatchObject({ reason: 'unknown', set: [], clear: [], unsubscribe: [], next: 'kept' });
      }),
    );
  });

  it('I3: a membership of a status nobody knows is neither a subscription nor an opt-out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -5, max: 120 }).filter((status) => status < 0 || status > 3),
        (status) => {
          const row = { id: 'm', list: '1', status, subscribedAt: null, unsubscribedAt: null };
          const contact = { id: '7', bouncedHard: 0, tags: ['added-to-salesforce-contact'], memberships: [row] };
          const standing = acStanding(contact, policyOf(newWorld()));
          expect([standing.out, standing.active.length]).toEqual([false, 0]);
        },
      ),
    );
  });

  it('I4: a run after a finished run writes nothing and forgets nothing, as often as it is repeated', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        run(world, night.mode);
        run(world);
        const settled = world.agreement;
        for (let again = 0; again < 3; again++) {
          const { writes, decision } = run(world);
          expect([writes, decision.set, decision.clear, decision.unsubscribe]).toEqual([0, [], [], []]);
        }
        expect(sameAgreement(world.agreement, settled) || settled?.kind === 'out').toBe(true);
      }),
    );
  });

  it('I4: applying a decision twice equals applying it once', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const twice = structuredClone(world);
        run(twice, 'killed after both');
        run(twice, 'whole');
        run(world, 'whole');
        const state = ({ records, contact }: World) => ({
          records,
          rows: contact?.memberships.map((row) => [row.list, row.status]).sort(),
        });
        expect(state(twice)).toEqual(state(world));
        run(world, night.mode);
      }),
    );
  });

  it('I5: a decision is a function of its inputs alone, and changes none of them', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const [facts, agreement] = deepFreeze([factsOf(world), structuredClone(world.agreement)] as const);
        const first = decide(facts, agreement, policyOf(world));
        expect(decide(structuredClone(facts), structuredClone(agreement), policyOf(world))).toEqual(first);
        run(world, night.mode);
      }),
    );
  });

  it('I6: a run killed anywhere and run again ends where one run ends', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        const killed = structuredClone(world);
        run(killed, night.mode);
        run(killed, 'whole');
        run(world, 'whole');
        const boxes = (end: World) => end.records.map(({ id, set, state }) => [id, set, state]);
        const rows = (end: World) => end.contact?.memberships.map((row) => [row.list, row.status]).sort();
        expect(boxes(killed)).toEqual(boxes(world));
        expect(rows(killed)).toEqual(rows(world));
        expect(killed.agreement?.kind).toBe(world.agreement?.kind);
      }),
    );
  });

  it('I8: after a finished run all live records with the address agree, but for a mended bounce, which is listed', () => {
    holds((history) =>
      live(begin(), history, (world, night) => {
        run(world, night.mode);
        if (differenceOf(factsOf(world), world.agreement, policyOf(world)) === 'bounce-reactivated') return;
        if (night.mode === 'whole')
          expect(new Set(factsOf(world).records.map((record) => record.set)).size).toBeLessThan(2);
      }),
    );
  });
});

describe('I9: caps', () => {
  const person = (n: number, kind: 'to opt out' | 'to opt in' | 'fine'): PersonFacts => ({
    address: `p${n}@example.com`,
    records: [{ id: `r${n}`, set: kind === 'to opt in' }],
    vanished: [],
    contact: {
      id: String(n),
      bouncedHard: 0,
      tags: ['added-to-salesforce-contact'],
      memberships: [
        {
          id: `m${n}`,
          list: '1',
          status: kind === 'to opt out' ? 2 : 1,
          subscribedAt: 2000,
          unsubscribedAt: kind === 'to opt out' ? 3000 : null,
        },
      ],
    },
  });
  const policy = policyOf(newWorld());
  const kinds = fc.array(fc.constantFrom('to opt out' as const, 'to opt in' as const, 'fine' as const), {
    maxLength: 60,
  });
  const cap = fc.oneof(fc.nat({ max: 40 }), fc.record({ percent: fc.nat({ max: 100 }) }), fc.constant('none' as const));

  it('over the opt-out cap nothing is written; over the opt-in cap no box is cleared and opt-outs still go', () => {
    fc.assert(
      fc.property(kinds, cap, cap, (people, optOut, optIn) => {
        const facts = people.map((kind, n) => person(n, kind));
        const agreements = new Map(
          people.flatMap((kind, n) =>
            kind === 'to opt in'
              ? [
                  [
                    `p${n}@example.com`,
                    {
                      kind: 'out' as const,
                      cause: 'opt-out' as const,
                      records: [`r${n}`],
                      contact: String(n),
                      fingerprint: 'then',
                      lists: ['1'],
                      at: { salesforce: 1000, activecampaign: 1000 },
                    },
                  ] as const,
                ]
              : [],
          ),
        );
        const made = plan(facts, agreements, policy, { optOut, optIn });
        const outs = people.filter((kind) => kind === 'to opt out').length;
        const ins = people.filter((kind) => kind === 'to opt in').length;
        expect(made.totals).toEqual({ people: people.length, both: people.length, optOuts: outs, optIns: ins });
        const goes = made.decisions.filter((decision) => allowed(decision, made.verdict));
        const tooManyOuts = outs > limitOf(optOut, people.length);
        const tooManyIns = ins > limitOf(optIn, people.length);
        expect(goes.filter((d) => d.set.length > 0)).toHaveLength(tooManyOuts ? 0 : outs);
        expect(goes.filter((d) => d.clear.length > 0)).toHaveLength(tooManyOuts || tooManyIns ? 0 : ins);
      }),
      RUNS,
    );
  });

  it('a share is counted over the people on both sides and is never less than 25', () => {
    expect([limitOf({ percent: 10 }, 1000), limitOf({ percent: 10 }, 90), limitOf({ percent: 0 }, 9)]).toEqual([
      100, 25, 25,
    ]);
    expect([limitOf(3, 1000), limitOf('none', 1000)]).toEqual([3, Number.POSITIVE_INFINITY]);
  });
});
