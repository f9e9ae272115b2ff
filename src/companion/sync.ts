import { ServiceFailure } from '../service/failure.ts';
import { allOf } from './all-of.ts';
import { comparisonOf } from './compare-readings.ts';
import { differenceSummary } from './differences.ts';
import { readAsOfNow } from './how-read.ts';
import { closeRun, keepFindings } from './keep.ts';
import { takeLock } from './lock.ts';
import { applyPhase } from './phases/apply.ts';
import { checkPhase } from './phases/check.ts';
import { planPhase } from './phases/plan.ts';
import { readPhase } from './phases/read.ts';
import { nothingYet, type Run } from './phases/run.ts';
import { Refused } from './refused.ts';
import { type Findings, makeReport, type Report, reported } from './report.ts';
import { Stopped } from './stopped.ts';
import { Store } from './store.ts';
import { orStoreError } from './store-trouble.ts';
import type { Surroundings, SyncOptions } from './surroundings.ts';

export type { Happening, Surroundings, SyncOptions } from './surroundings.ts';

/**
 * One run: lock, check, read, plan, apply, remember, report. Never rejects for what a service or a limit does: the report
 * says it. Rejects with `BusyError` when another run is going on, and with `StoreError` when the store is unusable.
 */
export async function sync(surroundings: Surroundings, options: SyncOptions): Promise<Report> {
  const { config, salesforce, activecampaign, now, random } = surroundings;
  const startedAt = new Date(now()).toISOString();
  const run = `${startedAt.replace(/[-:]|\.\d+/g, '')}-${Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;
  const release = options.dryRun ? () => undefined : takeLock(config.store);
  try {
    const store = new Store(config.store, { rehearsal: options.dryRun });
    try {
      const newStore = !store.get("SELECT 1 FROM runs WHERE outcome IN ('done', 'partly')");
      store.run('INSERT INTO runs (id, started_at) VALUES (?, ?)', run, startedAt);
      const state = nothingYet(newStore ? [NEW_STORE] : []);
      try {
        await phases({ id: run, surroundings, options, store, state });
      } catch (error) {
        if (error instanceof Refused) state.refusal = { kind: error.kind, message: error.message };
        else if (error instanceof ServiceFailure) state.error = error.message;
        else if (error instanceof Stopped) state.stopped = true;
        else throw error;
      } finally {
        await allOf(state.ends.map((end) => end()));
      }
      if (state.reading && state.policy && !options.dryRun)
        keepFindings(store, run, state.reading, state.policy, now());
      const report = makeReport(
        {
          run,
          dryRun: options.dryRun,
          plan: options.approved?.run ?? null,
          newStore,
          startedAt,
          finishedAt: new Date(now()).toISOString(),
          totals: state.totals,
          salesforceRecords: state.reading?.records ?? 0,
          activecampaignContacts: state.reading?.contacts ?? 0,
          verdict: state.verdict,
          refusal: state.refusal,
          error: state.error,
          stopped: state.stopped,
          // The cheaper reading is compared after both sides are read.
          reading: state.read && readAsOfNow(state.read, comparisonOf(store)),
          warnings: state.warnings,
          written: state.written,
          differences: differenceSummary(store),
          calls: { salesforce: salesforce.calls, activecampaign: activecampaign.calls },
          writes: Number(store.get('SELECT count(*) AS n FROM audit WHERE run = ?', run)?.n),
        } satisfies Findings,
        state.reading && store,
        config.salesforce.optOutField,
        options.named,
      );
      const { decisions: _, ...summary } = report;
      store.run(
        'UPDATE runs SET finished_at = ?, outcome = ?, summary = ? WHERE id = ?',
        report.finishedAt,
        report.outcome,
        JSON.stringify(summary),
        run,
      );
      const serviceTime = salesforce.serverTime ?? activecampaign.serverTime;
      const closed = options.dryRun ? report : closeRun(store, config, report, serviceTime);
      if (options.each && state.reading)
        for (const decision of reported(store, config.salesforce.optOutField)) options.each(decision);
      return closed;
    } finally {
      store.close();
    }
  } catch (error) {
    throw orStoreError(error, config.store);
  } finally {
    release();
  }
}

const NEW_STORE =
  'The store is new: nothing is remembered of earlier runs. Unsubscribes, bounces and boxes cross; nothing is cleared.';

async function phases(run: Run): Promise<void> {
  const opened = await checkPhase(run);
  const read = await readPhase(run, opened);
  const verdict = await planPhase(run, opened, read);
  await applyPhase(run, opened, read, verdict);
}
