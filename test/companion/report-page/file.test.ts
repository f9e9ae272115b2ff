import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditRows, verifyAudit } from '../../../src/companion/audit.ts';
import { differenceSummary } from '../../../src/companion/differences.ts';
import { runById, runs } from '../../../src/companion/ledger.ts';
import { CREDENTIALS } from '../../../src/sandbox/credentials.ts';
import { HOUR, Town, UNSUBSCRIBES_REFUSED } from '../town.ts';

/** The folder of pages, night after night. */

let here: Town;
let dir: string;
beforeEach(() => {
  here = new Town();
  dir = join(here.folder, 'reports');
  here.config = { ...here.config, report: { dir, keep: 3 } };
});
afterEach(() => here.dispose());

const pages = () => readdirSync(dir).sort();

describe('every run', () => {
  it('writes its page, which only its user may read, and the newest once more under a name that stays', async () => {
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const report = await here.night();
    expect(report.page).toBe(join(dir, `${report.run}.html`));
    expect(pages()).toEqual([`${report.run}.html`, 'latest.html']);
    const page = readFileSync(report.page ?? '', 'utf8');
    expect(page).toContain('<h1>Done: 1 person opted out.</h1>');
    expect(page).toContain('ann@example.com');
    expect(readFileSync(join(dir, 'latest.html'), 'utf8')).toBe(page);
    expect([statSync(report.page ?? '').mode & 0o777, statSync(dir).mode & 0o777]).toEqual([0o600, 0o700]);
    const { clientSecret } = CREDENTIALS.salesforce;
    for (const secret of [clientSecret, CREDENTIALS.activecampaign.key]) expect(page).not.toContain(secret);
  });

  it('keeps as many as the settings say, and touches nothing else in the folder', async () => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'notes.html'), 'mine');
    const runs = [];
    for (let night = 0; night < 5; night++) runs.push((await here.night()).run);
    expect(pages()).toEqual([...runs.slice(2).map((run) => `${run}.html`), 'latest.html', 'notes.html']);
  });

  it('that failed or was refused has a page that says why', async () => {
    here.sandbox.faults.add({ service: 'activecampaign', path: /contacts/, kind: 'status', status: 503 });
    const failed = await here.night();
    expect(readFileSync(failed.page ?? '', 'utf8')).toContain('The service had trouble of its own');
    here.sandbox.faults.clear();
    here.plant('ann', { contacts: [true], lists: { News: 1 } });
    here.config = { ...here.config, caps: { optOut: 0, optIn: 0 } };
    const refused = await here.night();
    const page = readFileSync(refused.page ?? '', 'utf8');
    expect(page).toContain('more than the cap of 0');
    expect(page).toContain('<h3>Opted out in Salesforce: held back, over the opt-out cap</h3>');
  });

  it('done as a rehearsal has none', async () => {
    expect((await here.night({ dryRun: true })).page).toBe(null);
    expect(existsSync(dir)).toBe(false);
  });

  it('whose page cannot be written is done all the same, and says so', async () => {
    writeFileSync(dir, 'a file where the folder should be');
    const report = await here.night();
    expect(report).toMatchObject({ outcome: 'done', page: null });
    expect(report.warnings.at(-1)).toContain(`could not be written to ${dir}`);
  });
});

describe('what is old', () => {
  it('is forgotten as the settings say: decisions by run, the audit by row, its chain whole', async () => {
    here.config = { ...here.config, retention: { audit: 30, decisions: 2 } };
    here.plant('ann', { contacts: [false], lists: { News: 2 } });
    const first = await here.night();
    const decided = () => here.store((store) => store.all('SELECT run FROM decisions').map((row) => row.run));
    const told = () => here.store((store) => store.all('SELECT address FROM audit_details').map((row) => row.address));
    expect([decided(), told()]).toEqual([[first.run], ['ann@example.com']]);
    here.clock.advance(48 * HOUR);
    await here.night();
    expect([decided(), told()]).toEqual([[], ['ann@example.com']]);
    here.clock.advance(30 * 24 * HOUR);
    await here.night();
    expect(told()).toEqual([]);
    here.store((store) => {
      const rows = store.all('SELECT reason FROM audit ORDER BY seq').map((row) => row.reason);
      expect(rows).toEqual(['unsubscribed-from-all', 'retention']);
      expect(verifyAudit(store).brokenAt).toBe(null);
    });
    await here.night();
    expect(here.store((store) => store.all('SELECT seq FROM audit')).length).toBe(2);
  });

  it('is forgotten of a report, too, where it names somebody; how the run ended stays, in numbers', async () => {
    here.config = { ...here.config, retention: { audit: null, decisions: 2 } };
    const ann = here.plant('ann', { contacts: [true], lists: { News: 1 } });
    here.plant('ben', { contacts: [false], lists: { News: 2 } });
    const faults = here.sandbox.faults;
    faults.add(UNSUBSCRIBES_REFUSED);
    const { run } = await here.night();
    faults.clear();
    const summaryThen = () => here.store((store) => runById(store, run)?.summary);
    const before = summaryThen();
    expect(before?.failures).toMatchObject([{ person: ann.email }]);
    const since = here.store((store) => differenceSummary(store).oldestOptOut?.since);
    here.clock.advance(HOUR);
    faults.add(UNSUBSCRIBES_REFUSED);
    await here.night();
    expect(summaryThen()).toEqual(before);
    here.clock.advance(48 * HOUR);
    await here.night();
    expect(JSON.stringify(summaryThen())).not.toContain('@');
    expect(summaryThen()).toEqual({
      ...before,
      failures: [],
      differences: { ...before?.differences, oldestOptOut: { person: '(forgotten)', since } },
    });
    here.store((store) => {
      expect(differenceSummary(store).oldestOptOut).toEqual({ person: ann.email, since });
      expect(runs(store, 30).map(({ summary }) => summary?.counts.failed)).toEqual([1, 1, 1]);
      expect([verifyAudit(store).brokenAt, [...auditRows(store, { run })].length]).toEqual([null, 1]);
    });
  });
});
