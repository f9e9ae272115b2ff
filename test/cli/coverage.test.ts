import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/companion/coverage.ts';
import type { Running } from '../../src/sandbox/listen.ts';
import { BOX, Town } from '../companion/town.ts';
import { configFile, SECRETS, tell } from './told.ts';

/** Whom a run does not see, by cause. */

const here = new Town({ lists: ['News', 'Secret'] });
let running: Running;
let file: string;
beforeAll(async () => {
  const { org, account } = here.sandbox;
  running = await here.sandbox.listen();
  file = configFile(here, running);
  here.plant('covered', { contacts: [false], lists: { News: 1 } });
  here.plant('stranger', { contacts: [false], lists: { News: 2 }, qualified: false });
  here.plant('stranger2', { leads: [false], lists: { News: 1 }, qualified: false });
  here.plant('alone', { contacts: [true, false], lists: null });
  here.plant('prospect', { lists: { News: 1 } });
  here.plant('hidden', { contacts: [false], lists: { Secret: 2 } });
  org.insert('Contact', { LastName: 'bare', [BOX]: true });
  const lead = org.insert('Lead', { LastName: 'gone', Company: 'Mill', Email: 'gone@example.com' });
  org.update('Contact', org.convert(lead), { Email: null });
  account.addContact({ email: '', phone: '555' });
  account.hideList(here.list('Secret'));
});
afterEach(() => here.sandbox.faults.clear());
afterAll(async () => {
  await running.close();
  here.dispose();
});

const coverage = (...args: string[]) => tell(SECRETS, 'coverage', '--config', file, ...args);

describe('optbridge coverage', () => {
  it('counts everybody under the cause that keeps them from sight, with those who are out first', async () => {
    const { code, out } = await coverage('--json');
    expect(code).toBe(0);
    const found = JSON.parse(out) as Coverage;
    const gaps = Object.fromEntries(found.gaps.map(({ cause, ...gap }) => [cause, gap]));
    expect(gaps).toMatchObject({
      'no-address-in-salesforce': { count: 2, optedOut: 1 },
      'no-address-in-activecampaign': { count: 1, optedOut: 0 },
      'no-tag': { count: 2, optedOut: 1, examples: ['stranger@example.com', 'stranger2@example.com'] },
      'no-contact': { count: 1, optedOut: 1, examples: ['alone@example.com'] },
      'no-record': { count: 1, examples: ['prospect@example.com'] },
      converted: { count: 1, examples: ['gone@example.com'] },
      'hidden-lists': { count: 1, examples: ['hidden@example.com'] },
      'not-whole': { count: 0, examples: [] },
    });
    expect(found.covered).toBe(2);
  });

  it('says so in words, writes nothing, and makes no store', async () => {
    here.sandbox.requests.reset();
    const { out, err } = await coverage();
    expect(out).toMatch(/^2 people are settled both ways\./);
    expect(out).toContain('2  People on both sides whose contact has no tag that qualifies (no-tag)');
    expect(out).toContain('1 of them opted out there');
    expect(out).not.toContain('not-whole');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(err).toContain('Reading ActiveCampaign: ');
    expect(here.writes()).toEqual([]);
  });

  it('says how far it is when it is twice as far, where lines stay', async () => {
    const many = new Town({ lists: ['News'] });
    const served = await many.sandbox.listen();
    for (let n = 0; n < 650; n++) many.sandbox.account.addContact({ email: `p${n}@example.com` });
    const { err } = await tell(SECRETS, 'coverage', '--config', configFile(many, served));
    expect(err.match(/^Reading ActiveCampaign: \d+$/gm)).toEqual(
      [100, 200, 400].map((done) => `Reading ActiveCampaign: ${done}`),
    );
    await served.close();
    many.dispose();
  });

  it('exits with 1 and says which service could not be read', async () => {
    here.sandbox.faults.add({ service: 'activecampaign', path: /lists/, kind: 'status', status: 400 });
    expect(await coverage()).toMatchObject({
      code: 1,
      err: expect.stringContaining('ActiveCampaign failed: GET /api/3/lists'),
    });
    here.sandbox.faults.clear();
    const wrong = await tell({ ...SECRETS, AC_KEY: 'wrong' }, 'coverage', '--config', file);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('Check activecampaign.key') });
    expect(wrong.err).not.toContain('unexpected');
  });

  it('takes no word', async () => {
    expect(await coverage('all')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"all" is one word too many'),
    });
  });
});
