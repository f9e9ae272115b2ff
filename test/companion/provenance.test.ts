import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backupStore } from '../../src/companion/backup.ts';
import { erasePerson } from '../../src/companion/erasure.ts';
import { sync } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { nightWith, Once } from './fuse.ts';
import { meanwhile, rep, settledOut } from './life.ts';
import { BOX, decisionOn, HOUR, type Town } from './town.ts';

/** What is said about a store that is new, old, put back from a backup, or used by another machine. */

describe('a store', () => {
  it('that is new is said to be, and that an unsubscribe can start automations, once', async () => {
    const here = aTown();
    const { warnings } = await here.night();
    expect(warnings[0]).toContain('store is new');
    expect(warnings[1]).toContain('can start automations');
    expect((await here.night()).warnings).toEqual([]);
  });

  it('that another machine used last is told from one’s own, once', async () => {
    const here = aTown();
    const on = (machine: string) => here.night({}, { ...here.surroundings(), machine });
    await on('alpha');
    expect((await on('alpha')).warnings).toEqual([]);
    expect((await on('beta')).warnings).toEqual([expect.stringMatching(/^This is beta; .* last used by alpha/)]);
    expect((await on('beta')).warnings).toEqual([]);
  });

  it('that does not know which machine used it last says nothing of that', async () => {
    const here = aTown();
    await here.night();
    expect((await here.night({}, { ...here.surroundings(), machine: 'alpha' })).warnings).toEqual([]);
  });

  it('that forgot somebody whom its last run had opted out, because they were erased, is not taken for an older copy', async () => {
    const here = aTown();
    await here.night();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    // A run writes later than it reads.
    const later = meanwhile(here, () => here.clock.advance(60_000));
    expect(decisionOn(await here.night({}, later), ann)).toBe('unsubscribed-from-all: done');
    erasePerson(here.config, ann.email, here.clock.now(), 'lea');
    const touched = { ...here.surroundings(), storeTouchedAt: here.clock.now() + HOUR };
    expect((await here.night({}, touched)).warnings).toEqual([
      expect.stringContaining('people who were erased is back'),
    ]);
  });

  it('whose last run was cut off, and a night was missed after it, is not taken for an older copy', async () => {
    const here = aTown();
    await here.night();
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const isSet = () => here.box(String(ann.contacts[0])) === true;
    const later = meanwhile(here, () => here.clock.advance(HOUR));
    expect(await nightWith(here, new Once(isSet), {}, later)).toBe('killed');
    here.clock.advance(48 * HOUR);
    expect((await here.night()).warnings).toEqual([expect.stringContaining('A run was cut off; 1 of its writes')]);
  });

  it('that was put back from a backup is told by what the API user wrote since', async () => {
    const here = aTown();
    await here.night();
    copyFileSync(here.config.store, `${here.config.store}.backup`);
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    here.plant('ben', { contacts: [true, false], lists: { News: 1 } });
    await here.night();
    for (const suffix of ['-wal', '-shm']) rmSync(`${here.config.store}${suffix}`, { force: true });
    copyFileSync(`${here.config.store}.backup`, here.config.store);
    const { warnings } = await here.night();
    expect(warnings).toEqual([expect.stringContaining('2 records that the store knows nothing of')]);
    expect((await here.night()).warnings).toEqual([]);
  });

  it('that was put back on the same evening is told by when its file was changed', async () => {
    const here = aTown();
    await here.night();
    copyFileSync(here.config.store, `${here.config.store}.backup`);
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const soon = async () => {
      const storeTouchedAt = here.clock.now();
      here.clock.advance(HOUR);
      const night = { dryRun: false, full: false, acceptChange: false, caps: {} };
      return (await sync({ ...here.surroundings(), storeTouchedAt }, night)).warnings;
    };
    expect(await soon()).toEqual([]);
    for (const suffix of ['-wal', '-shm']) rmSync(`${here.config.store}${suffix}`, { force: true });
    copyFileSync(`${here.config.store}.backup`, here.config.store);
    expect(await soon()).toEqual([expect.stringContaining('a record that the store knows nothing of')]);
    expect(await soon()).toEqual([]);
  });

  it('that was put back on the same evening is told by that too after a run that could not begin', async () => {
    const here = aTown();
    await here.night();
    copyFileSync(here.config.store, `${here.config.store}.backup`);
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const soon = () => {
      const storeTouchedAt = here.clock.now();
      here.clock.advance(HOUR);
      const night = { dryRun: false, full: false, acceptChange: false, caps: {} };
      return sync({ ...here.surroundings(), storeTouchedAt }, night);
    };
    await soon();
    for (const suffix of ['-wal', '-shm']) rmSync(`${here.config.store}${suffix}`, { force: true });
    copyFileSync(`${here.config.store}.backup`, here.config.store);
    const down = here.sandbox.faults.add({ service: 'activecampaign', kind: 'status', status: 503 });
    expect((await soon()).outcome).toBe('failed');
    down.off();
    expect((await soon()).warnings).toEqual([expect.stringContaining('a record that the store knows nothing of')]);
    expect((await soon()).warnings).toEqual([]);
  });

  it('whose file nobody has changed costs no call', async () => {
    const here = aTown();
    await here.night();
    const finished = here.store((store) => store.get('SELECT max(finished_at) AS at FROM runs')?.at);
    const asked = async (storeTouchedAt: number) => {
      here.sandbox.requests.reset();
      here.clock.advance(HOUR);
      const night = { dryRun: true, full: false, acceptChange: false, caps: {} };
      await sync({ ...here.surroundings(), storeTouchedAt }, night);
      return here.sandbox.requests.of('salesforce').length;
    };
    const usual = await asked(Date.parse(String(finished)) + 1000);
    expect(await asked(Date.parse(String(finished)) + HOUR)).toBeGreaterThan(usual);
    expect(await asked(Date.parse(String(finished)) + 1000)).toBe(usual);
  });

  it('that only missed a night is in order', async () => {
    const here = aTown();
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await here.night();
    here.clock.advance(48 * HOUR);
    expect((await here.night()).warnings).toEqual([]);
  });

  it('that was not used for weeks may have missed what left the recycle bin', async () => {
    const here = aTown();
    await here.night();
    here.clock.advance(20 * 24 * HOUR);
    expect((await here.night()).warnings).toEqual([expect.stringContaining('out of the recycle bin')]);
  });
});

