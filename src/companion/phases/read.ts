import type { Policy } from '../../consent/facts.ts';
import { signedIn } from '../check.ts';
import { recallErased } from '../erasure.ts';
import { noticeMoves } from '../moves.ts';
import { distrust } from '../provenance.ts';
import { readBoth } from '../read-both.ts';
import { CHEAPER_SHARE, type Comparing, compareLater, completeContacts } from '../read-contacts.ts';
import { Reading } from '../reading.ts';
import { auditInterrupted, boxesOfGone } from '../recover.ts';
import { Stopped } from '../stopped.ts';
import type { Opened } from './check.ts';
import type { Run } from './run.ts';

/** What was read, and by what it is decided about. */
export interface WorldRead {
  readonly reading: Reading;
  readonly policy: Policy;
  /** What holds the cheaper reading against everybody; undefined where nothing is compared. */
  readonly comparing: Comparing | undefined;
}

/** Reads both sides, and looks at what has happened since the last run that did. */
export async function readPhase(
  { id: run, surroundings, options, store, state }: Run,
  { checked, objects, why, accepted, early }: Opened,
): Promise<WorldRead> {
  const { config, salesforce, activecampaign: ac, watch, cheaperShare: share = CHEAPER_SHARE } = surroundings;
  const field = config.salesforce.optOutField;
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
  const warn = (words: string) => state.warnings.push(words);
  const acceptEmpty = options.acceptChange ? warn : undefined;
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
  return { reading, policy, comparing };
}
