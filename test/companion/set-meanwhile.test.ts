import { describe, expect, it } from 'vitest';
import { aTown } from './a-town.ts';
import { first, meanwhile } from './life.ts';
import { BOX, decisionOn, type Town } from './town.ts';

/** Somebody sets a box in the minutes between the reading of a run and its writes: after the write nobody could tell. */

/** Mail to somebody in on both sides has bounced since the last night. */
async function bounces(here: Town, contacts: readonly boolean[] = [false]) {
  const ann = here.plant('ann', { contacts, lists: { News: 1 } });
  await here.night();
  here.sandbox.account.bounceHard(ann.ac);
  return { ...ann, record: first(ann.contacts) };
}

const set = (here: Town, record: string) => here.sandbox.org.update('Contact', record, { [BOX]: true });
const reactivate = (here: Town, ac: string) => here.sandbox.account.subscribe(ac, here.list('News'), { by: 'admin' });

describe('a box that a run is to set for a bounce, and that a rep sets before it', () => {
  it('on one of two records: the other is set for the opt-out', async () => {
    const here = aTown();
    const ann = await bounces(here, [false, false]);
    const report = await here.night(
      {},
      meanwhile(here, () => set(here, ann.record)),
    );
    expect([decisionOn(report, ann), ...ann.contacts.map((id) => here.box(id))]).toEqual([
      'same-address: done',
      true,
      true,
    ]);
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
  });

  it('on one that had been set for the bounce, and cleared since', async () => {
    const here = aTown();
    const ann = await bounces(here, [false, false]);
    await here.night();
    here.sandbox.org.update('Contact', ann.record, { [BOX]: false });
    const report = await here.night(
      {},
      meanwhile(here, () => set(here, ann.record)),
    );
    expect(decisionOn(report, ann)).toBe('agreed: nothing');
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
  });

  it('is left to the next night where Salesforce does not say so', async () => {
    const here = aTown();
    const ann = await bounces(here);
    const report = await here.night(
      {},
      meanwhile(here, () =>
        here.sandbox.faults.add({ service: 'salesforce', path: /\/query\?|\/composite$/, kind: 'status', status: 503 }),
      ),
    );
    expect(decisionOn(report, ann)).toBe('hard-bounce: failed');
    // A write would have gone through.
    expect(here.box(ann.record)).toBe(false);
    here.sandbox.faults.clear();
    expect(decisionOn(await here.night(), ann)).toBe('hard-bounce: done');
  });
});

describe('a box that a run sets for a bounce', () => {
  it('costs one more question, and is no opt-out where nobody else has set it', async () => {
    const here = aTown();
    const ann = await bounces(here);
    const quiet = async () => (await here.night()).calls.salesforce;
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('hard-bounce: done');
    expect(report.calls.salesforce - (await quiet())).toBe(3);
    reactivate(here, ann.ac);
    expect(decisionOn(await here.night(), ann)).toBe('bounce-reactivated: nothing');
    expect(here.status(ann.ac, 'News')).toBe(1);
  });
});
