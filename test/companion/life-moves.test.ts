import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import { first, rep, settledOut, subscribed, when } from './life.ts';
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

  it('that subscribed again is opted out all the same where a rep said no at the old address on that day', async () => {
    const here = aTown();
    const ann = await outAndNeighbour(here);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true });
    expect(decisionOn(await here.night(), NEW)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
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

describe('an opt-out on the day of the move', () => {
  const ON = 'the opt-out counts for the new address too (addressChange: carry).';
  const BACK = 'the opt-out counts for the old address too (addressChange: carry).';

  /** Settled by the night: what follows writes nothing and says nothing. */
  async function staysSo(here: Town) {
    here.sandbox.requests.reset();
    expect((await here.night()).warnings).toEqual([]);
    expect(here.writes()).toEqual([]);
  }

  when('A record gets another address, and the contact of the old one leaves its last list', async (here) => {
    const ann = await subscribed(here);
    rep(here)(ann.record, { Email: NEW.email });
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    const report = await here.night();
    expect(decisionOn(report, NEW)).toBe('same-address: done');
    expect(report.warnings).toEqual([`Salesforce record ${ann.record} went from ${ann.email} to ${NEW.email}: ${ON}`]);
    expect(here.box(ann.record)).toBe(true);
    await staysSo(here);
  });

  when('A record gets another address, and its box is set', async (here) => {
    const ann = await subscribed(here);
    rep(here)(ann.record, { Email: NEW.email, [BOX]: true });
    const fault = here.sandbox.faults.add({ service: 'activecampaign', method: 'POST', kind: 'status', status: 500 });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('salesforce-opt-out: failed');
    expect(report.warnings).toEqual([
      `Salesforce record ${ann.record} went from ${ann.email} to ${NEW.email}: ${BACK}`,
    ]);
    fault.off();
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
    await staysSo(here);
  });

  when('A contact gets another address, and the box of a record with the old one is set', async (here) => {
    const ann = await subscribed(here);
    here.sandbox.account.rename(ann.ac, NEW.email);
    rep(here)(ann.record, { [BOX]: true });
    const report = await here.night();
    expect(decisionOn(report, NEW)).toBe('salesforce-opt-out: done');
    expect(report.warnings).toEqual([`ActiveCampaign contact ${ann.ac} went from ${ann.email} to ${NEW.email}: ${ON}`]);
    expect(here.status(ann.ac, 'News')).toBe(2);
    await staysSo(here);
  });

  when('A contact gets another address, and leaves its last list', async (here) => {
    const ann = await subscribed(here);
    here.sandbox.account.rename(ann.ac, NEW.email);
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('same-address: done');
    expect(report.warnings).toEqual([
      `ActiveCampaign contact ${ann.ac} went from ${ann.email} to ${NEW.email}: ${BACK}`,
    ]);
    expect(here.box(ann.record)).toBe(true);
    await staysSo(here);
  });

  when('A record is set and deleted, and the other one with its address gets another address', async (here) => {
    const contact = waiting(here);
    const ann = here.plant('ann', { contacts: [false, false], lists: null });
    await here.night();
    const [deleted = '', other = ''] = ann.contacts;
    rep(here)(deleted, { [BOX]: true });
    here.sandbox.org.remove('Contact', deleted);
    rep(here)(other, { Email: NEW.email });
    const report = await here.night();
    expect(decisionOn(report, NEW)).toBe('salesforce-opt-out: done');
    expect(report.warnings).toEqual([`Salesforce record ${other} went from ${ann.email} to ${NEW.email}: ${ON}`]);
    expect([here.box(other), here.status(contact, 'News')]).toEqual([true, 2]);
    await staysSo(here);
  });

  when('A record loses its address, and its box is set', async (here) => {
    const ann = here.plant('ann', { contacts: [false, false], lists: { News: 1 } });
    await here.night();
    const [lost = '', other = ''] = ann.contacts;
    for (const full of [false, true]) {
      rep(here)(lost, { Email: null, [BOX]: true });
      const report = await here.night({ full });
      expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
      expect(report.warnings).toEqual([`Salesforce record ${lost} went from ${ann.email} to none: ${BACK}`]);
      expect([here.box(other), here.status(ann.ac, 'News')]).toEqual([true, 2]);
      await staysSo(here);
      rep(here)(lost, { Email: ann.email, [BOX]: false });
      rep(here)(other, { [BOX]: false });
      here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
      await here.night();
    }
  });

  when('A record gets another address, its box is set, and it is deleted', async (here) => {
    for (const [n, full] of [false, true].entries()) {
      const ann = await subscribed(here, `ann${n}`);
      const bob = await subscribed(here, `bob${n}`);
      rep(here)(ann.record, { Email: bob.email, [BOX]: true });
      here.sandbox.org.remove('Contact', ann.record);
      const report = await here.night({ full });
      expect([decisionOn(report, ann), decisionOn(report, bob)]).toEqual(Array(2).fill('salesforce-opt-out: done'));
      expect(report.warnings).toEqual([
        `Salesforce record ${ann.record} went from ${ann.email} to ${bob.email}: ${BACK}`,
      ]);
      expect([here.status(ann.ac, 'News'), here.status(bob.ac, 'News')]).toEqual([2, 2]);
      await staysSo(here);
    }
  });

  when('The same, and it is the contact that gets another address', async (here) => {
    for (const [n, full] of [false, true].entries()) {
      const ann = await subscribed(here, `ann${n}`);
      here.sandbox.account.rename(ann.ac, `new${n}@example.com`);
      rep(here)(ann.record, { [BOX]: true });
      here.sandbox.org.remove('Contact', ann.record);
      const report = await here.night({ full });
      expect(decisionOn(report, { email: `new${n}@example.com` })).toBe('salesforce-opt-out: done');
      expect(here.status(ann.ac, 'News')).toBe(2);
      await staysSo(here);
    }
  });

  when('A record goes into one with another address, and its contact leaves its last list', async (here) => {
    for (const [n, full] of [false, true].entries()) {
      const ann = await subscribed(here, `ann${n}`);
      const lead = here.plant(`lead${n}`, { leads: [false], lists: { News: 1 } });
      const bob = await subscribed(here, `bob${n}`);
      const cleo = await subscribed(here, `cleo${n}`);
      for (const { ac } of [ann, lead]) here.sandbox.account.unsubscribe(ac, here.list('News'), { by: 'contact' });
      here.sandbox.org.merge('Contact', bob.record, [ann.record]);
      here.sandbox.org.convert(first(lead.leads), { contactId: cleo.record });
      const report = await here.night({ full });
      for (const person of [bob, cleo]) {
        expect(decisionOn(report, person)).toBe('salesforce-opt-out: done');
        expect([here.box(person.record), here.status(person.ac, 'News')]).toEqual([true, 2]);
      }
      const into = ({ record, email }: typeof bob, from: { readonly email: string }) =>
        `Salesforce record ${record}, which has ${email}, took over one with ${from.email} (merged or converted): ${ON}`;
      expect([...report.warnings].sort()).toEqual([into(bob, ann), into(cleo, lead)].sort());
      await staysSo(here);
    }
  });

  when('The same, and the one that it went into goes into a third', async (here) => {
    for (const [n, full] of [false, true].entries()) {
      const lead = (name: string) => here.plant(`${name}${n}`, { leads: [false], lists: { News: 1 } });
      const [ann, lee] = [lead('ann'), lead('lee')];
      const cleo = await subscribed(here, `cleo${n}`);
      here.clock.advance(HOUR);
      here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
      here.sandbox.org.merge('Lead', first(lee.leads), ann.leads);
      here.sandbox.org.convert(first(lee.leads), { contactId: cleo.record });
      const report = await here.night({ full });
      expect(decisionOn(report, cleo)).toBe('salesforce-opt-out: done');
      expect([here.box(cleo.record), here.status(cleo.ac, 'News')]).toEqual([true, 2]);
      expect([decisionOn(report, lee), here.status(lee.ac, 'News')]).toEqual(['nothing', 1]);
      await staysSo(here);
    }
  });

  when('The same on either side, with `"addressChange": "leave"`', async (here) => {
    const ann = await subscribed(here);
    const ben = await subscribed(here, 'ben');
    here.config = { ...here.config, addressChange: 'leave' };
    rep(here)(ann.record, { Email: NEW.email, [BOX]: true });
    here.sandbox.account.rename(ben.ac, 'newer@example.com');
    rep(here)(ben.record, { [BOX]: true });
    const report = await here.night();
    expect(report.warnings).toEqual([
      expect.stringContaining(`${ben.ac} went from ben@example.com to newer@example.com: the opt-out is not carried`),
      expect.stringContaining(`${ann.record} went from ann@example.com to new@example.com: the opt-out is not carried`),
    ]);
    expect([here.status(ann.ac, 'News'), here.status(ben.ac, 'News')]).toEqual([1, 1]);
    await staysSo(here);
  });

  when('A record or a contact gets another address, and nobody opts out', async (here) => {
    const ann = await subscribed(here);
    const ben = await subscribed(here, 'ben');
    rep(here)(ann.record, { Email: NEW.email });
    here.sandbox.account.rename(ben.ac, 'newer@example.com');
    await staysSo(here);
    rep(here)(ann.record, { [BOX]: true });
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    expect(here.status(ann.ac, 'News')).toBe(1);
  });

  it('is seen as well where ActiveCampaign is read by list', async () => {
    const here = aTown();
    here.cheaperShare = Number.POSITIVE_INFINITY;
    const ann = await subscribed(here);
    const ben = await subscribed(here, 'ben');
    here.clock.advance(72 * HOUR);
    await here.night();
    rep(here)(ann.record, { Email: NEW.email, [BOX]: true });
    here.sandbox.account.rename(ben.ac, 'newer@example.com');
    rep(here)(ben.record, { [BOX]: true });
    expect((await here.night()).reading?.activecampaign.kind).toBe('by-list');
    expect([here.status(ann.ac, 'News'), here.status(ben.ac, 'News')]).toEqual([2, 2]);
  });

  it('is not one that is older, and that somebody took back in Salesforce by hand', async () => {
    const here = aTown();
    const ann = await settledOut(here);
    rep(here)(ann.record, { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('cleared-in-salesforce: nothing');
    here.sandbox.account.rename(ann.ac, NEW.email);
    await staysSo(here);
    expect(here.box(ann.record)).toBe(false);
  });

  it('waits while somebody with either address cannot be told from another', async () => {
    const here = aTown();
    const ann = await subscribed(here);
    rep(here)(ann.record, { Email: NEW.email, [BOX]: true });
    const twin = here.sandbox.account.addContact({ email: 'twin@example.com' });
    twin.email = ann.email.toUpperCase();
    expect(decisionOn(await here.night(), ann)).toBe('unknown: nothing');
    here.sandbox.account.remove(twin.id);
    await here.night();
    expect(here.status(ann.ac, 'News')).toBe(2);
  });
});
