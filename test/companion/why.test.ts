import { afterEach, describe, expect, it } from 'vitest';
import { type About, aboutPerson } from '../../src/companion/about.ts';
import { erasePerson } from '../../src/companion/erasure.ts';
import { moveInWords } from '../../src/companion/moves.ts';
import { readPerson } from '../../src/companion/person.ts';
import { resolveOut } from '../../src/companion/resolve.ts';
import { Store } from '../../src/companion/store.ts';
import { BOX, HOUR, QUALIFYING, Town, UNSUBSCRIBES_REFUSED } from './town.ts';

/** Why is she opted out? One sentence at the top, and all there is to know below it. */

let here: Town;
function town(): Town {
  here = new Town();
  return here;
}
afterEach(() => here.dispose());

/** Asked with both services, as `optbridge show` does, or of the store alone. */
async function about(person: { readonly email: string }, ask: 'live' | 'offline' = 'live'): Promise<About> {
  const store = new Store(here.config.store);
  try {
    const now = ask === 'live' ? await readPerson(here.surroundings(), store, person.email) : null;
    return aboutPerson(store, person.email, now, BOX);
  } finally {
    store.close();
  }
}
const why = async (...of: Parameters<typeof about>) => (await about(...of)).why;

describe('the sentence about somebody who is out', () => {
  it('who unsubscribed says when they left the last list and which run set the box', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2, Offers: 2 } });
    await here.night();
    expect(await why(ann)).toMatch(
      /^ann@example\.com is opted out on both sides: they unsubscribed from all lists in ActiveCampaign \(the last on 2026-10-31\), and the run of 2026-11-02 set the box in Salesforce\.$/,
    );
    expect(await why(ann, 'offline')).toMatch(/was opted out on both sides when a run last looked .*they unsubscribed/);
  });

  it('whose box a rep set says so', async () => {
    const ben = town().plant('ben', { contacts: [true], lists: { News: 1 } });
    await here.night();
    expect(await why(ben)).toMatch(
      /the box was set in Salesforce .*, and the run of 2026-11-02 unsubscribed them in ActiveCampaign/,
    );
  });

  it('who bounced says so', async () => {
    const dan = town().plant('dan', { contacts: [false], lists: { News: 1 }, hardBounced: true });
    await here.night();
    expect(await why(dan)).toContain('mail to the address bounced hard');
  });

  it('and was opted out again later names the first reason and the last change', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.org.insert('Contact', { LastName: 'again', Email: ann.email, [BOX]: false });
    await here.night();
    expect(await why(ann)).toMatch(
      /they unsubscribed from all lists.*; the last change was on 2026-11-03 \(same-address\)/,
    );
  });

  it('and was let in by a rep in between names the last time, and not the first', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { [BOX]: false });
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night();
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night();
    expect(await why(ann)).toMatch(
      /: they unsubscribed from all lists in ActiveCampaign \(the last on 2026-11-03\), and the run of 2026-11-04 set the box in Salesforce\.$/,
    );
  });

  it('and whom a run found so says that no run changed anything', async () => {
    const eve = town().plant('eve', { contacts: [true], lists: { News: 2 } });
    await here.night();
    expect(await why(eve)).toContain('a run found it so, and no run changed anything');
  });
});

describe('the sentence about what somebody asked for after a run', () => {
  async function bounced() {
    town().sandbox.org.track('Contact', BOX);
    const dan = here.plant('dan', { contacts: [false], lists: { News: 1 }, hardBounced: true });
    await here.night();
    here.clock.advance(HOUR);
    return dan;
  }

  it('names the rep who cleared and ticked a box that was set for a bounce', async () => {
    const dan = await bounced();
    for (const set of [false, true])
      here.sandbox.org.update(
        'Contact',
        dan.contacts[0] ?? '',
        { [BOX]: set },
        { user: here.sandbox.salesforce.viewer },
      );
    here.sandbox.account.reactivate(dan.ac, {});
    await here.night();
    expect(await why(dan)).toMatch(
      /bounced hard .*, and the run of 2026-11-02 set the box in Salesforce; after that the box was set in Salesforce on 2026-11-02 by Rita Rep, and the run of 2026-11-03 unsubscribed them/,
    );
  });

  it('names who settled it by hand', async () => {
    const dan = await bounced();
    here.sandbox.account.reactivate(dan.ac, {});
    await here.night();
    await resolveOut(here.surroundings(), dan.email, 'lea');
    expect(await why(dan)).toContain('; after that lea asked for it on 2026-11-03 by optbridge resolve.');
  });
});