/** Puts a copy in the store's place. */
function putBack(here: Town, copy: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${here.config.store}${suffix}`, { force: true });
  renameSync(copy, here.config.store);
}

/** Settled as out, copied, subscribed again and cleared: and then a rep sets the box. Gives the copy. */
async function saidNoSinceTheCopy(here: Town, copying: (copy: string) => unknown) {
  const ann = await settledOut(here);
  const copy = `${here.config.store}.backup`;
  await copying(copy);
  here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
  expect(decisionOn(await here.night(), ann)).toBe('subscribed-again: done');
  rep(here)(ann.record, { [BOX]: true });
  return { ...ann, copy };
}

describe('a box that was set since the copy was made, on a record that the copy knows as set', () => {
  it('counts as the opt-out that it is: what was subscribed before the copy came back is not newer', async () => {
    const here = aTown();
    const ann = await saidNoSinceTheCopy(here, (copy) => backupStore(here.config.store, copy));
    putBack(here, ann.copy);
    const report = await here.night();
    expect(decisionOn(report, ann)).toBe('salesforce-opt-out: done');
    expect(report.warnings).toEqual([expect.stringContaining('optbridge store backup made')]);
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([true, 2]);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    const next = await here.night();
    expect([decisionOn(next, ann), next.warnings]).toEqual(['subscribed-again: done', []]);
  });

  it('does so for a copy made by other means, where the API user cleared a box that the copy knows as set', async () => {
    const here = aTown();
    const ben = await settledOut(here, 'ben');
    const ann = await saidNoSinceTheCopy(here, (copy) => {
      copyFileSync(here.config.store, copy);
      here.sandbox.account.subscribe(ben.ac, here.list('News'), { by: 'contact' });
    });
    putBack(here, ann.copy);
    const report = await here.night();
    expect(report.warnings).toEqual([expect.stringContaining('has set or cleared the box of a record')]);
    expect([decisionOn(report, ann), decisionOn(report, ben)]).toEqual(['salesforce-opt-out: done', 'nothing']);
  });

  it('does so too when the run that saw it was cut off before it had decided', async () => {
    const here = aTown();
    const ann = await saidNoSinceTheCopy(here, (copy) => backupStore(here.config.store, copy));
    putBack(here, ann.copy);
    const fault = here.sandbox.faults.add({ service: 'activecampaign', path: /contacts/, kind: 'status', status: 500 });
    expect((await here.night()).outcome).toBe('failed');
    fault.off();
    expect(decisionOn(await here.night(), ann)).toBe('salesforce-opt-out: done');
  });

  it('is no matter to a machine that is another one every night, and goes on from the night before', async () => {
    const here = aTown();
    const on = (machine: string) => here.night({}, { ...here.surroundings(), machine });
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await on('alpha');
    rep(here)(String(ann.contacts[0]), { LastName: 'Lee' });
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.clock.advance(-2 * HOUR);
    expect(decisionOn(await on('beta'), ann)).toBe('subscribed-again: done');
  });

  it('is as after a backup where another machine comes after a night that is missing', async () => {
    const here = aTown();
    const on = (machine: string) => here.night({}, { ...here.surroundings(), machine });
    const ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
    await on('alpha');
    rep(here)(String(ann.contacts[0]), { LastName: 'Lee' });
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    here.clock.advance(48 * HOUR);
    expect(decisionOn(await on('beta'), ann)).toBe('salesforce-opt-out: done');
  });

  it('leaves alone whoever came back in between and stayed: their box is clear', async () => {
    const here = aTown();
    const ann = await settledOut(here);
    const copy = `${here.config.store}.backup`;
    await backupStore(here.config.store, copy);
    here.sandbox.account.subscribe(ann.ac, here.list('News'), { by: 'contact' });
    await here.night();
    putBack(here, copy);
    expect(decisionOn(await here.night(), ann)).toBe('nothing');
    expect([here.box(ann.record), here.status(ann.ac, 'News')]).toEqual([false, 1]);
  });
});
