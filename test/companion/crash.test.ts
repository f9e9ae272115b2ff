import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import { Fuse, nightWith } from './fuse.ts';
import { BOX, HOUR, Town } from './town.ts';

/**
 * A run that is killed before or after any call to a service, or any transaction of the store, and run again ends where
 * a run that was left alone ends (I6), with exactly one audit row for every change (I10).
 */

/** Everything that a run can change, in the order of the addresses. Times are left out: the killed run took longer. */
function state(town: Town): unknown {
  const { org, account } = town.sandbox;
  const boxes = ['Contact', 'Lead'].flatMap((type) => org.all(type).map((row) => [row.Id, row[BOX]]));
  const rows = [...account.memberships.values()].map((row) => [row.contact, row.list, row.status]);
  return town.store((store) => ({
    boxes,
    rows,
    agreements: store.all('SELECT address, kind, cause, records, contact FROM agreements ORDER BY address'),
    open: store.intentions(),
    unsettled: store.all('SELECT record, address FROM vanished WHERE settled = 0'),
    moves: store.all('SELECT id, was, address, how, settled FROM moves'),
    audit: store
      .all('SELECT address, side, target, was, now, reason FROM audit_entries')
      .map((row) => JSON.stringify(row))
      .sort(),
    chain: verifyAudit(store).brokenAt,
  }));
}

/** Two nights of life: everybody who can be settled one way or another. The same numbers make the same town. */
async function livedIn(): Promise<Town> {
  const town = new Town();
  const { account, org } = town.sandbox;
  const again = town.plant('again', { contacts: [false], leads: [false], lists: { News: 2 } });
  const cleared = town.plant('cleared', { contacts: [false], lists: { News: 2 } });
  const gone = town.plant('gone', { contacts: [false, false], lists: { News: 1 } });
  town.plant('agreed', { contacts: [true], lists: { News: 2 } });
  const moved = town.plant('moved', { contacts: [false], lists: { News: 2 } });
  await town.night();
  account.subscribe(again.ac, town.list('News'), { by: 'contact' });
  org.update('Contact', cleared.contacts[0] ?? '', { [BOX]: false });
  org.update('Contact', gone.contacts[0] ?? '', { [BOX]: true });
  org.update('Contact', moved.contacts[0] ?? '', { [BOX]: false, Email: 'moved-to@example.com' });
  town.plant('moved-to', { lists: { News: 1 } });
  town.clock.advance(HOUR);
  org.remove('Contact', gone.contacts[0] ?? '');
  town.plant('boxed', { contacts: [true, false], leads: [false], lists: { News: 1, Offers: 1 } });
  town.plant('left', { contacts: [false], leads: [false], lists: { News: 2 } });
  town.plant('bounced', { contacts: [false, false], lists: { News: 1 }, hardBounced: true });
  town.plant('twin', { contacts: [true, false], lists: null });
  return town;
}

/** The reason of an audit row may differ after a kill: half of an opt-out looks like another rule's. */
function withoutReasons(whole: unknown): unknown {
  return JSON.parse(JSON.stringify(whole).replaceAll(/,\\"reason\\":\\"[a-z-]+\\"/g, ''));
}

async function inTown<T>(work: (town: Town) => Promise<T>): Promise<T> {
  const town = await livedIn();
  try {
    return await work(town);
  } finally {
    town.dispose();
  }
}

describe('a run that is killed', () => {
  it('anywhere, and run again, ends where an uninterrupted run ends', { timeout: 600_000 }, async () => {
    const { expected, steps } = await inTown(async (town) => {
      const fuse = new Fuse(Number.POSITIVE_INFINITY);
      expect(await nightWith(town, fuse)).toMatchObject({ outcome: 'done' });
      return { expected: withoutReasons(state(town)), steps: fuse.steps };
    });
    expect(steps).toBeGreaterThan(40);
    for (let at = 1; at <= steps; at++)
      await inTown(async (town) => {
        expect(await nightWith(town, new Fuse(at)), `step ${at} of ${steps}`).toBe('killed');
        expect(await nightWith(town, new Fuse(Number.POSITIVE_INFINITY))).toMatchObject({ outcome: 'done' });
        expect(withoutReasons(state(town)), `killed at step ${at} of ${steps}`).toEqual(expected);
      });
  });

  it('several times in a row ends there too', { timeout: 600_000 }, async () => {
    const expected = await inTown(async (town) => {
      await town.night();
      return withoutReasons(state(town));
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 2, maxLength: 4 }), (kills) =>
        inTown(async (town) => {
          for (const at of kills) await nightWith(town, new Fuse(at));
          expect(await nightWith(town, new Fuse(Number.POSITIVE_INFINITY))).toMatchObject({ outcome: 'done' });
          expect(withoutReasons(state(town))).toEqual(expected);
        }),
      ),
      { numRuns: Number(process.env.OPTBRIDGE_CRASHES ?? 40) },
    );
  });
});