describe('the sentence about a box', () => {
  it('that a run set says so, and not that the API user is who opted somebody out', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(await why(ann)).toContain(': the box was set in Salesforce by the run of 2026-11-02; one side');
  });

  it('that came with its record from another address names that address', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.plant('new', { lists: { News: 1 } });
    here.clock.advance(HOUR);
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { Email: 'new@example.com' });
    await here.night();
    expect(await why({ email: 'new@example.com' })).toContain(
      `by the run of 2026-11-02 (the record was last changed on 2026-11-02 by Avery Admin; field history does not say what that was), on ${ann.contacts[0]}, which came from ann@example.com, and the run of 2026-11-03`,
    );
  });

  it('of a lead that was converted says nothing of who changed its contact last', async () => {
    town().sandbox.org.conversionCarriesOptOut = false;
    const ann = here.plant('ann', { leads: [true], lists: { News: 1 } });
    await here.night();
    here.sandbox.org.convert(ann.leads[0] ?? '');
    await here.night();
    expect(await why(ann)).toContain(
      `: the box was set on ${ann.leads[0]}, which was converted into a contact, and the run of 2026-11-02 unsubscribed`,
    );
  });
});

describe('the sentence about somebody of whom less is kept', () => {
  it('says that an erasure took away what runs did', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    erasePerson(here.config, ann.email, here.clock.now(), 'lea');
    await here.night();
    expect(await why(ann)).toContain(': what runs had done was erased on 2026-11-02 by lea; the box was set');
  });

  it('says that the audit forgets, and not that no run changed anything', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    here.config = { ...here.config, retention: { ...here.config.retention, audit: 30 } };
    await here.night();
    here.clock.advance(40 * 24 * HOUR);
    await here.night();
    expect(await why(ann)).toContain('a run found it so, or made it so by 2026-11-02: of changes up to that day');
  });
});

describe('the sentence about somebody whose record is gone', () => {
  it('says that it was merged, where it was', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 1 } });
    await here.night();
    const twin = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email, [BOX]: true });
    here.clock.advance(HOUR);
    here.sandbox.org.merge('Contact', ann.contacts[0] ?? '', [twin]);
    here.sandbox.org.update('Contact', ann.contacts[0] ?? '', { [BOX]: false });
    await here.night();
    expect(await why(ann)).toContain(
      `the box was set on ${twin}, which was merged into another record, and the opt-out outlives it`,
    );
  });

  it('with another address that took it over says so, and not that the record itself changed its address', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 1 } });
    const bob = here.plant('bob', { contacts: [false], lists: { News: 1 } });
    await here.night();
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.org.merge('Contact', bob.contacts[0] ?? '', [ann.contacts[0] ?? '']);
    await here.night();
    const { why: sentence, moves } = await about(bob);
    expect(sentence).toContain(
      `Salesforce record ${bob.contacts[0]} took over a record (merged or converted into it) with an address that was opted out`,
    );
    expect(moves.map(moveInWords)).toEqual([
      expect.stringContaining(`${bob.contacts[0]}, which has bob@example.com, took over one with ann@example.com`),
    ]);
  });
});

describe('the sentence about somebody who differs', () => {
  it('says on which side they are out, and why it is left so', async () => {
    const { sandbox } = town();
    const stranger = here.plant('stranger', { contacts: [false], lists: { News: 2 }, qualified: false });
    const cleared = here.plant('cleared', { contacts: [false], lists: { News: 2 } });
    await here.night();
    sandbox.org.update('Contact', cleared.contacts[0] ?? '', { [BOX]: false });
    await here.night();
    expect(await why(stranger)).toMatch(/is opted out in ActiveCampaign only: .*has no tag/);
    expect(await why(cleared)).toMatch(/is opted out in ActiveCampaign only: somebody cleared the box in Salesforce/);
    expect(await why(cleared, 'offline')).toContain('was cleared in Salesforce by hand');
  });

  it('says what the next run will do', async () => {
    const ben = town().plant('ben', { contacts: [true], lists: { News: 1 } });
    expect(await why(ben)).toMatch(
      /is opted out in Salesforce only: .*and the next run will opt them out on both sides \(salesforce-opt-out\)/,
    );
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(await why(ann)).toContain('the next run will clear the box (subscribed-again)');
  });
});

