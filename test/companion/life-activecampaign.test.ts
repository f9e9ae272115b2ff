import { describe, expect } from 'vitest';
import { first, meanwhile, rep, settledOut, subscribed, when } from './life.ts';
import { BOX, decisionOn, HOUR, QUALIFYING, type Town } from './town.ts';

/** What happens when something happens to a contact or a list. See docs/what-happens.md. */

describe('the contact in ActiveCampaign', () => {
  when('The contact is deleted', async (here) => {
    const ann = await settledOut(here);
    const ben = await settledOut(here, 'ben');
    here.sandbox.account.remove(ann.ac);
    here.sandbox.account.bin(ben.ac);
    for (const full of [false, true]) {
      const report = await here.night({ full });
      for (const person of [ann, ben]) {
        expect(decisionOn(report, person)).toBe('agreed: nothing');
        expect(here.box(person.record)).toBe(true);
      }
    }
  });

  when('The contact is deleted and created again under the same address, subscribed', async (here) => {
    for (const deletion of ['remove', 'bin'] as const) {
      const ann = await settledOut(here, deletion);
      here.sandbox.account[deletion](ann.ac);
      const again = here.sandbox.account.addContact({ email: ann.email });
      here.sandbox.account.tag(again, QUALIFYING);
      here.clock.advance(HOUR);
      here.sandbox.account.subscribe(again, here.list('News'), { by: 'contact' });
      const report = await here.night();
      expect(report.decisions.find(({ person }) => person === ann.email)).toMatchObject({
        reason: 'salesforce-opt-out',
        conflict: true,
        outcome: 'done',
      });
      expect([here.box(ann.record), here.status(again.id, 'News')]).toEqual([true, 2]);
    }
  });

  when('The contact is unsubscribed and deleted on one day', async (here) => {
    for (const deletion of ['remove', 'bin'] as const) {
      const ann = await subscribed(here, deletion);
      here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
      here.sandbox.account[deletion](ann.ac);
      for (const full of [false, true]) {
        expect(decisionOn(await here.night({ full }), ann)).toBe('nothing');
        expect(here.box(ann.record)).toBe(false);
      }
    }
  });

  when('The contact is anonymised', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.account.anonymize(ann.ac);
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('agreed: nothing');
    expect(here.box(ann.record)).toBe(true);
    expect(report.decisions.map(({ person }) => person)).toEqual([ann.email]);
  });

  when('Two contacts have addresses that differ in case only', async (here) => {
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    const twin = here.sandbox.account.addContact({ email: 'other@example.com' });
    here.sandbox.account.subscribe(twin, here.list('News'));
    twin.email = 'Ann@Example.COM';
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('unknown: nothing');
    expect(report.differences.byCause).toEqual({ unknown: 1 });
    expect([here.status(ann.ac, 'News'), here.status(twin.id, 'News')]).toEqual([1, 1]);
  });

  /** What ActiveCampaign leaves of a merge: one contact, with the other's memberships too. */
  function mergeInto(here: Town, stays: string, goes: string, subscribedAt: number): void {
    here.sandbox.account.remove(goes);
    here.sandbox.account.join(stays, here.list('Offers'), 1, { at: subscribedAt });
  }

  when('Another contact is merged into one that was settled as out', async (here) => {
    const other = here.sandbox.account.addContact({ email: 'other@example.com' });
    const before = here.clock.now();
    const ann = await settledOut(here);
    mergeInto(here, ann.ac, other.id, before);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'Offers')]).toEqual([true, 2]);
  });

  when('The same, and the other one subscribed after the opt-out', async (here) => {
    const ann = await settledOut(here);
    const other = here.sandbox.account.addContact({ email: 'other@example.com' });
    mergeInto(here, ann.ac, other.id, here.clock.now());
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  });

  when('A contact that was settled as out is merged into another one', async (here) => {
    const ann = await settledOut(here);
    const other = here.plant('other', { contacts: [false], lists: { News: 1 } });
    await here.night();
    here.sandbox.account.remove(ann.ac);
    await here.night();
    expect([here.box(ann.record), here.box(String(other.contacts[0])), here.status(other.ac, 'News')]).toEqual([
      true,
      false,
      1,
    ]);
  });

  when('A contact bounces hard', async (here) => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 1 } });
    await here.night();
    here.sandbox.account.bounceHard(ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('hard-bounce: done');
    expect(here.box(first(ann.contacts))).toBe(true);
    here.sandbox.account.reactivate(ann.ac, { clearCounter: false });
    const report = await here.night();
    expect([decisionOn(report, ann), report.differences.byCause]).toEqual([
      'bounce-reactivated: nothing',
      { 'bounce-reactivated': 1 },
    ]);
    expect([here.box(first(ann.contacts)), here.status(ann.ac, 'News')]).toEqual([true, 1]);
  });

  when('The same, and a rep sets the box between the reading of the night and its write', async (here) => {
    const ann = await subscribed(here);
    here.sandbox.account.bounceHard(ann.ac);
    const update = here.writes().length;
    const set = () => here.sandbox.org.update('Contact', ann.record, { [BOX]: true });
    expect(decisionOn(await here.night({}, meanwhile(here, set)), ann)).toBe('agreed: nothing');
    expect(here.writes().slice(update)).toEqual([]);
    here.sandbox.account.reactivate(ann.ac, { clearCounter: false });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  /** Set for a bounce; a rep clears the box and sets it again, and an admin makes the contact active. */
  async function tickedAgain(here: Town) {
    const ann = await subscribed(here);
    here.sandbox.account.bounceHard(ann.ac);
    await here.night();
    rep(here)(ann.record, { [BOX]: false });
    rep(here)(ann.record, { [BOX]: true });
    await here.night();
    here.sandbox.account.reactivate(ann.ac, { clearCounter: false });
    return ann;
  }

  when('The box set for a bounce is cleared by hand and set again, and its history is tracked', async (here) => {
    here.sandbox.org.track('Contact', BOX);
    const ann = await tickedAgain(here);
    const planned = await here.night({ dryRun: true });
    expect([decisionOn(planned, ann), planned.counts.optOuts]).toEqual(['salesforce-opt-out: planned', 1]);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  when('The same on a field whose history is not tracked', async (here) => {
    const ann = await tickedAgain(here);
    expect(decisionOn(await here.night(), ann)).toBe('bounce-reactivated: nothing');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 1]);
  });

  when('The last record is deleted, and a membership is made active again, with no new subscription', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.org.remove('Contact', ann.record);
    await here.night();
    here.clock.advance(HOUR);
    here.sandbox.account.membership(ann.ac, here.list('News'))!.status = 1;
    expect(decisionOn(await here.night(), ann)).toBe('durable-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  when('A tag that qualifies is gained', async (here) => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
    const before = await here.night();
    expect([decisionOn(before, ann), before.differences.byCause]).toEqual(['nothing', { 'not-qualified': 1 }]);
    here.sandbox.account.tag(ann.ac, QUALIFYING);
    expect(decisionOn(await here.night(), ann)).toBe('unsubscribed-from-all: done');
    expect(here.box(first(ann.contacts))).toBe(true);
  });

  when('The tag that qualifies is lost', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.account.untag(ann.ac, QUALIFYING);
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });
});

