import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import { first, rep, settledOut, subscribed, when } from './life.ts';
import { BOX, decisionOn, HOUR, type Town, UNSUBSCRIBES_REFUSED } from './town.ts';

/** What happens when something happens to a record. Every line of docs/what-happens.md is a test under the same name. */

describe('merges', () => {
  when('Two records are merged, and the one that goes away was set', async (here) => {
    const ann = await subscribed(here);
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.merge('Contact', ann.record, [twin]);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
  });

  when('Two records are merged, and the one that stays was set', async (here) => {
    const ann = await subscribed(here);
    rep(here)(ann.record, { [BOX]: true });
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email });
    here.sandbox.org.merge('Contact', ann.record, [twin]);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  when('Somebody merges and chooses the clear box for a record that was settled as out', async (here) => {
    const ann = await settledOut(here);
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: 'other@example.com' });
    here.clock.advance(HOUR);
    here.sandbox.org.merge('Contact', ann.record, [twin], { [BOX]: false });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('cleared-in-salesforce: nothing');
    expect(report.differences.byCause).toEqual({ 'cleared-in-salesforce': 1 });
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 2]);
  });

  when('Somebody merges, chooses the clear box, and the one that goes away was set', async (here) => {
    const ann = await subscribed(here);
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.merge('Contact', ann.record, [twin], { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.box(ann.record)).toBe(true);
  });

  when('The one that goes away was set and had another address', async (here) => {
    const ann = await subscribed(here);
    const ben = await subscribed(here, 'ben');
    rep(here)(ben.record, { [BOX]: true });
    here.sandbox.org.merge('Contact', ann.record, [ben.record]);
    const report = await here.night();
    expect([decisionOn(report, ann), decisionOn(report, ben)]).toEqual(Array(2).fill('salesforce-opt-out: done'));
    expect([here.box(ann.record), here.status(ann.ac, 'News'), here.status(ben.ac, 'News')]).toEqual([true, 2, 2]);
  });

  when('The same, the clear box is chosen, and the one that stays is merged into a third', async (here) => {
    for (const [n, full] of [false, true].entries()) {
      const ann = await subscribed(here, `ann${n}`);
      const bob = await subscribed(here, `bob${n}`);
      const cleo = await subscribed(here, `cleo${n}`);
      rep(here)(ann.record, { [BOX]: true });
      here.sandbox.org.merge('Contact', bob.record, [ann.record], { [BOX]: false });
      here.sandbox.org.merge('Contact', cleo.record, [bob.record], { [BOX]: false });
      const report = await here.night({ full });
      expect([decisionOn(report, ann), decisionOn(report, cleo)]).toEqual(Array(2).fill('salesforce-opt-out: done'));
      expect([here.box(cleo.record), here.status(cleo.ac, 'News')]).toEqual([true, 2]);
      expect([decisionOn(report, bob), here.status(bob.ac, 'News')]).toEqual(['nothing', 1]);
    }
  });
});

describe('conversions', () => {
  /** A lead in on both sides, then set by a rep. */
  async function setLead(here: Town) {
    const lee = here.plant('lee', { leads: [false], lists: { News: 1 } });
    await here.night();
    rep(here)(first(lee.leads), { [BOX]: true });
    return { ...lee, lead: first(lee.leads) };
  }

  when('A lead that is set is converted to a new contact, and the box goes along', async (here) => {
    const lee = await setLead(here);
    const contact = here.sandbox.org.convert(lee.lead);
    expect(decisionOn(await here.night(), lee)).toBe('salesforce-opt-out: done');
    expect([here.box(contact), here.status(lee.ac, 'News')]).toEqual([true, 2]);
  });

  when('A lead that is set is converted to a new contact, and the box is not mapped', async (here) => {
    here.sandbox.org.conversionCarriesOptOut = false;
    const lee = await setLead(here);
    const contact = here.sandbox.org.convert(lee.lead);
    expect(here.box(contact)).toBe(false);
    expect(decisionOn(await here.night(), lee)).toBe('salesforce-opt-out: done');
    expect([here.box(contact), here.status(lee.ac, 'News')]).toEqual([true, 2]);
    expect(decisionOn(await here.night(), lee)).toBe('agreed: nothing');
  });

  when('A lead that is set is converted into a contact that is there', async (here) => {
    const ann = await subscribed(here);
    const lee = await setLead(here);
    here.sandbox.org.convert(lee.lead, { contactId: ann.record });
    const report = await here.night();
    expect([decisionOn(report, ann), decisionOn(report, lee)]).toEqual(Array(2).fill('salesforce-opt-out: done'));
    expect([here.box(ann.record), here.status(ann.ac, 'News'), here.status(lee.ac, 'News')]).toEqual([true, 2, 2]);
  });

  when('The same, the box is not mapped, and that contact is merged into another one', async (here) => {
    here.sandbox.org.conversionCarriesOptOut = false;
    const ann = await subscribed(here);
    const bob = await subscribed(here, 'bob');
    const lee = await setLead(here);
    here.sandbox.org.convert(lee.lead, { contactId: bob.record });
    here.sandbox.org.merge('Contact', ann.record, [bob.record]);
    const report = await here.night();
    expect([decisionOn(report, ann), decisionOn(report, lee)]).toEqual(Array(2).fill('salesforce-opt-out: done'));
    expect([here.box(ann.record), here.status(ann.ac, 'News'), here.status(lee.ac, 'News')]).toEqual([true, 2, 2]);
    expect([decisionOn(report, bob), here.status(bob.ac, 'News')]).toEqual(['nothing', 1]);
  });

  when('A lead that was settled as out is converted, and the box is not mapped', async (here) => {
    here.sandbox.org.conversionCarriesOptOut = false;
    const lee = here.plant('lee', { leads: [false], lists: { News: 2 } });
    await here.night();
    here.clock.advance(HOUR);
    const contact = here.sandbox.org.convert(first(lee.leads));
    expect(decisionOn(await here.night(), lee)).toBe('same-address: done');
    expect(here.box(contact)).toBe(true);
  });
});

