import { describe, expect } from 'vitest';
import { first, rep, settledOut, when } from './life.ts';
import { BOX, decisionOn, HOUR, QUALIFYING, type Town } from './town.ts';

/** What happens when an address changes, on either side. See docs/what-happens.md. */

const NEW = { email: 'new@example.com' };

/** Somebody subscribed in ActiveCampaign under the new address, with no record. */
function waiting(here: Town): string {
  const contact = here.sandbox.account.addContact(NEW);
  here.sandbox.account.subscribe(contact, here.list('News'));
  return contact.id;
}

/** Somebody settled as out, and another record under the new address that is in. */
async function outAndNeighbour(here: Town, qualified = true) {
  const ann = await settledOut(here);
  const neighbour = here.sandbox.org.insert('Contact', { LastName: 'new', Email: NEW.email });
  if (!qualified) here.sandbox.account.untag(ann.ac, QUALIFYING);
  await here.night();
  here.sandbox.account.rename(ann.ac, NEW.email);
  return { ...ann, neighbour };
}

describe('a record', () => {
  when('The address of a record that was settled as out is changed', async (here) => {
    const ann = await settledOut(here);
    const contact = waiting(here);
    rep(here)(ann.record, { Email: 'New@Example.com' });
    const report = await here.night();
    expect(decisionOn(report, NEW)).toBe('salesforce-opt-out: done');
    expect(report.warnings).toEqual([
      `Salesforce record ${ann.record} went from ann@example.com to new@example.com: the opt-out counts for the new address too (addressChange: carry).`,
    ]);
    expect([here.box(ann.record), here.status(contact, 'News'), here.status(ann.ac, 'News')]).toEqual([true, 2, 2]);
    here.sandbox.requests.reset();
    expect((await here.night()).warnings).toEqual([]);
    expect(here.writes()).toEqual([]);
  });

  when('The same, and the box is cleared at once', async (here) => {
    const ann = await settledOut(here);
    const contact = waiting(here);
    rep(here)(ann.record, { Email: NEW.email, [BOX]: false });
    const fault = here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 500 });
    expect(decisionOn(await here.night(), NEW)).toBe('salesforce-opt-out: failed');
    fault.off();
    rep(here)(ann.record, { [BOX]: false });
    expect(decisionOn(await here.night(), NEW)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(contact, 'News')]).toEqual([true, 2]);
    rep(here)(ann.record, { [BOX]: false });
    expect(decisionOn(await here.night(), NEW)).toBe('cleared-in-salesforce: nothing');
  });

  when('The same, with `"addressChange": "leave"`', async (here) => {
    const ann = await settledOut(here);
    const contact = waiting(here);
    here.config = { ...here.config, addressChange: 'leave' };
    rep(here)(ann.record, { Email: NEW.email, [BOX]: false });
    const report = await here.night();
    expect(decisionOn(report, NEW)).toBe('nothing');
    expect(report.warnings[0]).toMatch(/went from ann@example\.com to new@example\.com: the opt-out is not carried/);
    expect([here.box(ann.record), here.status(contact, 'News')]).toEqual([false, 1]);
    here.config = { ...here.config, addressChange: 'carry' };
    expect(await here.night()).toMatchObject({ warnings: [], counts: { optOuts: 0 } });
  });

  when('The address of a record that was set for a bounce is changed, and the box is cleared', async (here) => {
    const dan = here.plant('dan', { contacts: [false], lists: { News: 1 }, hardBounced: true });
    await here.night();
    const contact = waiting(here);
    rep(here)(first(dan.contacts), { Email: NEW.email, [BOX]: false });
    const report = await here.night();
    expect(decisionOn(report, NEW)).toBe('nothing');
    expect(report.warnings[0]).toMatch(/mail to the old address bounced/);
    expect([here.box(first(dan.contacts)), here.status(contact, 'News')]).toEqual([false, 1]);
  });

  when('Another record gets the address that a record was settled as out with', async (here) => {
    const ann = await settledOut(here);
    rep(here)(ann.record, { Email: NEW.email });
    await here.night();
    const heir = here.sandbox.org.insert('Contact', { LastName: 'heir', Email: ann.email });
    expect(decisionOn(await here.night(), ann)).toBe('durable-opt-out: done');
    expect(here.box(heir)).toBe(true);
  });

  when('The address of a record is changed, and changed back', async (here) => {
    const ann = await settledOut(here);
    rep(here)(ann.record, { Email: NEW.email });
    await here.night();
    rep(here)(ann.record, { Email: ann.email });
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    rep(here)(ann.record, { Email: NEW.email, [BOX]: false });
    expect(decisionOn(await here.night(), NEW)).toBe('same-address: done');
    expect(here.box(ann.record)).toBe(true);
  });

  when('The address of a record that was settled as out is taken away, and it gets another one later', async (here) => {
    const ann = await settledOut(here);
    const contact = waiting(here);
    rep(here)(ann.record, { Email: null, [BOX]: false });
    expect(await here.night()).toMatchObject({ warnings: [], counts: { writes: 0 } });
    rep(here)(ann.record, { Email: NEW.email });
    expect(decisionOn(await here.night(), NEW)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(contact, 'News')]).toEqual([true, 2]);
  });

  when('The address of a record changes in case only', async (here) => {
    const ann = await settledOut(here);
    rep(here)(ann.record, { Email: 'ANN@example.com' });
    const report = await here.night();
    expect([decisionOn(report, ann), report.warnings]).toEqual(['agreed: nothing', []]);
  });
});

describe('a contact in ActiveCampaign', () => {
  when('The address of a contact that was settled as out is changed', async (here) => {
    const ann = await outAndNeighbour(here);
    const report = await here.night();
    expect([decisionOn(report, ann), decisionOn(report, NEW)]).toEqual(['agreed: nothing', 'same-address: done']);
    expect(report.warnings[0]).toMatch(/^ActiveCampaign contact 1 went from ann@example\.com to new@example\.com/);
    expect([here.box(ann.record), here.box(ann.neighbour)]).toEqual([true, true]);
  });

  when('The same, and the contact has no tag that qualifies', async (here) => {
    const ann = await outAndNeighbour(here, false);
    expect(decisionOn(await here.night(), NEW)).toBe('same-address: done');
    expect(here.box(ann.neighbour)).toBe(true);
  });

  when('The address of a contact is changed, and the person subscribes again', async (here) => {
    const ann = await outAndNeighbour(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const report = await here.night();
    expect([decisionOn(report, ann), decisionOn(report, NEW)]).toEqual(['agreed: nothing', 'nothing']);
    expect(report.warnings[0]).toMatch(/subscribed again since/);
    expect([here.box(ann.record), here.box(ann.neighbour), here.status(ann.ac, 'News')]).toEqual([true, false, 1]);
  });

  when('Record and contact both get the new address', async (here) => {
    const ann = await settledOut(here);
    rep(here)(ann.record, { Email: NEW.email });
    here.sandbox.account.rename(ann.ac, NEW.email);
    const report = await here.night();
    expect([decisionOn(report, NEW), report.warnings.length]).toEqual(['agreed: nothing', 2]);
    here.clock.advance(HOUR);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), NEW)).toBe('subscribed-again: done');
    expect((await here.night()).counts.writes).toBe(0);
  });
});
