import type { ActiveCampaign } from '../activecampaign/activecampaign.ts';
import type { Caps, Totals } from '../consent/plan.ts';
import type { Salesforce } from '../salesforce/salesforce.ts';
import type { Config } from './config.ts';
import type { ReportedDecision } from './report.ts';
import type { SavedPlan } from './saved-plan.ts';
import type { Limits } from './volume.ts';

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
