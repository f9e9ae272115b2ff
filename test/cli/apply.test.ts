import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/sandbox/listen.ts';
import { type PlantedVillager, Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** `optbridge sync --dry-run --save` and `optbridge apply` over http, as a user types them. */

const here = new Town();
const plan = join(here.folder, 'plan.json');
let running: Running;
let ann: PlantedVillager;
let ben: PlantedVillager;
let file: string;
const optbridge = (...args: string[]) => tell(SECRETS, ...args, '--config', file);

beforeAll(async () => {
  running = await here.sandbox.listen();
  ann = here.plant('ann', { contacts: [false], lists: { News: 2 } });
  ben = here.plant('ben', { contacts: [true], lists: { News: 1 } });
  file = configFile(here, running);
});
beforeEach(() => here.sandbox.requests.reset());
afterAll(async () => {
  await running.close();
  here.dispose();
});

describe('a plan in a file', () => {
  it('is refused with 3 and the names when somebody in it has moved, and nothing is written', async () => {
    const made = await optbridge('sync', '--dry-run', '--save', plan);
    expect(made).toMatchObject({ code: 0, err: expect.stringContaining('2 to opt out, 0 to opt in') });
    expect(made.err).toContain(`and then: optbridge apply ${plan} --config ${file}\n`);
    here.sandbox.account.unsubscribe(ben.ac, here.list('News'));
    const { code, out } = await optbridge('apply', plan);
    expect(code).toBe(3);
    expect(out).toMatch(/^Refused/);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('something changed for ben@example.com. Nothing was written');
    expect(here.writes()).toEqual([]);
    expect(here.box(ann.contacts[0] ?? '')).toBe(false);
  });

  it('is carried out once, with the report of a run', async () => {
    expect((await optbridge('sync', '--dry-run', '--save', plan)).code).toBe(0);
    expect(statSync(plan).mode & 0o077).toBe(0);
    for (const secret of Object.values(SECRETS)) expect(readFileSync(plan, 'utf8')).not.toContain(secret);
    const { code, out } = await optbridge('apply', plan, '--json');
    expect(code).toBe(0);
    const { run: dryRun } = JSON.parse(readFileSync(plan, 'utf8')) as { run: string };
    const report = JSON.parse(out) as { run: string };
    expect(report).toMatchObject({ outcome: 'done', plan: dryRun, counts: { writes: 1 } });
    expect((await optbridge('runs')).out).toMatch(new RegExp(`^${report.run} +done \\(plan\\) `, 'm'));
    expect((await optbridge('show', report.run)).out.replaceAll(/\s+/g, ' ')).toContain(
      `It was to carry out the plan of dry run ${dryRun}, and nothing else.`,
    );
    expect(here.box(ann.contacts[0] ?? '')).toBe(true);
    here.sandbox.requests.reset();
    expect((await optbridge('apply', plan)).code).toBe(0);
    expect(here.writes()).toEqual([]);
  });

  it('is for its owner alone, also in the place of a file that was for everybody', async () => {
    const open = `${plan}.open`;
    writeFileSync(open, '');
    chmodSync(open, 0o644);
    expect((await optbridge('sync', '--dry-run', '--save', open)).code).toBe(0);
    expect(statSync(open).mode & 0o077).toBe(0);
  });

  it('is proposed in words that a shell takes as they are', async () => {
    const odd = `${plan} of ann's`;
    const { err } = await optbridge('sync', '--dry-run', '--save', odd);
    expect(err).toContain(`and then: optbridge apply '${odd.replace("'", "'\\''")}' --config`);
  });

  it('that was changed, is none, or is not there is wrong usage', async () => {
    const text = readFileSync(plan, 'utf8');
    writeFileSync(plan, text.replace('"optOuts": 1', '"optOuts": 9'));
    expect(await optbridge('apply', plan)).toMatchObject({
      code: 2,
      err: expect.stringContaining('was changed since'),
    });
    expect(await optbridge('apply', file)).toMatchObject({ code: 2, err: expect.stringContaining('is no plan') });
    expect(await optbridge('apply', 'gone.json')).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
    expect(await optbridge('apply')).toMatchObject({ code: 2, err: expect.stringContaining('a plan is missing') });
    expect(here.writes()).toEqual([]);
  });

  it('is saved by a dry run only, and not when a cap is exceeded', async () => {
    expect(await optbridge('sync', '--save', plan)).toMatchObject({ code: 2, err: expect.stringMatching(/--dry-run/) });
    here.plant('cap', { contacts: [true], lists: { News: 1 } });
    const { code, err } = await optbridge('sync', '--dry-run', '--cap-opt-out', '0', '--save', join(here.folder, 'no'));
    expect([code, err]).toEqual([3, expect.stringContaining('No plan was saved')]);
  });

  it('has a help of its own', async () => {
    const { code, out } = await tell(SECRETS, 'apply', '--help');
    expect([code, out]).toEqual([0, expect.stringContaining('carry out a plan that somebody has looked at')]);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(88);
  });
});
