import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import { nightWith, Once } from './fuse.ts';
import { first, rep, subscribed } from './life.ts';
import { BOX, decisionOn, HOUR, type Town } from './town.ts';

/** Whose word a box is that a run had set for a bounce: field history is asked in the night after a change, and where it matters. */

async function bounced(here: Town) {
  here.sandbox.org.track('Contact', BOX);
  const ann = await subscribed(here);
  here.sandbox.account.bounceHard(ann.ac);
  expect(decisionOn(await here.night(), ann)).toBe('hard-bounce: done');
  return ann;
}

/** Another record with the address is set for the bounce, by a run that is killed then. */
async function cutOff(here: Town, Email: string): Promise<void> {
  const twin = here.sandbox.org.insert('Contact', { LastName: 'Twin', Email, [BOX]: false });
  expect(await nightWith(here, new Once(() => here.box(twin) === true))).toBe('killed');
}

const histories = (here: Town) => {
  const { all, parts } = here.sandbox.requests;
  return [...all, ...parts].filter(({ path }) => path.includes('ContactHistory')).length;
};
/** A rep clears the box and sets it again. */
function tickAgain(here: Town, record: string): void {
  rep(here)(record, { [BOX]: false });
  rep(here)(record, { [BOX]: true });
}

const reactivate = (here: Town, ac: string) => here.sandbox.account.reactivate(ac, { clearCounter: false });

describe('a box that was set for a bounce', () => {
  it('is the bounce while nobody touches it, whatever else of the record is changed', async () => {
    const here = aTown();
    const ann = await bounced(here);
    rep(here)(ann.record, { LastName: 'Lee-Ray' });
    await here.night();
    expect(histories(here)).toBe(1);
    here.clock.advance(24 * HOUR);
    await here.night();
    expect(histories(here)).toBe(1);
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('bounce-reactivated: nothing');
    expect(histories(here)).toBe(2);
  });

  it('is an opt-out once it was set by hand, also where the record is gone the day after, and its history with it', async () => {
    const here = aTown();
    const ann = await bounced(here);
    tickAgain(here, ann.record);
    await here.night();
    here.sandbox.org.table('Contact').drop(ann.record);
    here.sandbox.account.reactivate(ann.ac, { clearCounter: true });
    expect(decisionOn(await here.night(), ann)).toMatch(/: done$/);
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('is asked about once more where the run that heard of it did not come to its end', async () => {
    const here = aTown();
    const ann = await bounced(here);
    tickAgain(here, ann.record);
    here.plant('ben', { contacts: [true], lists: { News: 1 } });
    here.config = here.configured({ caps: { optOut: 0 } });
    expect((await here.night()).outcome).toBe('refused');
    here.config = here.configured({});
    here.clock.advance(24 * HOUR);
    await here.night();
    here.sandbox.org.table('Contact').drop(ann.record);
    here.sandbox.account.reactivate(ann.ac, { clearCounter: true });
    await here.night();
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('is asked about once more where history took too long to answer, also where the run came to its end', async () => {
    const here = aTown();
    const ann = await bounced(here);
    tickAgain(here, ann.record);
    const body = [{ message: 'Your query request was running for too long.', errorCode: 'QUERY_TIMEOUT' }];
    here.sandbox.faults.add({ service: 'salesforce', path: /History/, kind: 'status', status: 400, body, times: 1 });
    expect((await here.night()).outcome).toBe('done');
    here.clock.advance(24 * HOUR);
    await here.night();
    here.sandbox.org.table('Contact').drop(ann.record);
    here.sandbox.account.reactivate(ann.ac, { clearCounter: true });
    await here.night();
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('is not asked about where no record has changed', async () => {
    const here = aTown();
    const ann = await bounced(here);
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('bounce-reactivated: nothing');
    expect(histories(here)).toBe(0);
  });

  it('is an opt-out once it was set by hand, also where another record has been set for the bounce since', async () => {
    const here = aTown();
    const ann = await bounced(here);
    tickAgain(here, ann.record);
    here.sandbox.org.insert('Contact', { LastName: 'Twin', Email: ann.email, [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('same-address: done');
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
  });

  it('is an opt-out once it was set by hand, also after a run was cut off that had set another record for the bounce', async () => {
    const here = aTown();
    const ann = await bounced(here);
    await cutOff(here, ann.email);
    tickAgain(here, ann.record);
    expect(decisionOn(await here.night(), ann)).toBe('agreed: nothing');
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
    expect(here.status(ann.ac, 'News')).toBe(2);
  });

  it('is the bounce after such a run where nobody touched it, although history shows what the run has set', async () => {
    const here = aTown();
    const ann = await bounced(here);
    await cutOff(here, ann.email);
    rep(here)(ann.record, { LastName: 'Lee-Ray' });
    await here.night();
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('bounce-reactivated: nothing');
  });

  it('counts against the cap when it opts somebody out', async () => {
    const here = aTown();
    const ann = await bounced(here);
    tickAgain(here, ann.record);
    reactivate(here, ann.ac);
    here.config = here.configured({ caps: { optOut: 0 } });
    expect((await here.night()).refusal?.kind).toBe('opt-out-cap');
    expect(here.status(ann.ac, 'News')).toBe(1);
  });
});

describe('a box that a run has set again', () => {
  it('is nobody’s answer: a subscription after that is honoured though history shows the box changed', async () => {
    const here = aTown();
    here.sandbox.org.track('Contact', BOX);
    const ann = here.plant('ann', { contacts: [false, false], lists: { News: 2 } });
    await here.night();
    rep(here)(first(ann.contacts), { [BOX]: false });
    expect(decisionOn(await here.night(), ann)).toBe('same-address: done');
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
    expect(ann.contacts.map((id) => here.box(id))).toEqual([false, false]);
  });
});
