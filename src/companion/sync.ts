import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Policy } from '../consent/facts.ts';
import type { Caps, Totals, Verdict } from '../consent/plan.ts';
import { judge, noTotals } from '../consent/plan.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import { ServiceFailure } from '../service/failure.ts';
import { accept } from './accept.ts';
import { allOf } from './all-of.ts';
import { checkSameWorld, keepToPlan, planToSave, UNCAPPED } from './approved.ts';
import { beginContacts, fitting } from './begin-contacts.ts';
import { check, signedIn } from './check.ts';
import { comparisonOf } from './compare-readings.ts';
import type { Config } from './config.ts';
import { type FullReason, whyFull } from './continuity.ts';
import { differenceSummary } from './differences.ts';
import { recallErased } from './erasure.ts';
import { heardInHistory, historyIsHeard } from './heard-in-history.ts';
import { type HowRead, readAsOfNow } from './how-read.ts';
import { closeRun, keepFindings } from './keep.ts';
import { takeLock } from './lock.ts';
import { noticeMoves } from './moves.ts';
import { ObjectsCheck } from './objects.ts';
import { concludeRest, makePlan } from './plan.ts';
import { distrust, nameStore, provenanceOf } from './provenance.ts';
import { readBoth } from './read-both.ts';
import { CHEAPER_SHARE, compareLater, completeContacts } from './read-contacts.ts';
import { Reading } from './reading.ts';
import { auditInterrupted, boxesOfGone, setByOurUser } from './recover.ts';
import { Refused } from './refused.ts';
import { type Findings, makeReport, type Report, type ReportedDecision, reported } from './report.ts';
import type { SavedPlan } from './saved-plan.ts';
import { Stopped } from './stopped.ts';
import { Store } from './store.ts';
import { orStoreError } from './store-trouble.ts';
import { undated } from './undated.ts';
import { LIMITS, type Limits } from './volume.ts';
import type { Work } from './work.ts';
import { write } from './write-and-compare.ts';
import { nothingWritten, type Written } from './written.ts';

/** What happens, for whoever watches. Texts are the command's business. */
export type Happening =
  | { readonly kind: 'checking' }
  | {
      readonly kind: 'reading';
      readonly side: 'activecampaign' | 'salesforce';
      readonly done: number;
      readonly of: number | undefined;
    }
  | { readonly kind: 'planned'; readonly totals: Totals }
  | {
      readonly kind: 'handing';
      readonly side: 'activecampaign' | 'salesforce';
      readonly done: number;
      readonly of: number;
    }
  | { readonly kind: 'writing'; readonly done: number; readonly of: number };

/** Everything a run needs from outside. */
export interface Surroundings {
  readonly config: Config;
  readonly salesforce: Salesforce;
  readonly activecampaign: ActiveCampaign;
  /** Milliseconds since the epoch; names the run and fills the report, decides nothing. */
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly watch: (happening: Happening) => void;
  /**
   * Whether somebody asked the run to stop. Looked at after each page that is read and before each batch of writes; the
   * run then ends with the outcome `stopped`, and the next one does the rest.
   */
  readonly stopping?: () => boolean;
  /** From where on many people are written by bulk; as volume.ts has it unless given. */
  readonly limits?: Partial<Limits>;
  /** Another share than `CHEAPER_SHARE`, for small worlds. */
  readonly cheaperShare?: number;
  /** This machine's name, to notice a store that another one uses. */
  readonly machine?: string;
  /** When the store's file was last changed before this run, by this machine's clock (ms), to notice one that was put back. */
  readonly storeTouchedAt?: number | undefined;
}