describe('subscriptions', () => {
  when('Somebody who was settled as out subscribes again', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 1]);
  });

  /** An import puts somebody who was settled as out on a list that they never joined. */
  async function imported(here: Town) {
    const ann = await settledOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('Offers'), { by: 'import', sourceid: 1 });
    return ann;
  }

  when('An import or an automation puts somebody who was settled as out on a list', async (here) => {
    const ann = await imported(here);
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
    expect(here.box(ann.record)).toBe(false);
  });

  when('The same, and `activecampaign.personSources` does not name its source', async (here) => {
    here.config = here.configured({ activecampaign: { personSources: ['0', '4'] } });
    const ann = await imported(here);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'Offers')]).toEqual([true, 2]);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact', sourceid: 4 });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  });
});

describe('a confirmation', () => {
  when('Somebody who was settled as out signs up, and confirms it on a later day', async (here) => {
    const ann = await settledOut(here);
    const row = here.sandbox.account.join(ann.ac, here.list('Offers'), 0, { at: here.clock.now() });
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    row.status = 1;
    row.subscribedAt = here.clock.now();
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  });

  when('The same, and the membership keeps the date of the sign-up', async (here) => {
    const ann = await settledOut(here);
    const row = here.sandbox.account.join(ann.ac, here.list('Offers'), 0, { at: here.clock.now() });
    await here.night();
    row.status = 1;
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
  });
});

describe('lists', () => {
  when('A list is hidden from the key', async (here) => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2, Offers: 2 } });
    const ben = here.plant('ben', { contacts: [true], lists: { News: 1, Offers: 1 } });
    await here.night();
    here.sandbox.account.hideList(here.list('Offers'));
    expect(await here.night()).toMatchObject({ exitCode: 3, refusal: { kind: 'changed' } });
    const report = await here.night({ acceptChange: true });
    expect([decisionOn(report, ann), decisionOn(report, ben)]).toEqual(Array(2).fill('agreed: nothing'));
  });

  when('A list is shown to the key', async (here) => {
    here.sandbox.account.hideList(here.list('Offers'));
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2, Offers: 1 } });
    expect(decisionOn(await here.night(), ann)).toBe('unsubscribed-from-all: done');
    here.sandbox.account.showList(here.list('Offers'));
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'Offers')).toBe(2);
  });

  when('A list that was hidden is shown again', async (here) => {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2, Offers: 2 } });
    await here.night();
    here.sandbox.account.hideList(here.list('Offers'));
    expect(decisionOn(await here.night({ acceptChange: true }), ann)).toBe('agreed: nothing');
    here.sandbox.account.subscribe(ann.ac, here.list('Offers'), { by: 'contact' });
    here.sandbox.account.showList(here.list('Offers'));
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(first(ann.contacts)), here.status(ann.ac, 'Offers')]).toEqual([true, 2]);
  });

  when('The same, and somebody whose mail bounces has left it meanwhile', async (here) => {
    const ann = await subscribed(here);
    here.sandbox.account.bounceHard(ann.ac);
    await here.night();
    here.sandbox.account.hideList(here.list('Offers'));
    here.sandbox.account.subscribe(ann.ac, here.list('Offers'), { by: 'contact' });
    here.clock.advance(HOUR);
    here.sandbox.account.unsubscribe(ann.ac, here.list('Offers'), { by: 'contact' });
    expect(decisionOn(await here.night({ acceptChange: true }), ann)).toBe('agreed: nothing');
    here.sandbox.account.showList(here.list('Offers'));
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    here.sandbox.account.reactivate(ann.ac, { clearCounter: false });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  when('A list is deleted', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.account.removeList(here.list('News'));
    expect(await here.night()).toMatchObject({ exitCode: 3, refusal: { kind: 'changed' } });
    expect(decisionOn(await here.night({ acceptChange: true }), ann)).toBe('agreed: nothing');
    expect(here.box(ann.record)).toBe(true);
  });
});
