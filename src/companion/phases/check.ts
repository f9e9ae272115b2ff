import { accept } from '../accept.ts';
import { allOf } from '../all-of.ts';
import { checkSameWorld } from '../approved.ts';
import { beginContacts, type EarlyContacts, fitting } from '../begin-contacts.ts';
import { type Checked, check } from '../check.ts';
import { comparisonOf } from '../compare-readings.ts';
import { type FullReason, whyFull } from '../continuity.ts';
import { ObjectsCheck } from '../objects.ts';
import { nameStore, provenanceOf } from '../provenance.ts';
import { CHEAPER_SHARE } from '../read-contacts.ts';
import { undated } from '../undated.ts';
import type { Run } from './run.ts';

/** What the other phases need to know of the world that was found. */
export interface Opened {
  readonly checked: Checked;
  readonly objects: ObjectsCheck;
  /** Why everybody is to be read; null where less may do. */
  readonly why: FullReason | null;
  /** This is the world of the store from now on; may still be on its way. */
  readonly accepted: Promise<void>;
  /** What was asked of ActiveCampaign meanwhile, if it is of use. */
  readonly early: EarlyContacts | undefined;
}

/**
 * Whether the services are there and are those of last time, whether the store is the last one, and which reading is due.
 * @throws Refused, or a failure of a service
 */
export async function checkPhase({ surroundings, options, store, state }: Run): Promise<Opened> {
  const { config, salesforce, activecampaign: ac, watch, cheaperShare: share = CHEAPER_SHARE } = surroundings;
  watch({ kind: 'checking' });
  const { acceptChange, full, approved } = options;
  const guess = { full: full || approved !== undefined, acceptChange, share, now: surroundings.now() };
  const beginning = beginContacts(ac, store, config, guess, state.ends);
  const [checked, begun] = await allOf([check(config, salesforce, ac, store, acceptChange), beginning]);
  const objects = new ObjectsCheck(config, salesforce, store);
  const by = {
    user: checked.identity.salesforceUser,
    field: config.salesforce.optOutField,
    machine: surroundings.machine,
    touchedAt: surroundings.storeTouchedAt,
    beforeAsking: () => objects.now(),
  };
  const provenance = await provenanceOf(store, salesforce, by);
  state.warnings.push(...checked.warnings, ...undated(salesforce, ac), ...provenance.warnings);
  if (approved) checkSameWorld(approved, checked.identity, store);
  const doubts: FullReason[] = [...provenance.doubts];
  if (checked.changed) doubts.unshift('accepted-change');
  if (full) doubts.unshift(approved ? 'approved' : 'asked');
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
  return { checked, objects, why, accepted, early: fitting(begun, checked) };
}
