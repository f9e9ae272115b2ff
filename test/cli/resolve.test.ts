import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../src/companion/lock.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { type PlantedVillager, Town, UNSUBSCRIBES_REFUSED } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

const here = new Town();
let running: Running;
let file: string;
let ann: PlantedVillager;
beforeAll(async () => {
  running = await here.sandbox.listen();
  ann = here.plant('ann', { contacts: [false], lists: { News: 2 }, qualified: false });
  here.plant('ben', { contacts: [false], lists: { News: 2 }, qualified: false });
  file = configFile(here, running);
  await tell(SECRETS, 'sync', '--config', file);
});
afterAll(async () => {
  await running.close();
  here.dispose();
});
const resolve = (...args: string[]) => tell(SECRETS, 'resolve', ...args, '--config', file);

describe('optbridge resolve', () => {
  it('opts somebody out on both sides, and show tells of it', async () => {
    const { code, out } = await resolve('Ann@example.com', 'out');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^ann@example\.com is out on both sides: 1 change, in the audit as\nresolve-/),
    ]);
    expect(here.box(ann.contacts[0] ?? '')).toBe(true);
    const run = /resolve-\S+(?=\.)/.exec(out)?.[0] ?? '';
    expect((await tell({}, 'show', run, '--config', file)).out).toContain('Asked for by hand');
    expect((await tell(SECRETS, 'show', 'ann@example.com', '--config', file)).out.replaceAll(/\s+/g, ' ')).toContain(
      'by optbridge resolve.',
    );
  });

  it('accepts a difference without asking a service, and differences says so', async () => {
    here.sandbox.requests.reset();
    const { code, out } = await tell({}, 'resolve', 'ben@example.com', 'leave', '--json', '--config', file);
    expect([code, JSON.parse(out), here.sandbox.requests.all.length]).toMatchObject([
      0,
      { person: 'ben@example.com', how: 'leave', outcome: 'done', changes: [] },
      0,
    ]);
    expect((await tell({}, 'differences', '--config', file)).out).toContain('not-qualified (accepted)');
    const shown = await tell({}, 'show', 'ben@example.com', '--offline', '--config', file);
    expect(shown.out.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`accepted on .* UTC by ${userInfo().username}`));
  });

  it('says of an opt-out that could not cross that accepting it silences the alerts, and no more', async () => {
    here.plant('stuck', { contacts: [true], lists: { News: 1 } });
    const refused = here.sandbox.faults.add(UNSUBSCRIBES_REFUSED);
    await tell(SECRETS, 'sync', '--config', file);
    refused.off();
    const { code, out } = await resolve('stuck@example.com', 'leave');
    expect([code, out.replaceAll('\n', ' ')]).toEqual([
      0,
      expect.stringContaining('Each run tries again all the same. But it is not counted any more among what waits'),
    ]);
  });

  it('exits with 4 while a run goes on, and with 2 for somebody who does not differ', async () => {
    const release = takeLock(here.config.store);
    expect((await resolve('ben@example.com', 'leave')).code).toBe(4);
    release();
    expect(await resolve('eve@example.com', 'out')).toMatchObject({
      code: 2,
      err: expect.stringContaining('eve@example.com is not among the differences'),
    });
  });

  const wrong: [string, string[]][] = [
    ['nobody', []],
    ['no way', ['ann@example.com']],
    ['an unknown way', ['ann@example.com', 'in']],
    ['no address', ['ann', 'out']],
  ];
  for (const [what, args] of wrong)
    it(`exits with 2 for ${what}`, async () => {
      expect(await resolve(...args)).toMatchObject({ code: 2, err: expect.stringContaining('say whom and how') });
    });
});
