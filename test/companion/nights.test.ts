import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/companion/audit.ts';
import { aTown } from './a-town.ts';
import { meanwhile } from './life.ts';
import { BOX, decisionOn, HOUR, QUALIFYING, type Town } from './town.ts';

/** The whole companion, night after night, over the sandbox. */

describe('a first night', () => {
  it('lets unsubscribes, bounces and boxes cross, clears nothing, and says that the store is new', async () => {
    const here = aTown();
    const left = here.plant('left', { contacts: [false], lists: { News: 2, Offers: 2 } });
    const bounced = here.plant('bounced', { leads: [false], lists: { News: 1 }, hardBounced: true });
    const boxed = here.plant('boxed', { contacts: [true], leads: [false], lists: { News: 1, Offers: 0 } });
    const twin = here.plant('twin', { contacts: [true, false], lists: null });
    const agreed = here.plant('agreed', { contacts: [true], lists: { News: 2 } });
    const fine = here.plant('fine', { contacts: [false], lists: { News: 1, Offers: 2 } });
    const stranger = here.plant('stranger', { contacts: [false], lists: { News: 2 }, qualified: false });

    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'done', exitCode: 0, newStore: true, failures: [], refusal: null });
    expect(report.warnings[0]).toContain('store is new');
    expect([left, bounced, boxed, twin, agreed, fine, stranger].map((person) => decisionOn(report, person))).toEqual([
      'unsubscribed-from-all: done',
      'hard-bounce: done',
      'salesforce-opt-out: done',
      'same-address: done',
      'agreed: nothing',
      'nothing',
      'nothing',
    ]);
    expect(
      [...left.contacts, ...bounced.leads, ...boxed.contacts, ...boxed.leads, ...twin.contacts].map((id) =>
        here.box(id),
      ),
    ).toEqual(Array(6).fill(true));
    expect([here.status(boxed.ac, 'News'), here.status(boxed.ac, 'Offers')]).toEqual([2, 0]);
    expect(here.status(bounced.ac, 'News')).toBe(3);
    expect([here.box(fine.contacts[0] ?? ''), here.box(stranger.contacts[0] ?? '')]).toEqual([false, false]);
    expect(report.counts).toMatchObject({ people: 7, both: 6, optOuts: 4, optIns: 0, writes: 5 });
  });

  it('is followed by a night that writes nothing, on a world of 1,000 people', async () => {
    const here = aTown({ people: 1000 });
    const first = await here.night();
    expect(first.outcome).toBe('done');
    expect(first.counts.optOuts).toBeGreaterThan(10);
    here.sandbox.requests.reset();
    const second = await here.night();
    expect(second).toMatchObject({ outcome: 'done', counts: { optOuts: 0, optIns: 0, writes: 0 } });
    expect(here.writes()).toEqual([]);
    expect(second.calls.activecampaign).toBeLessThanOrEqual(12);
    expect(second.calls.salesforce).toBeLessThanOrEqual(4);
  });

  it('says with every write who it is, that no lead is to be reassigned, and that a warning is no refusal', async () => {
    const here = aTown({ people: 200 });
    await here.night();
    expect(here.patched.length).toBeGreaterThan(0);
    for (const headers of here.patched) {
      expect(headers.get('sforce-auto-assign')).toBe('FALSE');
      expect(headers.get('sforce-call-options')).toContain('client=optbridge');
      // A duplicate rule that only warns would refuse the update otherwise.
      expect(headers.get('sforce-duplicate-rule-header')).toBe('allowSave=true');
    }
  });

  it('does not reassign the leads whose box it sets', async () => {
    const here = aTown();
    const { leads } = here.plant('lee', { leads: [false], lists: { News: 2 } });
    const owner = here.sandbox.org.get('Lead', leads[0] ?? '')?.OwnerId;
    await here.night();
    expect(here.box(leads[0] ?? '')).toBe(true);
    expect(here.sandbox.org.get('Lead', leads[0] ?? '')?.OwnerId).toBe(owner);
  });
});