describe('deletions', () => {
  when('A record is set and deleted on the same day', async (here) => {
    const ann = await subscribed(here);
    rep(here)(ann.record, { [BOX]: true });
    here.sandbox.org.remove('Contact', ann.record);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  when('A record that was settled as out is deleted, and one with the address is created again', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.org.remove('Contact', ann.record);
    await here.night();
    const again = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: 'ANN@Example.com' });
    expect(decisionOn(await here.night(), ann)).toBe('durable-opt-out: done');
    expect(here.box(again)).toBe(true);
  });

  when('A record that was settled as out is taken out of the recycle bin', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.org.remove('Contact', ann.record);
    await here.night();
    here.sandbox.org.undelete('Contact', ann.record);
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  it('count by the box alone where a record is deleted with the address that it had', async () => {
    const here = aTown();
    const ann = here.plant('ann', { contacts: [false, false], lists: { News: 1 } });
    await here.night();
    rep(here)(first(ann.contacts), { [BOX]: true });
    here.sandbox.org.remove('Contact', first(ann.contacts));
    const report = await here.night();
    expect([decisionOn(report, ann), report.warnings]).toEqual(['salesforce-opt-out: done', []]);
  });

  it('count once, also where the opt-out was agreed on before', async () => {
    const here = aTown();
    const ann = await settledOut(here);
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.remove('Contact', twin);
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  });

  it('count no more where the record is taken out of the recycle bin before a run has finished with the person', async () => {
    const here = aTown();
    const ann = await subscribed(here);
    rep(here)(ann.record, { [BOX]: true });
    here.sandbox.org.remove('Contact', ann.record);
    const failing = here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: failed');
    failing.off();
    here.sandbox.org.undelete('Contact', ann.record);
    rep(here)(ann.record, { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
  });

  when('A record is set and deleted, and taken out of the recycle bin before the night', async (here) => {
    const ann = await subscribed(here);
    rep(here)(ann.record, { [BOX]: true });
    here.sandbox.org.remove('Contact', ann.record);
    here.sandbox.org.undelete('Contact', ann.record);
    rep(here)(ann.record, { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 1]);
  });

  when('A record that was settled as out is purged, and one with the address is created again', async (here) => {
    const ann = await settledOut(here);
    here.sandbox.org.table('Contact').drop(ann.record);
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    const again = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email });
    expect(decisionOn(await here.night(), ann)).toBe('durable-opt-out: done');
    expect(here.box(again)).toBe(true);
  });

  when('A record is set and purged on the same day', async (here) => {
    const ann = await subscribed(here);
    rep(here)(ann.record, { [BOX]: true });
    here.sandbox.org.table('Contact').drop(ann.record);
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    expect(here.status(ann.ac, 'News')).toBe(1);
  });
});

