import { type Alert, alertAbout, broken, pastVolumes, type Volume } from '../companion/alerts.ts';
import type { Config } from '../companion/config.ts';
import { impatientAtFirst, type Manner, patient } from '../companion/impatient.ts';
import { BusyError } from '../companion/lock.ts';
import { EXIT_CODES, type Report } from '../companion/report.ts';
import { StoreError } from '../companion/store-trouble.ts';
import { type Happening, type SyncOptions, sync } from '../companion/sync.ts';
import { tell } from '../companion/tell.ts';
import { channels, withoutSecrets } from './channels.ts';
import { byNight, connect } from './connect.ts';
import { lookInto } from './look.ts';
import type { Terminal } from './terminal.ts';
import { NO_HISTORY, NOT_TOLD } from './texts.ts';

/** What a run tells while it goes on, and asks. */
export interface Watching {
  readonly watch: (happening: Happening) => void;
  readonly stopping: () => boolean;
  /** Says what could not be told to those whom an alert is for. */
  readonly say: (words: string) => void;
  /** `impatientAtFirst` where somebody waits for the run; `patient` unless given. */
  readonly manner?: Manner;
}

/** Somebody sits at a terminal: that no service is there they are to learn soon. */
export function mannerAt({ terminal }: Terminal): Manner {
  return terminal ? impatientAtFirst : patient;
}

/**
 * One run, and then the alerts about it. An alert changes nothing of the run; a dry run has none.
 * @throws what `sync` throws
 */
export async function night(config: Config, options: SyncOptions, watching: Watching): Promise<Report> {
  const { watch, stopping, manner } = watching;
  try {
    const report = await sync({ config, ...connect(config, byNight(manner)), watch, stopping }, options);
    const { decisions: _, ...summary } = report;
    if (!options.dryRun) await spread(config, alertOn(config, report, watching.say), summary, watching);
    return report;
  } catch (error) {
    if (!(error instanceof BusyError) && !options.dryRun)
      await spread(
        config,
        broken(error instanceof StoreError ? error.message : null),
        { run: null, outcome: 'failed', exitCode: EXIT_CODES.failed },
        watching,
      );
    throw error;
  }
}

function alertOn(config: Config, report: Report, say: (words: string) => void): Alert | null {
  if (config.alerts.webhook === null && config.alerts.command === null) return null;
  return alertAbout({
    summary: report,
    history: historyBefore(config, report.run, say),
    waitingSince: report.differences.oldestOptOut?.since ?? null,
  });
}

/** None where the store cannot be asked, which is said: the run is over, and its report counts. */
function historyBefore(config: Config, run: string, say: (words: string) => void): readonly Volume[] {
  try {
    return lookInto(config, (store) => pastVolumes(store, run));
  } catch (error) {
    say(NO_HISTORY(error instanceof Error ? error.message : String(error)));
    return [];
  }
}

async function spread(config: Config, alert: Alert | null, summary: object, { say }: Watching): Promise<void> {
  if (alert === null) return;
  const out = channels(withoutSecrets(process.env, config));
  for (const problem of await tell(alert, summary, config.alerts, out)) say(NOT_TOLD(problem));
}