describe('a person who subscribes again', () => {
  async function agreedOut(here: Town) {
    const person = here.plant('ann', { contacts: [false], leads: [false], lists: { News: 2, Offers: 2 } });
    await here.night();
    return person;
  }

  it('has every box cleared, and is in on both sides', async () => {
    const here = aTown();
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('subscribed-again: done');
    expect([here.box(ann.contacts[0] ?? ''), here.box(ann.leads[0] ?? '')]).toEqual([false, false]);
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
  });

  it('stays out when a rep set the box since, as field history shows', async () => {
    const here = aTown();
    here.sandbox.org.track('Contact', BOX);
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.clock.advance(HOUR);
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { [BOX]: false });
    here.clock.advance(HOUR);
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { [BOX]: true });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('is cleared where history is tracked and shows only our own write', async () => {
    const here = aTown();
    here.sandbox.org.track('Contact', BOX);
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  });

  it('is read again just before the box is cleared: somebody who left in the meantime stays out', async () => {
    const here = aTown();
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.faults.add({
      service: 'salesforce',
      method: 'GET',
      path: /queryAll/,
      times: 1,
      kind: 'run',
      run: () => void here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' }),
    });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('agreed: nothing');
    expect(here.box(ann.contacts[0] ?? '')).toBe(true);
  });

  it('and somebody whose contact has another address by then does, too: it says nothing of them any more', async () => {
    const here = aTown();
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const moving = meanwhile(here, () => here.sandbox.account.rename(ann.ac, 'new@example.com'));
    await here.night({}, moving);
    expect(here.box(ann.contacts[0] ?? '')).toBe(true);
  });

  it('stays out without a tag that qualifies', async () => {
    const here = aTown();
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.account.untag(ann.ac, QUALIFYING);
    const report = await here.night();
    expect(report.decisions.find(({ person }) => person === ann.email)).toMatchObject({
      reason: 'salesforce-opt-out',
      conflict: true,
      outcome: 'done',
    });
  });

  it('stays out where the account does not move sdate: in doubt the opt-out wins', async () => {
    const here = aTown();
    here.sandbox.switches.resubscribeMovesSdate = false;
    const ann = await agreedOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
  });
});

