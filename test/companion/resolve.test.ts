import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aboutPerson } from '../../src/companion/about.ts';
import { auditRows, verifyAudit } from '../../src/companion/audit.ts';
import { differenceAbout, differenceSummary, differences } from '../../src/companion/differences.ts';
import { BusyError, takeLock } from '../../src/companion/lock.ts';
import { acceptDifference, NotInDifferences, resolveOut } from '../../src/companion/resolve.ts';
import { BOX, decisionOn, Town } from './town.ts';

/** Somebody settles by hand what the rules leave alone. */

let here: Town;
beforeEach(() => {
  here = new Town();
});
afterEach(() => here.dispose());

const out = (person: { readonly email: string }) => resolveOut(here.surroundings(), person.email, 'rita');
const causes = () => here.store((store) => [...differences(store)].map(({ cause }) => cause));
const audit = (person: { readonly email: string }) =>
  here.store((store) =>
    [...auditRows(store, { address: person.email })].map(({ reason, change }) => [reason, change.now]),
  );

describe('resolve out', () => {
  it('opts somebody who is not qualified out in Salesforce, remembers it, and the next run agrees', async () => {
    const ann = here.plant('ann', { contacts: [false], leads: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    const resolved = await out(ann);
    expect(resolved).toMatchObject({ outcome: 'done', run: expect.stringMatching(/^resolve-\d{8}T\d{6}Z-/) });
    expect([here.box(ann.contacts[0] ?? ''), here.box(ann.leads[0] ?? '')]).toEqual([true, true]);
    expect(audit(ann)).toEqual([
      ['resolved', 'true'],
      ['resolved', 'true'],
    ]);
    expect(causes()).toEqual([]);
    here.store((store) => {
      expect(store.agreement(ann.email)).toMatchObject({ kind: 'out', cause: 'opt-out' });
      expect(verifyAudit(store).brokenAt).toBe(null);
      expect(store.intentions()).toEqual([]);
      expect([...auditRows(store)].map(({ evidence }) => evidence.by)).toEqual(['rita', 'rita']);
      expect(aboutPerson(store, ann.email, null, BOX).why).toMatch(
        /: rita asked for it on 2026-11-02 by optbridge resolve\.$/,
      );
    });
    const report = await here.night();
    expect([decisionOn(report, ann), report.counts.writes]).toEqual(['agreed: nothing', 0]);
  });

  it('sets again what somebody cleared, and unsubscribes whom somebody made active after a bounce', async () => {
    const cleared = here.plant('cleared', { contacts: [false], lists: { News: 2 } });
    const bounced = here.plant('bounced', { contacts: [false], lists: { News: 1 }, hardBounced: true });
    await here.night();
    here.sandbox.org.update('Contact', cleared.contacts[0] ?? '', { [BOX]: false });
    here.sandbox.account.join(bounced.ac, here.list('News'), 1);
    await here.night();
    expect(causes().sort()).toEqual(['bounce-reactivated', 'cleared-in-salesforce']);
    await out(cleared);
    await out(bounced);
    expect([here.box(cleared.contacts[0] ?? ''), here.status(bounced.ac, 'News')]).toEqual([true, 2]);
    expect((await here.night()).counts.writes).toBe(0);
    expect(causes()).toEqual([]);
  });

  it('of somebody with two contacts whose addresses differ in case writes nothing: one of them would stay in', async () => {
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    here.sandbox.account.addContact({ email: 'twin@example.com' }).email = 'Ann@Example.com';
    await here.night();
    await expect(out(ann)).rejects.toThrow('2 contacts with this address');
    expect([here.status(ann.ac, 'News'), causes()]).toEqual([1, ['unknown']]);
  });

  it('of somebody who is out by now writes nothing, and remembers it', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { [BOX]: true });
    here.sandbox.requests.reset();
    expect(await out(ann)).toMatchObject({ outcome: 'done', run: null, changes: [] });
    expect(here.writes()).toEqual([]);
    expect(causes()).toEqual([]);
  });

  it('that fails says why, and leaves the difference and the intention to the next run', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    here.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', path: /sobjects/, kind: 'status', status: 400 });
    expect(await out(ann)).toMatchObject({ outcome: 'failed', words: expect.stringContaining('HTTP 400') });
    expect(causes()).toEqual(['not-qualified']);
    expect(audit(ann)).toEqual([]);
  });

  it('writes nothing for somebody who cannot be read whole, or where a prerequisite is missing', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    here.sandbox.requests.reset();
    here.sandbox.account.hideList(here.list('Offers'));
    await expect(out(ann)).rejects.toThrow(/no longer shown/);
    here.sandbox.account.showList(here.list('Offers'));
    expect(here.writes()).toEqual([]);
  });

  it('is only for somebody who differs, and not while a run goes on', async () => {
    await here.night();
    await expect(out({ email: 'nobody@example.com' })).rejects.toThrow(NotInDifferences);
    const release = takeLock(here.config.store);
    await expect(out({ email: 'nobody@example.com' })).rejects.toThrow(BusyError);
    release();
  });
});

describe('resolve leave', () => {
  it('does not count the difference as open any more, run after run', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    here.sandbox.requests.reset();
    expect(acceptDifference(here.config.store, ann.email, here.clock.now(), 'rita')).toMatchObject({ outcome: 'done' });
    expect(here.sandbox.requests.all).toEqual([]);
    expect((await here.night()).differences).toMatchObject({ open: 0, accepted: 1 });
    expect(here.store((store) => differenceAbout(store, ann.email))).toMatchObject({ acceptedBy: 'rita' });
    expect(here.box(ann.contacts[0] ?? '')).toBe(false);
  });

  it('holds only as long as the cause stays the same', async () => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    await here.night();
    acceptDifference(here.config.store, ann.email, here.clock.now(), 'rita');
    here.sandbox.account.tag(ann.ac, 'added-to-salesforce-contact');
    here.sandbox.faults.add({ service: 'salesforce', method: 'PATCH', path: /sobjects/, kind: 'status', status: 400 });
    await here.night();
    expect(here.store(differenceSummary)).toMatchObject({ open: 1, accepted: 0, byCause: { failed: 1 } });
  });

  it('is only for somebody who differs', async () => {
    await here.night();
    expect(() => acceptDifference(here.config.store, 'nobody@example.com', 0, 'rita')).toThrow(NotInDifferences);
  });
});