describe('the box', () => {
  when('The box is set on one of several records with the address', async (here) => {
    const ann = here.plant('ann', { contacts: [false], leads: [false], lists: { News: 1 } });
    await here.night();
    rep(here)(first(ann.leads), { [BOX]: true });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(first(ann.contacts)), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  when('The box of somebody who was settled as out is cleared by hand, on every record', async (here) => {
    const ann = await settledOut(here);
    rep(here)(ann.record, { [BOX]: false });
    const report = await here.night();
    expect([decisionOn(report, ann), report.differences.open]).toEqual(['cleared-in-salesforce: nothing', 1]);
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 2]);
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
  });

  when('The same, and the person signs up, on that day or later, and does not confirm it', async (here) => {
    for (const days of [0, 1]) {
      const ann = await settledOut(here, `ann${days}`);
      rep(here)(ann.record, { [BOX]: false });
      if (days > 0) await here.night();
      here.sandbox.account.join(ann.ac, here.list('Offers'), 0, { at: here.clock.now() });
      expect(decisionOn(await here.night(), ann)).toBe(days > 0 ? 'nothing' : 'cleared-in-salesforce: nothing');
      expect(decisionOn(await here.night(), ann)).toBe('nothing');
      expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 2]);
    }
  });

  when('Somebody whose box was cleared by hand leaves another list, or the same one again', async (here) => {
    for (const list of ['Offers', 'News']) {
      const ann = await settledOut(here, list.toLowerCase());
      rep(here)(ann.record, { [BOX]: false });
      await here.night();
      here.sandbox.account.subscribe(ann.ac, here.list(list), { by: 'contact' });
      here.clock.advance(HOUR);
      here.sandbox.account.unsubscribe(ann.ac, here.list(list), { by: 'contact' });
      expect(decisionOn(await here.night(), ann)).toBe('unsubscribed-from-all: done');
      expect(here.box(ann.record)).toBe(true);
    }
  });

  when('The same, on one of several records', async (here) => {
    const ann = here.plant('ann', { contacts: [false, false], lists: { News: 2 } });
    await here.night();
    rep(here)(first(ann.contacts), { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('same-address: done');
    expect(here.box(first(ann.contacts))).toBe(true);
  });
});

describe('records that are new', () => {
  when('A record is created already opted out', async (here) => {
    const ann = here.plant('ann', { lists: { News: 1 } });
    await here.night();
    const record = here.sandbox.org.insert('Lead', { LastName: 'ann', Company: 'Mill', Email: ann.email, [BOX]: true });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  when('A record is created for somebody who was settled as out', async (here) => {
    const ann = await settledOut(here);
    const record = here.sandbox.org.insert('Lead', { LastName: 'ann', Company: 'Mill', Email: ann.email });
    expect(decisionOn(await here.night(), ann)).toBe('same-address: done');
    expect(here.box(record)).toBe(true);
  });

  when('A record has no address', async (here) => {
    here.sandbox.org.insert('Contact', { LastName: 'nobody', [BOX]: true });
    here.sandbox.account.addContact({ phone: '+1 555 0100' });
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'done', counts: { people: 0, optOuts: 0 }, decisions: [] });
  });
});

describe('Salesforce’s own machinery', () => {
  when('A lead is set by a run where an assignment rule is active', async (here) => {
    const { org } = here.sandbox;
    org.leadAssignee = org.addUser({ username: 'queue@acme.example', lastName: 'Queue' });
    const lee = here.plant('lee', { leads: [false], lists: { News: 2 } });
    const owner = org.get('Lead', first(lee.leads))?.OwnerId;
    await here.night();
    expect([here.box(first(lee.leads)), org.get('Lead', first(lee.leads))?.OwnerId]).toEqual([true, owner]);
  });

  /** Somebody settled as out subscribes again; afterwards a rep clears and sets the box. */
  async function clearedAndSet(here: Town) {
    const ann = await settledOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    rep(here)(ann.record, { [BOX]: false });
    rep(here)(ann.record, { [BOX]: true });
    return ann;
  }

  when('The box is set by hand after somebody subscribed again, and field history is tracked', async (here) => {
    here.sandbox.org.track('Contact', BOX);
    const ann = await clearedAndSet(here);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  when('The same, and field history is not tracked', async (here) => {
    const ann = await clearedAndSet(here);
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 1]);
  });
});

describe('docs/what-happens.md', () => {
  it('has a line for each of these tests, and no other', () => {
    const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
    const tests = ['life.test.ts', 'life-activecampaign.test.ts', 'life-moves.test.ts', '../together/meetings.test.ts']
      .map((file) => read(`./${file}`))
      .join('');
    const tested = [...tests.matchAll(/^ {2}when\('(.+?)',/gm)].map(([, what]) => what);
    const lines = [...read('../../docs/what-happens.md').matchAll(/^\| (.+?) \| .+ \|$/gm)].map(([, what]) => what);
    expect(lines.filter((line) => !['what happens', '---'].includes(line ?? '')).sort()).toEqual(tested.sort());
  });
});