describe('records that go away while they are set', () => {
  it('a merge gives the loser’s box to the winner', async () => {
    const here = aTown();
    const other = here.plant('other', { contacts: [false], lists: { News: 1 } });
    await here.night();
    const loser = here.sandbox.org.insert('Contact', { LastName: 'other', Email: 'old@example.com', [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.merge('Contact', other.contacts[0] ?? '', [loser]);
    const report = await here.night();
    expect(decisionOn(report, other)).toBe('salesforce-opt-out: done');
    expect([here.box(other.contacts[0] ?? ''), here.status(other.ac, 'News')]).toEqual([true, 2]);
  });

  it('a converted lead’s box goes to its contact, once', async () => {
    const here = aTown();
    here.sandbox.org.conversionCarriesOptOut = false;
    const lead = here.plant('lead', { leads: [false], lists: { News: 1 } });
    await here.night();
    here.sandbox.org.update('Lead', lead.leads[0] ?? '', { [BOX]: true });
    const contact = here.sandbox.org.convert(lead.leads[0] ?? '');
    expect(decisionOn(await here.night(), lead)).toBe('salesforce-opt-out: done');
    expect(here.box(contact)).toBe(true);
    here.sandbox.account.subscribe(lead.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), lead)).toBe('subscribed-again: done');
    expect(decisionOn(await here.night(), lead)).toBe('nothing');
  });

  it('a deleted record’s opt-out reaches ActiveCampaign, and a record created again under the address is set', async () => {
    const here = aTown();
    const gone = here.plant('gone', { contacts: [false], lists: { News: 1 } });
    await here.night();
    here.sandbox.org.update('Contact', gone.contacts[0] ?? '', { [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.remove('Contact', gone.contacts[0] ?? '');
    expect(decisionOn(await here.night(), gone)).toBe('salesforce-opt-out: done');
    expect(here.status(gone.ac, 'News')).toBe(2);
    await here.night();
    const again = here.sandbox.org.insert('Contact', { LastName: 'gone', Email: 'Gone@Example.com' });
    expect(decisionOn(await here.night(), gone)).toBe('durable-opt-out: done');
    expect(here.box(again)).toBe(true);
  });

  it('a deletion that falls on a failed night is not forgotten', async () => {
    const here = aTown();
    const gone = here.plant('gone', { contacts: [true, false], lists: { News: 1 } });
    here.sandbox.org.update('Contact', gone.contacts[0] ?? '', { [BOX]: false });
    await here.night();
    here.sandbox.org.update('Contact', gone.contacts[0] ?? '', { [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.remove('Contact', gone.contacts[0] ?? '');
    const fault = here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 500 });
    expect(decisionOn(await here.night(), gone)).toBe('salesforce-opt-out: failed');
    fault.off();
    here.sandbox.org.update('Contact', gone.contacts[1] ?? '', { [BOX]: false });
    expect(decisionOn(await here.night(), gone)).toBe('salesforce-opt-out: done');
    expect(here.status(gone.ac, 'News')).toBe(2);
  });
});

describe('a box cleared by hand', () => {
  it('is left alone, and stays left alone', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('cleared-in-salesforce: nothing');
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    expect([here.box(ann.contacts[0] ?? ''), here.status(ann.ac, 'News')]).toEqual([false, 2]);
  });
});

describe('a bounce that is mended', () => {
  it('is reported and left alone', async () => {
    const here = aTown();
    const dan = here.plant('dan', { contacts: [false], lists: { News: 1 }, hardBounced: true });
    await here.night();
    here.sandbox.account.reactivate(dan.ac, { clearCounter: false });
    const report = await here.night();
    expect(decisionOn(report, dan)).toBe('bounce-reactivated: nothing');
    expect([here.box(dan.contacts[0] ?? ''), here.status(dan.ac, 'News')]).toEqual([true, 1]);
  });
});

describe('somebody who is not wholly known', () => {
  it('is reported as unknown, and what was agreed is kept', async () => {
    const here = aTown();
    const twice = here.plant('twice', { contacts: [true], lists: { News: 1 } });
    here.sandbox.faults.add({ service: 'activecampaign', path: /contactLists\?limit/, kind: 'status', status: 404 });
    here.sandbox.switches.sideLoadCap = 0;
    const report = await here.night();
    expect(decisionOn(report, twice)).toBe('unknown: nothing');
    expect(here.status(twice.ac, 'News')).toBe(1);
    here.sandbox.faults.clear();
    expect(decisionOn(await here.night(), twice)).toBe('salesforce-opt-out: done');
  });
});

describe('a dry run', () => {
  it('writes nothing anywhere, makes no store, and says what the real run then does', async () => {
    const here = aTown({ people: 300 });
    const dry = await here.night({ dryRun: true });
    expect(here.writes()).toEqual([]);
    expect(existsSync(here.config.store)).toBe(false);
    const real = await here.night();
    const bare = (report: typeof dry) => report.decisions.map(({ outcome: _, ...decision }) => decision);
    expect(bare(dry)).toEqual(bare(real));
    expect(new Set(dry.decisions.map(({ outcome }) => outcome))).toEqual(new Set(['planned', 'nothing']));
  });

  it('changes nothing in a store that is there', async () => {
    const here = aTown();
    here.plant('ann', { contacts: [true], lists: { News: 1 } });
    await here.night();
    const dump = () =>
      here.store((store) =>
        ['agreements', 'audit', 'intentions', 'meta', 'runs', 'vanished'].map((table) =>
          store.all(`SELECT * FROM ${table}`),
        ),
      );
    const before = dump();
    here.plant('ben', { contacts: [false], lists: { News: 2 } });
    expect((await here.night({ dryRun: true })).counts.optOuts).toBe(1);
    expect(dump()).toEqual(before);
  });
});

describe('the audit', () => {
  it('has exactly one row for every applied change, chained, and cannot be changed', async () => {
    const here = aTown({ people: 200 });
    const { counts } = await here.night();
    here.store((store) => {
      expect(verifyAudit(store)).toEqual({ rows: counts.writes, brokenAt: null });
      expect(() => store.db.exec("UPDATE audit SET reason = 'x'")).toThrow('append-only');
      expect(() => store.db.exec('DELETE FROM audit')).toThrow('append-only');
      store.db.exec('DROP TRIGGER audit_is_append_only_update; UPDATE audit SET reason = reason || 1 WHERE seq = 3');
      expect(verifyAudit(store)).toMatchObject({ brokenAt: 3 });
    });
  });
});
