import { copyFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sync } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { HOUR } from './town.ts';

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

  it('whose file nobody has changed costs no call', async () => {
    const here = aTown();
    await here.night();
    const finished = here.store((store) => store.get('SELECT max(finished_at) AS at FROM runs')?.at);
    const asked = async (storeTouchedAt: number) => {
      here.sandbox.requests.reset();
      here.clock.advance(HOUR);
      const night = { dryRun: true, full: false, acceptChange: false, caps: {} };
      await sync({ ...here.surroundings(), storeTouchedAt }, night);
      return here.sandbox.requests.of('salesforce', 'GET', /LastModifiedById/).length;
    };
    expect(await asked(Date.parse(String(finished)) + 1000)).toBe(0);
    expect(await asked(Date.parse(String(finished)) + HOUR)).toBe(2);
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
