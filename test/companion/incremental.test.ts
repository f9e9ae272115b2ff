import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import { countPeople, peopleCounted } from '../../src/companion/people-count.ts';
import type { Report } from '../../src/companion/report.ts';
import type { Surroundings } from '../../src/companion/sync.ts';
import { random } from '../long.ts';
import { happen, happenings, happenLate, settle } from './happenings.ts';
import { BOX, HOUR, Town } from './town.ts';

/**
 * Two towns that are alike live through the same days. At night one is read by what has changed in Salesforce and by list
 * in ActiveCampaign, with no more of each page than a night reads, the other whole. Every decision, every write and all that is remembered must be the same, whatever happens, fails, is killed or commits late.
 */

const MINUTE = 60_000;

class Killed extends Error {}

/** How a night goes. `killed` at a place that both readings come by; a number counts the calls that write. */
const mode = fc.oneof(
  { weight: 5, arbitrary: fc.constant('whole' as const) },
  fc.constantFrom(
    'salesforce cannot be read' as const,
    'salesforce cannot be written' as const,
    'activecampaign cannot be written' as const,
    'killed while reading' as const,
    'killed before it writes' as const,
  ),
  fc.record({ killedAt: fc.integer({ min: 1, max: 4 }), done: fc.boolean() }),
);
type Mode = typeof mode extends fc.Arbitrary<infer T> ? T : never;

const late = fc.record({
  what: fc.constant('touch' as const),
  who: fc.nat({ max: 11 }),
  other: fc.nat({ max: 11 }),
  flag: fc.boolean(),
});
const night = fc.record({
  day: happenings,
  late: fc.option(late, { freq: 2 }),
  /** How long before the reading the late transaction began, in minutes, and whether it ends while the run goes on. */
  minutes: fc.integer({ min: 0, max: 9 }),
  endsWithin: fc.boolean(),
  mode,
});
type Night = typeof night extends fc.Arbitrary<infer T> ? T : never;

/** The run of a night in one of the towns. */
async function liveNight(town: Town, { day, late, minutes, endsWithin, mode }: Night, full: boolean): Promise<unknown> {
  for (const happening of day) happen(town, happening);
  if (day.some(({ what }) => what === 'purge')) purged.add(town);
  const { faults } = town.sandbox;
  const fail = (fault: Parameters<typeof faults.add>[0]) => faults.add(fault);
  if (mode === 'salesforce cannot be read')
    fail({ service: 'salesforce', path: /\/query\?/, kind: 'status', status: 503 });
  if (mode === 'salesforce cannot be written')
    fail({ service: 'salesforce', method: 'PATCH', kind: 'status', status: 503 });
  if (mode === 'activecampaign cannot be written')
    fail({ service: 'activecampaign', method: 'POST', kind: 'status', status: 503 });
  let commit: (() => void) | undefined;
  const usual = town.surroundings(full ? 'whole' : 'night');
  const surroundings: Surroundings = {
    ...usual,
    // In so small a town nothing is cheaper than reading everybody, but this is not about calls.
    cheaperShare: full ? 0 : Number.POSITIVE_INFINITY,
    salesforce: writing(usual.salesforce, 'update', mode),
    activecampaign: writing(usual.activecampaign, 'setMembership', mode),
    watch(happening) {
      if (happening.kind === 'checking' && late) {
        commit = happenLate(town, late);
        town.clock.advance(minutes * MINUTE);
      }
      if (happening.kind === 'reading' && happening.side === 'activecampaign' && mode === 'killed while reading')
        throw new Killed();
      if (happening.kind !== 'planned') return;
      if (endsWithin) {
        commit?.();
        commit = undefined;
      }
      if (mode === 'killed before it writes') throw new Killed();
    },
  };
  const done = await attempt(() => town.night({ full }, surroundings));
  commit?.();
  faults.clear();
  if (done === 'killed') return done;
  town.store((store) => expect(peopleCounted(store)).toEqual(countPeople(store)));
  const { outcome, decisions, failures, refusal, differences } = done;
  // Contacts that were deleted and that nobody had to ask for are still counted, until everybody is read.
  const { people: _, both: __, activecampaignContacts: ___, ...counts } = done.counts;
  // Without a purge, which no stamp shows, it is the stamps that tell, not the count of all records.
  if (!full && done.reading && !purged.has(town)) expect(done.reading.why).toBe(done.newStore ? 'first' : null);
  if (!full && done.reading && !done.newStore)
    expect(done.reading.activecampaign).toMatchObject({ kind: 'by-list', comparison: { state: 'agreed', why: null } });
  // How far a reading came that failed is nobody's business.
  return { outcome, decisions, failures, refusal, differences, counts: outcome === 'failed' ? null : counts };
}

/** Towns in which something was purged that no run may have noticed yet. */
const purged = new WeakSet<Town>();

async function attempt(run: () => Promise<Report>): Promise<Report | 'killed'> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof Killed) return 'killed';
    throw error;
  }
}

/** A client whose call that writes ends the run, before or after it is done, when it is its turn. */
function writing<T extends object>(client: T, method: keyof T, mode: Mode): T {
  if (typeof mode !== 'object') return client;
  let calls = 0;
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function' || key !== method) return value;
      return async (...values: unknown[]) => {
        calls += 1;
        const now = calls === mode.killedAt;
        if (now && !mode.done) throw new Killed();
        const answer: unknown = await Reflect.apply(value, target, values);
        if (now) throw new Killed();
        return answer;
      };
    },
  });
}

/** All that is so in the end, times by the services' clocks included. */
function state(town: Town): unknown {
  const { org, account } = town.sandbox;
  return town.store((store) => ({
    records: ['Contact', 'Lead'].flatMap((type) => org.all(type, true).map((row) => [row.Id, row[BOX], row.Email])),
    rows: [...account.memberships.values()].map((row) => [row.contact, row.list, row.status]),
    agreements: store.all(
      'SELECT address, kind, cause, records, contact, fingerprint, at_salesforce, at_activecampaign FROM agreements',
    ),
    remembered: store.all('SELECT id, object, address, is_set, modified_at FROM main.records'),
    vanished: store.all('SELECT * FROM vanished'),
    moves: store.all('SELECT * FROM moves'),
    open: store.all('SELECT address, changes FROM intentions'),
    audit: store.all('SELECT address, side, target, was, now, reason FROM audit_entries'),
    chain: verifyAudit(store).brokenAt,
  }));
}

const WHOLE: Night = { day: [], late: null, minutes: 0, endsWithin: false, mode: 'whole' };

describe('nights that read what has changed', () => {
  it('end exactly as the same nights would that read everybody', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 4 }), async (nights) => {
        const [changes, whole] = [new Town(), new Town()];
        try {
          for (const town of [changes, whole]) {
            town.config = { ...town.config, schedule: { ...town.config.schedule, fullEveryDays: 14 } };
            settle(town);
            // Long ago, so that nobody is read by list only because they are new.
            town.clock.advance(72 * HOUR);
          }
          for (const [n, each] of [WHOLE, ...nights, WHOLE, WHOLE].entries()) {
            const found = await liveNight(changes, each, false);
            expect(found, `night ${n}`).toEqual(await liveNight(whole, each, true));
          }
          expect(state(changes)).toEqual(state(whole));
        } finally {
          changes.dispose();
          whole.dispose();
        }
      }),
      random(20, 400),
    );
  });
});
