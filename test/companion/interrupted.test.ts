import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import { nightWith, Once } from './fuse.ts';
import { first, meanwhile, rep, settledOut, subscribed } from './life.ts';
import { BOX, decisionOn, HOUR, QUALIFYING, type Town, UNSUBSCRIBES_REFUSED } from './town.ts';

/** What a rep does between a run that was cut off and the next one: it counts as theirs, and in doubt as an opt-out. */

/** Killed as soon as one of the services has been written to. */
async function killedAfterWriting(here: Town): Promise<void> {
  const before = here.writes().length;
  expect(await nightWith(here, new Once(() => here.writes().length > before))).toBe('killed');
}

/** Killed when its intention is durable, before the first write. */
async function killedBeforeWriting(here: Town): Promise<void> {
  const before = here.writes().length;
  const intends = () => here.store((store) => store.intentions().length > 0);
  expect(await nightWith(here, new Once(intends))).toBe('killed');
  expect(here.writes()).toHaveLength(before);
}

/** Somebody who was settled as out subscribes; the run that clears the box is killed. */
async function subscribesAgain(here: Town, killed: (here: Town) => Promise<void>) {
  const ann = await settledOut(here);
  here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
  await killed(here);
  return ann;
}

describe('a rep sets the box after a run that was to clear it was cut off', () => {
  it('and it stays set: without field history, too', async () => {
    const here = aTown();
    const ann = await subscribesAgain(here, killedAfterWriting);
    expect(here.box(ann.record)).toBe(false);
    rep(here)(ann.record, { [BOX]: true });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  it('and the next run is cut off, too', async () => {
    const here = aTown();
    const ann = await subscribesAgain(here, killedAfterWriting);
    rep(here)(ann.record, { [BOX]: true });
    await killedBeforeWriting(here);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.box(ann.record)).toBe(true);
  });

  for (const [where, Email] of [
    ['another address', 'new@example.com'],
    ['none', null],
  ] as const)
    it(`and the record gets ${where}: then it counts for the old one, too`, async () => {
      const here = aTown();
      const ann = await subscribesAgain(here, killedAfterWriting);
      rep(here)(ann.record, { [BOX]: true });
      rep(here)(ann.record, { Email });
      const failing = here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
      expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: failed');
      failing.off();
      expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
      expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
      here.sandbox.requests.reset();
      expect((await here.night()).warnings).toEqual([]);
      expect(here.writes()).toEqual([]);
    });

  it('and the contact gets another address, where it is subscribed: then it counts for that one, too', async () => {
    const here = aTown();
    const ann = await subscribesAgain(here, killedAfterWriting);
    rep(here)(ann.record, { [BOX]: true });
    here.sandbox.account.rename(ann.ac, 'new@example.com');
    expect(decisionOn(await here.night(), { email: 'new@example.com' })).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('while the next run makes its plan: then it stays set', async () => {
    const here = aTown();
    const ann = await subscribesAgain(here, killedBeforeWriting);
    // What the first run had sent comes only now.
    const late = () => {
      rep(here)(ann.record, { [BOX]: false });
      rep(here)(ann.record, { [BOX]: true });
    };
    expect(decisionOn(await here.night({}, meanwhile(here, late)), ann)).toBe('salesforce-opt-out: done');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  });

  it('which nobody did: then it is cleared after all, and a later opt-out is one like any other', async () => {
    const here = aTown();
    const ann = await subscribesAgain(here, killedBeforeWriting);
    expect(here.box(ann.record)).toBe(true);
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
    expect(here.box(ann.record)).toBe(false);
  });
});

describe('of what a run meant to do that was cut off before it wrote anything', () => {
  const nothingLeft = (here: Town) => expect(here.store((store) => store.intentions())).toEqual([]);

  it('nothing is left where a rep takes the opt-out back', async () => {
    const here = aTown();
    const ann = await subscribed(here);
    rep(here)(ann.record, { [BOX]: true });
    await killedBeforeWriting(here);
    rep(here)(ann.record, { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    expect(here.status(ann.ac, 'News')).toBe(1);
    nothingLeft(here);
  });

  it('nothing is left where the record that it meant is deleted, and all others are as agreed', async () => {
    const here = aTown();
    const ann = await settledOut(here);
    const other = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email });
    await killedBeforeWriting(here);
    here.sandbox.org.remove('Contact', other);
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    nothingLeft(here);
  });
});

describe('a box that a run was to set for a bounce, and was cut off', () => {
  async function bounces(here: Town) {
    const ann = here.plant('ann', { contacts: [false], lists: { News: 1 } });
    await here.night();
    here.sandbox.account.bounceHard(ann.ac);
    return { ...ann, record: first(ann.contacts) };
  }
  const reactivate = (here: Town, ac: string) => here.sandbox.account.subscribe(ac, here.list('News'), { by: 'admin' });

  it('and that a rep set: it is an opt-out, and who is made active again is unsubscribed', async () => {
    const here = aTown();
    const ann = await bounces(here);
    await killedBeforeWriting(here);
    rep(here)(ann.record, { [BOX]: true });
    await here.night();
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  const nos: [string, (here: Town, ann: Awaited<ReturnType<typeof bounces>>) => void][] = [
    ['who then leaves the list', (here, ann) => here.sandbox.account.unsubscribe(ann.ac, here.list('News'))],
    [
      'who had another record that was set and is deleted since',
      (here, { email }) => {
        const other = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: email, [BOX]: true });
        here.clock.advance(HOUR);
        here.sandbox.org.remove('Contact', other);
      },
    ],
  ];
  for (const [who, no] of nos)
    it(`and that it did set, for somebody ${who}: that is an opt-out all the same`, async () => {
      const here = aTown();
      const ann = await bounces(here);
      await killedAfterWriting(here);
      here.clock.advance(HOUR);
      no(here, ann);
      await here.night();
      reactivate(here, ann.ac);
      expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
      expect(here.status(ann.ac, 'News')).toBe(2);
    });

  it('and that it did set: it is remembered as the bounce that it is', async () => {
    const here = aTown();
    const ann = await bounces(here);
    await killedAfterWriting(here);
    await here.night();
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('bounce-reactivated: nothing');
  });
});

describe('a box that a run cleared before it was cut off', () => {
  it('is not taken for a rep’s clearing', async () => {
    const here = aTown();
    const ann = await settledOut(here);
    here.sandbox.account.subscribe(ann.ac, here.list('Offers'), { by: 'contact' });
    await killedAfterWriting(here);
    expect(here.box(ann.record)).toBe(false);
    here.sandbox.account.unsubscribe(ann.ac, here.list('Offers'), { by: 'contact' });
    here.config = here.configured({ activecampaign: { lists: [here.list('News')], qualifyingTags: [QUALIFYING] } });
    expect(decisionOn(await here.night({ acceptChange: true }), ann)).toBe('durable-opt-out: done');
    expect(here.box(ann.record)).toBe(true);
  });
});

/** Killed between the reading and the look at whose address has changed. */
async function killedAfterReading(here: Town): Promise<void> {
  const noted = () => here.store((store) => store.get('SELECT 1 FROM readdressed') !== undefined);
  expect(await nightWith(here, new Once(noted))).toBe('killed');
}

describe('an opt-out on the day on which an address changes, where the run is cut off that has read of it', () => {
  const NEW = 'new@example.com';

  it('counts for the address that a record left, although it has lost the new one, too', async () => {
    const here = aTown();
    const ann = await subscribed(here);
    rep(here)(ann.record, { Email: NEW, [BOX]: true });
    await killedAfterReading(here);
    rep(here)(ann.record, { Email: null });
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('counts for it, although the record was merged into one with a third address', async () => {
    const here = aTown();
    const ann = await subscribed(here);
    const bob = await subscribed(here, 'bob');
    rep(here)(ann.record, { Email: NEW });
    await killedAfterReading(here);
    here.clock.advance(HOUR);
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.org.merge('Contact', bob.record, [ann.record]);
    await here.night();
    expect([here.box(bob.record), here.status(bob.ac, 'News')]).toEqual([true, 2]);
  });

  it('counts for whoever took a record over, although that record then gets the address that was left', async () => {
    const here = aTown();
    const ann = await subscribed(here);
    const bob = await subscribed(here, 'bob');
    here.clock.advance(HOUR);
    here.sandbox.account.unsubscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.sandbox.org.merge('Contact', bob.record, [ann.record]);
    await killedBeforeWriting(here);
    rep(here)(bob.record, { Email: ann.email });
    expect(decisionOn(await here.night(), bob)).toBe('salesforce-opt-out: done');
    expect(here.status(bob.ac, 'News')).toBe(2);
  });
});