describe('the sentence about somebody who was not brought along', () => {
  it('says why, also from the store alone', async () => {
    const ben = town().plant('ben', { contacts: [true], lists: { News: 1 } });
    here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    await here.night();
    expect(await why(ben)).toMatch(/one side has not been brought along yet \(POST .*HTTP 400.*\), and the next run/);
    expect(await why(ben, 'offline')).toMatch(
      /was not the same on both sides when a run last looked \(since 2026-11-02\): one side has not been brought along yet \(POST/,
    );
  });

  it('because of a cap does not promise it of the next run', async () => {
    const ann = town().plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night({ caps: { optIn: 0 } });
    expect(await why(ann)).toContain(
      '(held: more people than the opt-in cap allows), and a run whose cap allows it will clear the box',
    );
  });
});

describe('the sentence about somebody who is in', () => {
  it('says so, and that they subscribed again where they did', async () => {
    const fine = town().plant('fine', { contacts: [false], lists: { News: 1 } });
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night();
    expect(await why(fine)).toBe('fine@example.com is not opted out: the box is clear, and one list is active.');
    expect(await why(ann)).toContain(
      'they subscribed again in ActiveCampaign (News on 2026-11-02), and the run of 2026-11-03 cleared the box',
    );
  });

  it('or nowhere at all', async () => {
    town();
    const nobody = { email: 'nobody@example.com' };
    expect(await why(nobody)).toContain('is neither in Salesforce nor in ActiveCampaign, and nothing is remembered');
    expect(await why(nobody, 'offline')).toContain('is not in the store');
  });
});

describe('what is known about a person', () => {
  it('has records by name, the box’s history, lists by name, tags, and what the rules say', async () => {
    const { sandbox } = town();
    sandbox.org.track('Contact', BOX);
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.clock.advance(HOUR);
    const { now, decision, qualified, agreement, audit, decisions } = await about(ann);
    expect(now?.records).toMatchObject([{ id: ann.contacts[0], object: 'Contact', name: 'ann', set: true }]);
    expect(now?.boxHistory).toMatchObject([{ record: ann.contacts[0], now: true, by: expect.stringMatching(/./) }]);
    expect(now?.contact).toMatchObject({
      tags: [QUALIFYING],
      memberships: [{ listName: 'News', status: 2, inScope: true }],
    });
    expect([decision?.reason, qualified, agreement?.kind]).toEqual(['agreed', true, 'out']);
    expect([audit.length, decisions.map(({ reason }) => reason)]).toEqual([1, ['unsubscribed-from-all']]);
  });

  it('shows the side that can be read when the other cannot, and decides nothing by half', async () => {
    const { sandbox } = town();
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    sandbox.faults.add({ service: 'activecampaign', path: /contacts/, kind: 'status', status: 503 });
    const known = await about(ann);
    expect(known.now?.failures).toMatchObject([{ side: 'activecampaign' }]);
    expect(known.now?.records).toHaveLength(1);
    expect(known.decision?.reason).toBe('unknown');
    expect(known.why).toContain('could not be read whole just now');
  });
});

describe('who says so', () => {
  it('is the campaign by name with what the person typed', async () => {
    const { account } = town().sandbox;
    account.name('campaign', '9', 'Autumn offer');
    const ann = here.plant('ann', { contacts: [false], lists: { News: 1 } });
    account.unsubscribe(ann.ac, here.list('News'), { by: 'contact', campaign: '9', reason: 'No more please' });
    expect(await why(ann)).toMatch(
      /only: they left their last list in ActiveCampaign on 2026-11-01 through campaign “Autumn offer”: “No more please”; one side has not been brought along yet/,
    );
    await here.night();
    expect(await why(ann)).toContain(
      'they unsubscribed from all lists in ActiveCampaign (the last on 2026-11-01 through campaign “Autumn offer”: “No more please”), and the run of 2026-11-02 set the box',
    );
  });

  it('is the campaign by its id where the account does not give its name', async () => {
    const { account, faults } = town().sandbox;
    const ann = here.plant('ann', { contacts: [false], lists: { News: 1 } });
    account.unsubscribe(ann.ac, here.list('News'), { by: 'contact', campaign: '9' });
    faults.add({ service: 'activecampaign', path: /campaigns/, kind: 'status', status: 403 });
    expect(await why(ann)).toContain('through campaign 9');
  });

  it('is the mail server that sent it back', async () => {
    const { account } = town().sandbox;
    const dan = here.plant('dan', { contacts: [false], lists: { News: 1 } });
    account.bounceHard(dan.ac, { reason: '550 5.1.1 User unknown' });
    await here.night();
    expect(await why(dan)).toMatch(/bounced hard on 2026-1\d-\d\d: “[\d. ]*550 5\.1\.1 User unknown”, and the run of/);
  });

  it('is the rep whom field history names, also for clearing the box', async () => {
    const { sandbox } = town();
    sandbox.org.track('Contact', BOX);
    const rita = sandbox.salesforce.viewer;
    const ben = here.plant('ben', { contacts: [false], lists: { News: 1 } });
    const box = (set: boolean) => sandbox.org.update('Contact', ben.contacts[0] ?? '', { [BOX]: set }, { user: rita });
    box(true);
    await here.night();
    expect(await why(ben)).toContain(
      'the box was set in Salesforce on 2026-11-01 by Rita Rep, and the run of 2026-11-02',
    );
    here.clock.advance(HOUR);
    box(false);
    await here.night();
    expect(await why(ben)).toContain('the box was cleared in Salesforce on 2026-11-02 by Rita Rep, and a run never');
  });

  it('is whoever changed the record last, said as no more than that, where the field is not tracked', async () => {
    const { sandbox } = town();
    const ben = here.plant('ben', { contacts: [false], lists: { News: 1 } });
    sandbox.org.update('Contact', ben.contacts[0] ?? '', { [BOX]: true }, { user: sandbox.salesforce.viewer });
    expect(await why(ben)).toContain(
      '(field history does not say by whom; the record was last changed on 2026-11-01 by Rita Rep)',
    );
  });

  it('is a record that is gone, and what won over a newer subscription', async () => {
    const { sandbox } = town();
    const hugo = here.plant('hugo', { contacts: [true], lists: { News: 2 } });
    await here.night();
    sandbox.org.remove('Contact', hugo.contacts[0] ?? '');
    sandbox.org.insert('Contact', { LastName: 'hugo', Email: hugo.email });
    here.clock.advance(HOUR);
    sandbox.account.subscribe(hugo.ac, here.list('News'), { by: 'contact' });
    await here.night();
    const answer = await why(hugo);
    expect(answer).toContain(`the box was set on ${hugo.contacts[0]}, which was deleted`);
    expect(answer).toContain('ActiveCampaign had a newer subscription by then, and in a conflict the opt-out wins');
  });

  it('is a record or a contact that was opted out on the day on which its address changed, on either side', async () => {
    const { sandbox } = town();
    const [eve, finn, gus] = ['eve', 'finn', 'gus'].map((name) =>
      here.plant(name, { contacts: [false], lists: { News: 1 } }),
    );
    if (!eve || !finn || !gus) throw new Error('three were planted');
    await here.night();
    const record = (of: typeof eve) => String(of.contacts[0]);
    sandbox.org.update('Contact', record(eve), { Email: null, [BOX]: true });
    sandbox.org.update('Contact', record(finn), { Email: 'finn.new@example.com' });
    sandbox.account.unsubscribe(finn.ac, here.list('News'), { by: 'contact' });
    sandbox.account.rename(gus.ac, 'gus.new@example.com');
    sandbox.account.unsubscribe(gus.ac, here.list('News'), { by: 'contact' });
    await here.night();
    await here.night();
    expect(await why(eve)).toContain(
      `: Salesforce record ${record(eve)} was opted out on the day on which it left this address, and the run of 2026-11-03 unsubscribed them in ActiveCampaign.`,
    );
    const came = await why({ email: 'finn.new@example.com' });
    expect(came).toContain(
      `: Salesforce record ${record(finn)} came from an address that was opted out, and in doubt that counts here too, and the run of 2026-11-03 set the box in Salesforce.`,
    );
    expect(await why(gus)).toContain(
      `: ActiveCampaign contact ${gus.ac} was opted out on the day on which it left this address, and the run of`,
    );
  });

  it('is the address that a record came from', async () => {
    const eve = town().plant('eve', { contacts: [true], lists: { News: 2 } });
    await here.night();
    here.sandbox.org.update('Contact', eve.contacts[0] ?? '', { Email: 'eve.new@example.com' });
    await here.night();
    expect(await why({ email: 'eve.new@example.com' })).toContain(
      `: so was eve@example.com, from where ${eve.contacts[0]} came, and the opt-out counts here too`,
    );
  });

  it('is the form by which somebody subscribed again', async () => {
    const { account } = town().sandbox;
    account.name('form', '4', 'Webinar sign-up');
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    account.subscribe(ann.ac, here.list('Offers'), { by: 'contact', form: '4' });
    await here.night();
    expect(await why(ann)).toContain('(Offers on 2026-11-02 through form “Webinar sign-up”)');
  });
});

describe('somebody with two contacts whose addresses differ in case', () => {
  it('is unknown, as a run says, and not brought along by it', async () => {
    const ann = town().plant('ann', { contacts: [true], lists: { News: 1 } });
    const twin = here.sandbox.account.addContact({ email: 'twin@example.com' });
    twin.email = 'Ann@Example.com';
    await here.night();
    const { why: sentence, differs } = await about(ann);
    expect(sentence).toContain(`ActiveCampaign has 2 contacts with this address: ${ann.ac}, ${twin.id}`);
    expect(differs).toBe('unknown');
  });
});