export interface SyncOptions {
  readonly dryRun: boolean;
  /** Read everybody, whatever a run by itself would do. */
  readonly full: boolean;
  readonly acceptChange: boolean;
  /** Caps for this run, over those of the configuration. */
  readonly caps: Partial<Caps>;
  /** Is given what a dry run would write, unless it is over the opt-out cap; for a file that somebody looks at. */
  readonly save?: (plan: SavedPlan) => void;
  /** The report names only so many people, of those for whom something is to be written; everybody unless given. */
  readonly named?: number;
  /** Is given every decision once the run is over, one after another: they need not all be in memory. */
  readonly each?: (decision: ReportedDecision) => void;
  /** Carry out this plan and nothing else; its caps are those under which it was made. */
  readonly approved?: SavedPlan;
}

/** What one run gathers on its way; the report is made from it however the run ends. */
interface Progressing {
  totals: Totals;
  verdict: Verdict | null;
  refusal: Report['refusal'];
  error: string | null;
  stopped: boolean;
  warnings: string[];
  reading: Reading | null;
  /** Which reading of Salesforce it was; null when it did not come to its end. */
  read: HowRead | null;
  written: Written;
  /** What must be ended before the run is over, however it ends. */
  ends: (() => Promise<void>)[];
  /** What the plan was made by; null when the run did not get that far. */
  policy: Policy | null;
}

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
      const state: Progressing = {
        totals: noTotals(),
        verdict: null,
        refusal: null,
        error: null,
        stopped: false,
        warnings: newStore ? [NEW_STORE] : [],
        written: nothingWritten(),
        reading: null,
        read: null,
        policy: null,
        ends: [],
      };
      try {
        await phases(surroundings, options, run, store, state);
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

async function phases(
  surroundings: Surroundings,
  options: SyncOptions,
  run: string,
  store: Store,
  state: Progressing,
): Promise<void> {
  const { config, salesforce, activecampaign: ac, watch, cheaperShare: share = CHEAPER_SHARE } = surroundings;
  const field = config.salesforce.optOutField;
  watch({ kind: 'checking' });
  const { acceptChange, full, approved } = options;
  const guess = { full: full || approved !== undefined, acceptChange, share, now: surroundings.now() };
  const beginning = beginContacts(ac, store, config, guess, state.ends);
  const [checked, begun] = await allOf([check(config, salesforce, ac, store, acceptChange), beginning]);
  const objects = new ObjectsCheck(config, salesforce, store);
  const by = {
    user: checked.identity.salesforceUser,
    field,
    machine: surroundings.machine,
    touchedAt: surroundings.storeTouchedAt,
    beforeAsking: () => objects.now(),
  };
  const provenance = await provenanceOf(store, salesforce, by);
  state.warnings.push(...checked.warnings, ...undated(salesforce, ac), ...provenance.warnings);
  if (options.approved) checkSameWorld(options.approved, checked.identity, store);
  const doubts: FullReason[] = [...provenance.doubts];
  if (checked.changed) doubts.unshift('accepted-change');
  if (options.full) doubts.unshift(options.approved ? 'approved' : 'asked');
  const why = whyFull(store, doubts, salesforce.serverTime, config.schedule.fullEveryDays);
  // A night that is short asks for them along with what has changed: one call less.
  const describe = why !== null || comparisonOf(store).state !== 'agreed';
  const acceptance = async () => {
    if (describe) await objects.now();
    accept(store, checked, why, provenance.older);
    if (!options.dryRun) nameStore(store, surroundings.machine);
  };
  const accepted = acceptance();
  // Where nothing has changed ActiveCampaign need not wait for what Salesforce says of its objects.
  if (checked.changed || !describe) await accepted;
  accepted.catch(() => undefined);

  const { qualifyingTags, personSources } = config.activecampaign;
  const policy = { lists: checked.scope, qualifyingTags, personSources };
  const reading = new Reading(store, policy, 'remembered');
  state.reading = reading;
  const progress = (side: 'activecampaign' | 'salesforce', done: number, of: number | undefined) => {
    watch({ kind: 'reading', side, done, of });
    if (surroundings.stopping?.()) throw new Stopped();
  };
  const inAc = <T>(read: () => Promise<T>) => signedIn('ActiveCampaign', 'activecampaign.key', read);
  const lists = new Set(Object.keys(checked.identity.lists));
  const active = new Map([...checked.active].filter(([list]) => checked.scope.has(list)));
  const early = fitting(begun, checked);
  const warn = (words: string) => state.warnings.push(words);
  const acceptEmpty = acceptChange ? warn : undefined;
  const side = { ac, store, reading, policy, lists, active, share, progress, accepted, early, acceptEmpty };
  const comparing = why === null || options.dryRun ? undefined : compareLater(side);
  if (comparing) state.ends.push(comparing.end);
  const records = { salesforce, field, store, objects, reading, progress, warn, accepted, acceptEmpty };
  const [contacts, read] = await readBoth({ ...side, comparing }, records, why);
  state.warnings.push(...recallErased(store, run, reading, policy));
  const completed = await inAc(() => completeContacts({ ...side, comparing }, contacts));
  state.read = { ...read, activecampaign: completed };
  reading.finish();
  distrust(store, reading);
  state.warnings.push(...auditInterrupted(store, reading, await boxesOfGone(store, salesforce, field)));
  state.warnings.push(...noticeMoves(store, reading, policy, config.addressChange));

  const caps = options.approved ? UNCAPPED : { ...config.caps, ...options.caps };
  const byUs = await setByOurUser(store, salesforce, by.user);
  const totals = makePlan(store, reading, policy, byUs);
  totals.optOuts += await heardInHistory({ store, reading, policy, byUs }, salesforce, field);
  const verdict = judge(totals, caps);
  Object.assign(state, { totals, verdict, policy });
  watch({ kind: 'planned', totals });
  if (verdict.optOut.exceeded) {
    await comparing?.conclude();
    concludeRest(store, 'refused');
    throw new Refused(
      'opt-out-cap',
      `${verdict.optOut.count} people would be opted out, more than the cap of ${verdict.optOut.limit}. Nothing was written. Look at the plan with --dry-run; if it is right, run once with --cap-opt-out ${verdict.optOut.count}.`,
    );
  }
  const optIns = !verdict.optIn.exceeded;
  const work = workOf(surroundings, {
    run,
    field,
    policy,
    store,
    reading,
    exactly: options.approved !== undefined,
    warn,
    written: state.written,
  });
  if (options.save) {
    const madeAt = new Date(surroundings.now()).toISOString();
    options.save(await planToSave(work, { identity: checked.identity, madeAt, acceptChange, optIns }));
  }
  try {
    if (options.approved) await keepToPlan(work, options.approved);
  } catch (error) {
    await comparing?.conclude();
    throw error;
  }
  if (!options.dryRun) await write(work, optIns, comparing);
  if (!options.approved) historyIsHeard(store);
  concludeRest(store, verdict.optIn.exceeded ? 'held' : 'planned', 'in');
  concludeRest(store, 'planned');
  if (verdict.optIn.exceeded)
    throw new Refused(
      'opt-in-cap',
      `${verdict.optIn.count} people would have their opt-out cleared, more than the cap of ${verdict.optIn.limit}. The opt-ins are held, and nothing else is. If they are right, run once with --cap-opt-in ${verdict.optIn.count}.`,
    );
}

function workOf(
  { config, salesforce, activecampaign: ac, sleep, random, watch, stopping, limits }: Surroundings,
  plan: Omit<
    Work,
    'salesforce' | 'ac' | 'sleep' | 'random' | 'progress' | 'handing' | 'stopping' | 'imports' | 'limits'
  >,
): Work {
  const { bulkImport: use, excludeAutomations } = config.activecampaign;
  return {
    ...plan,
    imports: { use, excludeAutomations },
    limits: { ...LIMITS, ...limits },
    salesforce,
    ac,
    sleep,
    random,
    progress: (done, of) => watch({ kind: 'writing', done, of }),
    handing: (side, done, of) => watch({ kind: 'handing', side, done, of }),
    stopping: stopping ?? (() => false),
  };
}
