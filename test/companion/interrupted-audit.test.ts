import { describe, expect, it } from 'vitest';
import { auditRows } from '../../src/companion/audit.ts';
import { aTown } from './a-town.ts';
import { nightWith, Once } from './fuse.ts';
import { rep, settledOut, subscribed } from './life.ts';
import { BOX, HOUR, type Town } from './town.ts';

/** What a run did before it was cut off has its row in the audit, wherever the next run finds it. */

/** Killed once so much is written, before anything is remembered. */
async function killedAfterWriting(here: Town, writes: number): Promise<void> {
  const before = here.writes().length;
  expect(await nightWith(here, new Once(() => here.writes().length >= before + writes))).toBe('killed');
}

/** Ann has two records; one is set, so that a run sets the other and unsubscribes her. */
async function cutOff(here: Town) {
  const ann = await subscribed(here);
  const other = here.sandbox.org.insert('Contact', { LastName: 'ann', Email: ann.email });
  rep(here)(ann.record, { [BOX]: true });
  await killedAfterWriting(here, 2);
  expect([here.box(other), here.status(ann.ac, 'News')]).toEqual([true, 2]);
  return { ...ann, other };
}

const audited = (here: Town) => here.store((store) => [...auditRows(store)].map(({ change }) => change.side).sort());

describe('a run that was cut off after its writes', () => {
  it('has its rows where nothing happened since', async () => {
    const here = aTown();
    await cutOff(here);
    await here.night();
    expect(audited(here)).toEqual(['activecampaign', 'salesforce']);
  });

  it('has its rows where the record that it set has another address by then', async () => {
    const here = aTown();
    const { other } = await cutOff(here);
    rep(here)(other, { Email: 'elsewhere@example.com' });
    await here.night();
    expect(audited(here)).toEqual(['activecampaign', 'salesforce']);
  });

  it('has its rows where the record that it set has no address by then', async () => {
    const here = aTown();
    const { other } = await cutOff(here);
    rep(here)(other, { Email: null });
    await here.night();
    expect(audited(here)).toEqual(['activecampaign', 'salesforce']);
  });

  it('has its rows where the record that it set is deleted by then', async () => {
    const here = aTown();
    const { other } = await cutOff(here);
    here.sandbox.org.remove('Contact', other);
    await here.night();
    expect(audited(here)).toEqual(['activecampaign', 'salesforce']);
  });

  it('has its rows where the contact that it unsubscribed has another address by then', async () => {
    const here = aTown();
    const { ac } = await cutOff(here);
    here.sandbox.account.rename(ac, 'elsewhere@example.com');
    await here.night();
    expect(audited(here)).toEqual(['activecampaign', 'salesforce']);
  });

  for (const full of [false, true])
    it(`has its row where the contact has another address, and no record has the old one; all is read: ${full}`, async () => {
      const here = aTown();
      const ann = await settledOut(here);
      here.sandbox.org.remove('Contact', ann.record);
      await here.night();
      here.sandbox.account.membership(ann.ac, here.list('News'))!.status = 1;
      await killedAfterWriting(here, 1);
      expect(here.status(ann.ac, 'News')).toBe(2);
      here.sandbox.account.rename(ann.ac, 'elsewhere@example.com');
      await here.night({ full });
      expect(audited(here)).toEqual(['activecampaign', 'salesforce']);
    });

  const gone: [string, (here: Town, record: string) => void][] = [
    ['is deleted', (here, record) => here.sandbox.org.remove('Contact', record)],
    ['has no address', (here, record) => rep(here)(record, { Email: null })],
  ];
  for (const [what, happen] of gone)
    it(`has its row where the record that it cleared ${what} by then`, async () => {
      const here = aTown();
      const ann = await settledOut(here);
      here.clock.advance(HOUR);
      here.sandbox.account.subscribe(ann.ac, here.list('News'));
      const before = audited(here).length;
      await killedAfterWriting(here, 1);
      expect(here.box(ann.record)).toBe(false);
      happen(here, ann.record);
      await here.night();
      expect(here.store((store) => [...auditRows(store)].slice(before).map(({ change }) => change))).toEqual([
        { side: 'salesforce', target: ann.record, field: BOX, was: 'true', now: 'false' },
      ]);
    });
});
