import { describe, expect, it } from 'vitest';
import { auditRows, verifyAudit } from '../../src/companion/audit.ts';
import { remedyFor } from '../../src/companion/remedies.ts';
import type { Surroundings } from '../../src/companion/sync.ts';
import { aTown } from './a-town.ts';
import { BOX, type Town } from './town.ts';

/** A run that somebody asks to stop (SIGTERM, Ctrl-C). */

/** More than one batch of people to opt out, each on both sides. */
function bigTown(people: number): Town {
  const town = aTown();
  for (let index = 0; index < people; index++)
    town.plant(`p${String(index).padStart(3, '0')}`, { contacts: [false], lists: { News: 2 } });
  return town;
}

/** Asks to stop once so many happenings of a kind have been seen. */
function stoppedAfter(surroundings: Surroundings, kind: 'reading' | 'planned' | 'writing', count = 1): Surroundings {
  let seen = 0;
  return {
    ...surroundings,
    limits: { part: 200 },
    watch: (happening) => {
      if (happening.kind === kind) seen += 1;
    },
    stopping: () => seen >= count,
  };
}

const setBoxes = (town: Town) => town.sandbox.org.all('Contact').filter((row) => row[BOX] === true).length;

describe('a run that is asked to stop', () => {
  it('finishes the batch in hand, and says so in its outcome, its exit code and its row', async () => {
    const town = bigTown(450);
    const report = await town.night({}, stoppedAfter(town.surroundings(), 'writing'));
    expect(report).toMatchObject({ outcome: 'stopped', exitCode: 6, failures: [], refusal: null });
    expect(report.counts).toMatchObject({ optOuts: 450, done: 200, failed: 0 });
    expect(setBoxes(town)).toBe(200);
    expect(report.decisions.filter(({ outcome }) => outcome === 'not-tried')).toHaveLength(250);
    town.store((store) => {
      expect(store.get('SELECT outcome, finished_at FROM runs')).toMatchObject({
        outcome: 'stopped',
        finished_at: report.finishedAt,
      });
      expect(store.intentions()).toEqual([]);
      expect(store.get('SELECT count(*) AS n FROM agreements')?.n).toBe(200);
    });
  });

  it('leaves the rest to the next run, which ends where one run ends', async () => {
    const stopped = bigTown(450);
    await stopped.night({}, stoppedAfter(stopped.surroundings(), 'writing'));
    const report = await stopped.night();
    expect(report).toMatchObject({ outcome: 'done', counts: { done: 250 } });
    expect(report.warnings.join()).not.toContain('cut off');
    const whole = bigTown(450);
    await whole.night();
    const state = (town: Town) =>
      town.store((store) => ({
        boxes: setBoxes(town),
        agreements: store.all('SELECT address, kind, cause, records, contact FROM agreements ORDER BY address'),
        audited: [...auditRows(store)]
          .map(({ address, change, reason }) => JSON.stringify([address, change, reason]))
          .sort(),
        chain: verifyAudit(store).brokenAt,
      }));
    expect(state(stopped)).toEqual(state(whole));
    expect((await stopped.night()).counts.writes).toBe(0);
  });

  it('looks after everybody for whom something was written ahead, and leaves their rest to the next run', async () => {
    const town = aTown();
    town.config = town.configured({ activecampaign: { bulkImport: 'never' } });
    for (let n = 0; n < 210; n++)
      town.plant(`p${String(n).padStart(3, '0')}`, { contacts: [true, false], lists: { News: 1 } });
    let stopping = false;
    const when = (row: Readonly<Record<string, unknown>>) => {
      // Somebody asks as the first record is written.
      stopping = true;
      return row.LastName === 'p007';
    };
    const undo = town.sandbox.org.addRule('Contact', { when, message: 'Ask legal' });
    const report = await town.night({}, { ...town.surroundings(), stopping: () => stopping });
    expect(report).toMatchObject({ outcome: 'stopped', counts: { done: 0, failed: 1, writes: 209 } });
    expect(report.failures).toMatchObject([
      { person: 'p007@example.com', words: expect.stringContaining('Ask legal') },
    ]);
    expect([setBoxes(town), town.sandbox.requests.of('activecampaign', 'POST')]).toEqual([419, []]);
    stopping = false;
    undo();
    expect(await town.night()).toMatchObject({ outcome: 'done', counts: { done: 210, writes: 211 } });
    town.store((store) => expect(verifyAudit(store)).toEqual({ rows: 420, brokenAt: null }));
  });

  it('enters in the audit what was written ahead of a service that was lost', async () => {
    const town = aTown();
    town.config = town.configured({ activecampaign: { bulkImport: 'never' } });
    for (let n = 0; n < 210; n++)
      town.plant(`p${String(n).padStart(3, '0')}`, { contacts: [true, false], lists: { News: 1 } });
    const lost = { kind: 'status', status: 401, body: { message: 'no' } } as const;
    town.sandbox.faults.add({ service: 'activecampaign', method: 'POST', ...lost });
    const report = await town.night();
    expect(report).toMatchObject({ outcome: 'failed', counts: { done: 0, writes: 210 } });
    town.sandbox.faults.clear();
    expect(await town.night()).toMatchObject({ outcome: 'done', counts: { done: 210, writes: 210 } });
    town.store((store) => expect(verifyAudit(store)).toEqual({ rows: 420, brokenAt: null }));
  });

  it('asks an account that is no longer paid for no more than a few times, and says what it is', async () => {
    const town = aTown();
    town.config = town.configured({ activecampaign: { bulkImport: 'never' } });
    for (let n = 0; n < 40; n++) town.plant(`p${n}`, { contacts: [true], lists: { News: 1 } });
    const unpaid = { kind: 'status', status: 402, body: { message: 'Payment Required' } } as const;
    town.sandbox.faults.add({ service: 'activecampaign', method: 'POST', ...unpaid });
    const report = await town.night();
    expect(report).toMatchObject({ outcome: 'failed', exitCode: 1, counts: { done: 0 } });
    const [words = ''] = report.failures.filter(({ person }) => person === null).map((failure) => failure.words);
    expect([words, remedyFor(words)]).toEqual([
      expect.stringContaining('Payment Required'),
      expect.stringContaining('suspended or unpaid'),
    ]);
    expect(town.sandbox.requests.of('activecampaign', 'POST').length).toBeLessThan(20);
    town.sandbox.faults.clear();
    expect(await town.night()).toMatchObject({ outcome: 'done', counts: { done: 40 } });
  });

  it('writes nothing when it is still reading', async () => {
    const town = bigTown(30);
    const report = await town.night({}, stoppedAfter(town.surroundings(), 'reading'));
    expect(report).toMatchObject({ outcome: 'stopped', exitCode: 6 });
    expect(town.writes()).toEqual([]);
    expect((await town.night()).counts.done).toBe(30);
  });

  it('waits no longer for a query job of Salesforce, and aborts it', async () => {
    const town = aTown();
    for (let n = 0; n <= 2000; n++)
      town.sandbox.org.insert('Contact', { LastName: `n${n}`, Email: `n${n}@example.com`, HasOptedOutOfEmail: false });
    town.sandbox.salesforce.bulk.pollsUntilDone = Number.POSITIVE_INFINITY;
    const looks = () => town.sandbox.requests.of('salesforce', 'GET', /jobs\/query/).length;
    const report = await town.night({}, { ...town.surroundings(), stopping: () => looks() >= 3 });
    expect(report).toMatchObject({ outcome: 'stopped', exitCode: 6, failures: [] });
    expect(report.warnings.join()).not.toContain('Bulk');
    // One more tells what the abort came to.
    expect(looks()).toBe(4);
    expect(town.sandbox.requests.of('salesforce', 'PATCH', /jobs\/query/)).toHaveLength(1);
  });

  it('writes nothing when it has only planned', async () => {
    const town = bigTown(30);
    const report = await town.night({}, stoppedAfter(town.surroundings(), 'planned'));
    expect(report).toMatchObject({ outcome: 'stopped', counts: { optOuts: 30, done: 0 } });
    expect(setBoxes(town)).toBe(0);
  });

  it('clears no box after the opt-outs when it is asked during them', async () => {
    const town = bigTown(0);
    const again = town.plant('again', { contacts: [false], lists: { News: 2 } });
    await town.night();
    town.sandbox.account.subscribe(again.ac, town.list('News'), { by: 'contact' });
    const left = town.plant('left', { contacts: [false], lists: { News: 2 } });
    const report = await town.night({}, stoppedAfter(town.surroundings(), 'writing'));
    expect(report.outcome).toBe('stopped');
    expect([town.box(left.contacts[0] ?? ''), town.box(again.contacts[0] ?? '')]).toEqual([true, true]);
    expect((await town.night()).outcome).toBe('done');
    expect(town.box(again.contacts[0] ?? '')).toBe(false);
  });

  it('is done, and not stopped, when it is asked after its last batch', async () => {
    const town = bigTown(30);
    const report = await town.night({}, stoppedAfter(town.surroundings(), 'writing'));
    expect(report).toMatchObject({ outcome: 'done', counts: { done: 30 } });
  });

  it('says in a dry run that it was stopped, too', async () => {
    const town = bigTown(30);
    const report = await town.night({ dryRun: true }, stoppedAfter(town.surroundings(), 'reading'));
    expect(report).toMatchObject({ outcome: 'stopped', dryRun: true });
  });
});
